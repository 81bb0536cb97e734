/* What makes the console better where a browser runs it. Every page works without. */
"use strict";
(() => {
  /* Placeholders go where the cursor is. */
  for (const row of document.querySelectorAll("[data-inserts]")) {
    const text = document.getElementById(row.dataset.inserts);
    row.hidden = false;
    text.setSelectionRange(text.value.length, text.value.length);
    row.addEventListener("click", (event) => {
      const word = event.target.dataset.insert;
      if (!word) return;
      text.setRangeText(word, text.selectionStart, text.selectionEnd, "end");
      text.focus();
    });
  }

  /* Live progress: the lines are drawn anew whenever the server says so; when all is done the page is loaded anew. */
  const box = document.querySelector("[data-progress]");
  if (box && window.EventSource) {
    const list = box.querySelector("ul");
    const source = new EventSource(box.dataset.progress);
    const show = (event) => {
      const told = JSON.parse(event.data);
      box.querySelector("[data-said]").textContent = told.sentence;
      list.replaceChildren(...told.lines.map((line) => {
        const item = document.createElement("li");
        const count = line.of ? `${line.done} / ${line.of}` : `${line.done}`;
        item.append(`${line.label} `, Object.assign(document.createElement("b"), { textContent: count }));
        return item;
      }));
    };
    source.addEventListener("progress", show);
    source.addEventListener("done", (event) => {
      show(event);
      source.close();
      location.replace(box.querySelector("a").href);
    });
    window.addEventListener("pagehide", () => source.close());
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }
})();
