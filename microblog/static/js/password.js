// Shows what is typed as a password, at the press of the button beside it, until it is sent:
// browsers remember what was typed into any other field. forms/field.html has both.

function show(button, shown) {
  button.previousElementSibling.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".password button");
  if (button) show(button, button.previousElementSibling.type === "password");
});

document.addEventListener("submit", ({ target }) => {
  for (const button of target.querySelectorAll(".password button")) show(button, false);
});
