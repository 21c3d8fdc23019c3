// Finds what belongs together in a composer: a form with a part for each post of the thread.

export const on = (name, listener) => document.addEventListener(name, listener);
export const formOf = ({ target }) => target.closest?.(".composer");
export const formsIn = (element) => [...element.querySelectorAll(".composer")];
export const partOf = ({ target }) => target.closest?.(".part");
export const partsOf = (form) => [...form.querySelectorAll(".part")];
export const textOf = (part) => part.querySelector("textarea");
export const textsOf = (form) => partsOf(form).map((part) => textOf(part).value);
// The choices of who may answer and quote it.
export const audienceOf = (form) => [...form.querySelectorAll(".audience select")];
export const filesOf = (part) => part.querySelector("[type=file]");

// Take away what the server found wrong with `fields`, once that is mended; what no writing mends
// stays.
export function clearErrors(part, ...fields) {
  const errors = part.querySelector(".errors");
  const about = fields.map((field) => `[data-about^="${field}"]`).join();
  for (const error of errors.querySelectorAll(about)) error.remove();
  errors.hidden = !errors.childElementCount;
  if (!errors.querySelector("[data-about=text]")) textOf(part).removeAttribute("aria-invalid");
}

// Return a new button with the cross that the page has, in the class `name`.
export function closeButton(name, label) {
  const button = document.querySelector("#viewer button").cloneNode(true);
  button.type = "button";
  button.classList.add(name);
  button.setAttribute("aria-label", label);
  return button;
}
