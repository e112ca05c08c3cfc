/* Digests of many files: here, or side by side in workers made of this very script. */

const SMALL = 256 * 1024;
const MOST_WORKERS = 8;

/* [{ sha256, sha512, crc, size } or { error }] of each blob. `progress` is told bytes as they are read. */
async function digestHere(blobs, progress) {
  const found = [];
  for (const blob of blobs) found.push(await digestOne(blob, ['sha256', 'sha512'], progress));
  return found;
}

/* The digests that are asked for; the CRC comes with SHA-256. */
async function digestOne(blob, algorithms, progress) {
  const hashes = { sha256: new Sha256(), sha512: new Sha512() };
  let [crc, size] = [0, 0];
  try {
    for await (const piece of piecesOf(blob)) {
      for (const algorithm of algorithms) hashes[algorithm].update(piece);
      if (algorithms.includes('sha256')) crc = crc32(piece, crc);
      size += piece.length;
      progress(piece.length * algorithms.length / 2);
    }
  } catch (error) {
    return { error: error.message };
  }
  if (size !== sizeOf(blob)) return { error: 'it changed while it was read' };
  const found = { crc, size };
  for (const algorithm of algorithms) found[algorithm] = hex(hashes[algorithm].digest());
  return found;
}

/* What a worker does: one blob and one algorithm after the other. */
function workerMain() {
  self.onmessage = async ({ data: { blob, algorithm } }) => {
    const answer = await digestOne(blob, [algorithm], (bytes) => self.postMessage({ bytes }));
    self.postMessage({ answer });
  };
}

/* As digestHere, with a large file's two digests computed side by side. Without workers it does the same alone. */
class Hashers {
  constructor(script) {
    this.idle = [];
    this.waiting = [];
    this.all = [];
    this.address = URL.createObjectURL(new Blob([script, '\nworkerMain();'], { type: 'text/javascript' }));
    try {
      for (let count = Math.min(navigator.hardwareConcurrency || 2, MOST_WORKERS); count > 0; count--) {
        this.all.push(new Worker(this.address));
      }
    } catch {
      this.all.forEach((worker) => worker.terminate());
      this.all = [];
    }
    this.idle = [...this.all];
  }

  close() {
    this.all.forEach((worker) => worker.terminate());
    URL.revokeObjectURL(this.address);
  }

  digest(blobs, progress) {
    return Promise.all(blobs.map(async (blob) => {
      if (!this.all.length || blob instanceof Uint8Array || sizeOf(blob) < SMALL) {
        return this.inTurn(() => digestOne(blob, ['sha256', 'sha512'], progress));
      }
      const [one, two] = await Promise.all(['sha256', 'sha512'].map((algorithm) => this.ask(blob, algorithm, progress)));
      return { ...one, ...two, crc: one.crc };
    }));
  }

  /* Small files one after the other, with a pause so that the page stays alive. */
  inTurn(work) {
    this.turn = (this.turn ?? Promise.resolve()).then(work);
    return this.turn;
  }

  async ask(blob, algorithm, progress) {
    const worker = this.idle.pop() ?? await new Promise((resolve) => { this.waiting.push(resolve); });
    try {
      return await new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message || 'a worker failed'));
        worker.onmessage = ({ data }) => {
          if (data.answer) resolve(data.answer);
          else progress(data.bytes);
        };
        worker.postMessage({ blob, algorithm });
      });
    } finally {
      const next = this.waiting.shift();
      if (next) next(worker);
      else this.idle.push(worker);
    }
  }
}
