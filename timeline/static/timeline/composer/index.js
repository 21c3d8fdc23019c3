// What the composer gains by JavaScript: one module for each thing. The form works without any of
// it, and the server decides what fits.

import "./dialog.js";
import "./pictures.js";
import "./sending.js";
import { isTooLong, updateCounter } from "./counter.js";
import { remember, restore } from "./draft.js";
import { clearErrors, formOf, formsIn, on, partOf, textOf } from "./form.js";
import { addPart, removePart } from "./thread.js";

on("input", async (event) => {
  const form = formOf(event);
  const part = form && partOf(event);
  if (!part) return;
  if (event.target.matches("select")) {
    clearErrors(part, event.target.name);
    remember(form);
  }
  if (event.target.matches("[name^=alt_]")) clearErrors(part, "alt_");
  if (event.target !== textOf(part)) return;
  remember(form);
  await updateCounter(part);
  if (!isTooLong(part)) clearErrors(part, "text");
});
on("click", (event) => {
  const [adds, removes] = [".another", ".drop"].map((button) => event.target.closest(button));
  if (!adds && !removes) return;
  event.preventDefault();
  const form = formOf(event);
  textOf(adds ? addPart(form) : removePart(partOf(event))).focus();
  remember(form);
});

on("htmx:load", ({ detail }) => formsIn(detail.elt).forEach((form) => restore(form)));
formsIn(document).forEach((form) => restore(form));
