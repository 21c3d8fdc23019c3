// The moderators' pages by keyboard. Nothing here is needed: every link and form works without. The
// pages list these keys.

const typing = (target) =>
  target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
const pressed = (target) => target.matches("a, button, summary");

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
  y: () => document.querySelector("#doing button")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.repeat && event.key !== "j" && event.key !== "k") return;
  const order = document.getElementById("order");
  const box = /^[0-9]$/.test(event.key) && order?.querySelector(`[data-key="${event.key}"]`);
  const act = box
    ? () => {
        box.click();
        box.focus();
      }
    : keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  } else if (order && event.key === "Enter" && !pressed(event.target)) {
    event.preventDefault();
    order.requestSubmit();
  }
});

document.querySelector(".queue .open[autofocus]")?.focus();
