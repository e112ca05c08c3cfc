/* The result as a sheet: verdict, facts, faults, what was checked, what was not, keys, commands. */

const MANY = 25;
const TICK = 'M5 12.5l4.5 4.5L19 7.5';
const DASH_LINE = 'M6 12h12';
const CROSS = 'M6.5 6.5l11 11m0-11l-11 11';

/* `about`: { name of what was checked, names: { 'receipt 1': file name, ... }, time }. */
function drawSheet(result, about) {
  const sheet = make('article', { id: 'sheet', 'aria-labelledby': 'verdict', 'data-verdict': result.verdict });
  sheet.append(banner(result.verdict), factsOf(result, about));
  if (result.faults.length) sheet.append(part('faults', result.faults.map(faultItem)));
  else sheet.append(part('checked', checkedItems(result, about)));
  sheet.append(part('unchecked', result.unchecked.map((one) => item('left', DASH_LINE, saidOf('unchecked', one, about)))));
  if (result.keys.length) sheet.append(make('section', { class: 'part' }, make('h3', {}, wordsOf('keys')), ...result.keys.map(keyBox)));
  if (result.timestamps.length) {
    sheet.append(make('section', { class: 'part' }, make('h3', {}, sentence('commands')),
      make('pre', { dir: 'ltr' }, result.timestamps.map((stamp) => stamp.command).join('\n'))));
  }
  sheet.append(sheetFoot(result, about));
  return sheet;
}

function banner(verdict) {
  return make('div', { class: 'banner' }, drawing(`#icon-${verdict.replaceAll(' ', '-')}`, { class: 'icon' }),
    make('h2', { id: 'verdict', tabindex: '-1' }, wordsOf(`verdict ${verdict}`)), make('p', {}, sentence(verdict)),
    make('p', { class: 'truth' }, sentence('truth')));
}

function factsOf(result, about) {
  const facts = [['fact-file', about.name]];
  if (result.bag) {
    facts.push(['fact-bag', result.bag.identifier], ['fact-case', result.bag.case], ['fact-log', result.bag.origin]);
    if (result.bag.size !== null) {
      facts.push(['fact-head', sentence('fact-head-value', { size: result.bag.size })], ['fact-root', code(result.bag.root)]);
    }
  }
  const rows = facts.filter(([, value]) => value).flatMap(([name, value]) => [make('dt', {}, wordsOf(name)), make('dd', {}, isolated(value))]);
  return make('dl', { class: 'facts' }, ...rows);
}

/* A list under its heading; what is beyond the first few is shown when asked for. */
function part(heading, items) {
  const list = make('ul', {}, ...items);
  const section = make('section', { class: 'part' }, make('h3', {}, wordsOf(heading)), list);
  if (items.length > MANY) {
    const rest = items.slice(MANY);
    rest.forEach((one) => { one.hidden = true; });
    const more = make('button', { type: 'button', class: 'more' }, sentence('show-all', { count: items.length }));
    more.addEventListener('click', () => {
      rest.forEach((one) => { one.hidden = false; });
      more.remove();
    });
    section.append(more);
  }
  return section;
}

function item(kind, lines, ...children) {
  return make('li', { class: kind }, drawing(lines), ...children);
}

function faultItem(fault) {
  const where = make('div', { class: 'where' }, code(fault.code));
  if (fault.place) where.append(' ', isolated(fault.place));
  if (fault.detail) where.append(' · ', isolated(fault.detail));
  return item('fault', CROSS, make('div', {}, sentence(fault.code)), where);
}

function checkedItems(result, about) {
  const stamps = result.timestamps.map((stamp) => make('div', {}, sentence('stamped', stamp)));
  return [...result.checked.map((one) => saidOf('checked', one, about)), ...stamps].map((said) => item('well', TICK, said));
}

function saidOf(which, one, about) {
  const facts = { ...one };
  for (const name of ['count', 'bytes', 'size']) if (name in facts) facts[name] = facts[name].toLocaleString('en');
  if (about.names[one.place]) facts.place = `${one.place} (${about.names[one.place]})`;
  if (one.code === 'cosignature') facts.time = new Date(one.time * 1000).toISOString().replace('.000', '');
  return make('div', {}, sentence(`${which} ${one.code}`, facts));
}

function keyBox(key) {
  // As it is read out over the telephone: four digits at a time, eight times on a line.
  const inFours = key.fingerprint.match(/.{32}/g).map((line) => line.match(/.{4}/g).join(' ')).join('\n');
  return make('div', { class: 'key' }, make('div', {}, wordsOf(key.given ? 'given' : 'brought')), code(key.key),
    make('div', { class: 'prints' }, sentence('fingerprint', { fingerprint: make('bdi', { dir: 'ltr', class: 'code' }, inFours) })));
}

function code(text) {
  return make('bdi', { dir: 'ltr', class: 'code' }, shown(text));
}

function sheetFoot(result, about) {
  const print = make('button', { type: 'button' }, sentence('print'));
  print.addEventListener('click', () => window.print());
  const save = make('button', { type: 'button' }, sentence('save'));
  save.addEventListener('click', () => {
    const data = new Blob([JSON.stringify({ ...result, checked_at: about.time }, null, 1)], { type: 'application/json' });
    const link = make('a', { href: URL.createObjectURL(data), download: 'verification.json' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  return make('div', { class: 'sheet-foot' }, make('span', {}, sentence('checked-at', { time: about.time })),
    make('span', { class: 'choices' }, print, save));
}
