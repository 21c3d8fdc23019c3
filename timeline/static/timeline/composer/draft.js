// The draft: kept in this tab at once, and by the server when one pauses, until it was sent.

import { updateCounter } from "./counter.js";
import { audienceOf, filesOf, formsIn, on, partsOf, textOf, textsOf } from "./form.js";
import { addPart, numberParts, removePart } from "./thread.js";

const PAUSE = 1000; // milliseconds without a key, after which the server keeps what was typed
const PREFIX = "draft ";

const timers = new WeakMap(); // of the forms that the server has not got yet

// Return the name of the draft in the tab: whose it is, and what it is about.
export const keyOf = ({ dataset: { account, draft = "" }, elements: { reply_to, quote } }) =>
  `${PREFIX}${account} ${draft} ${reply_to?.value ?? ""} ${quote?.value ?? ""}`;

export function remember(form) {
  const key = form.elements.idempotency_key.value;
  const audience = audienceOf(form).map((choice) => choice.value);
  sessionStorage.setItem(keyOf(form), JSON.stringify({ key, audience, texts: textsOf(form) }));
  cancelSave(form);
  timers.set(form, setTimeout(save, PAUSE, form));
}

export function cancelSave(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

// Have the server keep the draft, but for its pictures.
async function save(form) {
  cancelSave(form);
  const body = new FormData(form);
  for (const part of partsOf(form)) body.delete(filesOf(part).name);
  try {
    const headers = { "HX-Request": "true" };
    const { status } = await fetch("/drafts", { method: "POST", body, headers, keepalive: true });
    const isKept = status === 204 && form.dataset.draft && !timers.has(form);
    if (isKept) sessionStorage.removeItem(keyOf(form));
  } catch {} // the tab has it
}

export const saveNow = (form) => timers.has(form) && save(form);

// Forget, in this tab, what was sent from `form`.
export function forget(form) {
  for (const [key, value] of Object.entries(sessionStorage)) {
    const isSent = key.startsWith(PREFIX) && value.includes(form.elements.idempotency_key.value);
    if (isSent) sessionStorage.removeItem(key);
  }
}

// Begin with what the tab has; what a page begins with itself is newer, but for a draft that did
// not reach the server.
export function restore(form, { always = false } = {}) {
  const { key, audience, texts } = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "{}");
  if (key && (always || form.dataset.draft || !textsOf(form).some(Boolean))) {
    form.elements.idempotency_key.value = key;
    while (partsOf(form).length < texts.length) addPart(form);
    while (partsOf(form).length > texts.length) removePart(partsOf(form).at(-1));
    partsOf(form).forEach((part, index) => {
      textOf(part).value = texts[index];
    });
    audienceOf(form).forEach((choice, index) => {
      choice.value = audience[index];
      if (choice.selectedIndex) choice.closest("details").open = true;
    });
  }
  numberParts(form);
  partsOf(form).forEach(updateCounter);
}

on("click", (event) => {
  if (!event.target.closest(".keep")) return;
  event.preventDefault();
  save(event.target.closest(".composer"));
});
on("visibilitychange", () => formsIn(document).forEach(saveNow));
