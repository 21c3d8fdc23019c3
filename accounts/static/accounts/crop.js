// Chooses the part of a new avatar or banner that is kept: by finger, mouse, arrow keys, + and -,
// and a slider. The picture lies in a frame that scrolls, and what the frame shows is kept. The
// server gets four numbers. Without this, or where the browser cannot show the file (HEIC), one
// chooses an end or the middle.

const on = (name, listener) => document.addEventListener(name, listener, true);
const STEP = 20; // pixels that an arrow key moves it
const FASTER = 1.1; // as much larger, or smaller, with each press of + or -

const boxOf = (element) => element.closest?.(".chosen");
const part = (box, selector) => box.querySelector(selector);
const sizeOf = (frame) => frame.getBoundingClientRect(); // its width is no whole number
const zoomOf = (box) => part(box, "[type=range]");

// Tell the form what the frame shows, as parts of the picture.
function tell(box) {
  const [frame, { width, height }] = [part(box, ".frame"), part(box, "img")];
  const [left, top] = [frame.scrollLeft / width, frame.scrollTop / height];
  const seen = sizeOf(frame);
  const [wide, high] = [seen.width / width, seen.height / height];
  const numbers = [left, top, Math.min(wide, 1 - left), Math.min(high, 1 - top)];
  part(box, "[type=hidden]").value = numbers.map((one) => Math.max(one, 0).toFixed(5)).join();
}

// Make the picture as large as the slider says, at least as large as the frame; what is in the
// middle stays there.
function enlarge(box) {
  const [frame, picture] = [part(box, ".frame"), part(box, "img")];
  const { width: wide, height: high } = sizeOf(frame);
  const x = (frame.scrollLeft + wide / 2) / picture.width;
  const y = (frame.scrollTop + high / 2) / picture.height;
  const { naturalWidth, naturalHeight } = picture;
  const times = Math.max(wide / naturalWidth, high / naturalHeight) * zoomOf(box).value;
  picture.width = Math.ceil(naturalWidth * times);
  picture.height = Math.ceil(naturalHeight * times);
  frame.scrollTo(x * picture.width - wide / 2, y * picture.height - high / 2);
  tell(box);
}

function close(box) {
  URL.revokeObjectURL(part(box, "img")?.src);
  part(box, ".crop")?.remove();
  part(box, "[type=hidden]").value = "";
}

// Show the file that was chosen in `box`, to choose a part of it; nothing, where there is none.
export function open(box) {
  close(box);
  const [file] = part(box, "[type=file]").files;
  if (!file) return;
  box.append(document.getElementById("crop").content.cloneNode(true));
  const picture = part(box, "img");
  picture.onerror = () => close(box);
  picture.onload = () => {
    const frame = part(box, ".frame");
    enlarge(box);
    frame.scrollTo(
      (picture.width - frame.clientWidth) / 2,
      (picture.height - frame.clientHeight) / 2,
    );
    new ResizeObserver(() => picture.isConnected && enlarge(box)).observe(frame);
  };
  picture.src = URL.createObjectURL(file);
}

on("input", ({ target }) => {
  if (target.type === "range" && boxOf(target)) enlarge(boxOf(target));
});
on("scroll", ({ target }) => {
  if (boxOf(target)) tell(boxOf(target));
});

on("keydown", (event) => {
  const frame = event.target;
  if (!frame.matches(".frame") || event.metaKey || event.ctrlKey || event.altKey) return;
  const zoom = zoomOf(boxOf(frame));
  const larger = (times) => {
    zoom.value *= times;
    enlarge(boxOf(frame));
  };
  const keys = {
    ArrowLeft: () => frame.scrollBy(-STEP, 0),
    ArrowRight: () => frame.scrollBy(STEP, 0),
    ArrowUp: () => frame.scrollBy(0, -STEP),
    ArrowDown: () => frame.scrollBy(0, STEP),
    "+": () => larger(FASTER),
    "=": () => larger(FASTER),
    "-": () => larger(1 / FASTER),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

// A finger scrolls the frame by itself; a mouse drags.
on("pointerdown", (event) => {
  const frame = event.target.closest(".frame");
  if (!frame || event.pointerType === "touch") return;
  event.preventDefault();
  frame.focus();
  frame.setPointerCapture(event.pointerId);
});
on("pointermove", ({ target, pointerId, movementX, movementY }) => {
  if (!target.matches?.(".frame") || !target.hasPointerCapture(pointerId)) return;
  target.scrollBy(-movementX, -movementY);
});
