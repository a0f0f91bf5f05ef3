// The palette: Ctrl K (or "/" where a page has no search of its own) over what /search/ finds. Without it there is
// the page itself. The list is links, so the keyboard walks them and a screen reader reads them as they are.
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const field = dialog.querySelector("input");
  const told = dialog.querySelector("[role=status]");
  const found = dialog.querySelector("[data-found]");
  const links = () => [...found.querySelectorAll("a[href]")];
  let asked = 0;
  let waiting = 0;

  const show = async () => {
    const mine = ++asked;
    const answer = await fetch(`${form.action}?q=${encodeURIComponent(field.value)}`, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("found");
    if (mine !== asked) return;
    if (!page) {
      location.assign(`${form.action}?q=${encodeURIComponent(field.value)}`);
      return;
    }
    found.replaceChildren(...page.querySelectorAll("section"));
    told.textContent = page.dataset.told;
  };
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    field.select();
    show();
  };
  const step = (by) => {
    const all = [field, ...links()];
    const at = Math.max(all.indexOf(document.activeElement), 0);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  form.addEventListener("submit", (event) => {
    const first = links()[0];
    if (!first || !field.value.trim()) return;
    event.preventDefault();
    location.assign(first.href);
  });
  dialog.addEventListener("keydown", (event) => {
    // A search field keeps the first Escape for itself, to empty it.
    if (event.key === "Escape") {
      event.preventDefault();
      dialog.close();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  addEventListener("open-palette", open);
})();
