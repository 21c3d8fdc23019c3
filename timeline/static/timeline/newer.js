// Home that grows: asks how many posts came since it was loaded, and says so there and in the tab's
// title.

const PAUSE = 60_000; // milliseconds
const HIDDEN = 5; // times as long, where nobody sees it
const MOST = 16; // likewise, where it says something already, or nobody answers

const { title } = document;
const placeOf = () => document.getElementById("newer");
let factor = 1;
let asked = Date.now();
let timer;

function plan() {
  clearTimeout(timer);
  if (!placeOf() || !navigator.onLine) return;
  const pause = PAUSE * factor * (document.hidden ? HIDDEN : 1);
  timer = setTimeout(ask, asked + pause - Date.now());
}

async function ask() {
  const place = placeOf();
  const { after } = place.dataset;
  asked = Date.now();
  factor = Math.min(factor * 2, MOST);
  try {
    const headers = { "HX-Request": "true" };
    const answer = await fetch(`/?after=${after}`, { headers, redirect: "manual" });
    const { ok, status } = answer;
    if (status === 204) factor = 1;
    if (!status || status === 401) place.remove(); // signed out
    place.dataset.after = answer.headers.get("After") ?? after;
    if (ok) place.innerHTML = await answer.text();
    htmx.process(place);
    say();
  } catch {}
  plan();
}

function say() {
  const number = placeOf()?.textContent.match(/\d+\+?/);
  document.title = number ? `(${number}) ${title}` : title;
}

for (const name of ["online", "offline", "visibilitychange"]) addEventListener(name, plan);
addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id !== "timeline") return;
  factor = 1;
  asked = Date.now();
  say();
  plan();
});
plan();
