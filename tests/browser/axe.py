"""Asking axe-core what is wrong with a page for those who use it otherwise than by eye and mouse."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import BrowserContext, Page

SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2, levels A and AA, and what axe's makers advise beside it.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """async (chosen) => {
  const rules = chosen.type === "tag" ? { "target-size": { enabled: true } } : {};
  const found = await axe.run(document, { runOnly: chosen, rules, resultTypes: ["violations"], preload: false });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.failureSummary.split("\\n").slice(1).join(" ").trim()} ${node.html.slice(0, 200)}`));
}"""
# Of all that axe-core does, reading colours takes longest: the same few words, for each piece of text and all that
# lies behind it. What they say is found out once for each page.
READ_COLOURS_ONCE = """(() => {
  const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
  colour.parseString = function (words) {
    if (!known.has(words)) {
      read.call(this, words);
      known.set(words, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(words);
    return this;
  };
})();"""
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"


def bring_to(context: BrowserContext) -> None:
    """Have axe-core there on every page opened from now on, whatever the page itself may load."""
    context.add_init_script(f"{SOURCE}\n{READ_COLOURS_ONCE}")


def faults(page: Page, only: str | None = None) -> list[str]:
    """What is wrong with the page as it now stands; by one rule alone where `only` names it."""
    chosen = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": TAGS}
    found = page.evaluate(ASK, chosen)
    if (beyond := page.evaluate(TOO_WIDE)) > 0:
        found.append(f"the page is {beyond} px wider than the screen")
    return found
