/* The intake tray: what is pasted, dropped or chosen anywhere on a page of a case becomes a row that tells how far it is. */

import { dropped, pasted } from "./intake.js";
import { mark, part, unmark } from "./marks.js";
import { LARGE, Paused, giveUp, isSame, pause, sendInPieces, unfinished } from "./pieces.js";
import { Failed, lodge } from "./upload.js";

const AT_ONCE = 3;
const BATCH_FILES = 50;
const BATCH_BYTES = 16 * 1024 * 1024;
const QUIET_MS = 1000;
const tray = document.getElementById("tray");
const settings = tray.dataset;
const form = document.querySelector("form[data-provenance]");
const rows = [];
let told = 0;

/** The provenance that stands in the page's form now, so that it sticks to everything that follows. */
function provenance() {
  if (!form) return [];
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && value
    && !["csrfmiddlewaretoken", "text", "acquisition", "key"].includes(name));
}

/** What is said of the row's file: the form as it stands, and what the row itself knows. */
function stated(row) {
  return [...new Map([...provenance(), ...Object.entries(row.known)])];
}

/** Send again what failed. What was refused for the form's fields goes with what they say now. */
function retry(failed) {
  unmark(form);
  for (const row of failed) {
    if (row.refused) row.fields = stated(row);
    row.refused = false;
    show(row, "waiting");
  }
  next();
}

/** Another one for each row: a row that is sent again lodges nothing a second time. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Put `file` in the tray. A paste waits for a yes, because nothing that is lodged can be deleted. */
function add({ file, acquisition, known = {}, text }, ask, go = false) {
  const row = { file, known: { ...known, acquisition }, key: newKey(), state: ask ? "asked" : "waiting", go };
  row.fields = stated(row);
  enter(row, text ? text.trim().slice(0, 120) : file.name);
  if (ask && file.type.startsWith("image/")) row.item.prepend(picture(file));
  if (acquisition === "clipboard") tray.querySelector("[data-hint=clipboard]").hidden = false;
  show(row, row.state);
  if (ask) row.acts.querySelector("button").focus();
}

/** Give the row its line in the tray. */
function enter(row, name) {
  row.item = part("li");
  row.progress = part("progress", { max: 100, hidden: true });
  row.progress.setAttribute("aria-label", name);
  row.said = part("span", { className: "state" });
  row.acts = part("span", { className: "row push" });
  row.item.append(part("bdi", { className: "tray-name", textContent: name }), row.said, row.acts, row.progress);
  rows.push(row);
  tray.querySelector("ol").append(row.item);
  tray.hidden = false;
}

/** What was begun on another page needs its file again: no browser hands it over by itself. */
async function offerUnfinished() {
  for (const { id, name, size, offset } of await unfinished(settings)) {
    const row = { upload: `${settings.uploads}${id}/`, name, size, known: {}, fields: [], percent: size ? Math.floor(100 * offset / size) : 100 };
    enter(row, name);
    show(row, "unfinished");
  }
}

/** Go on with an unfinished row, if `file` is the file that it began with. */
async function goOn(row, file) {
  if (!file) return;
  try {
    if (!await isSame(file, row, settings)) return show(row, "unfinished", settings.wordAnother);
  } catch (error) {
    return show(row, "unfinished", error instanceof Failed ? error.message : settings.wordStrange);
  }
  row.file = file;
  show(row, "waiting");
  next();
}

/** A button that asks for the row's file. */
function chooser(row) {
  const input = part("input", { type: "file", hidden: true });
  input.addEventListener("change", () => goOn(row, input.files[0]));
  return [input, button(settings.wordChoose, () => input.click())];
}

/** The row's half on the server goes too. */
function discard(row) {
  giveUp(row, settings);
  drop(row);
}

function picture(file) {
  const image = part("img", { alt: "", src: URL.createObjectURL(file), className: "tray-picture" });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  return image;
}

function button(words, act, kind = "") {
  const made = part("button", { type: "button", className: `btn ${kind}`, textContent: words });
  made.addEventListener("click", act);
  return made;
}

const word = (name) => settings[`word${name[0].toUpperCase()}${name.slice(1)}`];

/** Show the row's state in words: `detail` is a percentage, an answer of the server, or a reason. */
function show(row, state, detail) {
  row.state = row.item.dataset.state = state;
  row.said.dataset.state = { asked: "draft", waiting: "draft", paused: "draft", unfinished: "draft", stored: "done", held: "done", failed: "failed" }[state] ?? "rendering";
  if (state === "uploading") row.percent = detail ?? 0;
  const partly = ["uploading", "paused", "unfinished"].includes(state);
  row.said.textContent = partly ? `${word(state)} ${row.percent ?? 0} %` : word(state);
  row.progress.hidden = !partly && state !== "verifying";
  if (partly) row.progress.value = row.percent ?? 0;
  row.acts.replaceChildren(...{
    asked: () => [button(settings.wordYes, () => { show(row, "waiting"); next(); }, "primary"), button(settings.wordNo, () => drop(row))],
    uploading: () => row.upload ? [button(settings.wordPause, () => pause(row))] : [],
    paused: () => [button(settings.wordResume, () => retry([row])), button(settings.wordNo, () => discard(row))],
    unfinished: () => [part("span", { textContent: detail ?? settings.wordSame }), ...chooser(row), button(settings.wordNo, () => discard(row))],
    failed: () => [part("span", { textContent: detail }), button(settings.wordRetry, () => retry([row])),
      ...(row.upload ? [button(settings.wordNo, () => discard(row))] : [])],
    stored: () => [part("bdi", { dir: "ltr", className: "hash", title: detail.sha256, textContent: `${detail.sha256.slice(0, 4)}…${detail.sha256.slice(-2)}` }), link(detail)],
    held: () => [link(detail)],
  }[state]?.() ?? []);
  announce();
}

