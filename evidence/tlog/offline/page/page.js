/* The page: takes what is dropped, chosen and typed, runs the check, shows how far it is and what came of it. */

const given = { bag: null, kept: [] };
let running = null;
let last = null;

function byId(id) {
  return document.getElementById(id);
}

function setLanguage(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.documentElement.dir = chosen === 'ur' ? 'rtl' : 'ltr';
  document.title = wordsOf('title');
  for (const element of document.querySelectorAll('[data-say]')) element.replaceChildren(sentence(element.dataset.say));
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === chosen));
  }
  byId('verdicts').replaceChildren(...Object.keys(EXITS).map((verdict) => make(
    'div', { 'data-verdict': verdict }, drawing(`#icon-${verdict.replaceAll(' ', '-')}`, { class: 'icon' }),
    make('dt', {}, wordsOf(`verdict ${verdict}`)), make('dd', {}, sentence(verdict)))));
  drawLists();
  byId('keys-problem').replaceChildren();
  byId('problem').replaceChildren();
  if (last) showSheet(false);
}

async function takeThings(things) {
  for (const { file, folder } of things) {
    if (folder) {
      given.bag = { size: sum(folder.files.values()), count: folder.files.size, ...folder };
      continue;
    }
    const kind = await kindOf(file);
    if (kind === 'zip') given.bag = { name: file.name, size: file.size, files: file };
    else given.kept.push({ name: file.name, kind, data: await keptBytes(file) });
  }
  byId('problem').replaceChildren();
  drawLists();
}

function sum(files) {
  return Array.from(files).reduce((total, file) => total + file.size, 0);
}

function drawLists() {
  const { bag, kept } = given;
  const what = bag && (bag.files instanceof Map ? sentence('is-folder', { count: bag.count.toLocaleString('en'), size: bytesInWords(bag.size) })
    : sentence('is-zip', { size: bytesInWords(bag.size) }));
  byId('bag-list').replaceChildren(...(bag ? [fileItem(bag.name, what, () => { given.bag = null; }, 'choose-zip')] : []));
  byId('kept-list').replaceChildren(...kept.map((one) => fileItem(one.name, sentence(`is-${one.kind}`), () => {
    given.kept = given.kept.filter((other) => other !== one);
  }, 'choose-kept')));
}

function fileItem(name, what, remove, focus) {
  const button = make('button', { type: 'button' }, wordsOf('remove'), make('span', { class: 'unseen' }, ' ', isolated(name)));
  button.addEventListener('click', () => {
    remove();
    drawLists();
    byId(focus).focus();
  });
  return make('li', {}, make('span', { class: 'what' }, isolated(name), make('small', {}, what)), button);
}

/* The keys that were typed, or null with the first that is none named beside the field. */
function typedKeys() {
  const texts = byId('keys').value.match(/\S+(?: (?:from|until|revoked) [0-9]+)*/g) ?? [];
  for (const text of texts) {
    try {
      readUsableKey(text);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      byId('keys-problem').replaceChildren(sentence('keys-wrong', { key: text }));
      byId('keys').setAttribute('aria-invalid', 'true');
      byId('keys').focus();
      return null;
    }
  }
  byId('keys-problem').replaceChildren();
  byId('keys').removeAttribute('aria-invalid');
  return texts;
}

async function check() {
  const keys = typedKeys();
  if (!keys || running) return;
  if (!given.bag && !given.kept.length) {
    byId('problem').replaceChildren(sentence('nothing-yet'));
    return;
  }
  const { bag } = given;
  const kept = (kind) => given.kept.filter((one) => one.kind === kind);
  const names = Object.fromEntries(['checkpoint', 'receipt'].flatMap(
    (kind) => kept(kind).map((one, at) => [`${kind} ${at + 1}`, one.name])));
  const run = { hashers: new Hashers(document.currentScriptText), progress: progressOf(bag ? bag.size : 0) };
  running = run;
  showWorking();
  try {
    const result = await verifyFiles(bag ? bag.files : null, {
      keys, oddities: bag?.oddities, checkpoints: kept('checkpoint').map((one) => one.data), receipts: kept('receipt').map((one) => one.data),
      digest: (blobs, progress) => run.hashers.digest(blobs, progress), progress: run.progress });
    if (running !== run) return;
    if (bag?.files instanceof Map) result.unchecked.push({ code: 'links', place: '' });
    if (bag?.partly) result.unchecked.push({ code: 'hidden', place: '' });
    last = { result, about: { name: bag ? bag.name : given.kept.map((one) => one.name).join(', '), names, time: timeNow() } };
    finish(run);
    showSheet(true);
  } catch (error) {
    if (running !== run) return;
    finish(run);
    byId('guide').hidden = false;
    byId('problem').replaceChildren(sentence('cannot-read', { reason: error.message }));
  }
}

