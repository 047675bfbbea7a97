// What somebody writes survives a lost connection, an ended session and a failed save. It is kept in this browser
// alone, under a key that tells nobody whose it is, and goes nowhere until its writer sends it.
"use strict";

(() => {
  const PREFIX = "draft:";
  const KEPT = 7 * 24 * 60 * 60 * 1000; // a week, in milliseconds
  const OF_THE_PAGE = ["csrf_token", "seen", "wording", "preview"]; // what the server puts there anew each time

  const owner = document.body.dataset.owner; // of the page: nobody's when nobody is signed in
  const store = storage();
  if (!store || !window.htmx) return; // without htmx nothing here would hear that it was sent

  function storage() {
    try {
      localStorage.setItem(PREFIX, "");
      localStorage.removeItem(PREFIX);
      return localStorage;
    } catch {
      return null; // the browser keeps nothing for us, or has no room
    }
  }

  // --- The drafts kept here -------------------------------------------------------------------------

  function keys() {
    return Object.keys(store).filter((key) => key.startsWith(PREFIX));
  }

  function read(key) {
    try {
      const draft = JSON.parse(store.getItem(key));
      return draft && Array.isArray(draft.fields) && Date.now() - draft.at < KEPT ? draft : null;
    } catch {
      return null;
    }
  }

  // What is too old goes, and what somebody else left here goes when another person has signed in.
  function tidy() {
    const isAnothers = (key) => owner !== undefined && !key.startsWith(`${PREFIX}${owner}:`);
    keys().filter((key) => isAnothers(key) || !read(key)).forEach((key) => store.removeItem(key));
  }

  function forgetAll() {
    keys().forEach((key) => store.removeItem(key));
  }

  // --- One form and its draft -----------------------------------------------------------------------

  const keyOf = (form) => `${PREFIX}${owner}:${form.dataset.draft}`;

  function fieldsOf(form) {
    return [...form.elements].filter((field) => field.name && !OF_THE_PAGE.includes(field.name));
  }

  const isTick = (field) => field.type === "radio" || field.type === "checkbox";

  function keep(form) {
    const text = form.elements.text;
    if (!text.value.trim() || (form.hasAttribute("data-fresh") && text.value === text.defaultValue)) {
      store.removeItem(keyOf(form));
      return;
    }
    const filled = fieldsOf(form).filter((field) => !isTick(field) || field.checked);
    const fields = filled.map((field) => [field.name, field.value]);
    try {
      store.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields }));
    } catch {
      // There is no room for it: it stands on the page all the same.
    }
  }

  function fill(form, fields) {
    const values = new Map(fields);
    fieldsOf(form).forEach((field) => {
      if (isTick(field)) field.checked = values.get(field.name) === field.value;
      else if (values.has(field.name)) field.value = values.get(field.name);
    });
    form.elements.text.dispatchEvent(new Event("input", { bubbles: true })); // for the counter
  }

  function part(form, name) {
    return form.querySelector(`[data-draft-${name}]`);
  }

  function restore(form) {
    const draft = read(keyOf(form));
    const text = form.elements.text;
    const words = draft && new Map(draft.fields).get("text");
    if (!words || words === text.value) return;
    const asGiven = fieldsOf(form).filter((field) => !isTick(field) || field.checked);
    const before = asGiven.map((field) => [field.name, field.value]);
    fill(form, draft.fields);
    part(form, "found").hidden = false;
    part(form, "discard").addEventListener("click", () => {
      fill(form, before);
      store.removeItem(keyOf(form));
      part(form, "found").hidden = true;
      text.focus();
    });
  }

  function begin(form) {
    if (owner === undefined || form.isKept) return;
    form.isKept = true;
    part(form, "kept").hidden = false;
    if (form.hasAttribute("data-fresh")) restore(form);
    else keep(form); // what came back from the server is what was sent, with a key to send it again by
    const changed = () => { if (!form.wasSent) keep(form); };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    listen(form);
  }

  // --- Sending it ------------------------------------------------------------------------------------

  function listen(form) {
    const own = (act) => (event) => { if (event.detail.elt === form) act(event); };
    const lost = own(() => {
      const notice = part(form, "lost");
      notice.hidden = false;
      notice.focus();
    });
    form.addEventListener("htmx:sendError", lost);
    form.addEventListener("htmx:timeout", lost);
    form.addEventListener("htmx:beforeRequest", own(() => { part(form, "lost").hidden = true; }));
    form.addEventListener("htmx:beforeOnLoad", own((event) => {
      // The server leads on only when it has taken what was sent.
      if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
      form.wasSent = true;
      store.removeItem(keyOf(form));
    }));
  }

  // An error said at the top of the page knows nothing of drafts: what holds for this page is shown.
  function sayWhatIsKept() {
    const form = document.querySelector("form[data-draft]");
    if (!form || owner === undefined || !read(keyOf(form))) return;
    document.querySelectorAll("[data-unless-kept]").forEach((line) => { line.hidden = true; });
    document.querySelectorAll("[data-when-kept]").forEach((line) => { line.hidden = false; });
  }

  tidy();
  document.querySelectorAll("form[data-draft]").forEach(begin);
  document.addEventListener("htmx:afterSwap", () => {
    document.querySelectorAll("form[data-draft]").forEach(begin);
    sayWhatIsKept();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("data-leaves")) forgetAll();
  });
})();
