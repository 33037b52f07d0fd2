"use strict";
// --- sorting: each heading's button turns its own column, and says so by aria-sort
const order = "✗!⚑?-c✓";
function keyOf(row, column) {
  const cell = row.cells[column];
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  const text = cell.textContent.trim();
  if (text.length === 1 && order.includes(text)) return order.indexOf(text);
  return text === "" || Number.isNaN(Number(text)) ? text.toLowerCase() : Number(text);
}
function compare(a, b) {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "number" ? -1 : 1;
}
for (const table of document.querySelectorAll("table.sorts")) {
  const headings = table.tHead.rows[table.tHead.rows.length - 1].cells;
  const body = table.tBodies[0];
  [...headings].forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const keyed = [...body.rows].map((row, k) => [keyOf(row, column), k, row]);
      keyed.sort((a, b) => (up ? 1 : -1) * compare(a[0], b[0]) || a[1] - b[1]);
      body.append(...keyed.map((one) => one[2]));
    });
  });
}
// --- filtering the map
const map = document.getElementById("map");
const form = document.querySelector(".filter");
const [named, state, mistake] = ["name", "state", "mistake"].map((id) => document.getElementById(id));
const shown = document.getElementById("shown");
const rows = [...map.tBodies[0].rows].map((row) => ({
  row,
  name: row.cells[0].textContent.toLowerCase(),
  states: row.dataset.states.split(" "),
  mistakes: row.dataset.mistakes.split(" "),
}));
function filter() {
  const wanted = named.value.trim().toLowerCase();
  let count = 0;
  for (const one of rows) {
    const fits = one.name.includes(wanted)
      && (!state.value || one.states.includes(state.value))
      && (!mistake || !mistake.value || one.mistakes.includes(mistake.value));
    one.row.hidden = !fits;
    count += fits;
  }
  shown.textContent = shown.dataset.words.replace("{count}", count).replace("{all}", rows.length);
}
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", filter);
filter();
for (const button of document.querySelectorAll("button[data-mistake]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    mistake.value = button.dataset.mistake;
    filter();
    map.parentElement.focus();
    map.parentElement.scrollIntoView();
  });
}
