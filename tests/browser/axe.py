"""Asking axe-core what is wrong with a page for those who use it otherwise than by eye and mouse."""

import re
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2, levels A and AA, and what axe's makers advise beside it.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """async (chosen) => {
  const rules = chosen.type === "tag" ? { "target-size": { enabled: true } } : {};
  const found = await axe.run(document, { runOnly: chosen, rules, resultTypes: ["violations"], preload: false });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.failureSummary.split("\\n").slice(1).join(" ").trim()} ${node.html.slice(0, 200)}`));
}"""
STYLES = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "static").rglob("*.css"))
ASKED_FOR_BY_STYLES = sorted({"class", *re.findall(r"\[([a-z-]+)", STYLES)})
# How text is drawn follows from what it is and what it stands in, as style sheets see them. Marks what is of a kind
# that isn't known, gives those kinds, and has contrast measured on what is marked: nothing takes axe longer.
MARK = """([attributes, known]) => {
  const kinds = new Set(known), found = [], holds_checked = new Set();
  for (let one of document.querySelectorAll(":checked")) for (; one; one = one.parentElement) holds_checked.add(one);
  const kind_of = (one, within) => {
    const told = attributes.filter((each) => one.hasAttribute(each)).map((each) => `${each}=${one.getAttribute(each)}`);
    const place = [!one.previousElementSibling, !one.nextElementSibling, holds_checked.has(one), one.disabled];
    const text = `${within} ${one.localName} ${one.id.replace(/[0-9]/g, "")} ${told} ${place}`;
    let first = 7, second = 11;
    for (let at = 0; at < text.length; at += 1) {
      first = Math.imul(first ^ text.charCodeAt(at), 2654435761);
      second = Math.imul(second ^ text.charCodeAt(at), 1597334677);
    }
    return `${first}${second}`;
  };
  const walk = (one, within) => {
    const kind = kind_of(one, within);
    one.toggleAttribute("data-new", !kinds.has(kind));
    if (!kinds.has(kind)) { kinds.add(kind); found.push(kind); }
    for (const each of one.children) walk(each, kind);
  };
  walk(document.documentElement, "");
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-new]" }] });
  return found;
}"""
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"


def bring_to(context: BrowserContext) -> None:
    """Have axe-core there on every page opened from now on, whatever the page itself may load."""
    context.add_init_script(SOURCE)


def measure_contrast_on_new_kinds(page: Page, known: set[str]) -> None:
    """Let contrast be measured on what is drawn as nothing was before on this page, and from now on is `known`."""
    known.update(page.evaluate(MARK, [ASKED_FOR_BY_STYLES, list(known)]))


def faults(page: Page, only: str | None = None) -> list[str]:
    """What is wrong with the page as it now stands; by one rule alone where `only` names it."""
    chosen = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": TAGS}
    found = page.evaluate(ASK, chosen)
    if (beyond := page.evaluate(TOO_WIDE)) > 0:
        found.append(f"the page is {beyond} px wider than the screen")
    return found
