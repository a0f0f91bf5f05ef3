/* Copies an address or a text with one press; without it it is selected and copied by hand.
   The address of a link is fetched where the button is: without script the button leads to the page that shows it. */
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

for (const form of document.querySelectorAll("form[data-copies]")) {
  const told = form.querySelector("[role=status]");
  let isAsking = false;
  form.addEventListener("submit", async (event) => {
    if (!navigator.clipboard) return; // no https: the page with the address does it
    event.preventDefault();
    if (isAsking) return; // pressed twice: each address that is handed out stands on record
    isAsking = true;
    told.textContent = "";
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      await navigator.clipboard.writeText(page.getElementById("address").value);
      told.textContent = told.dataset.done;
    } catch {
      form.submit(); // the link or the session has ended, or the browser refuses: the page that answers says so
    }
    isAsking = false;
  });
}
