/* What is signed in a bag: the policy's keys, the seal over the manifests, and the checkpoint. */

/* The keys that the package brings, those that were given, and which of them signed something. */
class Keys {
  constructor(given) {
    this.given = given;
    this.brought = [];
    this.used = new Set();
  }

  get all() {
    return [...new Map([...this.brought, ...this.given].map((key) => [key.text, key])).values()];
  }

  get givenLogs() {
    return this.given.filter((key) => key.kind === LOG_KEY);
  }

  /* One of the keys that the package brings must have signed, and where keys were given one of those. */
  check(note, code, place, findings) {
    const found = findings.attempt(`${code}.signature`, place, () => signers(note, this.all));
    if (!found) return;
    for (const text of found) this.used.add(text);
    if (!this.brought.some((key) => found.has(key.text))) {
      findings.fault(`${code}.signature`, place, 'signed by no key of the package');
    } else if (this.givenLogs.length && !this.givenLogs.some((key) => found.has(key.text))) {
      findings.fault(`${code}.key`, place, 'signed by no key that was given');
    }
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
  keys.brought = [...policy.logs, ...policy.witnesses.values()];
  return policy;
}

/* The seal names the bag and both tag manifests, and a key of the log signed it. */
async function checkSeal(source, info, digests, keys, findings) {
  const note = source.has('seal') && await attemptRead(source, 'seal', MOST_NOTE, 'seal.syntax', findings, (data) => {
    const read = readNote(data);
    const lines = read.text.split('\n');
    if (lines.length !== 6 || lines[0] !== 'casework-bag/1' || read.signatures.length !== 1) {
      throw new Wrong('not the five lines of a seal and one signature');
    }
    return read;
  });
  if (!note) return;
  const [, origin, identifier, ...said] = note.text.split('\n');
  if (origin !== info['Casework-Origin']) findings.fault('seal.origin', 'seal', origin);
  if (identifier !== info['External-Identifier']) findings.fault('seal.identifier', 'seal', identifier);
  TAG_MANIFESTS.forEach((manifest, at) => {
    const file = digests.get(manifest);
    if (file && said[at] !== `${ALGORITHMS[at]} ${file[ALGORITHMS[at]]}`) findings.fault('seal.digest', manifest, said[at]);
  });
  keys.check(note, 'seal', 'seal', findings);
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
  keys.check(read.note, 'checkpoint', place, findings);
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
