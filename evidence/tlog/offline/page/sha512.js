/* SHA-512 (FIPS 180-4) of bytes that come in pieces. A 64-bit word is two 32-bit halves: high, low. */

const K512 = halves(primes(80).map((prime) => rootBits(prime, 3n, 64n)));
const START512 = halves(primes(8).map((prime) => rootBits(prime, 2n, 64n)));

function halves(words) {
  return Int32Array.from(words.flatMap((word) => [Number(word >> 32n) | 0, Number(word & 0xffffffffn) | 0]));
}

class Sha512 {
  constructor() {
    this.state = START512.slice();
    this.words = new Int32Array(160);
    this.block = new Uint8Array(128);
    this.filled = 0;
    this.length = 0;
  }

  update(data) {
    this.length += data.length;
    let at = 0;
    if (this.filled) {
      at = Math.min(128 - this.filled, data.length);
      this.block.set(data.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 128) return this;
      this.compress(this.block, 0);
      this.filled = 0;
    }
    for (; at + 128 <= data.length; at += 128) this.compress(data, at);
    this.block.set(data.subarray(at));
    this.filled = data.length - at;
    return this;
  }

  digest() {
    const end = new Uint8Array(this.filled < 112 ? 128 : 256);
    end.set(this.block.subarray(0, this.filled));
    end[this.filled] = 0x80;
    const bits = new DataView(end.buffer);
    bits.setUint32(end.length - 8, Math.floor(this.length / 0x20000000));
    bits.setUint32(end.length - 4, (this.length % 0x20000000) * 8);
    for (let at = 0; at < end.length; at += 128) this.compress(end, at);
    const out = new DataView(new ArrayBuffer(64));
    this.state.forEach((word, count) => out.setInt32(count * 4, word));
    return new Uint8Array(out.buffer);
  }

  compress(data, at) {
    const w = this.words;
    const s = this.state;
    const k = K512;
    for (let i = 0; i < 32; i++, at += 4) {
      w[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
    }
    for (let i = 32; i < 160; i += 2) {
      const xh = w[i - 30], xl = w[i - 29], yh = w[i - 4], yl = w[i - 3];
      const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
      const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
      const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
      const s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
      const low = (w[i - 31] >>> 0) + (s0l >>> 0) + (w[i - 13] >>> 0) + (s1l >>> 0);
      w[i] = (w[i - 32] + s0h + w[i - 14] + s1h + ((low / 0x100000000) | 0)) | 0;
      w[i + 1] = low | 0;
    }
    let ah = s[0], al = s[1], bh = s[2], bl = s[3], ch = s[4], cl = s[5], dh = s[6], dl = s[7];
    let eh = s[8], el = s[9], fh = s[10], fl = s[11], gh = s[12], gl = s[13], hh = s[14], hl = s[15];
    for (let i = 0; i < 160; i += 2) {
      const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
      const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
      const chh = (eh & fh) ^ (~eh & gh);
      const chl = (el & fl) ^ (~el & gl);
      const low1 = (hl >>> 0) + (s1l >>> 0) + (chl >>> 0) + (k[i + 1] >>> 0) + (w[i + 1] >>> 0);
      const t1h = (hh + s1h + chh + k[i] + w[i] + ((low1 / 0x100000000) | 0)) | 0;
      const t1l = low1 | 0;
      const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
      const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
      const mh = (ah & bh) ^ (ah & ch) ^ (bh & ch);
      const ml = (al & bl) ^ (al & cl) ^ (bl & cl);
      const low2 = (s0l >>> 0) + (ml >>> 0);
      const t2h = (s0h + mh + ((low2 / 0x100000000) | 0)) | 0;
      hh = gh; hl = gl; gh = fh; gl = fl; fh = eh; fl = el;
      const low3 = (dl >>> 0) + (t1l >>> 0);
      eh = (dh + t1h + ((low3 / 0x100000000) | 0)) | 0; el = low3 | 0;
      dh = ch; dl = cl; ch = bh; cl = bl; bh = ah; bl = al;
      const low4 = (t1l >>> 0) + (low2 >>> 0);
      ah = (t1h + t2h + ((low4 / 0x100000000) | 0)) | 0; al = low4 | 0;
    }
    addTo(s, 0, ah, al); addTo(s, 2, bh, bl); addTo(s, 4, ch, cl); addTo(s, 6, dh, dl);
    addTo(s, 8, eh, el); addTo(s, 10, fh, fl); addTo(s, 12, gh, gl); addTo(s, 14, hh, hl);
  }
}

function addTo(state, at, high, low) {
  const sum = (state[at + 1] >>> 0) + (low >>> 0);
  state[at] = (state[at] + high + ((sum / 0x100000000) | 0)) | 0;
  state[at + 1] = sum | 0;
}

function sha512(...pieces) {
  const hash = new Sha512();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}
