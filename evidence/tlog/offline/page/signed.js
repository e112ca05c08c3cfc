/* What is signed in a bag: the policy's keys, the seal over the manifests, and the checkpoint. */

/* The keys that the package brings, those that were given, which of them signed something, and the sizes of the
   checkpoints that were looked at. */
class Keys {
  constructor(given) {
    this.given = given;
    this.brought = [];
    this.used = new Set();
    this.sizes = new Set();
  }

  get all() {
    return [...new Map([...this.brought, ...this.given].map((key) => [key.text, key])).values()];
  }

  get givenLogs() {
    return this.given.filter((key) => key.kind === LOG_KEY);
  }

  /* Whose signatures on a checkpoint of so many entries count. One of a revoked key is passed over; a wrong one, and one
     of a key that did not sign yet or any more at this size, throws. */
  counting(note, size) {
    this.sizes.add(size);
    const counted = new Set();
    for (const text of signers(note, this.all)) {
      // What the package says of a key can only narrow what was said of it elsewhere, and the reverse.
      const terms = [...this.brought, ...this.given].filter((key) => key.text === text && key.term).map((key) => key.term);
      if (terms.some((term) => isRevokedAt(term, size))) continue;
      if (terms.some((term) => size < term.since || isSpentAt(term, size))) {
        throw new Wrong(`signed with a key that does not sign at size ${size}`);
      }
      counted.add(text);
    }
    for (const text of counted) this.used.add(text);
    return counted;
  }

  /* Whether nothing here can have been signed with this key, as the line says that it was given with. */
  isIdle({ term }) {
    return term.said && this.sizes.size > 0 && [...this.sizes].every((size) => size < term.since || isSpentAt(term, size));
  }

  /* One of the keys that the package brings must have signed, and where keys were given one of those. `size` is that of a
     checkpoint, or null. Answers who signed. */
  check(note, size, code, place, findings) {
    const found = findings.attempt(`${code}.signature`, place,
      () => (size === null ? signers(note, this.all) : this.counting(note, size)));
    if (!found) return new Set();
    for (const text of found) this.used.add(text);
    if (!this.brought.some((key) => found.has(key.text))) {
      findings.fault(`${code}.signature`, place, 'signed by no key of the package');
    } else if (this.givenLogs.length && !this.givenLogs.some((key) => found.has(key.text))) {
      findings.fault(`${code}.key`, place, 'signed by no key that was given');
    }
    return found;
  }
}

/* The policy; its keys become those that the package brings. */
async function checkPolicy(source, origin, keys, findings) {
  let policy = source.has('proofs/policy')
    && await attemptRead(source, 'proofs/policy', MOST_NOTE, 'policy.syntax', findings, readPolicy);
  if (!policy) {
    policy = new Policy();
    policy.quorum = 'none';
  }
  for (const key of policy.logs) if (key.name !== origin) findings.fault('policy.origin', 'proofs/policy', key.name);
  keys.brought = [...await withTerms(source, policy, findings), ...policy.witnesses.values()];
  return policy;
}

/* The log's keys, each with the sizes that the list beside the policy says, where there is one. */
async function withTerms(source, policy, findings) {
  const ring = source.has('proofs/keys')
    && await attemptRead(source, 'proofs/keys', MOST_NOTE, 'keys.syntax', findings, readRing);
  if (!ring) return policy.logs;
  const terms = new Map(ring.map((key) => [key.text, key.term]));
  if (terms.size !== policy.logs.length || !policy.logs.every((key) => terms.has(key.text))) {
    findings.fault('keys.policy', 'proofs/keys');
  }
  return policy.logs.map((key) => ({ ...key, term: terms.get(key.text) }));
}

/* The seal names the bag and both tag manifests, and a key of the log signed it: which. */
async function checkSeal(source, info, digests, keys, findings) {
  const note = source.has('seal') && await attemptRead(source, 'seal', MOST_NOTE, 'seal.syntax', findings, (data) => {
    const read = readNote(data);
    const lines = read.text.split('\n');
    if (lines.length !== 6 || lines[0] !== 'casework-bag/1' || read.signatures.length !== 1) {
      throw new Wrong('not the five lines of a seal and one signature');
    }
    return read;
  });
  if (!note) return new Set();
  const [, origin, identifier, ...said] = note.text.split('\n');
  if (origin !== info['Casework-Origin']) findings.fault('seal.origin', 'seal', origin);
  if (identifier !== info['External-Identifier']) findings.fault('seal.identifier', 'seal', identifier);
  TAG_MANIFESTS.forEach((manifest, at) => {
    const file = digests.get(manifest);
    if (file && said[at] !== `${ALGORITHMS[at]} ${file[ALGORITHMS[at]]}`) findings.fault('seal.digest', manifest, said[at]);
  });
  return keys.check(note, null, 'seal', 'seal', findings);
}

/* A bag is made after its checkpoint: none of the keys that sealed it was out of use by then. */
function checkSealTerm(sealed, head, keys, findings) {
  for (const { name, id, text, term } of [...keys.brought, ...keys.given]) {
    if (head && term && sealed.has(text) && isSpentAt(term, head.size)) findings.fault('seal.term', 'seal', `${name} ${id}`);
  }
}

/* The head that everything in the bag is proven against; null where there is none to prove against. */
async function checkCheckpoint(source, origin, policy, keys, findings) {
  const place = 'proofs/checkpoint';
  const read = source.has(place) && await attemptRead(source, place, MOST_NOTE, 'checkpoint.syntax', findings, (data) => {
    const note = readNote(data);
    return { note, head: readHead(note) };
  });
  if (!read) return null;
  if (read.head.origin !== origin) findings.fault('checkpoint.origin', place, read.head.origin);
  keys.check(read.note, read.head.size, 'checkpoint', place, findings);
  checkWitnesses(read.note, policy, keys, findings);
  return read.head;
}

function checkWitnesses(note, policy, keys, findings) {
  const found = findings.attempt('checkpoint.cosignature', 'proofs/checkpoint', () => cosigners(note, keys.all));
  if (!found) return;
  for (const text of [...found.keys()].sort(byCodePoints)) {
    const name = keys.all.find((key) => key.text === text).name;
    keys.used.add(text);
    if (keys.given.some((key) => key.text === text)) findings.well('cosignature', { place: name, time: found.get(text) });
    else findings.leftOut('cosignature.brought', name);
  }
  for (const stranger of strangers(note, keys.all)) findings.leftOut('cosignature.unknown', stranger);
  if (!policy.reached(new Set(found.keys()))) findings.leftOut('quorum', policy.quorum);
}
