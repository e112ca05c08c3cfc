/* Ed25519 as in RFC 8032, verification alone, with BigInt.

   Strict: only canonical encodings, S below the order of the group, no public key of small order, and the equation
   without cofactor. Points are [X, Y, Z, T] with x = X/Z, y = Y/Z, xy = T/Z. */

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const EDWARDS_D = mod(-121665n * invert(121666n));
const SQRT_OF_MINUS_1 = power(2n, (P - 1n) / 4n);
const NEUTRAL = [0n, 1n, 1n, 0n];
const BASE = decodePoint(unhex('58' + '66'.repeat(31)));

function ed25519Verifies(key, message, signature) {
  if (signature.length !== 64 || !isPublicKey(key)) return false;
  const s = littleEndian(signature.subarray(32));
  if (s >= ORDER) return false;
  const k = littleEndian(sha512(signature.subarray(0, 32), key, message)) % ORDER;
  // R must be S·B - k·A, and spelled as it is in the signature.
  return same(encodePoint(sumOfProducts(s, BASE, k, negative(decodePoint(key)))), signature.subarray(0, 32));
}

/* Whether it is the one encoding of a point that is not of small order. */
function isPublicKey(key) {
  const point = key.length === 32 ? decodePoint(key) : null;
  if (!point) return false;
  const [x, y, z] = twice(twice(twice(point)));
  return x !== 0n || y !== z;
}

function mod(value) {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let result = 1n;
  for (let square = mod(base); exponent; exponent >>= 1n, square = square * square % P) {
    if (exponent & 1n) result = result * square % P;
  }
  return result;
}

function invert(value) {
  return power(value, P - 2n);
}

function littleEndian(data) {
  return BigInt('0x' + hex(Uint8Array.from(data).reverse()));
}

/* RFC 8032 5.1.3; null for an encoding that is not canonical. */
function decodePoint(data) {
  const whole = littleEndian(data);
  const sign = whole >> 255n;
  const y = whole & (2n ** 255n - 1n);
  if (y >= P) return null;
  const u = mod(y * y - 1n);
  const v = mod(EDWARDS_D * y * y + 1n);
  // The square root of u/v with one exponentiation.
  let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
  const square = mod(v * x * x);
  if (square === mod(-u)) x = mod(x * SQRT_OF_MINUS_1);
  else if (square !== u) return null;
  if (x === 0n && sign) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function encodePoint([x, y, z]) {
  const inverse = invert(z);
  const whole = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
  return unhex(whole.toString(16).padStart(64, '0')).reverse();
}

function negative([x, y, z, t]) {
  return [mod(-x), y, z, mod(-t)];
}

/* RFC 8032 5.1.4. */
function plus([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = (y1 - x1) * (y2 - x2) % P;
  const b = (y1 + x1) * (y2 + x2) % P;
  const c = 2n * t1 * t2 % P * EDWARDS_D % P;
  const d = 2n * z1 * z2 % P;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function twice([x, y, z]) {
  const a = x * x % P;
  const b = y * y % P;
  const c = 2n * z * z % P;
  const h = a + b;
  const e = h - (x + y) * (x + y) % P;
  const g = a - b;
  const f = c + g;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

/* s·A + k·B, both at once from the highest bit down. */
function sumOfProducts(s, a, k, b) {
  const both = plus(a, b);
  let total = NEUTRAL;
  for (let bit = 255n; bit >= 0n; bit--) {
    total = twice(total);
    const one = (s >> bit) & 1n;
    const two = (k >> bit) & 1n;
    if (one && two) total = plus(total, both);
    else if (one) total = plus(total, a);
    else if (two) total = plus(total, b);
  }
  return total;
}
