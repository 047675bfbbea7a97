// Comfort only: keys for going fast through the queue. Whoever wants none switches them off, and they stay off.
"use strict";

(() => {
  const KEPT = "moderation-keys";
  const legend = document.querySelector("[data-keys]");
  const button = legend.querySelector("button");
  const list = legend.querySelector(".keys__list");
  let areOn = localStorage.getItem(KEPT) !== "off";

  function show() {
    button.textContent = areOn ? button.dataset.on : button.dataset.off;
    list.hidden = !areOn;
  }

  button.addEventListener("click", () => {
    areOn = !areOn;
    localStorage.setItem(KEPT, areOn ? "on" : "off");
    show();
  });

  // The comment that has the focus, or holds what has it; no key does anything to a comment nobody is at.
  function here() {
    return document.activeElement.closest(".review");
  }

  function goToNext() {
    const all = [...document.querySelectorAll(".review")];
    const next = all[all.indexOf(here()) + 1] || document.querySelector(".more a") || all[0];
    if (next) next.focus();
  }

  function press(key) {
    const control = here() && here().querySelector(`[data-key="${key}"]`);
    if (!control || !control.offsetParent) return; // what is out of sight is not offered
    control.click();
    if (control.matches("details[open] > summary")) control.parentElement.querySelector("select").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (!areOn || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    if (!["n", "p", "d", "t"].includes(key)) return;
    event.preventDefault();
    if (key === "n") goToNext();
    else press(key);
  });

  show();
  legend.hidden = false;
})();
