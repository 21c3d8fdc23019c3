// Pictures open large where they stand, those of one post in a row: by buttons, keys and fingers.
// Enlarged, they scroll. An entry of the history stands for the open viewer, so that Back closes
// it. Without this, the link opens the large file.

const MOST = 8; // times as large as it fits, or twice its own size where that is more
const STEP = 1.5;
const SWIPE = 50; // pixels that a finger goes to the side
const LINE = 80; // pixels that an arrow key scrolls

const on = (name, listener) => document.addEventListener(name, listener);
const viewer = () => document.getElementById("viewer");
const part = (selector) => viewer().querySelector(selector);
// Whether moving pictures stand still: the stylesheet knows what the system and the reader ask for.
const isCalm = () =>
  getComputedStyle(document.documentElement).getPropertyValue("--if-calm") === "block";

let links = []; // to the pictures of the post
let [at, first] = [0, 0]; // which of them is shown, and was at first
let zoom = 1; // times as large as it fits
let still = false; // what could move does not
let entry = false; // the history's present entry is the viewer's
let leaving = false; // we are going back to the page's own
let fingers = null; // how they began

// --- What the dialog has: made when it is first opened, for most pages never need it ---

function button(label, data, ...icons) {
  const made = Object.assign(part("button").cloneNode(true), { type: "button", ariaLabel: label });
  Object.assign(made.dataset, data);
  made.replaceChildren(
    ...icons.map((icon) => {
      const drawn = part("svg").cloneNode(true);
      drawn.firstElementChild.setAttribute(
        "href",
        part("use").getAttribute("href").replace(/#.*/, `#${icon}`),
      );
      return drawn;
    }),
  );
  return made;
}

const element = (name, more) => Object.assign(document.createElement(name), more);

function furnish() {
  const tools = element("div", { className: "tools" });
  tools.append(
    button("Play", { plays: "" }, "pause", "play"),
    button("Zoom out", { zoom: -1 }, "zoom-out"),
    button("Zoom in", { zoom: 1 }, "zoom-in"),
  );
  viewer().append(
    element("p", { className: "place", role: "status" }),
    tools,
    button("Previous picture", { step: -1 }, "previous"),
    button("Next picture", { step: 1 }, "next"),
    element("div", {
      className: "stage",
      tabIndex: 0,
      ontouchstart: begin,
      ontouchmove: pinch,
      ontouchend: swipe,
      onwheel: wheel,
    }),
    element("p", { className: "caption", dir: "auto", tabIndex: 0 }),
  );
}

// --- What is shown ---

function show(n, times = 1) {
  const link = links[n];
  const small = link.querySelector("img");
  const picture = new Image(
    ...["width", "height"].map((name) => Number(small?.getAttribute(name))),
  );
  at = n;
  picture.alt = small?.alt || link.ariaLabel || "";
  picture.src = (still && link.dataset.still) || link.href;
  picture.ownWidth = picture.width;
  picture.shape = picture.width / picture.height;
  picture.onload = () => {
    // what the row says of a portrait is another size
    if (!picture.isConnected) return;
    [picture.ownWidth, picture.shape] = [
      picture.naturalWidth,
      picture.naturalWidth / picture.naturalHeight,
    ];
    enlarge(zoom);
  };
  part(".stage").replaceChildren(picture);
  part(".caption").textContent = small?.alt ?? "";
  part(".place").textContent = links.length > 1 ? `${n + 1}/${links.length}` : "";
  const plays = part("[data-plays]");
  plays.hidden = !link.dataset.still;
  plays.ariaPressed = String(!still);
  const [previous, next] = ["-1", "1"].map((way) => part(`[data-step="${way}"]`));
  const focused = document.activeElement;
  [previous.hidden, next.hidden] = [n === 0, n === links.length - 1];
  if (focused?.hidden) (focused === next ? previous : next).focus();
  enlarge(times);
  for (const near of [links[n + 1], links[n - 1]])
    if (near && !near.dataset.still) new Image().src = near.href;
}

const step = (way) => links[at + way] && show(at + way, 1);

// --- How large ---

// The part of the width that it may have, so that it is seen whole, and never larger than it is.
function fits() {
  const [stage, { ownWidth, shape }] = [part(".stage"), part(".stage img")];
  return Math.min(1, stage.clientWidth / ownWidth, (stage.clientHeight * shape) / ownWidth);
}

// What is under the point (x, y) of the window stays there; the middle, where none is given.
function enlarge(times, x = innerWidth / 2, y = innerHeight / 2) {
  const [stage, picture, fit] = [part(".stage"), part(".stage img"), fits()];
  const before = picture.getBoundingClientRect();
  zoom = Math.min(Math.max(times, 1), Math.max(MOST, 2 / fit));
  picture.width = Math.max(1, Math.round(picture.ownWidth * fit * zoom));
  picture.height = Math.max(1, Math.round(picture.width / picture.shape));
  const after = picture.getBoundingClientRect();
  stage.scrollLeft += after.left + ((x - before.left) / before.width) * after.width - x;
  stage.scrollTop += after.top + ((y - before.top) / before.height) * after.height - y;
  stage.classList.toggle("enlarged", zoom > 1);
  part('[data-zoom="-1"]').ariaDisabled = String(zoom === 1);
}

// From the whole picture to as much as fills the window, but to its own size where that is less;
// and back.
function toggle({ clientX, clientY }) {
  const [stage, picture, fit] = [part(".stage"), part(".stage img"), fits()];
  const fills = Math.max(stage.clientWidth / picture.width, stage.clientHeight / picture.height);
  enlarge(zoom > 1 ? 1 : Math.min(fills, Math.max(2, 1 / fit)), clientX, clientY);
}

// --- Opening and closing ---

function open(n) {
  const moves = links[n].parentElement.querySelector(".motion input")?.checked === isCalm();
  still = "still" in links[n].dataset && !moves;
  zoom = 1;
  if (!part(".stage")) furnish();
  viewer().showModal();
  show(n);
}

export function enter(link) {
  links = [...(link.closest(".media")?.querySelectorAll("[data-view]") ?? [link])];
  first = links.indexOf(link);
  history.pushState({ viewer: true }, "");
  entry = true;
  open(first);
}

function leave() {
  leaving = true;
  history.back();
}

document.addEventListener(
  "close",
  ({ target }) => {
    // told late: Forward may have opened it again
    if (target.id !== "viewer" || target.open) return;
    part(".stage").replaceChildren();
    links[first]?.focus();
    if (entry) leave();
    entry = false;
  },
  true,
);

// When the history goes back or on; htmx must not hear of what is the viewer's, it would fetch the
// page anew.
export function pop(event) {
  if (leaving || entry) event.stopImmediatePropagation();
  if (entry) {
    entry = false;
    viewer().close();
  } else if (!leaving && event.state?.viewer) {
    if (!links[first]?.isConnected) return leave();
    entry = true;
    open(first);
  }
  leaving = false;
}
if (history.state?.viewer) leave(); // the page was loaded anew

on("click", (event) => {
  const { target } = event;
  if (!target.closest("#viewer")) return;
  const { step: way, zoom: times, plays } = target.closest("button")?.dataset ?? {};
  if (way) step(Number(way));
  else if (times) enlarge(zoom * STEP ** Number(times));
  else if (plays !== undefined) {
    still = !still;
    show(at, zoom);
  } else if (target.matches(".stage img")) toggle(event);
  else if (target.matches("#viewer, .stage")) viewer().close();
});

// --- Keys and fingers ---

on("keydown", (event) => {
  if (!viewer()?.open || event.metaKey || event.ctrlKey || event.altKey) return;
  const stage = part(".stage");
  const [wide, high] = [
    stage.scrollWidth > stage.clientWidth,
    stage.scrollHeight > stage.clientHeight,
  ];
  const keys = {
    ArrowLeft: () => (wide ? stage.scrollBy(-LINE, 0) : step(-1)),
    ArrowRight: () => (wide ? stage.scrollBy(LINE, 0) : step(1)),
    "+": () => enlarge(zoom * STEP),
    "=": () => enlarge(zoom * STEP),
    "-": () => enlarge(zoom / STEP),
    0: () => enlarge(1),
  };
  if (high && !event.target.matches(".caption")) {
    const page = stage.clientHeight - LINE;
    Object.assign(keys, {
      ArrowUp: () => stage.scrollBy(0, -LINE),
      ArrowDown: () => stage.scrollBy(0, LINE),
      PageUp: () => stage.scrollBy(0, -page),
      PageDown: () => stage.scrollBy(0, page),
    });
  }
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

function begin({ touches }) {
  const [{ clientX, clientY }] = touches;
  fingers = touches.length > 1 ? { apart: apart(touches), zoom } : { clientX, clientY };
}

function pinch(event) {
  const [a, b] = event.touches;
  if (!b || !fingers?.apart) return;
  event.preventDefault();
  enlarge(
    (fingers.zoom * apart(event.touches)) / fingers.apart,
    (a.clientX + b.clientX) / 2,
    (a.clientY + b.clientY) / 2,
  );
}

function swipe({ touches, changedTouches: [{ clientX, clientY }] }) {
  if (touches.length) return;
  // After a pinch they are not a number, and then nothing holds.
  const [x, y] = [clientX - fingers?.clientX, clientY - fingers?.clientY];
  if (zoom === 1 && Math.abs(x) > SWIPE && Math.abs(x) > Math.abs(y)) step(x < 0 ? 1 : -1);
  fingers = null;
}

function wheel(event) {
  if (!event.ctrlKey) return; // which a pinch on a touchpad has
  event.preventDefault();
  enlarge(zoom * Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
}

addEventListener("resize", () => viewer()?.open && enlarge(zoom));
