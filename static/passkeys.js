/* A passkey is made or used in the browser; the form then carries what came of it. Without script the form's other
   ways stay: the button is hidden until there is something behind it. */
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const listed = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));

function asked(options) {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  if (key.allowCredentials) key.allowCredentials = listed(key.allowCredentials);
  if (key.excludeCredentials) key.excludeCredentials = listed(key.excludeCredentials);
  return key;
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).request_options;
}

async function made(form) {
  const key = asked(await optionsOf(form));
  if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey: key });
  const alone = form.elements.passwordless.checked;
  key.authenticatorSelection.residentKey = alone ? "required" : "discouraged";
  key.authenticatorSelection.requireResidentKey = alone;
  return navigator.credentials.create({ publicKey: key });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const told = form.querySelector("[role=status]");
  const go = async (event) => {
    event.preventDefault();
    told.textContent = "";
    try {
      form.elements.credential.value = JSON.stringify(answered(await made(form)));
      form.submit();
    } catch {
      told.textContent = told.dataset.failed;
    }
  };
  form.addEventListener("submit", go);
  form.hidden = !window.PublicKeyCredential;
}