function link(answer) {
  return part("a", { href: answer.url, dir: "ltr", textContent: answer.exhibit });
}

function drop(row) {
  rows.splice(rows.indexOf(row), 1);
  row.item.remove();
  tray.hidden = !rows.length;
  announce();
}

const all = (...states) => rows.filter((row) => states.includes(row.state));
/** Requests on their way: rows of one batch count once. */
const moving = () => [...new Set(all("hashing", "uploading", "verifying").map((row) => row.batch))];

/** One polite line for all rows, at most once a second. */
function announce() {
  tray.querySelector("[data-act=retry-all]").hidden = !all("failed").length;
  tray.querySelector("[data-act=show]").hidden = !all("stored", "held").length;
  clearTimeout(told);
  told = setTimeout(() => {
    const counts = { stored: all("stored", "held").length, all: rows.length, failed: all("failed").length };
    tray.querySelector("[role=status]").textContent = settings.wordCount.replace(/%\((\w+)\)s/g, (_, name) => counts[name]);
  }, QUIET_MS);
}

/** Start as many waiting rows as may move at once. Small files with the same provenance go together. */
function next() {
  const waiting = all("waiting");
  for (let room = AT_ONCE - moving().length; room > 0 && waiting.length; room -= 1) {
    const group = together(waiting);
    waiting.splice(0, waiting.length, ...waiting.filter((row) => !group.includes(row)));
    run(group);
  }
}

/** The first of the `waiting` rows, and those that one request can take with it. */
function together([first, ...rest]) {
  const group = [first], same = JSON.stringify(first.fields);
  let bytes = first.file.size;
  for (const row of rest) {
    if (group.length === BATCH_FILES || JSON.stringify(row.fields) !== same || bytes + row.file.size > BATCH_BYTES) continue;
    group.push(row);
    bytes += row.file.size;
  }
  return group;
}

async function run(group) {
  for (const row of group) {
    row.batch = group;
    show(row, "hashing");
  }
  const say = (state, percent) => group.forEach((row) => show(row, state, percent));
  try {
    const answers = group[0].upload || group[0].file.size > LARGE
      ? [await sendInPieces(group[0], settings, say)] : await lodge(group, group[0].fields, settings, say);
    group.forEach((row, number) => ended(row, answers[number]));
  } catch (error) {
    if (error instanceof Paused) return show(group[0], "paused");
    for (const row of group) {
      row.refused = Boolean(error.errors);
      show(row, "failed", error instanceof Failed ? error.message : settings.wordUnreadable);
    }
    if (!(error instanceof Failed)) throw error;
    unmark(form);
    mark(form, error.errors ?? {});
  } finally {
    next();
  }
}

function ended(row, answer) {
  if (!answer.exhibit) return show(row, "failed", answer.detail ?? settings.wordStrange);
  show(row, answer.already_held ? "held" : "stored", answer);
  // What the case held already is no new page to look at: the row says so, and what was typed stays to be seen.
  if (row.go && !answer.already_held) location.assign(answer.url);
}

/** Lodge `files` without asking; `go`: a single one leads to its page. */
function take(files, go = false) {
  for (const file of files) add({ file, acquisition: "file" }, false, go && files.length === 1);
  next();
}

document.addEventListener("paste", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const found = pasted(event.clipboardData);
  // A text that is pasted into a field belongs to the field.
  if (!found.length || (typing && found[0].acquisition === "text")) return;
  event.preventDefault();
  for (const one of found) add(one, true);
});

// Until now the page promised only what works without this script.
for (const words of document.querySelectorAll("[data-with-script]")) words.textContent = words.dataset.withScript;

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("dragging");
});
document.addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dragging"));
document.addEventListener("drop", async (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.remove("dragging");
  take(await dropped(event.dataTransfer));
});

// The files of a capture go together: that form sends them itself.
for (const chooser of document.querySelectorAll("form:not([data-capture]) input[type=file][multiple]")) {
  const owner = chooser.form;
  const said = owner.querySelector("output.chosen");
  if (said) chooser.addEventListener("change", () => { said.textContent = Array.from(chooser.files, (file) => file.name).join(", "); });
  owner.addEventListener("submit", (event) => {
    const refused = all("failed").filter((row) => row.refused);
    if (!chooser.files.length && !(owner === form && refused.length)) return;
    event.preventDefault();
    if (!chooser.files.length) return retry(refused);
    take(chooser.files, owner === form);
    chooser.value = "";
  });
  if (owner === form) continue;
  // Without provenance to fill in there is nothing to wait for.
  chooser.addEventListener("change", () => owner.requestSubmit());
  owner.querySelector(".actions").hidden = true;
}

tray.querySelector("[data-act=retry-all]").addEventListener("click", () => {
  retry(all("failed"));
});

offerUnfinished();

addEventListener("beforeunload", (event) => {
  if (moving().length || all("waiting").length) event.preventDefault();
});

/* What an address says, shown in the form at once. The server reads it again when the file comes. */
form?.elements.source_url.addEventListener("change", async ({ target }) => {
  const answer = await fetch(settings.address, { method: "POST", headers: { "X-CSRFToken": settings.token }, body: new URLSearchParams({ source_url: target.value }) });
  if (!answer.ok) return;
  const said = await answer.json();
  for (const name of ["platform", "handle", "post_id"]) if (said[name] && !form.elements[name].value) form.elements[name].value = said[name];
  const derived = form.querySelector("[data-derived]");
  derived.hidden = !said.posted_at;
  derived.querySelector("bdi").textContent = said.posted_at?.replace("T", " ").replace("Z", " UTC");
});
