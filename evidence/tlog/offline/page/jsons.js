/* JSON, strictly: no floats, no key twice, no lone surrogates; and the canonical form of docs/custody-log.md.
   A parser of its own, because JSON.parse keeps quiet about all of these. */

const DEEPEST = 16;
const ESCAPED = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/* The value of a JSON text (RFC 8259) of at most 16 levels with integers within 2^53 - 1. Objects become Maps. */
function readJson(text) {
  const parser = new JsonParser(text);
  const value = parser.value(0);
  parser.space();
  if (parser.at !== text.length) throw new Wrong('something follows the JSON text');
  return value;
}

/* JSON without white space, members in the order that they have, text unescaped where it can be. */
function oneLine(value) {
  if (value instanceof Map) {
    return '{' + Array.from(value, ([key, part]) => `${JSON.stringify(key)}:${oneLine(part)}`).join(',') + '}';
  }
  return Array.isArray(value) ? '[' + value.map(oneLine).join(',') + ']' : JSON.stringify(value);
}

/* The value of which `text` is the canonical form. */
function readCanonical(text) {
  const value = readJson(text);
  if (oneLine(inOrder(value)) !== text) throw new Wrong('not in canonical form');
  return value;
}

function inOrder(value) {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!(value instanceof Map)) return value;
  for (const key of value.keys()) {
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(key)) throw new Wrong('a key is not [a-z][a-z0-9_]{0,63}');
  }
  return new Map([...value.keys()].sort().map((key) => [key, inOrder(value.get(key))]));
}

class JsonParser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  space() {
    while (' \t\n\r'.includes(this.text.charAt(this.at)) && this.at < this.text.length) this.at++;
  }

  next(char) {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  must(char) {
    if (!this.next(char)) throw new Wrong(`no ${char} at ${this.at}`);
  }

  value(depth) {
    this.space();
    const char = this.text[this.at];
    if (char === '"') return this.string();
    if (char === '{' || char === '[') {
      if (depth === DEEPEST) throw new Wrong('nested too deep');
      return char === '{' ? this.object(depth + 1) : this.array(depth + 1);
    }
    for (const [word, meaning] of [['true', true], ['false', false], ['null', null]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return meaning;
      }
    }
    return this.integer();
  }

  object(depth) {
    const found = new Map();
    this.must('{');
    if (this.next('}')) return found;
    do {
      this.space();
      const key = this.string();
      if (found.has(key)) throw new Wrong('a member is there twice');
      this.must(':');
      found.set(key, this.value(depth));
    } while (this.next(','));
    this.must('}');
    return found;
  }

  array(depth) {
    const found = [];
    this.must('[');
    if (this.next(']')) return found;
    do found.push(this.value(depth)); while (this.next(','));
    this.must(']');
    return found;
  }

  integer() {
    const found = /^-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(this.text.slice(this.at, this.at + 400));
    const value = found ? Number(found[0]) : NaN;
    if (!Number.isSafeInteger(value) || String(value) !== found[0]) throw new Wrong(`no integer at ${this.at}`);
    this.at += found[0].length;
    return value;
  }

  string() {
    if (this.text[this.at] !== '"') throw new Wrong(`no text at ${this.at}`);
    let found = '';
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      const plain = this.run();
      if (plain) {
        found += plain;
        this.at--;
      } else if (this.text[this.at] === '\\') {
        found += this.escape();
      } else {
        throw new Wrong(`text that is cut off or has a control character at ${this.at}`);
      }
    }
    this.at++;
    if (/[\ud800-\udfff]/.test(found) && loneSurrogate(found)) {
      throw new Wrong('a lone surrogate is not text');
    }
    return found;
  }

  run() {
    const start = this.at;
    while (this.at < this.text.length && this.text[this.at] >= ' ' && !'"\\'.includes(this.text[this.at])) this.at++;
    return this.text.slice(start, this.at);
  }

  escape() {
    const char = this.text[++this.at];
    if (char in ESCAPED) return ESCAPED[char];
    const digits = this.text.slice(this.at + 1, this.at + 5);
    if (char !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) throw new Wrong(`no such escape at ${this.at}`);
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }
}

function loneSurrogate(text) {
  return Array.from(text).some((char) => char.length === 1 && char >= '\ud800' && char <= '\udfff');
}
