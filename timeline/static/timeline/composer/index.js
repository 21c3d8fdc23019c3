// What the composer gains by JavaScript: a dialog, previews of pictures, a ring that counts down, a thread without a reload,
// a draft that survives, Ctrl-Enter. The form works without any of it, and the server decides what fits.

import { length } from "../../js/text_length.js";

const MOST = 280;
const PICTURES = 4;
const THREAD = 25;
const WARN_AT = 20;
const PAUSE = 1000; // milliseconds without a key, after which the server keeps what was typed

const on = (name, listener) => document.addEventListener(name, listener);
const composerOf = (event) => event.target.closest?.(".composer");
const partOf = (event) => event.target.closest?.(".part");
const partsOf = (form) => [...form.querySelectorAll(".part")];
const textOf = (part) => part.querySelector("textarea");
const textsOf = (form) => partsOf(form).map((part) => textOf(part).value);
const say = (detail) => document.dispatchEvent(new CustomEvent("say", { detail }));

// --- Pictures: the order on the page is the order in the field, and each has its description beside it ---

const isVideo = (file) => file.type.startsWith("video/");

function preview(file) {
  const player = { controls: true, muted: true, playsInline: true, ariaLabel: file.name };
  const seen = isVideo(file) ? Object.assign(document.createElement("video"), player) : new Image();
  return Object.assign(seen, { src: URL.createObjectURL(file) }, isVideo(file) ? {} : { alt: "" });
}

function shown(part) {
  return [...part.querySelectorAll(".preview")].map((item) => ({
    file: item.file,
    alt: item.querySelector("textarea").value,
  }));
}

function show(part, pictures) {
  const list = part.querySelector(".previews");
  for (const { src } of list.querySelectorAll("img, video")) URL.revokeObjectURL(src);
  const files = new DataTransfer();
  const form = part.closest("form");
  list.replaceChildren(
    ...pictures.map(({ file, alt }, n) => {
      const item = form.querySelector("template").content.firstElementChild.cloneNode(true);
      item.file = file;
      item.prepend(preview(file));
      item.querySelector("textarea").value = alt;
      item.querySelector("label span").textContent =
        `Description of ${isVideo(file) ? "video" : "picture"} ${n + 1}`;
      item.querySelector("[data-step='-1']").disabled = n === 0;
      item.querySelector("[data-step='1']").disabled = n === pictures.length - 1;
      files.items.add(file);
      return item;
    }),
  );
  part.querySelector("[type=file]").files = files.files;
  part.querySelector("[data-plain]")?.remove();
  part.querySelector(".pictures").open = pictures.length > 0;
  mended(part, "images", "alt_", pictures.length && !textOf(part).value ? "text" : "images");
  number(form);
}

function add(part, files) {
  const pictures = [...shown(part), ...[...files].map((file) => ({ file, alt: "" }))];
  part.querySelector(".too-many").hidden = pictures.length <= PICTURES;
  show(part, pictures.slice(0, PICTURES));
}

