/* Adds comfort to the preview of an import: the button stays true while ticks change, and nothing typed is lost. */
"use strict";

/* How many clients of the file would be published, once ticks have changed since the page was made. */
function recount(form) {
  const button = form.querySelector("[data-publish]");
  let count = Number(button.dataset.count);
  for (const tick of form.querySelectorAll("input[name=publish]")) {
    if ("goes" in tick.dataset && !tick.checked) count -= 1;
    if (!("goes" in tick.dataset) && tick.checked && !tick.defaultChecked) return null;
  }
  return count;
}

function sayWhatItDoes(form) {
  const button = form.querySelector("[data-publish]");
  if (!button) return;
  const save = form.querySelector("[data-save]");
  const words = form.querySelector("[data-changed]");
  const count = form.dataset.weighty ? null : recount(form);
  if (count === null) {
    button.disabled = true;
    save.textContent = save.dataset.look;
    save.classList.remove("quiet");
    words.textContent = words.dataset.changed;
    return;
  }
  const sentence = count === 1 ? button.dataset.one : button.dataset.many.replace("{count}", count);
  button.textContent = count > 0 ? sentence : button.dataset.rest;
  button.disabled = count < 1 && !("hasRest" in button.dataset);
}

function isWords(field) {
  return /^(words|let)-/.test(field.name ?? "");
}

for (const form of document.querySelectorAll("form[data-preview]")) {
  let unsaved = false;
  form.addEventListener("input", (event) => {
    if (event.target.name !== "q") unsaved = true;
  });
  form.addEventListener("change", (event) => {
    if (isWords(event.target) || /^(client|template|cap)-|^(q|make|updates_on)$/.test(event.target.name ?? "")) return;
    if (event.target.closest(".how")) return;
    if (event.target.name !== "publish") form.dataset.weighty = "yes";
    sayWhatItDoes(form);
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target.name ?? "").startsWith("words-")) return;
    event.preventDefault();
    const inputs = [...form.querySelectorAll("input[name^=words-]")].filter((input) => input.checkVisibility());
    (inputs[inputs.indexOf(event.target) + 1] ?? form.querySelector("[data-save]")).focus();
  });
  for (const button of form.querySelectorAll("[data-use]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const input = document.getElementById(button.dataset.use);
      input.value = button.value;
      unsaved = true;
      input.focus();
    });
  }
  for (const link of form.querySelectorAll("[data-open]")) {
    link.addEventListener("click", () => {
      document.getElementById(link.dataset.open).open = true;
    });
  }
}
