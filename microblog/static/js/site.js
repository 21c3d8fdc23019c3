// What a page gains by JavaScript. Nothing here is needed: every link and form works without. Every
// listener sits on the document, because htmx replaces what stands in it: the whole body when one
// goes back.

const on = (name, listener) => document.addEventListener(name, listener);

function say(text) {
  const line = document.createElement("p");
  line.className = "message said";
  line.textContent = text;
  document.getElementById("messages").replaceChildren(line);
  setTimeout(() => line.remove(), 8000);
}

async function copy(link) {
  link.closest("details").open = false;
  try {
    await navigator.clipboard.writeText(link.href);
    say("The link is copied.");
  } catch {
    say(`Your browser did not let us copy it: ${link.href}`);
  }
}

on("click", (event) => {
  const { target } = event;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return;

  const cameFromHere = history.length > 1 && document.referrer.startsWith(location.origin);
  const copied = target.closest("[data-copy]");
  if (copied) {
    event.preventDefault();
    copy(copied);
  } else if (target.closest(".back") && cameFromHere) {
    event.preventDefault();
    history.back();
  }
});

on("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// When a swap replaces what has the focus, the same control of the new fragment gets it, or the
// menu that it is in.
const CONTROLS = ":is(a, button, summary):not([tabindex])";
const controls = (fragment) =>
  [fragment, ...fragment.querySelectorAll(CONTROLS)].filter((one) => one.matches(CONTROLS));
let place = -1;
on("htmx:beforeSwap", ({ detail: { target } }) => {
  const focused = document.activeElement;
  place = controls(target).indexOf(focused);
});
on("htmx:afterSwap", ({ target }) => {
  if (target.matches("[data-oob]")) return; // it changed elsewhere on the page
  const control = controls(target)[place];
  (control?.closest("details:not([open])")?.querySelector("summary") ?? control)?.focus();
  place = -1;
});

on("say", ({ detail }) => say(detail));

// In words, when one may again.
function wait(xhr) {
  const minutes = Math.ceil(xhr.getResponseHeader("Retry-After") / 60);
  const words = new Intl.RelativeTimeFormat("en");
  if (!minutes) return "in a moment";
  return minutes > 120
    ? words.format(Math.ceil(minutes / 60), "hour")
    : words.format(minutes, "minute");
}

const reasons = {
  403: "this page is out of date. Reload it, and try again.",
  404: "it is gone.",
  503: "the site is busy. Please try again in a few seconds.",
};
on("htmx:sendError", () => say("That did not work: the site cannot be reached. Please try again."));
on("htmx:responseError", ({ detail: { xhr } }) => {
  const reason =
    xhr.status === 429
      ? `too fast. Please try again ${wait(xhr)}.`
      : (reasons[xhr.status] ?? "something broke here. Please try again.");
  say(`That did not work: ${reason}`);
});