on("click", (event) => {
  if (!event.target.closest(".pictures > summary")) return;
  event.preventDefault();
  partOf(event).querySelector("[type=file]").click();
});
on("change", (event) => {
  if (composerOf(event) && event.target.type === "file") add(partOf(event), event.target.files);
});
on("paste", (event) => {
  const part = partOf(event);
  const { files } = event.clipboardData;
  const words = event.clipboardData.getData("text/plain"); // an office program puts a picture of its words beside them, and a Mac a file's name
  if (!part || !files.length || (words && ![...files].some(({ name }) => name === words))) return;
  event.preventDefault();
  add(part, files);
});
on("dragover", (event) => {
  if (partOf(event) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
on("drop", (event) => {
  const part = partOf(event);
  if (!part || !event.dataTransfer.files.length) return;
  event.preventDefault();
  add(part, event.dataTransfer.files);
});
on("click", (event) => {
  const button = event.target.closest(".preview button");
  if (!button) return;
  const part = partOf(event);
  const at = [...part.querySelectorAll(".preview")].indexOf(button.closest(".preview"));
  const pictures = shown(part);
  const [moved] = pictures.splice(at, 1);
  if (button.dataset.step) pictures.splice(at + Number(button.dataset.step), 0, moved);
  show(part, pictures);
  (
    part.querySelectorAll(".preview textarea")[Math.min(at, pictures.length - 1)] ?? textOf(part)
  ).focus();
});

// --- The ring ---

function count(part) {
  const left = MOST - length(textOf(part).value, () => count(part));
  const ring = part.querySelector(".ring");
  ring.hidden = left === MOST;
  ring.classList.toggle("near", left <= WARN_AT);
  ring.classList.toggle("over", left < 0);
  ring
    .querySelector(".done")
    .setAttribute("stroke-dasharray", `${Math.min(100, ((MOST - left) / MOST) * 100)} 100`);
  ring.querySelector(".left").textContent = left <= WARN_AT ? left : "";
}

// --- What the server found wrong goes once it is mended; what no writing mends stays ---

function mended(part, ...fields) {
  const errors = part.querySelector(".errors");
  for (const error of errors.querySelectorAll(
    fields.map((field) => `[data-about^="${field}"]`).join(),
  ))
    error.remove();
  errors.hidden = !errors.childElementCount;
  if (!errors.querySelector("[data-about=text]")) textOf(part).removeAttribute("aria-invalid");
}

// --- A thread: the fields of each further post are called as those of the first, and its number ---

function number(form) {
  const parts = partsOf(form);
  const place = form.id.slice(0, -1);
  parts.forEach((part, n) => {
    const [text, errors] = [textOf(part), part.querySelector(".errors")];
    const [id, end] = n ? [`-${n + 1}`, `_${n + 1}`] : ["", ""];
    Object.assign(text, { id: `${place}-text${id}`, name: `text${end}` });
    errors.id = `${place}-errors${id}`;
    text.setAttribute("aria-describedby", errors.id);
    if (n) text.setAttribute("aria-label", `Post ${n + 1} of the thread`);
    part.querySelector("[type=file]").name = `images${end}`;
    part.querySelector(".pictures [type=checkbox]").name = `sensitive${end}`;
    part.querySelectorAll("li textarea, [data-plain] textarea").forEach((alt, m) => {
      alt.name = `alt_${m + 1}${end}`;
    });
    if (n && !part.querySelector(".drop")) part.append(closing("drop", "Take out this post"));
  });
  const ends = form.querySelector(".ends");
  parts.at(-1).querySelector(".tools").append(ends);
  ends.querySelector(".send").textContent =
    parts.length > 1 ? "Post all" : form.elements.reply_to ? "Reply" : "Post";
  ends.querySelector(".another")?.toggleAttribute("hidden", parts.length >= THREAD);
}

function closing(name, label) {
  const button = document.querySelector("#viewer button").cloneNode(true);
  button.type = "button";
  button.classList.add(name);
  button.setAttribute("aria-label", label);
  return button;
}

function another(form) {
  const parts = partsOf(form);
  const part = parts[0].cloneNode(true);
  for (const element of part.querySelectorAll(
    ".ends, .quoted, .preview, [data-plain], .completions",
  ))
    element.remove();
  const [text, file, errors] = [
    textOf(part),
    part.querySelector("[type=file]"),
    part.querySelector(".errors"),
  ];
  Object.assign(text, { value: "", placeholder: "Go on", rows: 2 });
  for (const name of ["autofocus", "aria-invalid"]) text.removeAttribute(name);
  file.value = "";
  file.removeAttribute("id");
  errors.replaceChildren();
  errors.hidden = part.querySelector(".too-many").hidden = true;
  part.querySelector(".pictures").open = part.querySelector(".pictures [type=checkbox]").checked =
    false;
  parts.at(-1).after(part);
  number(form);
  count(part);
  return part;
}

function takeOut(part) {
  const form = part.closest("form");
  const above = part.previousElementSibling;
  above.querySelector(".tools").append(form.querySelector(".ends"));
  part.remove();
  number(form);
  return above;
}

on("click", (event) => {
  const [more, drop] = [event.target.closest(".another"), event.target.closest(".drop")];
  if (!more && !drop) return;
  event.preventDefault();
  const form = composerOf(event);
  textOf(more ? another(form) : takeOut(partOf(event))).focus();
  remember(form);
});

// --- The draft: kept in this tab at once, and by the server when one pauses, until it was sent ---

const keyOf = ({ dataset, elements }) =>
  `draft ${dataset.account} ${dataset.draft ?? ""} ${elements.reply_to?.value ?? ""} ${elements.quote?.value ?? ""}`;

function remember(form) {
  sessionStorage.setItem(
    keyOf(form),
    JSON.stringify([form.elements.submission.value, ...textsOf(form)]),
  );
  clearTimeout(form.pause);
  form.pause = setTimeout(keep, PAUSE, form);
}

async function keep(form) {
  forget(form);
  const data = new FormData(form);
  for (const name of new Set(data.keys())) if (name.startsWith("images")) data.delete(name);
  try {
    const { status } = await fetch("/drafts", {
      method: "POST",
      body: data,
      headers: { "HX-Request": "true" },
      keepalive: true,
    });
    if (status === 204 && form.dataset.draft && !form.pause) sessionStorage.removeItem(keyOf(form));
  } catch {} // the tab has it
}

function forget(form) {
  clearTimeout(form.pause);
  form.pause = 0;
}

// Begin with what the tab has; what a page begins with itself is newer, but for a draft that did not reach the server.
function restore(form, always) {
  const [submission, ...texts] = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "[]");
  if (submission && (always || form.dataset.draft || !textsOf(form).some(Boolean))) {
    form.elements.submission.value = submission;
    while (partsOf(form).length < texts.length) another(form);
    while (partsOf(form).length > texts.length) takeOut(partsOf(form).at(-1));
    partsOf(form).forEach((part, n) => {
      textOf(part).value = texts[n];
    });
  }
  number(form);
  partsOf(form).forEach(count);
}

const composers = (within) => within.querySelectorAll(".composer");
on("input", (event) => {
  const part = composerOf(event) && partOf(event);
  if (!part) return;
  if (event.target.matches("[name^=alt_]")) mended(part, "alt_");
  if (event.target !== textOf(part)) return;
  count(part);
  if (!part.querySelector(".ring.over")) mended(part, "text");
  remember(composerOf(event));
});
on("click", (event) => {
  if (!event.target.closest(".keep")) return;
  event.preventDefault();
  keep(composerOf(event));
});
on("visibilitychange", () => composers(document).forEach((form) => form.pause && keep(form)));
on("htmx:load", ({ detail }) => composers(detail.elt).forEach((form) => restore(form)));
composers(document).forEach((form) => restore(form));

// --- Sending ---

// Who comes back to the page that a browser kept finds an empty form, and what is written in it then is another post.
function empty(form) {
  while (partsOf(form).length > 1) takeOut(partsOf(form).at(-1));
  const [part] = partsOf(form);
  show(part, []);
  textOf(part).value = "";
  count(part);
  form.elements.submission.value = URL.createObjectURL(new Blob()).slice(-36); // a UUID, where crypto.randomUUID is for https alone
}

on("submit", (event) => {
  const form = composerOf(event);
  if (!form) return;
  forget(form);
  form.querySelector("progress").hidden = !form.querySelector(".preview");
});
const leadsOn = (xhr) =>
  xhr.getResponseHeader("HX-Redirect") ?? xhr.getResponseHeader("HX-Refresh");
on("htmx:beforeOnLoad", (event) => {
  const form = composerOf(event);
  const to = leadsOn(event.detail.xhr);
  if (!form || !to || to.startsWith("/account/")) return;
  for (const [key, value] of Object.entries(sessionStorage)) {
    if (key.startsWith("draft ") && value.includes(form.elements.submission.value))
      sessionStorage.removeItem(key);
  }
  empty(form);
});
on("htmx:afterRequest", (event) => {
  const form = composerOf(event);
  if (!form) return;
  form.querySelector("progress").hidden = true;
  if (!leadsOn(event.detail.xhr)) remember(form);
});
on("htmx:beforeSwap", (event) => {
  if ([429, 503].includes(event.detail.xhr.status) && composerOf(event))
    Object.assign(event.detail, { shouldSwap: true, isError: false });
});
on("htmx:xhr:progress", ({ target, detail }) => {
  const bar = target.closest?.(".composer")?.querySelector("progress");
  if (bar && detail.lengthComputable) bar.value = detail.loaded / detail.total;
});
on("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // the key is the input method's
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) composerOf(event)?.requestSubmit();
});

