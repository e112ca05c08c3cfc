/* The whole check, in the order of docs/bag.md, and what it comes to. */

/* The verdict with all that stands behind it: the same object that `verify.py --json` prints.

   `files`: a Map of path to Blob or Uint8Array (a bag as a folder), one Blob or Uint8Array (a bag as a Zip file), or null.
   `options`: keys (verifier keys as text), checkpoints and receipts (Uint8Array each), oddities ([fault code, path] seen
   where the files came from), digest (as `digestHere`), progress (told bytes as they are read). */
async function verifyFiles(files, options = {}) {
  const typed = (options.keys ?? []).map((text) => readUsableKey(text.trim()));
  const given = [...new Map(typed.map((key) => [key.text, key])).values()];
  const keys = new Keys(given);
  const [findings, standing, facts] = [new Findings(), new Standing(), { bag: null, timestamps: [] }];
  if (files) {
    let source;
    try {
      source = files instanceof Map ? new Source(files, options.oddities) : await readZip(files);
    } catch (error) {
      if (!(error instanceof ZipFlaw)) throw error;
      // A container that can be read in two ways has no contents to speak of.
      findings.fault(error.code, error.place, error.message);
      return resultOf(findings, keys, standing, facts);
    }
    const digest = options.digest ?? digestHere;
    await judgeBag(source, (blobs) => digest(blobs, options.progress ?? (() => {})), keys, standing, findings, facts);
  }
  const receipts = options.receipts ?? [];
  (options.checkpoints ?? []).forEach((data, at) => checkHeld(data, `checkpoint ${at + 1}`, standing, keys, findings));
  receipts.forEach((data, at) => checkReceipt(data, `receipt ${at + 1}`, standing, keys, findings));
  // Where all that there is are receipts that wait for their first checkpoint, no key can have signed anything yet.
  const waiting = !files && !options.checkpoints?.length && receipts.length > 0 && standing.pending === receipts.length;
  for (const key of waiting ? [] : given) {
    const who = `${key.name} ${key.id}`;
    if (keys.used.has(key.text)) continue;
    if (keys.isIdle(key)) findings.leftOut('key.term', who);
    else findings.fault('key.unused', who);
  }
  return resultOf(findings, keys, standing, facts);
}

/* A key that somebody typed. Throws Wrong: that is a wrong call, not a verdict. */
function readUsableKey(text) {
  const key = readKeyLine(text);
  if (!key.usable) throw new Wrong('not a key of a log or a witness');
  return key;
}

async function judgeBag(source, digest, keys, standing, findings, facts) {
  checkLayout(source, findings);
  await checkDeclaration(source, findings);
  const info = await readInfo(source, findings);
  const listed = await checkManifests(source, findings);
  const digests = await checkDigests(source, listed, findings, digest);
  const origin = info['Casework-Origin'] ?? '';
  const caseName = info['Casework-Case'] ?? '';
  const policy = await checkPolicy(source, origin, keys, findings);
  const sealed = await checkSeal(source, info, digests, keys, findings);
  const head = await checkCheckpoint(source, origin, policy, keys, findings);
  checkSealTerm(sealed, head, keys, findings);
  const told = await checkEvents(source, head, findings);
  const bound = checkBinding(digests, caseName, told, findings);
  const { proven, count: heads } = await checkHeads(source, head, findings);
  checkDossierHeads(digests, told, proven, findings);
  const stamped = await checkStamps(source, keys, origin, proven, findings);
  for (const { number } of stamped) findings.leftOut('authority', `proofs/timestamps/${number}.tsr`);
  Object.assign(standing, { origin, caseName, told, proven });
  facts.bag = { identifier: info['External-Identifier'] ?? '', origin, case: caseName, size: head ? head.size : null,
    root: head ? hex(head.root) : null };
  facts.timestamps = stamped.map(({ number, token, size }) => (
    { number, time: token.time, size, command: commandFor(number) }));
  const bytes = Array.from(digests.values(), (file) => file.size).reduce((sum, size) => sum + size, 0);
  findings.well('files', { count: digests.size, bytes });
  findings.well('events', { count: told.count, withheld: told.withheld });
  findings.well('bound', { count: bound });
  findings.well('heads', { count: heads });
  findings.well('timestamps', { count: stamped.length });
  if (told.withheld) findings.leftOut('withheld', '', { count: told.withheld });
  if (!stamped.length) findings.leftOut('time');
  findings.leftOut('words');
}

/* The command that checks a timestamp, to be run in proofs/timestamps. */
function commandFor(number) {
  return `openssl ts -verify -data ${number}.note -in ${number}.tsr -CAfile AUTHORITY.pem -untrusted ${number}.pem`;
}

function resultOf(findings, keys, standing, facts) {
  const established = keys.givenLogs.length > 0 && !standing.pending;
  const verdict = findings.verdict(established, standing.agreeing > 0 && !standing.pending);
  const said = keys.all.map((key) => ({ key: key.text, fingerprint: key.fingerprint, given: keys.given.some(
    (other) => other.text === key.text), signed: keys.used.has(key.text) }));
  return { verdict, exit: EXITS[verdict], ...facts, faults: findings.faults, checked: findings.checked,
    unchecked: findings.unchecked, keys: said };
}
