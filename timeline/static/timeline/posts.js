// What posts and people gain by JavaScript: a row opens its post, a picture opens large where it
// stands.

const on = (name, listener, target = document) => target.addEventListener(name, listener);
const isElsewhere = (event) =>
  event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button;

// The viewer comes when a picture is first opened, or where the page was loaded anew while one was
// open.
let viewer = null;
const load = async () => {
  viewer = await import("./viewer.js");
};
if (history.state?.viewer) load();
on("popstate", (event) => viewer?.pop(event), window); // before htmx, which listens later

on("click", (event) => {
  const link = event.target.closest("[data-view]");
  if (!link || isElsewhere(event)) return;
  event.preventDefault();
  load().then(
    () => viewer.enter(link),
    () => location.assign(link.href),
  );
});

const CONTROLS = "a, button, summary, form, details:not(.muted-reply), video, label, [popover]";
on("click", (event) => {
  const { target } = event;
  if (isElsewhere(event) || target.closest(CONTROLS) || !getSelection().isCollapsed) return;
  const row = target.closest(".quoted, .post:not(.main)");
  row?.querySelector(":scope > :is(.context, .byline) > .when")?.click();
});

// What one does with a post spares the reload: the answer takes the place of what was pressed.
on("click", (event) => {
  const button = event.target.closest(".actions button");
  if (!button) return;
  event.preventDefault();
  const target = button.closest("details.menu") ?? button;
  const url = button.getAttribute("formaction");
  const answer = htmx.ajax("POST", url, { source: button, target, swap: "outerHTML" });
  answer.catch(() => {}); // and that was said
});

// The menu of a post offers its address, which without a script is that of its time.
on("click", ({ target }) => {
  const menu = target.closest(".byline > .menu > summary")?.nextElementSibling;
  if (!menu || menu.querySelector("[data-copy]")) return;
  const link = document.createElement("a");
  // none where the page is its own
  const [when] = menu.parentElement.getElementsByClassName("when");
  link.href = when?.href ?? location.pathname;
  link.dataset.copy = "";
  link.textContent = "Copy link";
  menu.prepend(link);
});

// What one just followed does not offer to be unfollowed before one comes back to it.
for (const left of ["mouseout", "focusout"]) {
  on(left, ({ target, relatedTarget }) => {
    const button = target.closest?.(".fresh");
    if (button && !button.contains(relatedTarget)) button.classList.remove("fresh");
  });
}

// Who comes back to a list that the browser did not keep gets its pages again, and the place.
const rowsOf = () => [...document.querySelectorAll(".rows .post")];
const topOf = (row) => row.getBoundingClientRect().top;
addEventListener("pagehide", () => {
  const rows = rowsOf();
  const row = rows.findLast((one) => topOf(one) < innerHeight / 2);
  const place = row && [row.id, topOf(row), rows.length];
  sessionStorage.setItem(location.href, JSON.stringify(place ?? []));
});

const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
let [id, top, length] = JSON.parse((isBack && sessionStorage.getItem(location.href)) || "[]");
function goOn() {
  if (!id) return;
  const row = document.getElementById(id);
  const more = document.querySelector(".rows .more");
  if (!row && more && rowsOf().length < length) {
    if (!more.dataset.hxRevealed) htmx.trigger(more, "revealed");
    more.dataset.hxRevealed = true; // and is on its way
    return;
  }
  id = "";
  if (row) scrollBy(0, topOf(row) - top);
}
on("DOMContentLoaded", goOn);
on("htmx:afterSettle", goOn);
