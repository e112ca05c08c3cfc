/* Of the platforms that stand beside the composer, the one that is chosen is open. */

const platform = document.querySelector("#id_platform");

platform?.addEventListener("change", () => {
  for (const one of document.querySelectorAll("details[data-platform]")) one.open = one.dataset.platform === platform.value;
});
