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

  // --- Saying something in passing: to the ear, and to the eye beside what was pressed ------------------

  const heard = document.createElement("p"); // there before it says anything, or nobody would hear it
  heard.className = "sr-only";
  heard.setAttribute("role", "status");
  document.body.append(heard);
  const seen = document.createElement("span");
  seen.className = "hint";
  seen.setAttribute("aria-hidden", "true");

  function say(words, beside) {
    heard.textContent = "";
    seen.textContent = words;
    beside.after(" ", seen);
    setTimeout(() => { heard.textContent = words; }, 100);
  }

  // --- Passing on an address: it stands there for every browser ------------------------------------------

  async function copy(address, pressed) {
    await navigator.clipboard.writeText(address);
    say(document.body.dataset.copied, pressed);
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

  // --- What takes a while: it is said that it goes on, and a second press starts it no second time -------

  const SLOW = 1000;

  async function fetchFile(link) {
    const { making, made } = link.closest("[data-making]").dataset;
    link.setAttribute("aria-busy", "true");
    say(making, link);
    try {
      const answer = await fetch(link.href);
      const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))[1];
      const saved = document.createElement("a");
      saved.href = URL.createObjectURL(await answer.blob());
      saved.download = name;
      saved.click();
      setTimeout(() => URL.revokeObjectURL(saved.href), SLOW);
      say(made, link);
    } catch {
      location = link.href; // whatever came instead of a file says why
    }
    link.removeAttribute("aria-busy");
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-making] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-busy") !== "true") fetchFile(link);
  });

  // A form that htmx sends never gets here, and one that opens a tab of its own leaves this page as it was.
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    const pressed = event.submitter || form;
    form.slow = setTimeout(() => say(document.body.dataset.sending, pressed), SLOW);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[aria-busy]").forEach((form) => {
      clearTimeout(form.slow);
      form.removeAttribute("aria-busy");
      seen.remove();
    });
  });

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

  const isInLine = (element) => getComputedStyle(element).display === "inline";

  const lineOf = (part) => isInLine(part.parentElement) ? lineOf(part.parentElement) : part.parentElement;

  function isLast(part) {
    for (let next = part.nextSibling; next; next = next.nextSibling) if (next.textContent.trim()) return false;
    return !isInLine(part.parentElement) || isLast(part.parentElement);
  }

  // All are measured, then all written, then all measured: a page with many days is laid out three times and no more.
  function tellHowFar(part) {
    const all = [...part.querySelectorAll("time[datetime]")].filter((time) => !told.has(time) && !time.closest(".sr-only"));
    all.forEach((time) => told.add(time));
    const near = all.map((time) => ({ time, words: howFar(time) })).filter((one) => one.words);
    const last = near.filter((one) => isLast(one.time));
    for (const one of last) one.height = lineOf(one.time).offsetHeight;
    for (const one of last) {
      one.ago = document.createElement("span");
      one.ago.className = "ago";
      one.ago.textContent = `(${one.words})`;
      one.time.after(" ", one.ago); // a line may end between them, and so shows where there is no room
    }
    for (const one of last) one.fits = lineOf(one.time).offsetHeight === one.height;
    for (const one of near) {
      if (one.fits) continue;
      if (one.ago) {
        one.ago.previousSibling.remove();
        one.ago.remove();
      }
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
