/* BagIt 1.0: declaration, bag-info, the four manifests, and every file's digests. */

const DECLARED = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
const MOST_MANIFEST = 2 ** 26;
const MOST_INFO = 2 ** 20;
const OXUM = /^(?:0|[1-9][0-9]*)[.](?:0|[1-9][0-9]*)$/;
const INFO = {
  'Payload-Oxum': (text) => OXUM.test(text) && text.split('.').every((part) => part.length <= 16 && Number(part) <= LARGEST),
  'Bagging-Date': isDate,
  'External-Identifier': (text) => text.startsWith('bag/') && isUuid(text.slice(4)),
  'Bag-Software-Agent': () => true,
  'Casework-Origin': isKeyName,
  'Casework-Case': (text) => !text.includes('/'),
};

async function attemptRead(source, name, most, code, findings, read) {
  let data;
  try {
    data = await source.read(name, most);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    findings.fault(code, name, error.message);
    return null;
  }
  return findings.attempt(code, name, () => read(data));
}

async function checkDeclaration(source, findings) {
  if (!source.has('bagit.txt')) return;
  await attemptRead(source, 'bagit.txt', DECLARED.length, 'bagit.declaration', findings, (data) => {
    if (!same(data, bytesOf(DECLARED))) throw new Wrong('another declaration');
  });
}

/* The values of bag-info.txt that a bag must have; what is not as it must be is left out. */
async function readInfo(source, findings) {
  const found = {};
  const lines = source.has('bag-info.txt') && await attemptRead(
    source, 'bag-info.txt', MOST_INFO, 'baginfo.syntax', findings, (data) => linesOf(data).map((line) => {
      const middle = line.indexOf(': ');
      if (middle < 0 || middle + 2 === line.length || !/^[A-Za-z0-9-]+$/.test(line.slice(0, middle))) {
        throw new Wrong('a line is not `Label: value`');
      }
      return [line.slice(0, middle), line.slice(middle + 2)];
    }));
  if (!lines) return found;
  for (const [label, isWell] of Object.entries(INFO)) {
    const values = lines.filter(([name]) => name === label).map(([, value]) => value);
    if (values.length !== 1) findings.fault('baginfo.missing', label, `is there ${values.length} times`);
    else if (!isWell(values[0])) findings.fault('baginfo.value', label);
    else found[label] = values[0];
  }
  const payload = source.names.filter((name) => name.startsWith('data/'));
  const oxum = `${payload.reduce((sum, name) => sum + source.size(name), 0)}.${payload.length}`;
  if ((found['Payload-Oxum'] ?? oxum) !== oxum) findings.fault('baginfo.oxum', 'Payload-Oxum', `the payload is ${oxum}`);
  return found;
}

/* { sha256: Map of path to digest, sha512: ... } of all manifests, after each was held against the files there are. */
async function checkManifests(source, findings) {
  const payload = source.names.filter((name) => name.startsWith('data/'));
  const tags = source.names.filter((name) => !name.startsWith('data/') && name !== 'seal' && !TAG_MANIFESTS.includes(name));
  const listed = { sha256: new Map(), sha512: new Map() };
  for (const [manifests, wanted] of [[MANIFESTS, payload], [TAG_MANIFESTS, tags]]) {
    for (const [at, manifest] of manifests.entries()) {
      if (!source.has(manifest)) continue;
      const found = await readManifest(source, manifest, at ? 128 : 64, findings);
      if (!found) continue;
      const there = new Set(wanted);
      for (const path of found.keys()) if (!there.has(path)) findings.fault('manifest.missing', path, manifest);
      for (const path of wanted) if (!found.has(path)) findings.fault('manifest.unlisted', path, manifest);
      for (const [path, digest] of found) listed[ALGORITHMS[at]].set(path, digest);
    }
  }
  return listed;
}

function readManifest(source, manifest, digits, findings) {
  return attemptRead(source, manifest, MOST_MANIFEST, 'manifest.syntax', findings, (data) => {
    const found = new Map();
    let last = null;
    linesOf(data).forEach((line, at) => {
      const path = line.slice(digits + 2);
      if (!isHex(line.slice(0, digits), digits) || line.slice(digits, digits + 2) !== '  ' || !path) {
        throw new Wrong(`line ${at + 1} is not a digest, two spaces and a path`);
      }
      const name = path.replaceAll(/%(?:25|0D|0A)/g, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
      if (/%(?!25|0D|0A)/.test(path)) throw new Wrong(`line ${at + 1}: only %, CR and LF are percent-encoded`);
      if (last !== null && byCodePoints(name, last) <= 0) findings.fault('manifest.order', `${manifest}:${at + 1}`);
      found.set(name, line.slice(0, digits));
      last = name;
    });
    return found;
  });
}

/* Read every file once, hold it against its digests, and answer Map of path to { sha256, sha512, size }. */
async function checkDigests(source, listed, findings, digest) {
  const found = new Map();
  const answers = await digest(source.names.map((name) => source.files.get(name)));
  source.names.forEach((name, at) => {
    const { error, sha256: one, sha512: two, crc, size } = answers[at];
    if (error !== undefined) {
      findings.fault('layout.unreadable', name, error);
      return;
    }
    if ((source.crcs.get(name) ?? crc) !== crc) findings.fault('zip.crc', name);
    if ((listed.sha256.get(name) ?? one) !== one || (listed.sha512.get(name) ?? two) !== two) {
      findings.fault('manifest.digest', name, `sha256 ${one}`);
    }
    found.set(name, { sha256: one, sha512: two, size });
  });
  return found;
}
