/* Single keys, where nothing is being typed. They can be switched off in Settings (WCAG 2.1.4). */

const on = document.body.dataset.singleKeys !== "off";
const bound = new Map();
const GO_WAIT = 1500;
let goUntil = 0;

/** Run `action` when `key` is pressed outside a field. */
export function bind(key, action) {
  bound.set(key, action);
}

/** The Latin character of a key press: under an Urdu layout `key` is Urdu, so the physical key decides. */
export function latin(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) > 127) {
    if (event.code === "Slash") return event.shiftKey ? "?" : "/";
    if (event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
  }
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

function typing(target) {
  return target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [role=textbox]");
}

/** The rows of the page's list: each has one link that stands for it. */
function rows() {
  return [...document.querySelectorAll("main tbody tr, main .grid > *, main .list > li")].filter(opener);
}

function opener(row) {
  return row.matches("a[href]") ? row : row.querySelector("a[href]");
}

function step(by) {
  const all = rows();
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1)];
  if (next) {
    opener(next).focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

function here() {
  return rows().find((row) => row.contains(document.activeElement));
}

bind("j", () => step(1));
bind("k", () => step(-1));
bind("o", () => here() && opener(here()).click());
bind("x", () => here()?.querySelector("input[type=checkbox]")?.click());
bind("/", () => document.querySelector("main input[type=search], main [data-filter]")?.focus());
bind("g", () => { goUntil = Date.now() + GO_WAIT; });
bind("?", showKeys);

/** The dialog lists what this page has: its places to go, its own commands, and its list if there is one. */
function showKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  const body = dialog.querySelector("tbody");
  const word = (name) => dialog.querySelector(`template[data-for=${name}]`).content.textContent;
  body.replaceChildren();
  for (const link of document.querySelectorAll("[data-go]")) line(body, ["g", link.dataset.go], `${word("go")}: ${link.textContent.trim()}`);
  for (const command of document.querySelectorAll("[data-key]")) line(body, [command.dataset.key], command.textContent.trim());
  if (rows().length) line(body, ["j", "k", "x", "o"], word("list"));
  if (document.querySelector("main input[type=search], main [data-filter]")) line(body, ["/"], word("filter"));
  if (bound.has("b")) line(body, ["b"], word("blur"));
  line(body, ["?"], word("help"));
  dialog.showModal();
}

function line(body, keys, text) {
  const row = body.insertRow();
  const shown = row.insertCell();
  shown.dir = "ltr";
  for (const key of keys) {
    shown.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
  }
  row.insertCell().textContent = text;
}

function press(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = latin(event);
  const target = Date.now() < goUntil ? document.querySelector(`[data-go="${CSS.escape(key)}"]`) : null;
  goUntil = 0;
  const command = target ?? document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!command && !bound.has(key)) return;
  event.preventDefault();
  if (command) command.click();
  else bound.get(key)(event);
}

document.addEventListener("keydown", press);
