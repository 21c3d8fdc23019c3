// What the composer gains by JavaScript: previews of pictures, a ring that counts down, a draft that survives, Ctrl-Enter.
// The form works without any of it, and the server decides what fits.

const MOST = 280;
const PICTURES = 4;
const WARN_AT = 20;

const on = (name, listener) => document.addEventListener(name, listener);
const composerOf = (event) => event.target.closest?.(".composer");

// --- Pictures: the order on the page is the order in the field, and each has its description beside it ---

function shown(form) {
  return [...form.querySelectorAll(".preview")].map((item) => ({ file: item.file, alt: item.querySelector("textarea").value }));
}

function show(form, pictures) {
  const list = form.querySelector(".previews");
  for (const picture of list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
  const files = new DataTransfer();
  list.replaceChildren(...pictures.map(({ file, alt }, n) => {
    const item = document.getElementById("preview").content.firstElementChild.cloneNode(true);
    item.file = file;
    item.querySelector("img").src = URL.createObjectURL(file);
    item.querySelector("textarea").name = `alt_${n + 1}`;
    item.querySelector("textarea").value = alt;
    item.querySelector("label span").textContent = `Description of picture ${n + 1}`;
    item.querySelector("[data-step='-1']").disabled = n === 0;
    item.querySelector("[data-step='1']").disabled = n === pictures.length - 1;
    files.items.add(file);
    return item;
  }));
  form.elements.images.files = files.files;
  form.querySelector("[data-plain]")?.remove();
}

function add(form, files) {
  const pictures = [...shown(form), ...[...files].map((file) => ({ file, alt: "" }))];
  form.querySelector(".too-many").hidden = pictures.length <= PICTURES;
  show(form, pictures.slice(0, PICTURES));
}

on("change", (event) => {
  const form = composerOf(event);
  if (form && event.target.name === "images") add(form, event.target.files);
});
on("paste", (event) => {
  const form = composerOf(event);
  if (!form || !event.clipboardData.files.length) return;
  event.preventDefault();
  add(form, event.clipboardData.files);
});
on("dragover", (event) => {
  if (composerOf(event) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
on("drop", (event) => {
  const form = composerOf(event);
  if (!form || !event.dataTransfer.files.length) return;
  event.preventDefault();
  add(form, event.dataTransfer.files);
});
on("click", (event) => {
  const button = event.target.closest(".preview button");
  if (!button) return;
  const form = composerOf(event);
  const at = [...form.querySelectorAll(".preview")].indexOf(button.closest(".preview"));
  const pictures = shown(form);
  const [moved] = pictures.splice(at, 1);
  if (button.dataset.step) pictures.splice(at + Number(button.dataset.step), 0, moved);
  show(form, pictures);
  (form.querySelectorAll(".preview textarea")[Math.min(at, pictures.length - 1)] ?? form.elements.text).focus();
});

// --- The ring: X's weighted rule, near enough to warn ---

const LINK = /https?:\/\/\S+|(?<![@\w.])(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:\/\S*)?/gi;
const EMOJI = /\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Emoji_Presentation}(?:\p{EMod})?(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{EMod}?)*/gu;
const HEAVY = /[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]/gu;

function length(text) {
  const [bare, links] = [text.trim().replace(LINK, ""), text.match(LINK)?.length ?? 0];
  const plain = bare.replace(EMOJI, "");
  return links * 23 + (bare.match(EMOJI)?.length ?? 0) * 2 + [...plain].length + (plain.match(HEAVY)?.length ?? 0);
}

function count(form) {
  const left = MOST - length(form.elements.text.value);
  const ring = form.querySelector(".ring");
  ring.hidden = left === MOST;
  ring.classList.toggle("near", left <= WARN_AT);
  ring.classList.toggle("over", left < 0);
  ring.querySelector(".done").setAttribute("stroke-dasharray", `${Math.min(100, ((MOST - left) / MOST) * 100)} 100`);
  ring.querySelector(".left").textContent = left <= WARN_AT ? left : "";
}

// --- The draft: kept in this tab until it was sent ---

const draft = (form) => `draft ${form.elements.reply_to?.value ?? ""} ${form.elements.quote?.value ?? ""}`;

on("input", (event) => {
  const form = composerOf(event);
  if (!form || event.target.name !== "text") return;
  count(form);
  sessionStorage.setItem(draft(form), form.elements.text.value);
});
on("submit", (event) => {
  const form = composerOf(event);
  if (form) form.querySelector("progress").hidden = !form.elements.images.files.length;
});
on("htmx:beforeOnLoad", (event) => {
  const form = composerOf(event);
  const to = event.detail.xhr.getResponseHeader("HX-Redirect");
  if (form && to && !to.startsWith("/account/")) sessionStorage.removeItem(draft(form));
});
on("htmx:afterRequest", (event) => {
  const form = composerOf(event);
  if (form) form.querySelector("progress").hidden = true;
});
on("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 429 && composerOf(event)) Object.assign(event.detail, { shouldSwap: true, isError: false });
});
on("htmx:xhr:progress", ({ target, detail }) => {
  const bar = target.closest?.(".composer")?.querySelector("progress");
  if (bar && detail.lengthComputable) bar.value = detail.loaded / detail.total;
});
on("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) composerOf(event)?.requestSubmit();
});

for (const form of document.querySelectorAll(".composer")) {
  const { text } = form.elements;
  text.value ||= sessionStorage.getItem(draft(form)) ?? "";
  count(form);
}
