// Home asks how many posts came since it was loaded, and says so, also in the tab's title.

const PAUSE = 60_000; // milliseconds; more where it says so already, or nobody answers or looks

const { title } = document;
let pause;
let asked;
let timer;

function plan() {
  const place = document.getElementById("newer");
  const number = place?.textContent.match(/\d+\+?/);
  document.title = number ? `(${number}) ${title}` : title;
  clearTimeout(timer);
  if (!place || !navigator.onLine) return;
  const wait = pause * (document.hidden ? 5 : 1);
  timer = setTimeout(ask, asked + wait - Date.now(), place);
}

async function ask(place) {
  asked = Date.now();
  pause = Math.min(pause * 2, 16 * PAUSE);
  try {
    const headers = { "HX-Request": "true" };
    const answer = await fetch(`/?after=${place.dataset.after}`, { headers, redirect: "manual" });
    if (answer.status === 204) {
      pause = PAUSE;
      place.dataset.after = answer.headers.get("After");
    }
    if (answer.ok) place.innerHTML = await answer.text();
    else if (answer.status < 402) place.remove(); // signed out
    htmx.process(place);
  } catch {}
  plan();
}

function begin() {
  pause = PAUSE;
  asked = Date.now();
  plan();
}

for (const name of ["online", "offline", "visibilitychange"]) addEventListener(name, plan);
addEventListener("htmx:afterSwap", ({ target }) => target.id === "timeline" && begin());
begin();
