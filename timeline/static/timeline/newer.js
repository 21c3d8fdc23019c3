// Home that grows: asks how many posts came since it was loaded, seldom where nobody looks, and says
// so at its top and in the tab's title.

const PAUSE = 60_000; // milliseconds
const HIDDEN = 5; // times as long in a tab that nobody sees
const MOST = 16; // likewise, where it failed again and again or there is something new already

const { title } = document;
let factor = 1;
let asked = Date.now();
let timer;

const on = (target, names, listener) => {
  for (const name of names) target.addEventListener(name, listener);
};
const placeOf = () => document.getElementById("newer");

function plan() {
  clearTimeout(timer);
  if (!placeOf() || !navigator.onLine) return;
  const pause = PAUSE * factor * (document.hidden ? HIDDEN : 1);
  timer = setTimeout(ask, asked + pause - Date.now());
}

function show(place, html) {
  place.innerHTML = html;
  htmx.process(place);
  const number = place.textContent.match(/\d+\+?/);
  document.title = number ? `(${number}) ${title}` : title;
}

async function ask() {
  asked = Date.now();
  const place = placeOf();
  factor = Math.min(factor * 2, MOST);
  try {
    const { after } = place.dataset;
    const headers = { "HX-Request": "true" };
    const answer = await fetch(`/?after=${after}`, { headers, redirect: "manual" });
    const { ok, status } = answer;
    if ([0, 401].includes(status)) place.remove(); // signed out
    if (status === 204) factor = 1;
    place.dataset.after = answer.headers.get("After") ?? after;
    if (ok && place.isConnected) show(place, await answer.text());
  } catch {} // it cannot be reached
  plan();
}

on(window, ["online", "offline"], plan);
on(document, ["visibilitychange"], plan);
on(document, ["htmx:afterSwap"], ({ target }) => {
  if (target.id !== "timeline") return;
  factor = 1;
  asked = Date.now();
  document.title = title;
  plan();
});
plan();
