/* What the page says itself, in English and in Urdu; what it says of a result stands in TEXTS. */

const PAGE_WORDS = {
  title: ['Check a bag or a receipt', 'پیکیج یا رسید جانچیں'],
  subtitle: ['Everything is read on this computer. Nothing is sent, nothing is stored, and no network is needed.',
    'سب کچھ اسی کمپیوٹر پر پڑھا جاتا ہے۔ کچھ بھیجا نہیں جاتا، کچھ محفوظ نہیں ہوتا، اور نیٹ ورک کی ضرورت نہیں۔'],
  ask: ['What is to be checked', 'کیا جانچنا ہے'],
  'bag-title': ['The bag', 'پیکیج'],
  'bag-drop': ['Drop its folder or its Zip file anywhere on this page', 'اس کا فولڈر یا Zip فائل اس صفحے پر کہیں بھی چھوڑیں'],
  'choose-zip': ['Choose a Zip file', 'Zip فائل چنیں'],
  'choose-folder': ['Choose a folder', 'فولڈر چنیں'],
  'keys-title': ['A key that you have from elsewhere', 'کلید جو آپ کو کہیں اور سے ملی ہو'],
  'keys-help': ['From paper, from a person, from the log’s page read earlier. Not from the package itself. One on each line.',
    'کاغذ سے، کسی فرد سے، یا رجسٹر کے صفحے سے جو پہلے پڑھا ہو۔ خود پیکیج سے نہیں۔ ہر سطر میں ایک۔'],
  'keys-wrong': ['This is not a key: {key}', 'یہ کلید نہیں: {key}'],
  'kept-title': ['Receipts and checkpoints that you kept', 'رسیدیں اور چیک پوائنٹ جو آپ نے سنبھالے'],
  'kept-help': ['They show whether the package is of the same log. A receipt can be checked without a bag.',
    'ان سے معلوم ہوتا ہے کہ پیکیج اسی رجسٹر کا ہے یا نہیں۔ رسید پیکیج کے بغیر بھی جانچی جا سکتی ہے۔'],
  'choose-kept': ['Choose files', 'فائلیں چنیں'],
  check: ['Check', 'جانچیں'],
  'nothing-yet': ['Choose a bag, a receipt or a checkpoint first.', 'پہلے پیکیج، رسید یا چیک پوائنٹ چنیں۔'],
  'drop-fails': ['This browser does not show a page from disk every file of a dropped folder. Choose the folder with the button.',
    'یہ براؤزر ڈسک سے کھلے صفحے کو چھوڑے ہوئے فولڈر کی ہر فائل نہیں دکھاتا۔ فولڈر بٹن سے چنیں۔'],
  'cannot-read': ['This could not be read: {reason}', 'یہ پڑھا نہیں جا سکا: {reason}'],
  'guide-title': ['What the answer will be', 'جواب کیا ہو گا'],
  'key-title': ['Where a key comes from', 'کلید کہاں سے آتی ہے'],
  'key-help': ['A key that came with the package proves only that the package agrees with itself. Ask for it on another way: the team’s '
    + 'page /log/, a printed sheet, a sealed document that you had before, a telephone call in which the fingerprint is read out.',
  'جو کلید پیکیج کے ساتھ آئے وہ صرف یہ ثابت کرتی ہے کہ پیکیج آپس میں مطابق ہے۔ اسے کسی اور راستے سے مانگیں: ٹیم کا صفحہ /log/، چھپا ہوا ورق، '
    + 'پہلے سے ملی ہوئی مہر بند دستاویز، یا ٹیلی فون جس پر نشان پڑھ کر سنایا جائے۔'],
  'openssl-help': ['A time authority’s own signature is checked by openssl; the command is printed with the result. The program verify.py runs it.',
    'وقت نگار ادارے کا اپنا دستخط openssl جانچتا ہے؛ اس کی کمانڈ نتیجے کے ساتھ لکھی جاتی ہے۔ پروگرام verify.py اسے خود چلاتا ہے۔'],
  working: ['Checking …', 'جانچ جاری ہے …'],
  told: ['{done} of {total}', '{total} میں سے {done}'],
  left: ['{done} of {total}, about {left} left', '{total} میں سے {done}، تقریباً {left} باقی'],
  seconds: ['{count} s', '{count} سیکنڈ'],
  minutes: ['{count} min', '{count} منٹ'],
  cancel: ['Cancel', 'روکیں'],
  cancelled: ['Stopped. Nothing was decided.', 'روک دیا گیا۔ کوئی فیصلہ نہیں ہوا۔'],
  finished: ['Checked: {verdict}', 'جانچ مکمل: {verdict}'],
  remove: ['Remove', 'ہٹائیں'],
  'remove-one': ['Remove {name}', '{name} ہٹائیں'],
  'is-folder': ['Folder, {count} files, {size}', 'فولڈر، {count} فائلیں، {size}'],
  'is-zip': ['Zip file, {size}', 'Zip فائل، {size}'],
  'is-receipt': ['Receipt', 'رسید'],
  'is-checkpoint': ['Checkpoint', 'چیک پوائنٹ'],
  'fact-bag': ['Bag', 'پیکیج'],
  'fact-case': ['Case', 'کیس'],
  'fact-log': ['Log', 'رجسٹر'],
  'fact-head': ['Checkpoint', 'چیک پوائنٹ'],
  'fact-head-value': ['{size} entries', '{size} اندراجات'],
  'fact-root': ['Root', 'جڑ'],
  'fact-file': ['File', 'فائل'],
  'checked-at': ['Checked at {time}, by this computer’s clock', '{time} پر جانچا گیا، اس کمپیوٹر کی گھڑی کے مطابق'],
  print: ['Print this sheet', 'یہ ورق چھاپیں'],
  save: ['Save as JSON', 'JSON کے طور پر محفوظ کریں'],
  'show-all': ['Show all {count}', 'تمام {count} دکھائیں'],
  foot: ['The same check as verify.py, written a second time. Specified in docs/bag.md of the project.',
    'وہی جانچ جو verify.py کرتا ہے، دوسری بار لکھی گئی۔ اس کی تفصیل منصوبے کی docs/bag.md میں ہے۔'],
};

