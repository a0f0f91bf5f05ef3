/* Copies an address or a text with one press; without it it is selected and copied by hand. */
"use strict";

for (const box of document.querySelectorAll("[data-copy]")) {
  const input = box.querySelector("input, textarea");
  const button = box.querySelector("button");
  const told = document.getElementById(box.dataset.copy);
  input.addEventListener("focus", () => input.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      document.execCommand("copy");
    }
    told.textContent = told.dataset.done;
  });
}
