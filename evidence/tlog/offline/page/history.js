/* Earlier heads of the log and outside timestamps: that the log grew out of them, and when they were stamped. */

const SAID = ['checkpoint', 'dossier', 'timestamp'];
const HEAD_MEMBERS = ['size', 'root', 'said', 'path'];
const MOST_SMALL = 1000000;

/* { proven: Map of size to root, count }: every head that the bag proves to be the beginning of its log. */
async function checkHeads(source, head, findings) {
  const proven = new Map(head ? [[head.size, head.root]] : []);
  let [count, last] = [0, [0, '']];
  for await (const line of source.has(HEADS) ? linesIn(source, HEADS) : []) {
    const place = `${HEADS}:${++count}`;
    const entry = findings.attempt('head.syntax', place, () => readEarlierHead(line));
    if (!entry) continue;
    const { size, root, said, path } = entry;
    if (size < last[0] || (size === last[0] && said <= last[1])) findings.fault('head.order', place);
    last = [size, said];
    if (!head) continue;
    if (size > head.size) findings.fault('head.size', place, `${size} of ${head.size}`);
    else if (!provesGrowth(size, root, head.size, head.root, path)) findings.fault('proof.consistency', place, `size ${size}`);
    else proven.set(size, root);
  }
  return { proven, count };
}

function readEarlierHead(line) {
  const entry = readLine(line, HEAD_MEMBERS);
  const [size, root, said, path] = HEAD_MEMBERS.map((name) => entry.get(name));
  if (!isCount(size) || size === 0 || !isHex(root, 64)) throw new Wrong('size or root is not as it must be');
  if (!SAID.includes(said) || !areHashes(path)) throw new Wrong('said or path is not as it must be');
  return { size, root: unhex(root), said, path: path.map(unhex) };
}

/* The head that a sealed document prints must be one that the bag proves. */
function checkDossierHeads(digests, told, proven, findings) {
  for (const name of dossierNames(digests)) {
    const sizes = dossierSizes(digests.get(name), told);
    if (sizes.length && !sizes.some((size) => proven.has(size))) findings.fault('head.missing', name, `size ${sizes[0]}`);
  }
}

/* { number, token, size } of each timestamp of which all parts are there. */
async function checkStamps(source, keys, origin, proven, findings) {
  const found = [];
  for (const number of stampNumbers(source)) {
    const [note, answer, chain] = ['note', 'tsr', 'pem'].map((part) => `proofs/timestamps/${number}.${part}`);
    if (![note, answer, chain].every((name) => source.has(name))) continue;
    const head = await checkStampedHead(source, note, keys, origin, proven, findings);
    const token = await checkToken(source, note, answer, findings);
    await attemptRead(source, chain, MOST_SMALL, 'timestamp.certificates', findings, (data) => {
      if (!areCertificates(data)) throw new Wrong('no certificates in PEM');
    });
    if (head && token) found.push({ number, token, size: head.size });
  }
  return found;
}

async function checkStampedHead(source, name, keys, origin, proven, findings) {
  const read = await attemptRead(source, name, MOST_SMALL, 'timestamp.syntax', findings, (data) => {
    const note = readNote(data);
    return { note, head: readHead(note) };
  });
  if (!read) return null;
  const { note, head } = read;
  if (head.origin !== origin) findings.fault('timestamp.origin', name, head.origin);
  findings.attempt('timestamp.signature', name, () => {
    if (!keys.counting(note, head.size).size) throw new Wrong('signed by no key of the log');
  });
  if (!proven.has(head.size)) findings.fault('head.missing', name, `size ${head.size}`);
  else if (!same(proven.get(head.size), head.root)) {
    findings.fault('timestamp.head', name, `another root at size ${head.size}`);
  }
  return head;
}

async function checkToken(source, note, answer, findings) {
  let [token, stamped] = [];
  try {
    token = readToken(await source.read(answer, MOST_SMALL));
    stamped = sha256(await source.read(note, MOST_SMALL));
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    findings.fault(error instanceof NotGranted ? 'timestamp.status' : 'timestamp.token', answer, error.message);
    return null;
  }
  if (!same(token.imprint, stamped)) findings.fault('timestamp.imprint', answer, `it stamps ${hex(token.imprint)}`);
  return token;
}