/* A date or a number is not broken over two lines. */
const LONGEST_WHOLE = 24;

let language = 'en';

function wordsOf(code) {
  return (PAGE_WORDS[code] ?? TEXTS[code])[language === 'ur' ? 1 : 0];
}

/* A sentence as nodes: what is filled in is isolated, and in Urdu so is each run of Latin text, or it would change places. */
function sentence(code, facts = {}) {
  const nodes = document.createDocumentFragment();
  for (const part of wordsOf(code).split(/(\{[a-z0-9]+\})/)) {
    const name = /^\{(.*)\}$/.exec(part)?.[1];
    if (name) nodes.append(isolated(facts[name]));
    else if (language === 'ur') nodes.append(...latinApart(part));
    else nodes.append(part);
  }
  return nodes;
}

function latinApart(text) {
  return text.split(/([A-Za-z0-9/](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9/])?)/).filter(Boolean)
    .map((part) => (/^[A-Za-z0-9/]/.test(part) ? isolated(part) : part));
}

function isolated(value) {
  if (value instanceof Node) return value;
  const text = shown(String(value));
  // Codes, digests, dates and paths run from left to right; names may run either way.
  return make('bdi', { dir: /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(text) ? 'auto' : 'ltr',
    class: text.length <= LONGEST_WHOLE ? 'whole' : undefined }, text);
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/* A picture drawn with lines: `paths` are SVG path data, or the id of a symbol of the page. */
function drawing(paths, attributes = {}) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const isSymbol = paths.startsWith('#');
  const child = document.createElementNS('http://www.w3.org/2000/svg', isSymbol ? 'use' : 'path');
  child.setAttribute(isSymbol ? 'href' : 'd', paths);
  for (const [name, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true', ...attributes })) svg.setAttribute(name, value);
  svg.append(child);
  return svg;
}

function bytesInWords(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [count, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit && value < 100 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
