"""Where Tab leads on a page: from the skip link to its end, in the order it is seen, with nothing left out."""

import base64
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from tests.browser.keyboard import Keyboard

SAME = 8  # presses that one field can take: a date has parts
MARGIN = 8  # pixels around what has the focus, where its outline is
# All that can be reached, in the order of the document, each with where it begins and ends on the page. Of choices that
# exclude each other Tab comes to one; what sticks to the foot of the window has no place of its own.
STOPS = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
  const within = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(":disabled")
    && one.type !== "hidden" && one.tabIndex >= 0;
  const chosen = (one) => {
    const group = all.filter((other) => other.type === "radio" && other.name === one.name && within(other));
    return one === (group.find((other) => other.checked) || group[0]);
  };
  const sticks = (one) => one && (getComputedStyle(one).position === "sticky" && getComputedStyle(one).bottom !== "auto"
    || sticks(one.parentElement));
  window.stops = all.filter((one) => within(one) && (one.type !== "radio" || chosen(one)));
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  const place = (box) => [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY];
  return window.stops.map((one) => {
    const boxes = [...one.getClientRects()];
    const kind = [one.localName, one.type, one.className, one.dataset.variant, one.closest("[class]")?.className];
    return { first: place(boxes[0]), last: place(boxes.at(-1)), sticks: Boolean(sticks(one)), kind: kind.join(" "),
             name: one.outerHTML.slice(0, 120), jumps: one.tabIndex > 0, skips: one.matches(".ds-skip-link"),
             is_whole: boxes.length === 1 };
  });
}"""
HERE = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || here === document.documentElement) return "out";
  const scrolls = here.scrollWidth > here.clientWidth || here.scrollHeight > here.clientHeight;
  return window.stops.includes(here) ? window.stops.indexOf(here) : scrolls ? "scrolls" : here.outerHTML.slice(0, 120);
}"""
BOX = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return [box.left, box.top, box.width, box.height, innerWidth, innerHeight];
}"""
# How many pixels differ between two pictures by a contrast of 3:1 or more: WCAG 2.4.13.
DIFFER = """async (pictures) => {
  const seen = [];
  for (const picture of pictures) {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    seen.push(canvas.getImageData(0, 0, image.width, image.height).data);
  }
  const line = (value) => value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const parts = [0.2126, 0.7152, 0.0722];
  const light = (data, at) => parts.reduce((sum, part, colour) => sum + part * line(data[at + colour]), 0.05);
  let count = 0;
  for (let at = 0; at < seen[0].length; at += 4) {
    const [one, other] = seen.map((data) => light(data, at));
    if (Math.max(one, other) / Math.min(one, other) >= 3) count += 1;
  }
  return count;
}"""


class Walker(Keyboard):
    """A keyboard whose user first goes through every page that they leave, from its first stop to its last."""

    # The kinds of things that have been seen to show that they have the focus: the same for all, as their looks are.
    looked_at: set[str] = set()

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.gone_through: set[tuple[str, int]] = set()  # headings, and how many stops

    def open(self, path: str) -> None:
        self.page.goto(path)

    def pick(self, label: str, beginning: str) -> None:
        """Choose the first that begins so in a list, as typing does."""
        field = self.page.get_by_label(label, exact=True).first
        self._walk_to(field)
        self.page.keyboard.type(beginning)
        chosen = field.evaluate("field => field.selectedOptions[0].text.trim()")
        assert chosen.startswith(beginning), f"Typing leads to {chosen!r}."

    def _enter(self, wanted) -> None:
        self.go_through()
        super()._enter(wanted)

    def go_through(self) -> None:
        """Tab through the page as it now stands, once. Fails with what is wrong with it."""
        self.page.wait_for_load_state()
        where = self.page.inner_text("h1")
        stops = self.page.evaluate(STOPS)
        if (page := (where, len(stops))) in self.gone_through:
            return
        self.gone_through.add(page)
        assert stops and stops[0]["skips"], f"{where}: the first Tab doesn't lead to the skip link."
        jumps = [stop["name"] for stop in stops if stop["jumps"]]
        assert not jumps, f"{where}: outside the order of the page: {jumps}"
        walked = self._walked(where, stops)
        missed = [stop["name"] for at, stop in enumerate(stops) if at not in walked]
        assert not missed, f"{where}: Tab never comes to {missed}"
        assert walked == sorted(walked), f"{where}: Tab goes {walked}, and not down the page."
        self._is_seen_in_order(where, [stop for stop in stops[1:] if not stop["sticks"]])

    def _walked(self, where: str, stops: list[dict[str, Any]]) -> list[int]:
        """The stops that Tab comes to, until it leaves the page or begins anew."""
        walked: list[int] = []
        times = 0
        while True:
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(HERE)
            if here == "out" or (here == 0 and walked and walked[-1] != 0):
                return walked
            if here == "scrolls":
                continue
            assert isinstance(here, int), f"{where}: Tab comes to what is no stop: {here}"
            times = times + 1 if walked and here == walked[-1] else 0
            assert times < SAME, f"{where}: Tab doesn't lead on from {stops[here]['name']}"
            if not times:
                walked.append(here)
                self._shows(where, stops[here])

    def _is_seen_in_order(self, where: str, stops: list[dict[str, Any]]) -> None:
        """Each stands below the one before, or after it on its line, or further to the right in a column of its own."""
        for one, other in pairwise(stops):
            left, top, right, bottom = one["last"]
            next_left, next_top, _, next_bottom = other["first"]
            is_below = next_top >= bottom - 2
            is_after = next_bottom > top and next_left >= left - 2
            is_beside = next_left >= right - 2
            assert is_below or is_after or is_beside, (
                f"{where}: {other['name']} is seen before {one['name']}, which Tab comes to first."
            )

    def _shows(self, where: str, stop: dict[str, Any]) -> None:
        """Whatever has the focus shows it, by pixels as many as a line of two around it has. Once for each kind."""
        if not stop["is_whole"] or stop["kind"] in self.looked_at:
            return
        left, top, width, height, window_width, window_height = self.page.evaluate(BOX)
        clip = {
            "x": left - MARGIN, "y": top - MARGIN, "width": width + 2 * MARGIN, "height": height + 2 * MARGIN
        }  # fmt: skip
        if min(clip["x"], clip["y"]) < 0 or left + width > window_width or top + height > window_height:
            return
        self.looked_at.add(stop["kind"])
        focused = self.page.screenshot(clip=clip, caret="hide")
        self.page.evaluate("() => { window.stop = document.activeElement; window.stop.blur(); }")
        blurred = self.page.screenshot(clip=clip, caret="hide")
        self.page.evaluate("() => window.stop.focus({ preventScroll: true })")
        differing = self._differing(focused, blurred)
        assert differing >= 4 * (width + height), (
            f"{where}: {stop['name']} doesn't show that it has the focus: {differing} pixels differ."
        )

    def _differing(self, *pictures: bytes) -> int:
        """Compared on a page of its own: on that of the service no such code would run."""
        browser = self.page.context.browser
        assert browser is not None
        page = browser.new_page()
        count: int = page.evaluate(DIFFER, [base64.b64encode(picture).decode() for picture in pictures])
        page.close()
        return count
