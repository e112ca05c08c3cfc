/* C2SP signed notes, verifier keys, checkpoints and cosignatures, read strictly. */

const LOG_KEY = 0x01;
const WITNESS_KEY = 0x04;
const DASH = '\u2014 ';
const MOST_NOTE = 1000000;
const MOST_SIGNATURES = 100;

/* A verifier key: name+id+base64(type, key). `text` is its one spelling, and what people compare by its fingerprint. */
function readKey(text) {
  const [name, keyId, ...rest] = text.split('+');
  const data = rest.length ? unbase64(rest.join('+')) : new Uint8Array();
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/.test(keyId ?? '')) throw new Wrong('not a verifier key');
  if (data.length < 2) throw new Wrong('a verifier key without a key');
  const key = { text, name, kind: data[0], material: data.subarray(1) };
  key.id = hex(sha256(bytesOf(name + '\n'), data).subarray(0, 4));
  key.usable = (key.kind === LOG_KEY || key.kind === WITNESS_KEY) && isPublicKey(key.material);
  key.fingerprint = hex(sha256(bytesOf(text)));
  if (key.id !== keyId) throw new Wrong("the key's id is not that of the key");
  return key;
}

/* A signed note: the text that was signed, and signatures not yet verified. */
function readNote(data) {
  if (data.length > MOST_NOTE) throw new Wrong('larger than any note');
  const whole = utf8(data);
  if (/[\0-\t\v-\x1f]/.test(whole)) throw new Wrong('a control character');
  const middle = whole.lastIndexOf('\n\n');
  if (middle < 0 || !whole.endsWith('\n') || middle + 2 === whole.length) {
    throw new Wrong('no signatures, or the last is not ended by LF');
  }
  const lines = whole.slice(middle + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) throw new Wrong('too many signatures');
  return { text: whole.slice(0, middle + 1), signatures: lines.map(readSignature) };
}

function readSignature(line) {
  const gap = line.indexOf(' ', DASH.length);
  const name = gap < 0 ? line.slice(DASH.length) : line.slice(DASH.length, gap);
  if (!line.startsWith(DASH) || !isKeyName(name)) throw new Wrong('not a signature line');
  const blob = unbase64(gap < 0 ? '' : line.slice(gap + 1));
  if (blob.length <= 4) throw new Wrong('a signature of no length');
  return { name, id: hex(blob.subarray(0, 4)), blob: blob.subarray(4) };
}

/* What a checkpoint says. Further lines are allowed and mean nothing here. */
function readHead(note) {
  const lines = note.text.slice(0, -1).split('\n');
  if (lines.length < 3 || lines.includes('')) throw new Wrong('a checkpoint has three lines and no empty one');
  if (!isKeyName(lines[0])) throw new Wrong("the origin is not a key's name");
  const [size, root] = [numberOf(lines[1]), unbase64(lines[2])];
  if (root.length !== HASH_BYTES || (size === 0 && !same(root, EMPTY_ROOT))) {
    throw new Wrong('the root is not that of a tree of this size');
  }
  return { origin: lines[0], size, root };
}

/* Which of the log's keys signed, by their text. */
function signers(note, keys) {
  const found = new Set();
  for (const { key, blob } of known(note, keys, LOG_KEY)) {
    if (!ed25519Verifies(key.material, bytesOf(note.text), blob)) throw new Wrong(`the signature of ${key.name} is wrong`);
    found.add(key.text);
  }
  return found;
}

/* Which witnesses cosigned, by their key's text, and when, in seconds since 1970. */
function cosigners(note, keys) {
  const found = new Map();
  for (const { key, blob } of known(note, keys, WITNESS_KEY)) {
    const at = BigInt('0x' + (hex(blob.subarray(0, 8)) || '0'));
    const message = bytesOf(`cosignature/v1\ntime ${at}\n${note.text}`);
    if (blob.length !== 72 || at > LARGEST || !ed25519Verifies(key.material, message, blob.subarray(8))) {
      throw new Wrong(`the cosignature of ${key.name} is wrong`);
    }
    found.set(key.text, Number(at));
  }
  return found;
}

/* Whose signatures stand there without a key to check them: name and key id. */
function strangers(note, keys) {
  const mine = new Set(keys.filter((key) => key.usable).map((key) => `${key.name} ${key.id}`));
  return note.signatures.map((one) => `${one.name} ${one.id}`).filter((who) => !mine.has(who));
}

/* Names have no space in them, so name and id together name one key. */
function known(note, keys, kind) {
  const mine = new Map(keys.filter((key) => key.kind === kind).map((key) => [`${key.name} ${key.id}`, key]));
  return note.signatures.map((one) => ({ key: mine.get(`${one.name} ${one.id}`), blob: one.blob }))
    .filter((one) => one.key);
}
