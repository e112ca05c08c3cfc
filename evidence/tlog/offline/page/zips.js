/* A Zip file in the one form that docs/bag.md allows: stored, without gap or overlap, said twice alike. */

const ZIP = { end: 0x06054b50, locator: 0x07064b50, end64: 0x06064b50, central: 0x02014b50, local: 0x04034b50 };
const FULL = 0xffffffffn;
const MADE_BY = [20, 45, 0x0314, 0x032d];
const ATTRIBUTES = [0, 0o100600 * 65536, 0o100644 * 65536];
const MOST_DIRECTORY = 2 ** 28;
const MOST_AT_ONCE = 2 ** 25;

class ZipFlaw extends Error {
  constructor(code, place, detail) {
    super(detail);
    this.code = code;
    this.place = place;
  }
}

/* The files in a Zip file, by their path below the one folder, as a Source. Throws ZipFlaw. */
async function readZip(file) {
  // Thousands of tiny reads are slow, so a file that is not large is read once.
  const blob = sizeOf(file) <= MOST_AT_ONCE ? await bytesIn(file) : file;
  const { count, start, end } = await readEnds(blob);
  const directory = new DataView(Uint8Array.from(await bytesIn(partOf(blob, start, end))).buffer);
  const files = new Map();
  const crcs = new Map();
  let [at, expected, root] = [0, 0, ''];
  for (let position = 1n; position <= count; position++) {
    const place = `member ${position}`;
    const central = readCentral(directory, at, place);
    if (central.offset !== BigInt(expected)) throw new ZipFlaw('zip.span', place, 'a gap or an overlap before it, or another order');
    const local = await readLocal(blob, expected, place);
    if (BigInt(local.start) + central.header.size > BigInt(start)) throw new ZipFlaw('zip.span', place, 'it reaches into the directory');
    if (!sameHeaders(central.header, local.header)) {
      throw new ZipFlaw('zip.local', place, 'its local header says something else than the directory');
    }
    if (central.header.method || central.header.packed !== central.header.size) {
      throw new ZipFlaw('zip.header', place, 'it is compressed');
    }
    const size = Number(central.header.size);
    const named = readMemberName(central.header, root, place);
    if (files.has(named.path)) throw new ZipFlaw('zip.duplicate', place, named.path);
    root = named.root;
    files.set(named.path, partOf(blob, local.start, local.start + size));
    crcs.set(named.path, central.header.crc);
    at = central.after;
    expected = local.start + size;
  }
  if (at !== directory.byteLength || expected !== start) {
    throw new ZipFlaw('zip.span', '', 'something lies between the members and the directory, or after it');
  }
  const source = new Source(files);
  source.crcs = crcs;
  return source;
}

async function viewOf(blob, start, length, code, place) {
  const data = start < 0 ? new Uint8Array() : await bytesIn(partOf(blob, start, start + length));
  if (data.length !== length) throw new ZipFlaw(code, place, 'cut off');
  return new DataView(Uint8Array.from(data).buffer);
}

/* How many members there are, and where the directory begins and ends. */
async function readEnds(blob) {
  const at = sizeOf(blob) - 22;
  const record = await viewOf(blob, at, 22, 'zip.end', '');
  const short = [BigInt(record.getUint16(10, true)), BigInt(record.getUint32(12, true)), BigInt(record.getUint32(16, true))];
  if (record.getUint32(0, true) !== ZIP.end || record.getUint32(4, true) !== 0
      || record.getUint16(8, true) !== record.getUint16(10, true) || record.getUint16(20, true) !== 0) {
    throw new ZipFlaw('zip.end', '', 'the file does not end with a plain end record');
  }
  let [count, size, start, end] = [...short, at];
  const locator = at >= 20 ? await viewOf(blob, at - 20, 20, 'zip.end', '') : null;
  if (locator && locator.getUint32(0, true) === ZIP.locator) {
    end = at - 76;
    [count, size, start] = await readEnd64(blob, end, locator);
    const full = [0xffffn, FULL, FULL];
    if ([count, size, start].some((value, field) => short[field] !== value && short[field] !== full[field])) {
      throw new ZipFlaw('zip.end', '', 'the two end records differ');
    }
  } else if (count === 0xffffn || size === FULL || start === FULL) {
    throw new ZipFlaw('zip.end', '', 'a Zip64 end record is missing');
  }
  if (start + size !== BigInt(end) || size > MOST_DIRECTORY) {
    throw new ZipFlaw('zip.end', '', 'the directory does not end where the end record begins');
  }
  return { count, start: Number(start), end };
}

