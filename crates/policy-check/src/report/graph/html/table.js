(() => {
  "use strict";
  const form = document.getElementById("controls");
  const text = document.getElementById("text");
  const shown = document.getElementById("shown");
  const table = document.querySelector("table.ways");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const lists = Array.from(form.querySelectorAll("select"));

  // Tokens and the texts of policies are not searched: they repeat what the cells have.
  const words = (cell) => Array.from(cell.childNodes)
    .filter((node) => !(node.classList && node.classList.contains("proof")))
    .map((node) => node.textContent).join(" ").trim().toLowerCase();
  const cells = new Map(rows.map((row) => [row, Array.from(row.cells, words)]));
  const all = new Map(rows.map((row) => [row, cells.get(row).join(" ") + " " + (row.dataset.family || "").toLowerCase()]));

  const filter = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => all.get(row).includes(word))
        && lists.every((list) => !list.value || (row.dataset[list.name] || "").split("\n").includes(list.value));
      row.hidden = !fits;
      number += fits;
    }
    shown.textContent = number === rows.length ? `${number} shown` : `${number} of ${rows.length} shown`;
  };

  const sort = (heading, column) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const order = (row) => column === 0 ? row.dataset.order : cells.get(row)[column];
    const compare = new Intl.Collator("en", {numeric: true}).compare;
    const sorted = rows.map((row, index) => [order(row), index, row])
      .sort((a, b) => (compare(a[0], b[0]) || a[1] - b[1]) * (down ? -1 : 1));
    body.append(...sorted.map((entry) => entry[2]));
  };

  Array.from(table.tHead.rows[0].cells).forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => sort(heading, column));
  });
  table.tHead.rows[0].cells[0].setAttribute("aria-sort", "ascending");

  shown.setAttribute("aria-live", "polite");
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.hidden = false;
  filter();
})();
