/* <button data-copy="text"> puts the text on the clipboard; data-copy-from="id" takes it from an element. */

const SHOWN_MS = 1600;

async function copy(button) {
  const from = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  const text = from ? from.value ?? from.textContent : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS there is no clipboard API: select a copy of the text, and let the person press the keys if that fails too.
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    button.after(field);
    field.select();
    if (!document.execCommand("copy")) return;
    field.remove();
    button.focus();
  }
  const said = document.getElementById("said");
  button.dataset.copied = "";
  said.textContent = said.dataset.copied;
  setTimeout(() => { delete button.dataset.copied; said.textContent = ""; }, SHOWN_MS);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (button) copy(button);
});
