/* `b`, or any button with data-blur, blurs every picture: for screens that others see. A cookie of this session keeps it. */

import { bind } from "./keys.js";

const root = document.documentElement;

function show() {
  const blurred = root.classList.contains("blur-media");
  for (const button of document.querySelectorAll("[data-blur]")) button.setAttribute("aria-pressed", String(blurred));
}

function toggle() {
  const blurred = root.classList.toggle("blur-media");
  document.cookie = `blur=${blurred ? 1 : 0}; path=/; SameSite=Lax`;
  show();
}

if (document.querySelector("[data-blur]")) {
  bind("b", toggle);
  document.addEventListener("click", (event) => event.target.closest("[data-blur]") && toggle());
  show();
}
