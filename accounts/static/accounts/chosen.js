// Loads what chooses the part of a new avatar or banner, once there is one: most who change their
// profile change words.

const choose = async (input) => (await import("./crop.js")).open(input.closest(".chosen"));
const inputs = ".chosen [type=file]";

document.addEventListener("change", ({ target }) => {
  if (target.matches(inputs)) choose(target);
});
// A browser may have kept the files of a page that it loads anew.
for (const input of document.querySelectorAll(inputs)) if (input.files.length) choose(input);
