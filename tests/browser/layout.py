"""What is wrong with a page as it is laid out: words torn in the middle, what runs sideways, figures that touch."""

from playwright.sync_api import Page

LONGEST = 20  # signs: a longer word may break
APART = 4  # pixels between what stands side by side

_FAULTS = r"""([longest, apart]) => {
  const remembered = (look) => {
    const seen = new Map();
    return (e) => {
      if (!seen.has(e)) seen.set(e, look(e));
      return seen.get(e);
    };
  };
  const whole = remembered((e) => !e || (getComputedStyle(e).clipPath === 'none' && whole(e.parentElement)));
  const shown = remembered((e) => {
    if (!e || !e.checkVisibility({ visibilityProperty: true }) || e.closest('.skip')) return false;
    const fold = e.closest('details:not([open])');
    return !(fold && !e.closest('summary')) && whole(e);
  });
  const found = [];
  const range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (!node.data.trim() || !shown(node.parentElement)) continue;
    for (const word of node.data.matchAll(/[\p{L}\p{N}\p{M}’']+(?:[.,:][\p{N}]+)*/gu)) {
      if (word[0].length > longest) continue;
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const rects = [...range.getClientRects()].filter((r) => r.width > 0 && r.height > 1);
      const lines = new Set(rects.map((r) => Math.round(r.top)));
      if (lines.size > 1 && Math.max(...lines) - Math.min(...lines) > 6) {
        found.push(`torn: ${word[0]} in “${node.data.trim().slice(0, 40)}”`);
      }
    }
  }
  const inked = (e) => {
    const rects = [];
    const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    for (let node; (node = texts.nextNode()); ) {
      if (!node.data.trim() || !shown(node.parentElement) || node.parentElement.closest('svg, .big')) continue;
      range.selectNodeContents(node);
      rects.push(...[...range.getClientRects()].filter((r) => r.width > 1 && r.height > 1));
    }
    return rects;
  };
  for (const parent of document.querySelectorAll('body *')) {
    const way = getComputedStyle(parent).display;
    if (!shown(parent) || !(parent.tagName === 'TR' || way.includes('flex') || way.includes('grid'))) continue;
    const cells = [...parent.children].filter((e) => shown(e) && e.textContent.trim()).map((e) => [e, inked(e)]);
    for (let i = 1; i < cells.length; i += 1) {
      for (const one of cells[i - 1][1]) for (const other of cells[i][1]) {
        const level = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        const gap = Math.max(one.left, other.left) - Math.min(one.right, other.right);
        if (level > 6 && gap < apart) {
          const [before, after] = [cells[i - 1][0], cells[i][0]].map((e) => e.textContent.trim());
          found.push(`${gap.toFixed(1)} px apart: “${before.slice(-25)}” and “${after.slice(0, 25)}”`);
        }
      }
    }
  }
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) found.push(`sideways: ${root.scrollWidth} px of ${root.clientWidth}`);
  return [...new Set(found)];
}"""


def layout_faults(page: Page) -> list[str]:
    return page.evaluate(_FAULTS, [LONGEST, APART])
