/* Counting by scanner, camera or hand; signing with a finger; sending when there is a connection.
   What was counted stays in this phone's browser by the number of the manifest: references and reasons, nobody's data. */
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll(".parcels li")];
  const plain = (text) => text.normalize("NFKC").toUpperCase().replace(/[\s-]/g, "");

  at("search-box").hidden = rows.length < 6;
  at("search").addEventListener("input", () => {
    const wanted = plain(at("search").value);
    for (const row of rows) row.hidden = ![".codes", ".to"].some((part) => plain(row.querySelector(part).textContent).includes(wanted));
  });

  const form = at("take");
  if (!form.dataset.number) return;
  const words = form.dataset;
  const total = rows.length;
  const key = `manifest ${form.dataset.number}`;
  const codes = new Map();
  for (const row of rows) {
    codes.set(plain(row.dataset.code), row);
    if (row.dataset.waybill) codes.set(plain(row.dataset.waybill), row);
  }
  const counted = new Set();

  const choice = (row) => row.querySelector("select");
  const keep = () => {
    const left = {};
    for (const row of rows) if (choice(row).value) left[row.dataset.code] = choice(row).value;
    try { localStorage.setItem(key, JSON.stringify({ counted: [...counted], left })); } catch { /* a private window */ }
  };
  const show = () => {
    let staying = 0;
    for (const row of rows) {
      const stays = choice(row).value !== "";
      staying += stays;
      row.classList.toggle("staying", stays);
      row.classList.toggle("counted", !stays && counted.has(row.dataset.code));
    }
    const open = rows.filter((row) => !choice(row).value && !counted.has(row.dataset.code)).length;
    at("tally").textContent = counted.size;
    at("rest").hidden = !counted.size || !open;
    at("rest").textContent = words.rest.replace("#", open);
    if (counted.size) at("count").value = total - staying - open;
  };
  const say = (text, good) => {
    at("said").textContent = text;
    at("said").className = good ? "good" : "bad";
    if (!good && navigator.vibrate) navigator.vibrate([120, 60, 120]);
  };
  const take = (text) => {
    if (!plain(text)) return;
    const row = codes.get(plain(text));
    if (!row) return say(words.stranger.replace("#", () => text), false);
    const code = row.dataset.code;
    const before = counted.has(code);
    counted.add(code);
    choice(row).value = "";
    say((before ? words.again : words.counted).replace("#", () => code), true);
    show(); keep();
  };

  try {
    const before = JSON.parse(localStorage.getItem(key) || "{}");
    for (const code of before.counted || []) if (codes.has(plain(code))) counted.add(code);
    for (const row of rows) if ((before.left || {})[row.dataset.code]) choice(row).value = before.left[row.dataset.code];
  } catch { /* whatever stood there is no count of ours */ }

  at("tools").hidden = false;
  at("scan").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take(at("scan").value.trim());
    at("scan").value = "";
  });
  form.addEventListener("change", (event) => {
    if (event.target.tagName !== "SELECT") return;
    if (event.target.value) counted.delete(event.target.closest("li").dataset.code);
    show(); keep();
  });
  at("rest").addEventListener("click", () => {
    for (const row of rows) if (!choice(row).value && !counted.has(row.dataset.code)) choice(row).value = "not_there";
    show(); keep();
  });

  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    at("camera").hidden = false;
    let stream = null;
    at("camera").addEventListener("click", async () => {
      if (stream) {
        for (const track of stream.getTracks()) track.stop();
        stream = null; at("video").hidden = true; at("camera").textContent = words.scan;
        return;
      }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        const detector = new BarcodeDetector();
        at("video").srcObject = stream; at("video").hidden = false; at("camera").textContent = words.stop;
        await at("video").play();
        let last = "";
        const look = async () => {
          if (!stream) return;
          for (const one of await detector.detect(at("video")).catch(() => [])) {
            if (one.rawValue !== last) { last = one.rawValue; take(one.rawValue.trim()); }
          }
          setTimeout(look, 200);
        };
        look();
      } catch { stream = null; say(words.blind, false); }
    });
  }

  const pad = at("pad"), pen = pad.getContext("2d");
  let drawn = false, down = false;
  const wipe = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, pad.width, pad.height); drawn = false; };
  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) * pad.width / box.width, (event.clientY - box.top) * pad.height / box.height];
  };
  at("draw").hidden = false;
  at("name-hint").textContent = words.unsigned;
  wipe();
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    down = true; pen.strokeStyle = "#111"; pen.lineWidth = 9; pen.lineCap = pen.lineJoin = "round";
    pen.beginPath(); pen.moveTo(...place(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!down) return;
    pen.lineTo(...place(event)); pen.stroke(); drawn = true;
  });
  for (const name of ["pointerup", "pointercancel"]) pad.addEventListener(name, () => { down = false; });
  at("clear").addEventListener("click", wipe);

  let waiting = null;
  const send = async () => {
    at("wrong").hidden = true;
    at("signature").value = drawn ? pad.toDataURL("image/png") : "";
    at("send").disabled = true;
    clearTimeout(waiting); waiting = null;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      at("waiting").hidden = true;
      if (answer.ok) {
        localStorage.removeItem(key);
        location.assign(form.action);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      at("wrong").textContent = (page.querySelector(".notice.bad") || page.querySelector("main")).textContent.trim();
      at("wrong").hidden = false;
      at("wrong").scrollIntoView({ block: "center" });
    } catch {
      at("waiting").textContent = words.offline;
      at("waiting").hidden = false;
      at("waiting").scrollIntoView({ block: "center" });
      waiting = setTimeout(send, 15000);
    }
    at("send").disabled = false;
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  window.addEventListener("online", () => { if (waiting) send(); });
  show();
})();
