/* A captured page: all its files are hashed here, then sent in one request; when one arrives otherwise, none is lodged. */

import { dropped } from "./intake.js";
import { Failed, hash, send } from "./upload.js";

const form = document.querySelector("form[data-capture]");
const settings = document.getElementById("tray").dataset;
const chooser = form.elements.file, zone = form.querySelector(".dropzone");
const said = form.querySelector("[data-said]"), failed = form.querySelector("[data-failed]");

/** In the order in which the server takes them: those told by their content, then those of each role. */
const files = () => Array.from(form.querySelectorAll("input[type=file]"), (input) => [...input.files]).flat();

const word = (state) => settings[`word${state[0].toUpperCase()}${state.slice(1)}`];

function say(state, percent) {
  said.textContent = percent === undefined ? word(state) : `${word(state)} ${percent} %`;
}

chooser.addEventListener("change", () => {
  zone.querySelector("output").textContent = Array.from(chooser.files, (file) => file.name).join(", ");
});

// What is dropped on this form belongs to the capture; the tray takes what is dropped elsewhere on the page.
zone.addEventListener("drop", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  document.body.classList.remove("dragging");
  const kept = new DataTransfer();
  for (const file of [...chooser.files, ...await dropped(event.dataTransfer)]) kept.items.add(file);
  chooser.files = kept.files;
  chooser.dispatchEvent(new Event("change"));
});

form.addEventListener("submit", async (event) => {
  if (!files().length) return;
  event.preventDefault();
  const button = form.querySelector("button.primary");
  button.disabled = true;
  failed.hidden = true;
  try {
    const fields = [...new FormData(form)];
    say("hashing");
    for (const file of files()) fields.push(["sha256", await hash(file, settings).found]);
    location.assign((await send(location.pathname, fields, settings, say)).url);
  } catch (error) {
    failed.textContent = error instanceof Failed ? error.message : settings.wordUnreadable;
    failed.hidden = false;
    said.textContent = "";
    button.disabled = false;
    if (!(error instanceof Failed)) throw error;
  }
});
