/* What scrolls sideways can be reached by keyboard and says what it is: its caption, or the heading of its section. */

const boxes = document.querySelectorAll(".table-wrap");

function name(box) {
  const caption = box.querySelector("caption") ?? box.closest("section")?.querySelector("h2, h3") ?? document.querySelector("h1");
  return caption?.textContent.trim() ?? "";
}

const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
      target.setAttribute("role", "region");
      target.setAttribute("aria-label", name(target));
    } else {
      target.removeAttribute("tabindex");
      target.removeAttribute("role");
      target.removeAttribute("aria-label");
    }
  }
});

for (const box of boxes) watch.observe(box);

// On a narrow screen the rail scrolls too: the page one is on comes into view.
for (const here of document.querySelectorAll(".rail [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
