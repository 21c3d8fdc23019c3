// Sending: a bar for pictures on their way, Ctrl-Enter, and an empty form once the post is sent.

import { updateCounter } from "./counter.js";
import { cancelSave, forget, remember } from "./draft.js";
import { audienceOf, formOf, on, partsOf, textOf } from "./form.js";
import { showPictures } from "./pictures.js";
import { removePart } from "./thread.js";

const leadsOn = (xhr) =>
  xhr.getResponseHeader("HX-Redirect") ?? xhr.getResponseHeader("HX-Refresh");
const barOf = (form) => form.querySelector("progress");

// Who comes back to the page that a browser kept finds an empty form, and what is written in it
// then is another post.
function empty(form) {
  while (partsOf(form).length > 1) removePart(partsOf(form).at(-1));
  const [part] = partsOf(form);
  showPictures(part, []);
  textOf(part).value = "";
  updateCounter(part);
  for (const choice of audienceOf(form)) choice.selectedIndex = 0;
  // a UUID, where crypto.randomUUID is for https alone
  form.elements.idempotency_key.value = URL.createObjectURL(new Blob()).slice(-36);
}

on("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // the key is the input method's
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) formOf(event)?.requestSubmit();
});

// Who wants to be reminded of descriptions is, before anything is sent; the server does it as well.
function remind(form) {
  const reminder = form.querySelector(".reminder");
  const missing = (part) =>
    [...part.querySelectorAll(".preview textarea")].find((alt) => !alt.value.trim());
  const parts = reminder ? partsOf(form).filter(missing) : [];
  for (const part of parts) {
    const errors = part.querySelector(".errors");
    errors.replaceChildren(reminder.content.cloneNode(true));
    errors.hidden = false;
  }
  if (parts[0]) missing(parts[0]).focus();
  return parts.length > 0;
}

document.addEventListener(
  "submit",
  (event) => {
    const form = formOf(event);
    if (!form || event.submitter?.name === "undescribed" || !remind(form)) return;
    event.preventDefault();
    event.stopPropagation(); // to htmx
  },
  true,
);
on("submit", (event) => {
  const form = formOf(event);
  if (!form) return;
  cancelSave(form);
  barOf(form).hidden = !form.querySelector(".preview");
});
on("htmx:xhr:progress", (event) => {
  const form = formOf(event);
  const { lengthComputable, loaded, total } = event.detail;
  if (form && lengthComputable) barOf(form).value = loaded / total;
});
on("htmx:beforeOnLoad", (event) => {
  const form = formOf(event);
  const to = leadsOn(event.detail.xhr);
  if (!form || !to || to.startsWith("/account/")) return;
  forget(form);
  empty(form);
});
on("htmx:beforeSwap", (event) => {
  if (![429, 503].includes(event.detail.xhr.status) || !formOf(event)) return;
  Object.assign(event.detail, { shouldSwap: true, isError: false });
});
on("htmx:afterRequest", (event) => {
  const form = formOf(event);
  if (!form) return;
  barOf(form).hidden = true;
  if (!leadsOn(event.detail.xhr)) remember(form);
});
