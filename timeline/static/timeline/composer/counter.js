// The ring that shows how much of a post is written, and how much is left of it.

import { textOf } from "./form.js";

const MAX_LENGTH = 280;
const WARN_AT = 20;

let rule; // how long a text is: it comes when one first writes

export async function updateCounter(part) {
  const text = textOf(part);
  try {
    if (text.value) rule ??= await import("../../js/text_length.js");
  } catch {
    return; // the server counts
  }
  const written = text.value ? rule.length(text.value, () => updateCounter(part)) : 0;
  const left = MAX_LENGTH - written;
  const done = Math.min(100, (written / MAX_LENGTH) * 100);
  const ring = part.querySelector(".ring");
  ring.hidden = !written;
  ring.classList.toggle("near", left <= WARN_AT);
  ring.classList.toggle("over", left < 0);
  ring.querySelector(".done").setAttribute("stroke-dasharray", `${done} 100`);
  ring.querySelector(".left").textContent = left <= WARN_AT ? left : "";
}

export const isTooLong = (part) => part.querySelector(".ring").matches(".over");
