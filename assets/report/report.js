// The stage of a report: wipe, flip, side by side, heat map. Without it the pictures and figures are still all there.
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const stage = document.querySelector(".stage");
  const [first, second] = all(".view");
  let current = 0, ring = null;

  const source = (id) => document.getElementById(id);
  function fill(view) {
    view.querySelector(".a").src = source("a").src;
    view.querySelector(".b").src = source("b" + current).src;
    view.querySelector(".heat").src = source("heat" + current).src;
    view.querySelector(".right").textContent = stage.dataset.mode === "heat" ? "" : "B: " + source("b" + current).alt;
  }
  function place(percent) {
    const at = Math.min(100, Math.max(0, percent));
    first.style.setProperty("--at", at.toFixed(2) + "%");
    first.setAttribute("aria-valuenow", Math.round(at));
    first.setAttribute("aria-valuetext", Math.round(at) + " % of A");
  }
  const position = () => parseFloat(getComputedStyle(first).getPropertyValue("--at"));
  function mode(name) {
    stage.dataset.mode = name;
    all("[data-set-mode]").forEach((b) => b.setAttribute("aria-pressed", b.dataset.setMode === name));
    fill(first);
    fill(second);
  }
  function unmark() {
    all(".ring").forEach((r) => r.remove());
    ring = null;
  }
  function mark(spot) {
    unmark();
    ring = spot;
    const [x, y, w, h, width, height] = spot.dataset.at.split(",").map(Number);
    for (const view of [first, second]) {
      const box = document.createElement("div");
      box.className = "ring";
      // Never so small that it cannot be found.
      const least = 0.02 * width, gx = Math.max(0, least - w) / 2, gy = Math.max(0, least - h) / 2;
      box.style.left = (100 * (x - gx)) / width + "%";
      box.style.top = (100 * (y - gy)) / height + "%";
      box.style.width = (100 * (w + 2 * gx)) / width + "%";
      box.style.height = (100 * (h + 2 * gy)) / height + "%";
      view.append(box);
    }
    if (stage.dataset.mode === "wipe") place((100 * (x + w / 2)) / width);
    stage.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  function choose(index) {
    current = index;
    unmark();
    all("[data-choose]").forEach((b) => b.setAttribute("aria-pressed", Number(b.dataset.choose) === index));
    all(".candidate").forEach((c, i) => (c.hidden = i !== index));
    mode(stage.dataset.mode);
  }
  const flip = () => mode(stage.dataset.mode === "a" ? "b" : "a");

  const under = (event) => {
    const box = first.getBoundingClientRect();
    return (100 * (event.clientX - box.left)) / box.width;
  };
  first.addEventListener("pointerdown", (event) => {
    if (stage.dataset.mode !== "wipe" || event.button !== 0) return;
    first.setPointerCapture(event.pointerId);
    first.focus({ preventScroll: true });
    place(under(event));
    event.preventDefault();
  });
  first.addEventListener("pointermove", (event) => {
    if (first.hasPointerCapture(event.pointerId)) place(under(event));
  });
  first.addEventListener("keydown", (event) => {
    if (stage.dataset.mode !== "wipe" || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.shiftKey ? 10 : 1;
    const to = {
      ArrowLeft: position() - step, ArrowDown: position() - step, ArrowRight: position() + step,
      ArrowUp: position() + step, PageDown: position() - 10, PageUp: position() + 10, Home: 0, End: 100,
    }[event.key];
    if (to === undefined) return;
    place(to);
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const name = { w: "wipe", s: "pair", h: "heat", a: "a", b: "b" }[event.key];
    if (name) mode(name);
    else if (event.key === "f") flip();
    else if (event.key === "Escape") unmark();
    else if (event.key === "," && current > 0) choose(current - 1);
    else if (event.key === "." && source("b" + (current + 1))) choose(current + 1);
    else return;
    event.preventDefault();
  });
  all("[data-set-mode]").forEach((b) => b.addEventListener("click", () => mode(b.dataset.setMode)));
  all("[data-flip]").forEach((b) => b.addEventListener("click", flip));
  all("[data-choose]").forEach((b) => b.addEventListener("click", () => choose(Number(b.dataset.choose))));
  all(".spot").forEach((s) => s.addEventListener("click", () => (ring === s ? unmark() : mark(s))));
  all(".live").forEach((e) => (e.hidden = false));
  place(50);
  choose(0);
})();
