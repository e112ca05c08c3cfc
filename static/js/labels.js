/* On a narrow screen a row of a table becomes a card: each cell is told the heading of its column, for the sheet to show. */

const NOTHING = "—";

for (const table of document.querySelectorAll(".table:has(thead)")) {
  const headings = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent.trim());
  for (const cell of table.tBodies[0].querySelectorAll("td:not([colspan])")) {
    cell.dataset.label = headings[cell.cellIndex];
    if (cell.textContent.trim() === NOTHING) cell.dataset.none = "";
  }
}
