/* The events of a bag: their form, their commitments, and their places in the tree. */

const KINDS = ['accession', 'fixity', 'derivation', 'replication', 'virus_check', 'redaction', 'access', 'export',
  'transfer', 'sealing', 'release', 'hold', 'disposal', 'decision'];
const EVENT_MEMBERS = ['agent', 'at', 'context', 'detail', 'id', 'kind', 'subject', 'v'];
const LINE_MEMBERS = ['index', 'commitment', 'salt', 'content', 'path'];
const MOST_LINE = 2 ** 24;
const PAUSE_EVERY = 200;

/* What the readable events say that files can be held against, and which leaf stands where. */
class Told {
  constructor() {
    this.count = 0;
    this.withheld = 0;
    this.leaves = new Map();
    this.accessions = new Map();
    this.ties = new Map();
    this.made = new Map();
    this.sealed = new Map();
    this.restores = [];
  }

  /* The first declared restore that explains a head of a history that is not this log's. */
  lostBy({ size, root }) {
    return this.restores.find((one) => {
      if (size > one.size || (size === one.size && one.root !== '' && one.root !== hex(root))) return false;
      // Of a fork it is not known where it began.
      return size > one.restored || one.restored >= one.size;
    });
  }

  /* Remember what an event says of bytes and of exhibits. */
  remember(event) {
    const [kind, subject, detail] = ['kind', 'subject', 'detail'].map((name) => event.get(name));
    const [digest, item, made] = ['sha256', 'item', 'made'].map((name) => detail.get(name));
    const [isDigest, isItem] = [typeof digest === 'string', typeof item === 'string'];
    if (kind === 'accession' && isDigest && isCount(detail.get('size'))) {
      push(this.accessions, together(digest, detail.get('size')), subject);
    }
    if (kind === 'sealing' && isDigest && isItem && isCount(detail.get('log_size'))) {
      push(this.sealed, together(digest, `item/${item}`), detail.get('log_size'));
    }
    if (['exhibit_lodged', 'exhibit_sighted'].includes(detail.get('act')) && isDigest && isItem) {
      push(this.ties, subject, { item: `item/${item}`, digest });
    }
    if ((kind === 'derivation' || kind === 'redaction') && Array.isArray(made)) {
      for (const part of made) {
        if (part instanceof Map && typeof part.get('sha256') === 'string') push(this.made, part.get('sha256'), subject);
      }
    }
  }
}

/* Two values as one key of a Map, unmistakably. */
function together(one, two) {
  return JSON.stringify([one, two]);
}

function push(map, key, value) {
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(value);
}

/* The event of format 1 of which `text` is the canonical form, as a Map. */
function readEvent(text) {
  const event = readCanonical(text);
  if (!hasMembers(event, EVENT_MEMBERS)) throw new Wrong('not the members of an event');
  const [agent, at, context, detail, id, kind, subject, version] = EVENT_MEMBERS.map((name) => event.get(name));
  if (version !== 1 || !isUuid(id)) throw new Wrong('not format 1, or no id');
  if (!KINDS.includes(kind) || !isTime(at)) throw new Wrong('not a kind, or not a time');
  if (!isWord(subject) || !(['', 'log'].includes(context) || isWord(context))) throw new Wrong('subject or context is not word/identifier');
  if (!(hasMembers(agent, ['name', 'type']) || hasMembers(agent, ['id', 'name', 'type'])) || !(detail instanceof Map)) {
    throw new Wrong('agent or detail is not as it must be');
  }
  if (!['person', 'software'].includes(agent.get('type')) || [...agent.values()].some((value) => typeof value !== 'string')) {
    throw new Wrong('agent is not as it must be');
  }
  return event;
}

/* Whether it is an object with just these members (sorted here), in whatever order. */
function hasMembers(value, names) {
  return value instanceof Map && value.size === names.length && names.every((name) => value.has(name));
}

/* Every line of proofs/events.jsonl. Without a head nothing can be proven, and that was named already. */
async function checkEvents(source, head, findings) {
  const told = new Told();
  let [last, count] = [-1, 0];
  for await (const line of source.has(EVENTS) ? linesIn(source, EVENTS) : []) {
    const place = `${EVENTS}:${++count}`;
    const entry = findings.attempt('event.syntax', place, () => readEntry(line));
    if (count % PAUSE_EVERY === 0) await pause();
    if (!entry) continue;
    told.count++;
    if (entry.get('index') <= last) findings.fault('event.order', place);
    last = entry.get('index');
    checkProof(entry, head, place, told, findings);
    if (entry.get('content') === null) told.withheld++;
    else checkContent(entry, place, told, findings);
  }
  return told;
}

