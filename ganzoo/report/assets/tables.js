// Sorting a table by a column: once up, once down, then as it was.
const cellAt = (row, column) => {
  let at = 0;
  for (const cell of row.cells) {
    if (at === column) return cell;
    at += cell.colSpan;
  }
  return null;
};
const keyOf = (row, column) => {
  const cell = cellAt(row, column);
  const text = (cell && (cell.dataset.sort || cell.textContent).trim()) || "";
  const number = parseFloat(text.replace("\u2212", "-").replace("< ", "").replaceAll("\u202f", ""));
  return Number.isNaN(number) ? text : number;
};
const compared = (a, b) => {
  if (typeof a === typeof b) return typeof a === "number" ? a - b : a.localeCompare(b);
  return typeof a === "number" ? -1 : 1;
};
for (const table of all(document, "table.sortable")) {
  const heads = all(table, "thead th");
  const body = table.tBodies[0];
  const first = [...body.rows];
  let column = 0;
  for (const head of heads) {
    const place = column;
    column += head.colSpan;
    if ("fixed" in head.dataset || !head.textContent.trim()) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.title = "sort by this column";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      for (const other of heads) other.removeAttribute("aria-sort");
      const way = before === "ascending" ? -1 : before === "descending" ? 0 : 1;
      if (way) head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const sorted = way ? [...first].sort((a, b) => way * compared(keyOf(a, place), keyOf(b, place))) : first;
      body.append(...sorted);
    });
  }
}
