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

  /* Packing: the answer to a scan comes into the page as it stands. A browser speaks only where it was touched, and
     what is scanned meanwhile waits in the field for its turn. */
  const beep = (pitch, length) => {
    try {
      const audio = new AudioContext(), tone = audio.createOscillator();
      tone.type = "square"; tone.frequency.value = pitch;
      tone.connect(audio.destination); tone.start(); tone.stop(audio.currentTime + length);
      tone.onended = () => audio.close();
    } catch { /* a machine without sound: the red says it */ }
  };
  const aloud = () => {
    const told = document.querySelector("[data-said]");
    if (!told) return;
    if (told.dataset.said === "done") beep(880, .08);
    if (told.dataset.said !== "wrong") return;
    beep(196, .5);
    if (navigator.vibrate) navigator.vibrate([200, 80, 200]);
    if (!window.speechSynthesis) return;
    const speech = new SpeechSynthesisUtterance(told.textContent.trim());
    speech.lang = document.documentElement.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(speech);
  };
  let sending = false, again = false;
  const scanned = async (form) => {
    const body = new URLSearchParams(new FormData(form)), field = form.elements.what, what = field.value;
    field.value = "";
    sending = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      const main = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      const next = main && main.querySelector("form[data-scan]");
      if (!next) return location.reload();
      next.elements.what.value = field.value;
      document.querySelector("main").replaceWith(main);
      next.elements.what.focus();
      aloud();
      sending = false;
      if (again) { again = false; next.requestSubmit(); }
    } catch {
      field.value = what;
      form.submit();
    }
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-scan]")) return;
    event.preventDefault();
    if (sending) again = true; else scanned(event.target);
  });

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
