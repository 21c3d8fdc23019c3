// Pictures and videos before they are sent. Their order on the page is their order in the field,
// and each has its description beside it. They are chosen, pasted or dropped, moved and removed.

import { clearErrors, filesOf, formOf, on, partOf, textOf } from "./form.js";
import { numberParts } from "./thread.js";

const MAX_PICTURES = 4;

const isVideo = (file) => file.type.startsWith("video/");

// Return the pictures of `part`: of each its file and its description.
function picturesOf(part) {
  return [...part.querySelectorAll(".preview")].map((item) => ({
    file: item.file,
    alt: item.querySelector("textarea").value,
  }));
}

export function showPictures(part, pictures) {
  const form = part.closest("form");
  const list = part.querySelector(".previews");
  for (const { src } of list.querySelectorAll("img, video")) URL.revokeObjectURL(src);
  const files = new DataTransfer();
  for (const { file } of pictures) files.items.add(file);
  const { content } = form.querySelector("template.one");
  list.replaceChildren(
    ...pictures.map((picture, index) => {
      const item = fill(content.firstElementChild.cloneNode(true), picture, index + 1);
      item.querySelector("[data-step='-1']").disabled = index === 0;
      item.querySelector("[data-step='1']").disabled = index === pictures.length - 1;
      return item;
    }),
  );
  filesOf(part).files = files.files;
  part.querySelector("[data-plain]")?.remove();
  part.querySelector(".pictures").open = pictures.length > 0;
  clearErrors(part, "images", "alt_", pictures.length && !textOf(part).value ? "text" : "images");
  numberParts(form);
}

function fill(item, { file, alt }, number) {
  const kind = isVideo(file) ? "video" : "picture";
  item.file = file;
  item.prepend(preview(file));
  item.querySelector("textarea").value = alt;
  item.querySelector("label span").textContent = `Description of ${kind} ${number}`;
  return item;
}

function preview(file) {
  const src = URL.createObjectURL(file);
  if (!isVideo(file)) return Object.assign(new Image(), { src, alt: "" });
  const player = { src, controls: true, muted: true, playsInline: true, ariaLabel: file.name };
  return Object.assign(document.createElement("video"), player);
}

function addPictures(part, files) {
  const pictures = [...picturesOf(part), ...[...files].map((file) => ({ file, alt: "" }))];
  part.querySelector(".too-many").hidden = pictures.length <= MAX_PICTURES;
  showPictures(part, pictures.slice(0, MAX_PICTURES));
}

// Move the picture at `index` by `step` places, or take it out where there is none.
function movePicture(part, index, step) {
  const pictures = picturesOf(part);
  const [moved] = pictures.splice(index, 1);
  if (step) pictures.splice(index + step, 0, moved);
  showPictures(part, pictures);
  const descriptions = part.querySelectorAll(".preview textarea");
  (descriptions[Math.min(index, pictures.length - 1)] ?? textOf(part)).focus();
}

on("click", (event) => {
  const part = partOf(event);
  const button = event.target.closest(".preview button");
  if (button) {
    const index = [...part.querySelectorAll(".preview")].indexOf(button.closest(".preview"));
    movePicture(part, index, Number(button.dataset.step));
  } else if (event.target.closest(".pictures > summary")) {
    event.preventDefault();
    filesOf(part).click();
  }
});
on("change", (event) => {
  if (formOf(event) && event.target.type === "file") addPictures(partOf(event), event.target.files);
});
on("paste", (event) => {
  const part = partOf(event);
  const { files } = event.clipboardData;
  // An office program puts a picture of its words beside them, and a Mac a file's name.
  const words = event.clipboardData.getData("text/plain");
  const isOfWords = words && ![...files].some(({ name }) => name === words);
  if (!part || !files.length || isOfWords) return;
  event.preventDefault();
  addPictures(part, files);
});
on("dragover", (event) => {
  if (partOf(event) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
on("drop", (event) => {
  const part = partOf(event);
  if (!part || !event.dataTransfer.files.length) return;
  event.preventDefault();
  addPictures(part, event.dataTransfer.files);
});
