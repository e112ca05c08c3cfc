/* Plain encodings, each in its one spelling: UTF-8, hexadecimal, base64, names, identifiers, dates.
   What is wrong throws a Wrong with the reason; anything else that is thrown is a mistake in this program. */

class Wrong extends Error {}

const LARGEST = Number.MAX_SAFE_INTEGER;
const SPACES = new Set('\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009'
  + '\u200a\u2028\u2029\u202f\u205f\u3000');
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const encoder = new TextEncoder();

function utf8(data) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new Wrong('not UTF-8');
  }
}

function bytesOf(text) {
  return encoder.encode(text);
}

/* The lines of a text in which each line is ended by LF and CR does not occur. */
function linesOf(data) {
  const text = utf8(data);
  if (text.includes('\r') || (text && !text.endsWith('\n'))) throw new Wrong('a line is not ended by LF alone');
  return text.split('\n').slice(0, -1);
}

function isHex(text, length) {
  return typeof text === 'string' && text.length === length && /^[0-9a-f]*$/.test(text);
}

function hex(data) {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function unhex(text) {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/* Standard base64, padded, without stray bits. */
function unbase64(text) {
  const body = text.replace(/={1,2}$/, '');
  const digits = Array.from(body, (char) => BASE64.indexOf(char));
  if (text.length % 4 || body.length % 4 === 1 || digits.includes(-1)) throw new Wrong('not base64');
  const out = new Uint8Array(Math.floor(body.length * 3 / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    bits = (bits << 6) | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[at++] = bits >> held;
      bits &= (1 << held) - 1;
    }
  }
  if (bits) throw new Wrong('not base64 in its one spelling');
  return out;
}

/* A decimal number without leading zeros, at most 2^53 - 1. */
function numberOf(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text) || Number(text) > LARGEST) throw new Wrong('not a number');
  return Number(text);
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}

function isUuid(text) {
  return typeof text === 'string' && UUID.test(text);
}

/* Not empty, no plus sign, no white space and no control character. */
function isKeyName(name) {
  return name !== '' && ![...name].some((char) => SPACES.has(char) || char === '+' || char < ' ');
}

/* A day of the calendar as YYYY-MM-DD. */
function isDate(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!found) return false;
  const [year, month, day] = found.slice(1).map(Number);
  if (year === 0 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}

function same(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/* In the order of code points, as manifests are sorted. Plain comparison goes by halves of surrogate pairs, which would
   put them before U+E000 to U+FFFF. */
function byCodePoints(a, b) {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a[at] !== b[at]) return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
  }
  return a.length - b.length;
}

function rank(unit) {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/* Text as it may be shown: what turns the direction of writing, or cannot be seen, is spelled out. */
function shown(text) {
  return Array.from(text, (char) => {
    const code = char.codePointAt(0);
    const steers = code < 0x20 || (code >= 0x7f && code <= 0x9f) || code === 0x200e || code === 0x200f
      || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0x061c
      || (code >= 0xd800 && code <= 0xdfff);
    return steers ? '\\u' + code.toString(16).padStart(4, '0') : char;
  }).join('');
}
