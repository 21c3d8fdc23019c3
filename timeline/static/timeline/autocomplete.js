// Completes @names and #tags while one types, from a list that works by keyboard, mouse and touch
// and is announced.

const PAUSE = 150; // milliseconds without a key
const TOKEN =
  /(?<![\p{L}\p{N}_@#/][\u061C\u200B\u200E\u200F\u2060]?)[@#][\p{L}\p{M}\p{N}_]{1,50}$/u;

const on = (name, listener) => document.addEventListener(name, listener);
const list = Object.assign(document.createElement("ul"), {
  id: "completions",
  className: "completions",
  role: "listbox",
  ariaLabel: "Suggestions",
});
const status = Object.assign(document.createElement("p"), { className: "sr", role: "status" });
let area = null; // the text that the list is open for
let pause;

const isText = (element) => element.matches?.("[data-completes]");
const typed = (text) =>
  (text.selectionStart === text.selectionEnd &&
    TOKEN.exec(text.value.slice(0, text.selectionStart))?.[0]) ||
  "";
const chosen = () => list.querySelector("[aria-selected=true]");

async function ask(text) {
  const token = typed(text);
  if (!token) return close();
  let options = "";
  try {
    const answer = await fetch(`/complete?q=${encodeURIComponent(token)}`, {
      headers: { "HX-Request": "true" },
    });
    if (answer.ok) options = await answer.text();
  } catch {} // without a list one types on
  if (document.activeElement !== text || typed(text) !== token) return;
  list.innerHTML = options;
  if (list.children.length) open(text, token);
  else close();
}

function open(text, token) {
  [...list.children].forEach((option, n) => {
    option.id = `completion-${n}`;
  });
  if (area !== text) {
    close();
    text.after(list, status);
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", list.id);
    area = text;
  }
  const many = list.children.length;
  const found = `${many} suggestion${many === 1 ? "" : "s"}`;
  status.textContent = `${found}. Up and down to choose, Enter to take one.`;
  select(token.startsWith("@") ? list.firstElementChild : null);
}

function close() {
  clearTimeout(pause);
  if (!area) return;
  for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"])
    area.removeAttribute(name);
  list.remove();
  status.remove();
  status.textContent = "";
  area = null;
}

function select(option) {
  for (const each of list.children) each.setAttribute("aria-selected", each === option);
  if (option) area.setAttribute("aria-activedescendant", option.id);
  else area.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function take(option) {
  const [text, end] = [area, area.selectionEnd];
  const space = text.value[end] === " " ? "" : " ";
  text.setRangeText(option.dataset.insert + space, end - typed(text).length, end, "end");
  close();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

on("input", ({ target }) => {
  if (!isText(target)) return;
  clearTimeout(pause);
  if (typed(target)) pause = setTimeout(ask, PAUSE, target);
  else close();
});
on("focusout", close);
on("click", ({ target }) => {
  const option = target.closest("#completions > *");
  if (option) take(option);
  else close();
});
on("mousedown", (event) => {
  if (event.target.closest("#completions")) event.preventDefault(); // the text keeps the focus
});
document.addEventListener(
  "keydown",
  (event) => {
    if (!area || event.isComposing) return;
    const options = [...list.children];
    const at = options.indexOf(chosen());
    const keys = {
      ArrowDown: () => select(options[(at + 1) % options.length]),
      ArrowUp: () => select(options.at(at < 1 ? -1 : at - 1)),
      Escape: close,
    };
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (plain && chosen()) keys.Enter = keys.Tab = () => take(chosen());
    if (keys[event.key]) {
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    } else if (!plain || event.key.startsWith("Arrow")) close();
  },
  true,
);
