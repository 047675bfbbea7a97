"""From a web page to lines: one line for each block of text, in the order a reader meets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from dialog.plan.importing.document import MAXIMUM_CHARACTERS, Refusal, UnreadableDocument
from dialog.plan.importing.headings import UPDATED
from dialog.plan.importing.lines import Line, clean

# Loose less-than signs in a text; damaged pages have a few.
MOST_OPEN_TAGS = 200

# Parts of a page that aren't its text: menus, scripts, and what only a program or a pointer uses.
DROPPED = frozenset(
    [
        "head",
        "nav",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "select",
        "button",
        "iframe",
        "form",
        "object",
        "canvas",
    ]
)
FOOTERS = frozenset(["footer", "aside"])
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)


def markup_lines(page: str) -> list[Line]:
    """The lines of a web page, each numbered by the line of the file where its block begins.

    Menus, scripts, styles and footers are dropped, but for the date of the page. Raises UnreadableDocument
    with TOO_LARGE or NOT_TEXT.
    """
    if len(page) > MAXIMUM_CHARACTERS:
        raise UnreadableDocument(Refusal.TOO_LARGE)
    page = _without_comments(page)
    # The parser looks to the end of the page for each tag that never closes, which takes hours for many.
    if page.count("<") > page.count(">") + MOST_OPEN_TAGS:
        raise UnreadableDocument(Refusal.NOT_TEXT)
    try:
        soup = BeautifulSoup(page, "html.parser")
    except Exception as error:  # the parser gives up on some damaged declarations with errors of its own
        raise UnreadableDocument(Refusal.NOT_TEXT) from error
    collector = _Collector()
    for element, closing in _walk(soup):
        collector.meet(element, closing)
    collector.end_line()
    return collector.lines


def _without_comments(page: str) -> str:
    """The page without its comments; one that never closes hides nothing, as in a browser that gives up."""
    kept: list[str] = []
    position = 0
    while (start := page.find("<!--", position)) >= 0:
        end = page.find("-->", start + 2)
        if end < 0:
            break
        kept.append(page[position:start])
        # The line breaks stay, so that what follows keeps its line numbers.
        kept.append("\n" * page.count("\n", start, end))
        position = end + 3
    return "".join(kept) + page[position:].replace("<!--", "")


def _walk(soup: BeautifulSoup) -> Iterator[tuple[PageElement, bool]]:
    """Every element in order, a tag also when it closes; without recursion, since pages can be deep."""
    waiting: list[tuple[PageElement, bool]] = [(soup, False)]
    while waiting:
        element, closing = waiting.pop()
        if isinstance(element, Tag) and not closing:
            if element.name in DROPPED:
                continue
            if element.name in FOOTERS:
                waiting.extend((NavigableString(words), False) for words in _date_in(element))
                continue
            waiting.append((element, True))
            waiting.extend((child, False) for child in reversed(element.contents))
        yield element, closing


def _date_in(footer: Tag) -> list[str]:
    """The page's own date, which some pages keep in the footer."""
    found = UPDATED.search(clean(footer.get_text(" ")))
    return [found.group()] if found else []


@dataclass
class _Collector:
    """Gathers text into lines as the page's elements go by."""

    lines: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    number: int = 1
    cell: int = 0
    column: int = 0
    cells_met: int = 0
    cells_in_row: int = 0

    def meet(self, element: PageElement, closing: bool) -> None:
        if isinstance(element, PreformattedString):  # comments, declarations
            return
        if isinstance(element, NavigableString):
            self.words.append(str(element))
        elif isinstance(element, Tag) and element.name not in INLINE:
            self.end_line()
            self.number = element.sourceline or self.number
            if element.name == "tr":
                self.cells_in_row = 0
            elif element.name in ("td", "th"):
                self._meet_cell(element, closing)

    def _meet_cell(self, element: Tag, closing: bool) -> None:
        if closing:
            self.cell, self.column = 0, 0
            return
        self.cells_met += 1
        self.cells_in_row += 1
        self.cell = self.cells_met
        alone = self.cells_in_row == 1 and not any(isinstance(cell, Tag) for cell in element.next_siblings)
        # A row of one cell has no columns to tell a title from its clarification by.
        self.column = 0 if alone else self.cells_in_row

    def end_line(self) -> None:
        text = clean("".join(self.words))
        self.words.clear()
        if text:
            self.lines.append(Line(self.number, text, 1, False, self.cell, self.column))
