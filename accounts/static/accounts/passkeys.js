// Passkeys. A button with `data-passkey` ("create" or "get") in a form asks the device, writes what
// it answers into the field `credential`, and sends the form. Buttons are hidden until this runs:
// without it, or in a browser that knows no passkeys, there are passwords and codes.

const SAID = {
  InvalidStateError: "This device has a passkey of yours here already.",
  NotAllowedError: "No passkey was chosen, or it took too long. Please try once more.",
  SecurityError: "Your browser makes passkeys only under https, and under a site's own name.",
};
const BUTTONS = "[data-passkey], [data-passkey-way]";

const knows = () => window.PublicKeyCredential?.parseRequestOptionsFromJSON;

async function optionsOf(form) {
  const given = document.getElementById("passkey-options");
  if (given) return JSON.parse(given.textContent).publicKey;
  const token = new FormData(form).get("csrfmiddlewaretoken");
  const body = new URLSearchParams({ options: "1", csrfmiddlewaretoken: token });
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) throw new Error(`The site answered ${answer.status}.`);
  return (await answer.json()).publicKey;
}

async function ask(step, form) {
  const options = await optionsOf(form);
  if (step === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

async function use(button) {
  const { form } = button;
  const said = form.querySelector("[data-passkey-error]");
  said.hidden = true;
  button.disabled = true;
  try {
    const credential = await ask(button.dataset.passkey, form);
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    said.textContent = SAID[error.name] ?? "That did not work. Please try once more.";
    said.hidden = false;
    button.disabled = false;
  }
}

function show() {
  for (const button of document.querySelectorAll(BUTTONS)) button.hidden = !knows();
  for (const hint of document.querySelectorAll("[data-no-passkey]")) hint.hidden = !!knows();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-passkey]");
  if (button) use(button);
});
document.addEventListener("htmx:afterSwap", show);
show();
