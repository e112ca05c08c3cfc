/* What was held outside: checkpoints that somebody kept, and receipts of whoever lodged an exhibit. */

const MOST_RECEIPT = 1000000;
const RECEIPT_TEXTS = ['format', 'origin', 'case', 'exhibit', 'item', 'name', 'sha256', 'declared_sha256', 'received_at',
  'leaf_hash'];
const RECEIPT_MEMBERS = [...RECEIPT_TEXTS, 'size', 'event', 'log', 'checkpoint'];

/* What is of a history that the log gave up by a declared restore. */
const LOST = { held: 'held.lost', receipt: 'receipt.lost' };

/* What the bag's log is known to be (nothing, where there is no bag), and what was heard of it outside. */
class Standing {
  constructor() {
    this.origin = null;
    this.caseName = null;
    this.proven = new Map();
    this.told = new Told();
    this.heard = new Map();
    this.agreeing = 0;
    this.pending = 0;
  }

  /* The root that the bag proves at this head's size, or nothing. */
  rootAt(head) {
    return head.origin === this.origin ? this.proven.get(head.size) : undefined;
  }

  /* The root first heard of outside for this head's log and size. */
  heardAt(head) {
    const at = `${head.size} ${head.origin}`;
    if (!this.heard.has(at)) this.heard.set(at, head.root);
    return this.heard.get(at);
  }
}

function checkHeld(data, place, standing, keys, findings) {
  const read = findings.attempt('held.syntax', place, () => {
    const note = readNote(data);
    return { note, head: readHead(note) };
  });
  if (!read) return;
  if (checkOutsideNote(read, 'held', place, standing, keys, findings)) {
    findings.well('held', { place, size: read.head.size });
    standing.agreeing++;
  } else if (standing.origin !== null) {
    findings.leftOut(standing.told.lostBy(read.head) ? 'held.restored' : 'held.size', place, { size: read.head.size });
  }
}

/* A receipt, by itself and against the bag where there is one. */
function checkReceipt(data, place, standing, keys, findings) {
  const receipt = findings.attempt('receipt.syntax', place, () => readReceipt(data));
  if (!receipt) return;
  const before = findings.faults.length;
  checkReceiptEvent(receipt, place, findings);
  if (standing.origin && receipt.origin !== standing.origin) findings.fault('receipt.origin', place, receipt.origin);
  const tied = Array.from(standing.told.ties).filter(([, ties]) => ties.some((tie) => tie.item === `item/${receipt.item}`));
  const exhibit = `exhibit/${standing.caseName}/${receipt.exhibit}`;
  if (standing.caseName === receipt.case && tied.length && !tied.some(([name]) => name === exhibit)) {
    findings.fault('receipt.exhibit', place, receipt.exhibit);
  }
  const leaf = unhex(receipt.leaf_hash);
  const agrees = receipt.log !== null && checkReceiptLog(receipt, leaf, place, standing, keys, findings);
  if (findings.faults.length > before) return;
  findings.well('receipt', { place, name: receipt.name, sha256: receipt.sha256 });
  if (agrees) {
    standing.agreeing++;
  } else if (receipt.log !== null && standing.origin !== null) {
    const head = readHead(readNote(bytesOf(receipt.checkpoint)));
    findings.leftOut(standing.told.lostBy(head) ? 'receipt.restored' : 'receipt.size', place, { size: head.size });
  } else if (receipt.log === null && ![...standing.told.leaves.values()].some((other) => same(other, leaf))) {
    // Anybody can write a receipt that no checkpoint covers: it may not stand under a good verdict.
    standing.pending++;
    findings.leftOut('receipt.pending', place);
  }
  findings.leftOut('receipt.said', place);
}

function readReceipt(data) {
  if (data.length > MOST_RECEIPT) throw new Wrong('larger than any receipt');
  const whole = readJson(utf8(data));
  if (!hasMembers(whole, RECEIPT_MEMBERS)) throw new Wrong('not the members of a receipt');
  const receipt = Object.fromEntries(whole);
  if (RECEIPT_TEXTS.some((name) => typeof receipt[name] !== 'string') || receipt.format !== 'casework-receipt/1') {
    throw new Wrong('not a receipt of format 1');
  }
  const { sha256: digest, leaf_hash: leaf, size, event, log, checkpoint } = receipt;
  if (!isHex(digest, 64) || !isHex(leaf, 64) || !isCount(size)) throw new Wrong('sha256, leaf_hash or size is not as it must be');
  if (event !== null && !(hasMembers(event, ['id', 'salt', 'content']) && isHex(event.get('salt'), 64)
      && typeof event.get('content') === 'string')) {
    throw new Wrong('event is not as it must be');
  }
  if ((log === null) !== (checkpoint === null)) throw new Wrong('log and checkpoint are there together or not at all');
  if (log !== null && !(hasMembers(log, ['index', 'size', 'path']) && isCount(log.get('index')) && isCount(log.get('size'))
      && areHashes(log.get('path')) && typeof checkpoint === 'string')) {
    throw new Wrong('log or checkpoint is not as it must be');
  }
  return receipt;
}