/* Let the page breathe. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/* A line of JSON with just these members in this order, in its one spelling. */
function readLine(line, members) {
  if (line === null) throw new Wrong('longer than any line, cut off, or not ended by LF');
  const text = utf8(line);
  const entry = readJson(text);
  if (!(entry instanceof Map) || [...entry.keys()].join(' ') !== members.join(' ')) {
    throw new Wrong('not its members in their order');
  }
  if (oneLine(entry) !== text) throw new Wrong('another spelling of the same line');
  return entry;
}

/* The lines of a file that may be large. null, and nothing after it, for one that is none. */
async function* linesIn(source, name) {
  let rest = new Uint8Array();
  try {
    for await (const piece of piecesOf(source.files.get(name))) {
      let from = 0;
      for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
        const line = joined(rest, piece.subarray(from, at));
        [rest, from] = [new Uint8Array(), at + 1];
        if (line.length > MOST_LINE) {
          yield null;
          return;
        }
        yield line;
      }
      rest = joined(rest, piece.subarray(from));
      if (rest.length > MOST_LINE) break;
    }
  } catch {
    rest = Uint8Array.of(0);
  }
  if (rest.length) yield null;
}

function joined(a, b) {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

/* Whether it is a list of at most 64 hashes in hexadecimal. */
function areHashes(path) {
  return Array.isArray(path) && path.length <= 64 && path.every((step) => isHex(step, 64));
}

function readEntry(line) {
  const entry = readLine(line, LINE_MEMBERS);
  const [index, commitment, salt, content, path] = LINE_MEMBERS.map((name) => entry.get(name));
  if (!isCount(index) || !isHex(commitment, 64) || !areHashes(path)) {
    throw new Wrong('index, commitment or path is not as it must be');
  }
  const withheld = salt === null && content === null;
  if (!withheld && !(isHex(salt, 64) && typeof content === 'string')) throw new Wrong('salt or content is not as it must be');
  return entry;
}

function checkProof(entry, head, place, told, findings) {
  const index = entry.get('index');
  const leaf = leafOf(unhex(entry.get('commitment')));
  told.leaves.set(index, leaf);
  if (!head) return;
  if (index >= head.size) findings.fault('event.index', place, `index ${index} of ${head.size}`);
  else if (!provesInclusion(leaf, index, head.size, entry.get('path').map(unhex), head.root)) {
    findings.fault('proof.inclusion', place, `index ${index}`);
  }
}

function checkContent(entry, place, told, findings) {
  const content = entry.get('content');
  if (hex(hmacSha256(unhex(entry.get('salt')), bytesOf(content))) !== entry.get('commitment')) {
    findings.fault('event.commitment', place, `index ${entry.get('index')}`);
    return;
  }
  const event = findings.attempt('event.content', place, () => readEvent(content));
  if (!event) return;
  told.remember(event);
  const restore = restoreIn(event, entry.get('index'));
  if (restore) told.restores.push(restore);
}

/* The restore that this event declares, if it is made like one: by two people, and after the entries that it is of. */
function restoreIn(event, index) {
  const [kind, context, subject, agent, detail] = ['kind', 'context', 'subject', 'agent', 'detail'].map((name) => event.get(name));
  if (kind !== 'decision' || context !== 'log' || detail.get('act') !== 'log_restored') return null;
  const approver = detail.get('approver');
  if (!subject.startsWith('rewind/') || !(approver instanceof Map)) return null;
  if (JSON.stringify([...approver]) === JSON.stringify([...agent])) return null;
  const heads = [detail.get('restored'), detail.get('given_up')];
  if (!heads.every((head) => head instanceof Map && isCount(head.get('size'))
      && (head.get('root') === '' || isHex(head.get('root'), 64)))) return null;
  const [restored, size, root] = [heads[0].get('size'), heads[1].get('size'), heads[1].get('root')];
  return restored <= index ? { index, restored, size, root } : null;
}

function isWord(text) {
  return typeof text === 'string' && /^[a-z][a-z_]*\/./s.test(text);
}

function isTime(text) {
  const found = typeof text === 'string'
    && /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})[.][0-9]{6}Z$/.exec(text);
  return Boolean(found) && isDate(found[1]) && found[2] < '24' && found[3] < '60' && found[4] < '60';
}
