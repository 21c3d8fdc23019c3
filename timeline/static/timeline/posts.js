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

const CONTROLS = "a, button, summary, form, details, video, label, [popover]";
on("click", (event) => {
  const { target } = event;
  if (isElsewhere(event) || target.closest(CONTROLS) || !getSelection().isCollapsed) return;
  const row = target.closest(".quoted, .post:not(.main)");
  row?.querySelector(":scope > :is(.context, .byline) > .when")?.click();
});

// What one just followed does not offer to be unfollowed before one comes back to it.
for (const left of ["mouseout", "focusout"]) {
  on(left, ({ target, relatedTarget }) => {
    const button = target.closest?.(".fresh");
    if (button && !button.contains(relatedTarget)) button.classList.remove("fresh");
  });
}
