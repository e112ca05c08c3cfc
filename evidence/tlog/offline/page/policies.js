/* C2SP tlog-policy: the log's keys, the witnesses, and how many of them the sender asks for. */

const MOST_POLICY_LINES = 1000;
/* A group of witnesses is 1 deep, a group of such groups 2. */
const DEEPEST_GROUP = 16;

class Policy {
  constructor() {
    this.logs = [];
    this.witnesses = new Map();
    this.groups = new Map();
    this.quorum = '';
  }

  /* Whether the witnesses whose keys (as text) are in `cosigned` are enough. */
  reached(cosigned) {
    return this.quorum === 'none' || this.counts(this.quorum, cosigned);
  }

  counts(name, cosigned) {
    if (this.witnesses.has(name)) return cosigned.has(this.witnesses.get(name).text);
    const { needed, members } = this.groups.get(name);
    return members.filter((member) => this.counts(member, cosigned)).length >= needed;
  }

  say(verb, rest) {
    if (verb === 'log' && (rest.length === 1 || rest.length === 2)) {
      const key = readKey(rest[0]);
      if (key.kind !== LOG_KEY || !key.usable) throw new Wrong('not an Ed25519 key');
      this.once(key, this.logs);
      this.logs.push(key);
    } else if (verb === 'witness' && (rest.length === 2 || rest.length === 3)) {
      this.addWitness(rest[0], readKey(rest[1]));
    } else if (verb === 'group' && rest.length >= 3) {
      this.addGroup(rest[0], rest[1], rest.slice(2));
    } else if (verb === 'quorum' && rest.length === 1 && !this.quorum) {
      if (rest[0] !== 'none') this.mustKnow(rest);
      this.quorum = rest[0];
    } else {
      throw new Wrong('not a line of a policy');
    }
  }

  /* A witness may have a kind of key that is not known here; it is then said that it was not checked. */
  addWitness(name, key) {
    if (key.kind === LOG_KEY || (key.kind === WITNESS_KEY && !key.usable)) throw new Wrong("not a witness's key");
    this.mustBeNew(name);
    this.once(key, [...this.witnesses.values()]);
    this.witnesses.set(name, key);
  }

  /* A witness may count in one way only, so each name is a member of one group at most. */
  addGroup(name, threshold, members) {
    this.mustBeNew(name);
    this.mustKnow(members);
    const taken = Array.from(this.groups.values(), (group) => group.members).flat();
    if (new Set([...taken, ...members]).size !== taken.length + members.length) throw new Wrong('a member is there twice');
    const needed = threshold === 'all' ? members.length : threshold === 'any' ? 1 : numberOf(threshold);
    if (needed < 1 || needed > members.length) throw new Wrong('more than there are members, or none');
    const depth = 1 + Math.max(...members.map((member) => this.groups.get(member)?.depth ?? 0));
    if (depth > DEEPEST_GROUP) throw new Wrong('groups within groups, deeper than any policy');
    this.groups.set(name, { needed, members, depth });
  }

  mustBeNew(name) {
    if (name === 'none' || this.witnesses.has(name) || this.groups.has(name)) throw new Wrong('a name is given twice');
  }

  mustKnow(names) {
    if (!names.every((name) => this.witnesses.has(name) || this.groups.has(name))) {
      throw new Wrong('a name that is not defined');
    }
  }

  once(key, others) {
    if (others.some((other) => same(other.material, key.material))) throw new Wrong('a key is there twice');
  }
}

function readPolicy(data) {
  const text = utf8(data);
  if (!text.endsWith('\n') || /[\0-\b\v-\x1f\x7f]/.test(text)) {
    throw new Wrong('a control character, or the last line is not ended by LF');
  }
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > MOST_POLICY_LINES) throw new Wrong('more lines than any policy');
  const policy = new Policy();
  lines.forEach((line, at) => {
    const words = line.split(/[ \t]+/).filter(Boolean);
    if (!words.length || words[0].startsWith('#')) return;
    try {
      policy.say(words[0], words.slice(1));
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      throw new Wrong(`line ${at + 1}: ${error.message}`);
    }
  });
  if (!policy.quorum || !policy.logs.length) throw new Wrong('no quorum or no log');
  return policy;
}
