// The desk by keyboard: "/" to the search (the page's own, else the palette), j and k (or the arrows) along a list, Enter opens, ? says so.
// It only adds: every list is links, and links are there without it.
(() => {
  const rows = () => [...document.querySelectorAll("main tbody th a[href], main .word input[name^=words-]")];
  const typing = (node) => node.closest("input, select, textarea, [contenteditable]");
  const go = (step) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };
  const help = () => {
    const dialog = document.getElementById("keys");
    if (!dialog) return false;
    dialog.open ? dialog.close() : dialog.showModal();
    return true;
  };
  const search = () => {
    const field = document.querySelector("main input[type=search]");
    if (field) field.focus();
    else if (document.getElementById("palette")) dispatchEvent(new Event("open-palette"));
    else location.assign("/#search");
    return true;
  };
  const keys = { "/": search, j: () => go(1), ArrowDown: () => go(1), k: () => go(-1), ArrowUp: () => go(-1), "?": help };
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") && event.key !== "?") return;
    const arrow = event.key.startsWith("Arrow");
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (arrow && !rows().includes(document.activeElement)) return;
    if (keys[event.key]?.()) event.preventDefault();
  });
  if (location.hash === "#search") search();
  // A double click sends a form once: what it answers is what the first one did.
  const SECONDS = 3;
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, SECONDS * 1000);
  });
})();
