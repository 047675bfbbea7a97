"""Using a page as somebody does who has no mouse: from one thing to the next, and a press."""

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 150  # further than anybody would walk
PATIENCE = 15_000  # milliseconds
RELOADS = 30


class Keyboard:
    """Presses keys, and nothing else. What cannot be reached, or doesn't show that it was, fails."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, name: str) -> None:
        """Follow the first link whose words hold `name`."""
        self._enter(self.page.get_by_role("link", name=name).first)

    def press(self, name: str) -> None:
        self._enter(self.page.get_by_role("button", name=name, exact=True).first)

    def unfold(self, name: str) -> None:
        """Open what is folded together under these words."""
        self._enter(self.page.locator("summary").filter(has_text=name).first)

    def write(self, label: str, words: str) -> None:
        """Write in the field with this label, in the place of what stood there."""
        self._walk_to(self.page.get_by_label(label, exact=True).first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def tick(self, box: Locator) -> None:
        self._walk_to(box)
        self.page.keyboard.press("Space")
        assert box.is_checked()

    def choose(self, label: str) -> None:
        """Choose one of a few: the walk comes to their group, and the arrows lead on in it."""
        wanted = self.page.get_by_role("radio", name=label, exact=True)
        group = self.page.locator(f"input[name='{wanted.get_attribute('name')}']")
        self._walk_to(group)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows don't lead to {label!r}.")

    def reads(self, *words: str) -> None:
        """Wait until the page says all of `words`."""
        for some in words:
            expect(self.page.locator("main")).to_contain_text(some, timeout=PATIENCE)

    def reads_in_time(self, words: str) -> None:
        """Open the page anew until it says `words`: what the worker does comes a moment later."""
        for _ in range(RELOADS):
            if words in self.page.inner_text("main"):
                return
            self.page.wait_for_timeout(PATIENCE / RELOADS)
            self.page.reload()
        self.reads(words)

    def _walk_to(self, wanted: Locator) -> None:
        """Press Tab until what is wanted has the focus, and shows it."""
        wanted.first.wait_for()
        reached = wanted.and_(self.page.locator(":focus-visible"))
        for _ in range(MOST_STEPS):
            if reached.count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached from the keyboard.")

    def _enter(self, wanted: Locator) -> None:
        """Press what leads to another page, or to another part of this one; see first that this one fits."""
        self._walk_to(wanted)
        too_wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not too_wide, f"{self.page.url} is wider than the screen."
        wanted.press("Enter")  # it has the focus already
