// A thread: further posts in the same form. Their fields are called as those of the first, and
// their number.

import { updateCounter } from "./counter.js";
import { closeButton, filesOf, partsOf, textOf } from "./form.js";

const MAX_PARTS = 25;

// Give every field of the form the id and the name that its place has, and the last part what ends
// the form.
export function numberParts(form) {
  const parts = partsOf(form);
  parts.forEach((part, index) => numberPart(part, index + 1, form.dataset.prefix));
  const ends = form.querySelector(".ends");
  parts.at(-1).querySelector(".tools").append(ends);
  const send = ends.querySelector(".send");
  send.textContent = parts.length > 1 ? send.dataset.thread : send.dataset.single;
  ends.querySelector(".another")?.toggleAttribute("hidden", parts.length >= MAX_PARTS);
}

function numberPart(part, number, prefix) {
  const [text, errors] = [textOf(part), part.querySelector(".errors")];
  const [id, name] = number > 1 ? [`-${number}`, `_${number}`] : ["", ""];
  Object.assign(text, { id: `${prefix}-text${id}`, name: `text${name}` });
  errors.id = `${prefix}-errors${id}`;
  text.setAttribute("aria-describedby", errors.id);
  filesOf(part).name = `images${name}`;
  part.querySelector(".pictures [type=checkbox]").name = `sensitive${name}`;
  part.querySelectorAll("li textarea, [data-plain] textarea").forEach((alt, index) => {
    alt.name = `alt_${index + 1}${name}`;
  });
  if (number === 1) return;
  text.setAttribute("aria-label", `Post ${number} of the thread`);
  if (!part.querySelector(".drop")) part.append(closeButton("drop", "Take out this post"));
}

// Add an empty part at the end, and return it.
export function addPart(form) {
  const parts = partsOf(form);
  const part = parts[0].cloneNode(true);
  const others = ".ends, .quoted, .audience, .preview, [data-plain], .completions";
  for (const element of part.querySelectorAll(others)) element.remove();
  const [text, errors] = [textOf(part), part.querySelector(".errors")];
  const [pictures, sensitive] = ["", " [type=checkbox]"].map((inner) =>
    part.querySelector(`.pictures${inner}`),
  );
  Object.assign(text, { value: "", placeholder: "Go on", rows: 2 });
  for (const name of ["autofocus", "aria-invalid"]) text.removeAttribute(name);
  filesOf(part).value = "";
  filesOf(part).removeAttribute("id");
  errors.replaceChildren();
  errors.hidden = part.querySelector(".too-many").hidden = true;
  pictures.open = sensitive.checked = false;
  parts.at(-1).after(part);
  numberParts(form);
  updateCounter(part);
  return part;
}

// Take `part` out, and return the one above it.
export function removePart(part) {
  const form = part.closest("form");
  const above = part.previousElementSibling;
  above.querySelector(".tools").append(form.querySelector(".ends"));
  part.remove();
  numberParts(form);
  return above;
}
