// The queue by keyboard. Nothing here is needed: every link and form works without.
// In the queue: j and k move, x chooses, Enter opens, d decides about the chosen. On a case: a digit chooses what to do, Enter goes on.

const typing = (target) => target.matches("textarea, select, input:not([type=checkbox], [type=radio])");

function move(step) {
  const links = [...document.querySelectorAll(".cases .open")];
  const at = links.indexOf(document.activeElement.closest(".case")?.querySelector(".open"));
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => document.activeElement.closest(".case")?.querySelector("input").click(),
  d: () => document.querySelector("#queue button")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const order = document.getElementById("order");
  const box = order && /^[0-9]$/.test(event.key) ? order.elements.actions[Number(event.key)] : null;
  const act = box ? () => { box.click(); box.focus(); } : keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  } else if (order && event.key === "Enter" && event.target.matches("input[name=actions], body")) {
    event.preventDefault();
    order.requestSubmit();
  }
});

document.querySelector(".queue .open[autofocus]")?.focus();
