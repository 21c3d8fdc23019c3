// The dialog: links to the composer open there. What was opened once stays as it was left, pictures
// and all.

import { keyOf, restore, saveNow } from "./draft.js";
import { closeButton, formsIn, on, partsOf, textOf, textsOf } from "./form.js";

const opened = new Map(); // what each link opened
let opener; // what gets the focus back

async function open(link) {
  const dialog = document.getElementById("writer");
  const href = link.getAttribute("href");
  const box = opened.get(href) ?? document.createElement("div");
  dialog.replaceChildren(closeButton("leave", "Close"), box);
  if (!opened.has(href)) {
    try {
      const url = `${href}${href.includes("?") ? "&" : "?"}dialog`;
      await htmx.ajax("GET", url, { source: link, target: box, swap: "innerHTML" });
    } catch {} // and that was said
    if (!formsIn(box).length) return dialog.replaceChildren();
    opened.set(href, box);
  }
  const menu = link.closest("details.menu");
  opener = menu?.querySelector("summary") ?? link;
  if (menu) menu.open = false;
  dialog.showModal();
  const [form] = formsIn(box);
  restore(form, { always: true });
  textOf(partsOf(form).at(-1)).focus();
}

function leave(dialog) {
  if (opener?.isConnected) opener.focus();
  const [form] = formsIn(dialog);
  if (textsOf(form).some((text) => text.trim())) {
    saveNow(form);
    const detail = "What you wrote is kept in your drafts.";
    document.dispatchEvent(new CustomEvent("say", { detail }));
  }
  for (const other of formsIn(document)) {
    if (other !== form && keyOf(other) === keyOf(form)) restore(other, { always: true });
  }
}

on("click", (event) => {
  event.target.closest(".leave")?.closest("dialog").close();
  const link = event.target.closest("a[href^='/compose']:not([href*=draft])");
  const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || isElsewhere || location.pathname === "/compose") return;
  event.preventDefault();
  open(link);
});
on("pointerdown", ({ target }) => target.id === "writer" && target.close());
// It does not bubble.
document.addEventListener("close", ({ target }) => target.id === "writer" && leave(target), true);
