// Tables of boxes with data-portal-grid: Enter and the arrows go on in the same column, from row to
// row and from one table to the next. A list to choose from keeps its arrows; a key that leads
// nowhere does what it does everywhere.

const BOXES = "[data-portal-column]";
const WHOLE_YEAR = "0";
// Where the keys led last, and in which column: a row of the whole year belongs to every column.
let came = {};

function step(event) {
  if (event.key === "Enter") return event.shiftKey ? -1 : 1;
  if (event.target.tagName === "SELECT") return 0;
  return { ArrowDown: 1, ArrowUp: -1 }[event.key] || 0;
}

function inColumn(row, column) {
  const boxes = Array.from(row.querySelectorAll(BOXES)).filter((box) => !box.disabled);
  const of = (name) => boxes.filter((box) => box.dataset.portalColumn === name);
  if (!boxes.length || of(column).length) return of(column);
  return of(column === WHOLE_YEAR ? boxes[0].dataset.portalColumn : WHOLE_YEAR);
}

function move(event) {
  const box = event.target;
  if (!box.closest || !box.closest("[data-portal-grid]") || !box.matches(BOXES)) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const way = step(event);
  if (!way) return;
  const column = came.box === box ? came.column : box.dataset.portalColumn;
  const rows = Array.from(document.querySelectorAll("[data-portal-grid] tr"));
  const boxes = rows.flatMap((row) => inColumn(row, column));
  const next = boxes[boxes.indexOf(box) + way];
  if (!next || boxes.indexOf(box) < 0) return;
  event.preventDefault();
  came = { box: next, column: column === WHOLE_YEAR ? next.dataset.portalColumn : column };
  next.focus();
  if (next.select) next.select();
}

// One box that ticks all boxes of its form.
function tickAll(event) {
  const all = event.target;
  if (!all.matches || !all.matches("[data-portal-tick-all]")) return;
  for (const box of all.form.querySelectorAll(`input[name="${all.dataset.portalTickAll}"]`)) box.checked = all.checked;
}

export function startGrid() {
  document.addEventListener("keydown", move);
  document.addEventListener("change", tickAll);
  document.documentElement.classList.add("scripted");
}
