/* Which files a bag has: their names, those that must be there, and none besides. */

const ALGORITHMS = ['sha256', 'sha512'];
const MANIFESTS = ALGORITHMS.map((algorithm) => `manifest-${algorithm}.txt`);
const TAG_MANIFESTS = ALGORITHMS.map((algorithm) => `tagmanifest-${algorithm}.txt`);
const EVENTS = 'proofs/events.jsonl';
const HEADS = 'proofs/heads.jsonl';
const REQUIRED = ['bagit.txt', 'bag-info.txt', ...MANIFESTS, ...TAG_MANIFESTS, 'seal', 'README.txt', 'verify.py', 'verify.html',
  'proofs/policy', 'proofs/checkpoint', EVENTS, 'data/exhibits.csv', 'data/custody.json', 'data/custody.csv'];
const STAMP = /^proofs\/timestamps\/([1-9][0-9]{0,5})[.](?:note|tsr|pem)$/;
const OF_EXHIBIT = /^data\/exhibits\/([^/]+)\/(?:(original|derivatives)\/[^/]+|exhibit[.]json)$/;
const OF_DOSSIER = /^data\/dossier\/[^/]+$/;

function checkLayout(source, findings) {
  for (const [code, path] of source.oddities) findings.fault(code, path);
  for (const name of source.names) if (!isPath(name)) findings.fault('layout.name', name);
  // Of the others alone: what those are in capitals depends on the host.
  checkCase(source.names.filter(isPath), findings);
  const allowed = (name) => [...REQUIRED, 'proofs/keys', HEADS].includes(name) || STAMP.test(name)
    || OF_EXHIBIT.test(name) || OF_DOSSIER.test(name);
  for (const name of source.names) if (!allowed(name)) findings.fault('layout.unknown', name);
  const labels = [...new Set(source.names.map((name) => OF_EXHIBIT.exec(name)?.[1]).filter(Boolean))].sort(byCodePoints);
  const numbers = stampNumbers(source);
  if (numbers.some((number, at) => number !== at + 1)) findings.fault('timestamp.numbers', 'proofs/timestamps');
  const wanted = [...REQUIRED, ...labels.map((label) => `data/exhibits/${label}/exhibit.json`),
    ...numbers.flatMap((number) => ['note', 'tsr', 'pem'].map((part) => `proofs/timestamps/${number}.${part}`))];
  for (const name of wanted) if (!source.has(name)) findings.fault('layout.missing', name);
}

/* No two files or folders may differ only by case: on many disks they would be one. */
function checkCase(names, findings) {
  const spelled = new Map();
  for (const name of names) {
    let path = '';
    for (const part of name.split('/')) {
      path = path ? `${path}/${part}` : part;
      const plain = withoutCase(path);
      if (!spelled.has(plain)) spelled.set(plain, path);
      else if (spelled.get(plain) !== path) findings.fault('layout.case', name);
    }
  }
}

/* The numbers of the timestamps of which at least one part is there. */
function stampNumbers(source) {
  const found = source.names.map((name) => STAMP.exec(name)?.[1]).filter(Boolean).map(Number);
  return [...new Set(found)].sort((a, b) => a - b);
}