async function readEnd64(blob, at, locator) {
  if (locator.getUint32(4, true) !== 0 || locator.getUint32(16, true) !== 1 || at < 0
      || locator.getBigUint64(8, true) !== BigInt(at)) {
    throw new ZipFlaw('zip.end', '', 'the Zip64 locator points elsewhere');
  }
  const record = await viewOf(blob, at, 56, 'zip.end', '');
  const count = record.getBigUint64(32, true);
  if (record.getUint32(0, true) !== ZIP.end64 || record.getBigUint64(4, true) !== 44n || record.getBigUint64(16, true) !== 0n
      || record.getBigUint64(24, true) !== count) {
    throw new ZipFlaw('zip.end', '', 'the Zip64 end record is not as it must be');
  }
  if (!MADE_BY.includes(record.getUint16(12, true)) || record.getUint16(14, true) !== 45) {
    throw new ZipFlaw('zip.end', '', 'the Zip64 end record is of another version');
  }
  return [count, record.getBigUint64(40, true), record.getBigUint64(48, true)];
}

function readCentral(directory, at, place) {
  if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== ZIP.central) {
    throw new ZipFlaw('zip.directory', place, 'no header where there must be one');
  }
  const half = (offset) => directory.getUint16(at + offset, true);
  const word = (offset) => directory.getUint32(at + offset, true);
  const [names, extras] = [half(28), half(30)];
  const after = at + 46 + names + extras;
  if (after > directory.byteLength || half(32) || half(34) || half(36)) {
    throw new ZipFlaw('zip.header', place, 'it is cut off, or has a comment, another disk or a mark');
  }
  if (!MADE_BY.includes(half(4)) || !ATTRIBUTES.includes(word(38))) {
    throw new ZipFlaw('zip.header', place, 'it was made by another system, or is no ordinary file');
  }
  const extra = new Uint8Array(directory.buffer, at + 46 + names, extras);
  const [size, packed, offset] = widen(extra, [word(24), word(20), word(42)], place);
  checkVersions(half(6), half(8), extra, place);
  const header = { name: new Uint8Array(directory.buffer, at + 46, names), flags: half(8), method: half(10), time: half(12),
    date: half(14), crc: word(16), packed, size };
  return { header, offset, after };
}

async function readLocal(blob, at, place) {
  const fixed = await viewOf(blob, at, 30, 'zip.local', place);
  if (fixed.getUint32(0, true) !== ZIP.local) throw new ZipFlaw('zip.local', place, 'no local header where there must be one');
  const half = (offset) => fixed.getUint16(offset, true);
  const word = (offset) => fixed.getUint32(offset, true);
  const [names, extras] = [half(26), half(28)];
  const rest = new Uint8Array((await viewOf(blob, at + 30, names + extras, 'zip.local', place)).buffer);
  const extra = rest.subarray(names);
  if (extras && (word(18) !== 0xffffffff || word(22) !== 0xffffffff)) {
    throw new ZipFlaw('zip.header', place, 'an extra field that is not needed');
  }
  const [size, packed] = widen(extra, [word(22), word(18)], place);
  checkVersions(half(4), half(6), extra, place);
  const header = { name: rest.subarray(0, names), flags: half(6), method: half(8), time: half(10), date: half(12),
    crc: word(14), packed, size };
  return { header, start: at + 30 + names + extras };
}

function sameHeaders(a, b) {
  return same(a.name, b.name) && ['flags', 'method', 'time', 'date', 'crc', 'packed', 'size'].every((key) => a[key] === b[key]);
}

/* The numbers as BigInt, those that are full taken from the Zip64 field, which holds them and nothing else. */
function widen(extra, numbers, place) {
  const full = numbers.filter((value) => value === 0xffffffff).length;
  if (!full && !extra.length) return numbers.map(BigInt);
  const field = new DataView(extra.buffer, extra.byteOffset, extra.length);
  if (!full || extra.length !== 4 + 8 * full || field.getUint16(0, true) !== 1 || field.getUint16(2, true) !== 8 * full) {
    throw new ZipFlaw('zip.header', place, "an extra field that is not Zip64's, or not as it must be");
  }
  let at = -4;
  return numbers.map((value) => (value === 0xffffffff ? field.getBigUint64(at += 8, true) : BigInt(value)));
}

function checkVersions(needed, flags, extra, place) {
  if (![20, 45].includes(needed) || (extra.length && needed !== 45) || ![0, 0x0800].includes(flags)) {
    throw new ZipFlaw('zip.header', place, 'a version or a flag that is not allowed');
  }
}

function readMemberName(header, root, place) {
  let name;
  try {
    name = utf8(header.name);
  } catch {
    throw new ZipFlaw('zip.name', place, 'its name is not UTF-8');
  }
  const slash = name.indexOf('/');
  const found = { root: slash < 0 ? name : name.slice(0, slash), path: slash < 0 ? '' : name.slice(slash + 1) };
  if (!header.flags && /[^\0-\x7f]/.test(name)) throw new ZipFlaw('zip.name', place, 'its name is not ASCII, and no flag says UTF-8');
  if (!found.path || name.endsWith('/') || !isPath(found.root) || (root && root !== found.root)) {
    throw new ZipFlaw('zip.name', place, 'it is a folder, or not below the one folder');
  }
  return found;
}
