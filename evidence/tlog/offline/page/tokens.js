/* RFC 3161: what a time authority answered. Strict DER, and no more of it than says what was stamped, and when.
   The authority's own signature is not checked here: the openssl command does that. */

const OID_SIGNED_DATA = '2a864886f70d010702';
const OID_TST_INFO = '2a864886f70d0109100104';
const OID_SHA256 = '608648016503040201';
const DER = { integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, sequence: 0x30, set: 0x31, time: 0x18, first: 0xa0 };

class NotGranted extends Wrong {}

/* A run of DER values, taken one after the other. */
class DerReader {
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  more() {
    return this.at < this.data.length;
  }

  /* The content of the next value, which must have this tag. */
  take(tag) {
    if (this.data[this.at] !== tag) throw new Wrong(`DER: no value with the tag ${tag} where there must be one`);
    return this.skip();
  }

  /* The content of the next value, whatever its tag. */
  skip() {
    const [tag, first] = this.data.subarray(this.at, this.at + 2);
    if (first === undefined || (tag & 0x1f) === 0x1f) throw new Wrong('DER: cut off, or a long tag');
    let start = this.at + 2;
    let length = first;
    if (first >= 0x80) {
      const spelled = this.data.subarray(start, start + (first & 0x7f));
      start += first & 0x7f;
      length = spelled.reduce((sum, byte) => sum * 256 + byte, 0);
      if (first === 0x80 || first > 0x84 || spelled.length !== (first & 0x7f) || spelled[0] === 0 || length < 0x80) {
        throw new Wrong('DER: a length in another than its shortest form');
      }
    }
    if (start + length > this.data.length) throw new Wrong('DER: cut off');
    this.at = start + length;
    return this.data.subarray(start, this.at);
  }

  inside(tag) {
    return new DerReader(this.take(tag));
  }

  /* The one value under [0] after the object identifier `kind`. */
  wrapped(kind, tag) {
    if (hex(this.take(DER.oid)) !== kind) throw new Wrong('DER: another kind of content');
    return this.inside(DER.first).only(tag);
  }

  only(tag) {
    const content = this.inside(tag);
    this.end();
    return content;
  }

  end() {
    if (this.more()) throw new Wrong('DER: something follows');
  }
}

/* { imprint, time } of the granted response in `data`. */
function readToken(data) {
  const response = new DerReader(data).only(DER.sequence);
  const status = response.inside(DER.sequence).take(DER.integer);
  if (status.length !== 1 || status[0] !== 0) throw new NotGranted(`the status is ${hex(status)} in hexadecimal`);
  const content = response.only(DER.sequence);
  const signed = content.wrapped(OID_SIGNED_DATA, DER.sequence);
  content.end();
  signed.take(DER.integer);
  signed.take(DER.set);
  const inside = signed.inside(DER.sequence);
  const info = inside.wrapped(OID_TST_INFO, DER.octets);
  inside.end();
  return readTstInfo(info.only(DER.sequence));
}

function readTstInfo(info) {
  if (hex(info.take(DER.integer)) !== '01') throw new Wrong('not version 1 of TSTInfo');
  info.take(DER.oid);
  const imprint = info.inside(DER.sequence);
  const algorithm = imprint.inside(DER.sequence);
  if (hex(algorithm.take(DER.oid)) !== OID_SHA256) throw new Wrong('the imprint is not a SHA-256');
  if (algorithm.more() && algorithm.take(DER.null).length) throw new Wrong('NULL is not empty');
  algorithm.end();
  const digest = imprint.take(DER.octets);
  imprint.end();
  if (digest.length !== 32) throw new Wrong('the imprint is not 32 bytes long');
  info.take(DER.integer);
  const time = readTime(info.take(DER.time));
  while (info.more()) info.skip();
  return { imprint: digest, time };
}

function readTime(data) {
  const text = String.fromCharCode(...data.subarray(0, 64));
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([.]\d*[1-9])?Z$/.exec(data.length > 64 ? '' : text);
  if (!found) throw new Wrong('genTime is not a time');
  const [year, month, day, hour, minute, second, fraction] = found.slice(1);
  if (!isDate(`${year}-${month}-${day}`) || hour > '23' || minute > '59' || second > '59') {
    throw new Wrong('genTime is not a time');
  }
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction ?? ''}Z`;
}

/* Whether it is one or more certificates in PEM, and nothing else. */
function areCertificates(data) {
  try {
    let text = utf8(data);
    if (!text) return false;
    while (text) {
      const found = /^-----BEGIN CERTIFICATE-----\n((?:[A-Za-z0-9+/=]{1,76}\n)+)-----END CERTIFICATE-----\n/.exec(text);
      if (!found) return false;
      new DerReader(unbase64(found[1].replaceAll('\n', ''))).only(DER.sequence);
      text = text.slice(found[0].length);
    }
    return true;
  } catch (error) {
    if (error instanceof Wrong) return false;
    throw error;
  }
}