function checkReceiptEvent(receipt, place, findings) {
  if (receipt.event === null) {
    findings.fault('receipt.erased', place);
    return;
  }
  const [id, salt, content] = ['id', 'salt', 'content'].map((name) => receipt.event.get(name));
  if (hex(leafOf(hmacSha256(unhex(salt), bytesOf(content)))) !== receipt.leaf_hash) {
    findings.fault('receipt.commitment', place);
    return;
  }
  const event = findings.attempt('receipt.content', place, () => readEvent(content));
  if (!event) return;
  const detail = event.get('detail');
  const pairs = [['kind', event.get('kind'), 'accession'], ['id', event.get('id'), id],
    ['subject', event.get('subject'), `item/${receipt.item}`], ['context', event.get('context'), `case/${receipt.case}`],
    ...['sha256', 'size', 'name', 'declared_sha256'].map((name) => [name, detail.get(name), receipt[name]])];
  const differing = pairs.find(([, said, wanted]) => said !== wanted);
  if (differing) findings.fault('receipt.content', place, `the event says another ${differing[0]}`);
}

/* Whether the receipt's place in the log agrees with the bag's log. */
function checkReceiptLog(receipt, leaf, place, standing, keys, findings) {
  const read = findings.attempt('receipt.checkpoint', place, () => {
    const note = readNote(bytesOf(receipt.checkpoint));
    return { note, head: readHead(note) };
  });
  if (!read) return false;
  const [index, size, path] = ['index', 'size', 'path'].map((name) => receipt.log.get(name));
  if (read.head.origin !== receipt.origin || read.head.size !== size) {
    findings.fault('receipt.checkpoint', place, 'it is of another log or size than the receipt says');
  } else if (!provesInclusion(leaf, index, size, path.map(unhex), read.head.root)) {
    findings.fault('receipt.proof', place, `index ${index}`);
  }
  const agrees = checkOutsideNote(read, 'receipt', place, standing, keys, findings);
  const there = standing.told.leaves.get(index);
  if (there && !same(there, leaf)) {
    contradicts(read.head, 'receipt', 'receipt.entry', place, `another entry stands at index ${index}`, standing, findings);
  }
  return agrees || Boolean(there && same(there, leaf));
}

/* Signature, origin and root of a checkpoint from outside; whether the bag has a head of its size, the same. */
function checkOutsideNote({ note, head }, code, place, standing, keys, findings) {
  findings.attempt(`${code}.signature`, place, () => {
    const found = keys.counting(note, head.size);
    if (!keys.all.some((key) => key.kind === LOG_KEY)) {
      findings.leftOut('signature', place, { key: `${note.signatures[0].name} ${note.signatures[0].id}` });
    } else if (!found.size) {
      throw new Wrong('signed by none of the keys');
    }
  });
  if (standing.origin && head.origin !== standing.origin) {
    findings.fault(`${code}.origin`, place, head.origin);
    return false;
  }
  const heard = standing.heardAt(head);
  const proven = standing.rootAt(head);
  const lost = standing.told.lostBy(head);
  // A head that the declaration names word for word needs no other to be told by.
  const named = lost && proven === undefined && lost.size === head.size && lost.root === hex(head.root);
  if (named || !same(proven ?? heard, head.root)) {
    contradicts(head, code, `${code}.root`, place, `another root at size ${head.size}: the history is another`, standing,
      findings);
    return false;
  }
  return proven !== undefined;
}

/* It is not of the bag's log: a fault either way, and another word where two people declared why. */
function contradicts(head, code, fault, place, detail, standing, findings) {
  const lost = standing.told.lostBy(head);
  if (!lost) {
    findings.fault(fault, place, detail);
    return;
  }
  findings.fault(LOST[code], place, `entry ${lost.index} declares a restore: the log went on from ${lost.restored} entries `
    + `and gave up a history of ${lost.size}`);
}
