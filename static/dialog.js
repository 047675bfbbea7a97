// Comfort only: every page works without this file.
"use strict";

(() => {
  // --- How much room is left in a long text --------------------------------------------------------
  // The figure beside the field follows every key; it is read out after a pause, and only when it matters.

  const PAUSE = 1000;
  const NEARLY_FULL = 0.9;

  // The characters of a text as they are stored, and so as the limit counts them (see text.clean).
  function stored(text) {
    return [...text.normalize("NFC").replace(/\n[ \t]*\n(?:[ \t]*\n)+/g, "\n\n").trim()];
  }

  function count(field) {
    const figure = document.getElementById(field.id + "-count");
    const spoken = document.getElementById(field.id + "-count-spoken");
    if (!figure || !spoken) return;
    const longest = Number(field.dataset.longest);
    let timer;
    const show = () => {
      const used = stored(field.value).length;
      const over = used > longest;
      const amount = Math.abs(longest - used).toLocaleString(document.documentElement.lang);
      figure.textContent = `${over ? figure.dataset.over : figure.dataset.left}: ${amount}`;
      figure.classList.toggle("counter--over", over);
      clearTimeout(timer);
      if (used > longest * NEARLY_FULL) {
        timer = setTimeout(() => { spoken.textContent = figure.textContent; }, PAUSE);
      }
    };
    field.addEventListener("input", show);
    show();
  }

  // --- A count that no longer holds once other comments are ticked ----------------------------------

  function followTicks(line) {
    line.closest("form").addEventListener("change", (event) => {
      if (event.target.type === "checkbox") line.textContent = line.dataset.whenTicked;
    });
  }

  // --- Printing: the browser's own menu does the same ------------------------------------------------

  function offerPrinting(button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // --- Passing on an address: the link itself is there for every browser --------------------------------

  const spoken = document.createElement("p"); // there before it says anything, or nobody would hear it
  spoken.className = "sr-only";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);
  const seen = document.createElement("span"); // the same, for the eye, beside what was pressed
  seen.className = "hint";
  seen.setAttribute("aria-hidden", "true");

  async function copy(address, pressed) {
    await navigator.clipboard.writeText(address);
    spoken.textContent = "";
    seen.textContent = `✓ ${document.body.dataset.copied}`;
    pressed.after(" ", seen);
    setTimeout(() => { spoken.textContent = document.body.dataset.copied; }, 100);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-copy]");
    if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    copy(link.href, link).catch(() => { location = link.href; }); // where copying is not allowed, it is a link
  });

  function offerSharing(button) {
    const address = button.parentElement.querySelector(".keep__address").textContent;
    button.hidden = !navigator.share && !navigator.clipboard;
    button.addEventListener("click", () => {
      const shared = navigator.share ? navigator.share({ title: document.title, url: address }) : copy(address, button);
      shared.catch(() => {}); // whoever changes their mind, or may not: the address stands there
    });
  }

  // --- How long ago, or how soon -----------------------------------------------------------------------
  // The day itself always stands on the page. How far it is is said after it where it is the last of its line and
  // there is room for more, so that nothing on the page moves; else it is told to whoever rests on the day.

  const DAY = 24 * 60 * 60 * 1000;
  const FAR = 30; // in days; beyond them the day itself says more
  const told = new WeakSet();
  const inWords = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const midnight = (moment) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());

  function howFar(time) {
    const [year, month, day] = time.dateTime.split(/\D/).map(Number);
    const moment = time.dateTime.includes("T") ? new Date(time.dateTime) : new Date(year, month - 1, day);
    const days = (midnight(moment) - midnight(new Date())) / DAY;
    return Math.abs(days) <= FAR && inWords.format(days, "day");
  }

  function isLast(time) {
    for (let next = time.nextSibling; next; next = next.nextSibling) if (next.textContent.trim()) return false;
    return true;
  }

  // All are measured, then all written, then all measured: a page with many days is laid out three times and no more.
  function tellHowFar(part) {
    const all = [...part.querySelectorAll("time[datetime]")].filter((time) => !told.has(time));
    all.forEach((time) => told.add(time));
    const near = all.map((time) => ({ time, words: howFar(time) })).filter((one) => one.words);
    const last = near.filter((one) => isLast(one.time));
    for (const one of last) one.height = one.time.parentElement.offsetHeight;
    for (const one of last) {
      one.ago = document.createElement("span");
      one.ago.className = "ago";
      one.ago.textContent = ` (${one.words})`;
      one.time.after(one.ago);
    }
    for (const one of last) one.fits = one.time.parentElement.offsetHeight === one.height;
    for (const one of near) {
      if (one.fits) continue;
      if (one.ago) one.ago.remove();
      one.time.title = one.words;
    }
  }

  // --- Focus where the eye is ----------------------------------------------------------------------

  function focusOn(element) {
    if (!element) return;
    if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
    element.focus();
  }

  function arrive(part) {
    part.querySelectorAll("textarea[data-longest]").forEach(count);
    part.querySelectorAll("[data-when-ticked]").forEach(followTicks);
    part.querySelectorAll("[data-print]").forEach(offerPrinting);
    part.querySelectorAll("[data-share]").forEach(offerSharing);
    tellHowFar(part);
    const wanted = part.querySelector("[data-focus]");
    focusOn(wanted);
    return wanted !== null;
  }

  arrive(document);

  // What htmx replaces: the first new thing gets the focus, unless the new part names something itself. And whoever
  // stood in what is replaced stands in what came instead, at its first button, and not at the top of the page.
  let before = null;
  let holder = null;
  let isInside = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    holder = target.parentElement || document;
    before = target.id === "fler" ? target.previousElementSibling : null;
    isInside = target.contains(document.activeElement);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!holder) return;
    const part = holder.isConnected ? holder : document;
    holder = null;
    if (arrive(part)) return;
    if (before) focusOn(before.nextElementSibling);
    else if (isInside && document.activeElement === document.body) {
      focusOn(event.target.querySelector("button:not([hidden], [disabled])") || event.target);
    }
  });
})();