function finish(run) {
  run.hashers.close();
  running = null;
  byId('working').hidden = true;
  byId('check').disabled = false;
}

function showWorking() {
  last = null;
  byId('problem').replaceChildren();
  byId('check').disabled = true;
  byId('guide').hidden = true;
  byId('sheet').hidden = true;
  document.body.classList.remove('done');
  byId('working').hidden = false;
  byId('bar').value = 0;
  byId('told').replaceChildren();
  byId('cancel').focus();
}

function showSheet(andFocus) {
  const sheet = drawSheet(last.result, last.about);
  byId('sheet').replaceWith(sheet);
  document.body.classList.add('done');
  if (!andFocus) return;
  byId('live').replaceChildren(sentence('finished', { verdict: wordsOf(`verdict ${last.result.verdict}`) }));
  byId('verdict').focus({ preventScroll: true });
  sheet.scrollIntoView({ block: 'start' });
}

/* Told bytes, it shows how many of how many there are and how long it will take, a few times a second. */
function progressOf(total) {
  const start = performance.now();
  let [done, drawn, announced] = [0, 0, start];
  return (bytes) => {
    done = Math.min(total, done + bytes);
    const now = performance.now();
    if (now - drawn < 150) return;
    drawn = now;
    byId('bar').value = total ? Math.floor(done / total * 1000) : 0;
    const [elapsed, rest] = [(now - start) / 1000, total - done];
    const left = elapsed * rest / done;
    const facts = { done: bytesInWords(done), total: bytesInWords(total) };
    const said = elapsed < 2 ? sentence('told', facts) : sentence('left', { ...facts, left: sentence(...(left < 90
      ? ['seconds', { count: Math.ceil(left) }] : ['minutes', { count: Math.ceil(left / 60) }])) });
    byId('told').replaceChildren(said);
    // A screen reader is told every ten seconds, not every time.
    if (now - announced > 10000) {
      announced = now;
      byId('live').textContent = byId('told').textContent;
    }
  };
}

function timeNow() {
  return new Date().toISOString().replace(/[.]\d+/, '');
}

function cancel() {
  if (!running) return;
  finish(running);
  byId('guide').hidden = false;
  byId('live').replaceChildren(sentence('cancelled'));
  byId('problem').replaceChildren(sentence('cancelled'));
  byId('check').focus();
}

function choose(button, input, take) {
  byId(button).addEventListener('click', () => byId(input).click());
  byId(input).addEventListener('change', async () => {
    const files = Array.from(byId(input).files);
    if (files.length) await takeThings(take(files));
    byId(input).value = '';
  });
}

function start() {
  // The workers are made of this very script, so its text is kept while it is known which one it is.
  document.currentScriptText = document.currentScript.textContent;
  choose('choose-zip', 'zip', (files) => files.map((file) => ({ file })));
  choose('choose-folder', 'folder', (files) => [{ folder: chosenFolder(files) }]);
  choose('choose-kept', 'kept', (files) => files.map((file) => ({ file })));
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    check();
  });
  byId('cancel').addEventListener('click', cancel);
  for (const button of document.querySelectorAll('[data-language]')) {
    button.addEventListener('click', () => setLanguage(button.dataset.language));
  }
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    document.body.classList.add('over');
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) document.body.classList.remove('over');
  });
  document.addEventListener('drop', async (event) => {
    event.preventDefault();
    document.body.classList.remove('over');
    if (running) return;
    try {
      await takeThings(await droppedThings(event.dataTransfer));
    } catch {
      byId('problem').replaceChildren(sentence('drop-fails'));
    }
  });
  setLanguage(navigator.language.startsWith('ur') ? 'ur' : 'en');
}

if (typeof document !== 'undefined') start();
