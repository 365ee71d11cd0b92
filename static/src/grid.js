// A table of boxes with data-portal-grid: Enter and the arrows go to the same column of the next row.
// A list to choose from keeps its arrows.

function step(event) {
  if (event.key === "Enter") return event.shiftKey ? -1 : 1;
  if (event.target.tagName === "SELECT") return 0;
  return { ArrowDown: 1, ArrowUp: -1 }[event.key] || 0;
}

function move(event) {
  const grid = event.target.closest && event.target.closest("[data-portal-grid]");
  const column = event.target.dataset && event.target.dataset.portalColumn;
  if (!grid || !column || event.altKey || event.ctrlKey || event.metaKey) return;
  const way = step(event);
  if (!way) return;
  const boxes = Array.from(grid.querySelectorAll(`[data-portal-column="${column}"]`));
  const next = boxes[boxes.indexOf(event.target) + way];
  event.preventDefault();
  if (next) {
    next.focus();
    if (next.select) next.select();
  } else {
    event.target.blur();
    event.target.focus();
  }
}

export function startGrid() {
  document.addEventListener("keydown", move);
  document.documentElement.classList.add("scripted");
}
