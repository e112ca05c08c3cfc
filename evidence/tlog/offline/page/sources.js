/* Where the files of a bag are read from: a map of path to Blob or bytes here; zips.js reads the other form. */

const PIECE = 1024 * 1024;

function sizeOf(blob) {
  return blob instanceof Uint8Array ? blob.length : blob.size;
}

function partOf(blob, start, end) {
  return blob instanceof Uint8Array ? blob.subarray(start, end) : blob.slice(start, end);
}

async function bytesIn(blob) {
  return blob instanceof Uint8Array ? blob : new Uint8Array(await blob.arrayBuffer());
}

/* The bytes of a blob, a piece at a time: memory stays flat however large it is. */
async function* piecesOf(blob) {
  for (let at = 0; at < sizeOf(blob); at += PIECE) yield bytesIn(partOf(blob, at, at + PIECE));
}

/* The files of a bag. `oddities` are what no bag may hold, as [fault code, path]. */
class Source {
  constructor(files, oddities = []) {
    this.files = files;
    this.oddities = oddities;
    this.names = [...files.keys()].sort(byCodePoints);
    this.crcs = new Map();
  }

  has(name) {
    return this.files.has(name);
  }

  size(name) {
    return sizeOf(this.files.get(name));
  }

  /* All of a small file. */
  async read(name, most) {
    if (this.size(name) > most) throw new Wrong(`larger than ${most} bytes`);
    try {
      return await bytesIn(this.files.get(name));
    } catch (error) {
      throw new Wrong(`cannot be read: ${error.message}`);
    }
  }
}

/* Whether it may name a file of a bag: NFC, relative, without empty or dotted parts, `\`, control characters or what
   Unicode 13.0 does not assign. */
function isPath(path) {
  if (/[\0-\x1f\x7f-\x9f\\]/.test(path) || loneSurrogate(path) || /^[A-Za-z]:/.test(path)) return false;
  // First, so that the normal form is asked of that alone on which hosts of any age agree.
  if (![...path].every(isAssigned)) return false;
  return path.normalize('NFC') === path && path.split('/').every((part) => !['', '.', '..'].includes(part));
}

/* What is the same for two names that differ only by case. */
function withoutCase(path) {
  return path.toUpperCase().toLowerCase();
}
