/* What the server refuses, beside the fields of a form that it concerns; and the element of a name. */

export function part(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

/** Put what the server refuses in the form's own fields beside them. */
export function mark(form, errors) {
  for (const [name, reasons] of Object.entries(form ? errors : {})) {
    const input = form.elements[name], list = part("ul", { className: "errors" });
    if (!input?.id) continue;
    list.append(...reasons.map((textContent) => part("li", { textContent })));
    input.closest(".field")?.classList.add("has-error");
    input.before(list);
    input.setAttribute("aria-invalid", "true");
  }
  form?.querySelector("[aria-invalid]")?.focus();
}

export function unmark(form) {
  for (const field of form?.querySelectorAll(".field.has-error") ?? []) {
    field.classList.remove("has-error");
    field.querySelector(".errors")?.remove();
    field.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
  }
}
