/* The list of a log's keys and the sizes that each signs (docs/custody-log.md, Keys). */

/* A verifier key, with its sizes where the line says some: those of a log's key. */
function readKeyLine(line) {
  const found = /^([^ ]+)(?: from ([1-9][0-9]*))?(?: until ([0-9]+))?(?: revoked ([0-9]+))?$/.exec(line);
  if (!found) throw new Wrong('not a verifier key, nor a line of a list of keys');
  const key = readKey(found[1]);
  const [since, until, revoked] = found.slice(2).map((said) => (said === undefined ? null : numberOf(said)));
  if (key.kind !== LOG_KEY && line !== found[1]) throw new Wrong("only a log's key has sizes");
  key.term = { since: since ?? 0, until, revoked, said: line !== found[1] };
  return key;
}

function isRevokedAt(term, size) {
  return term.revoked !== null && size >= term.revoked;
}

/* Whether the key was retired or revoked before a checkpoint of so many entries. */
function isSpentAt(term, size) {
  return isRevokedAt(term, size) || (term.until !== null && size > term.until);
}

/* Every key of the log, the one that signs now first. */
function readRing(data) {
  const text = utf8(data);
  if (!text.endsWith('\n')) throw new Wrong('the last line is not ended by LF');
  const ring = text.slice(0, -1).split('\n').filter((line) => !line.startsWith('#')).map(readKeyLine);
  if (ring.some((key) => key.kind !== LOG_KEY || !key.usable)) throw new Wrong('not an Ed25519 key');
  if (!ring.length || ring[0].term.until !== null || ring[0].term.revoked !== null) {
    throw new Wrong('the first key is not one that signs');
  }
  if (new Set(ring.map((key) => key.name)).size > 1 || new Set(ring.map((key) => key.id)).size < ring.length) {
    throw new Wrong('keys of two names, or two of one id');
  }
  return ring;
}
