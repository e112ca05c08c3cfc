/* SHA-256 (FIPS 180-4) of bytes that come in pieces. */

const K256 = new Int32Array(primes(64).map((prime) => Number(rootBits(prime, 3n, 32n)) | 0));
const START256 = new Int32Array(primes(8).map((prime) => Number(rootBits(prime, 2n, 32n)) | 0));

class Sha256 {
  constructor() {
    this.state = START256.slice();
    this.words = new Int32Array(64);
    this.block = new Uint8Array(64);
    this.filled = 0;
    this.length = 0;
  }

  update(data) {
    this.length += data.length;
    let at = 0;
    if (this.filled) {
      at = Math.min(64 - this.filled, data.length);
      this.block.set(data.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 64) return this;
      this.compress(this.block, 0);
      this.filled = 0;
    }
    for (; at + 64 <= data.length; at += 64) this.compress(data, at);
    this.block.set(data.subarray(at));
    this.filled = data.length - at;
    return this;
  }

  digest() {
    const end = new Uint8Array(this.filled < 56 ? 64 : 128);
    end.set(this.block.subarray(0, this.filled));
    end[this.filled] = 0x80;
    const bits = new DataView(end.buffer);
    bits.setUint32(end.length - 8, Math.floor(this.length / 0x20000000));
    bits.setUint32(end.length - 4, (this.length % 0x20000000) * 8);
    for (let at = 0; at < end.length; at += 64) this.compress(end, at);
    const out = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, count) => out.setInt32(count * 4, word));
    return new Uint8Array(out.buffer);
  }

  compress(data, at) {
    const w = this.words;
    const s = this.state;
    const k = K256;
    for (let i = 0; i < 16; i++, at += 4) {
      w[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0;
      d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
  }
}

function sha256(...pieces) {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

/* HMAC (RFC 2104) with SHA-256; the key is no longer than a block. */
function hmacSha256(key, message) {
  const inner = new Uint8Array(64).fill(0x36);
  const outer = new Uint8Array(64).fill(0x5c);
  key.forEach((byte, at) => { inner[at] ^= byte; outer[at] ^= byte; });
  return sha256(outer, sha256(inner, message));
}

/* The constants of both hashes are fractional parts of roots of the first primes: computed here, not copied. */
function primes(count) {
  const found = [];
  for (let number = 2n; found.length < count; number++) {
    if (found.every((prime) => number % prime)) found.push(number);
  }
  return found;
}

/* The first `bits` bits after the point of the square (2n) or cube root (3n) of `number`. */
function rootBits(number, degree, bits) {
  const scaled = number << (degree * bits);
  let low = 0n;
  let high = number << bits;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= scaled) low = middle; else high = middle;
  }
  return low & ((1n << bits) - 1n);
}
