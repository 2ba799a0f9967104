// Adds a search field above each table marked data-searched; without script the whole table shows.
"use strict";

for (const table of document.querySelectorAll("table[data-searched]")) {
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, words: row.textContent.toLowerCase() }));
  const field = document.createElement("input");
  const label = document.createElement("label");
  const count = document.createElement("output");
  const line = document.createElement("p");
  field.type = "search";
  label.append("查找 ", field);
  line.className = "search";
  line.append(label, " ", count);
  table.parentElement.before(line);

  const show = () => {
    const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, words } of rows) {
      row.hidden = !wanted.every((word) => words.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = wanted.length === 0 ? "" : shown === 0 ? "没有找到，请减少字数或换一个词" : `${shown} 项`;
  };
  field.addEventListener("input", show);
}
