/* [data-progress="address"] is kept up to date while a document is being made or a file is read; afterwards the page is loaded again. */

const EVERY_MS = 1500;
const RENDERING = "rendering";

async function ask(box) {
  const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return true;
  const now = await answer.json();
  if (now.state !== RENDERING) {
    location.reload();
    return false;
  }
  const bar = box.querySelector("progress");
  bar.max = now.total || 1;
  bar.value = now.done;
  box.querySelector("[data-step]").textContent = now.step;
  box.querySelector("[data-done]").textContent = now.done;
  box.querySelector("[data-total]").textContent = now.total;
  return true;
}

async function follow(box) {
  let going = true;
  while (going) {
    await new Promise((done) => { setTimeout(done, EVERY_MS); });
    // A network that is away for a moment is asked again; the work itself does not depend on this page.
    going = document.hidden || await ask(box).catch(() => true);
  }
}

document.querySelectorAll("[data-progress]").forEach(follow);