// --- The dialog: links to the composer open there. What was opened once stays as it was left, pictures and all ---

const opened = new Map();
let opener;

async function open(link) {
  const dialog = document.getElementById("writer");
  const href = link.getAttribute("href");
  const box = opened.get(href) ?? document.createElement("div");
  dialog.replaceChildren(closing("leave", "Close"), box);
  if (!opened.has(href)) {
    try {
      await htmx.ajax("GET", `${href}${href.includes("?") ? "&" : "?"}dialog`, {
        source: link,
        target: box,
        swap: "innerHTML",
      });
    } catch {} // and that was said
    if (!composers(box).length) return dialog.replaceChildren();
    opened.set(href, box);
  }
  const menu = link.closest("details");
  opener = menu?.querySelector("summary") ?? link;
  if (menu) menu.open = false;
  dialog.showModal();
  composers(box).forEach((form) => restore(form, true));
  textOf(partsOf(composers(box)[0]).at(-1)).focus();
}

on("click", (event) => {
  const link = event.target.closest("a[href^='/compose']:not([href*=draft])");
  if (
    !link ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey ||
    location.pathname === "/compose"
  )
    return;
  event.preventDefault();
  open(link);
});
on("click", ({ target }) => target.closest(".leave")?.closest("dialog").close());
on("pointerdown", ({ target }) => {
  if (target.id === "writer") target.close();
});
document.addEventListener(
  "close",
  ({ target }) => {
    if (target.id !== "writer") return;
    if (opener?.isConnected) opener.focus();
    const [form] = composers(target);
    if (textsOf(form).some((text) => text.trim())) {
      if (form.pause) keep(form);
      say("What you wrote is kept in your drafts.");
    }
    for (const other of composers(document))
      if (other !== form && keyOf(other) === keyOf(form)) restore(other, true);
  },
  true,
);
