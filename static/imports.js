/* Adds comfort to the import pages; everything works without it. */
"use strict";

for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const light = (on) => zone.classList.toggle("is-over-it", on);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    light(true);
  });
  zone.addEventListener("dragleave", () => light(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    light(false);
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}

for (const form of document.querySelectorAll("form[data-preview]")) {
  let unsaved = false;
  form.addEventListener("input", (event) => {
    if (event.target.name?.startsWith("words-")) unsaved = true;
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
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
}
