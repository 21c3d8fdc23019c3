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
