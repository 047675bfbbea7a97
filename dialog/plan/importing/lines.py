"""Lines of a document and the paragraphs they make: gaps, wrapping, words split at a line's end."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

SOFT_HYPHEN = "\u00ad"
HYPHENS = ("-", "\u2010", SOFT_HYPHEN)

# A gap that says nothing: something that isn't text, such as a page number, stood between the lines.
UNKNOWN_GAP = -1

INVISIBLE = dict.fromkeys(
    [0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
# One glyph for several letters, and the bullet of Word's symbol font: what PDFs are full of.
GLYPHS = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xF0B7: "•",
    0xF0A7: "▪",
}
SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
SOFT_HYPHENS_INSIDE = re.compile(f"{SOFT_HYPHEN}+(?=.)")

BULLET = re.compile(r"^[•·▪◦●∙‣⁃*○■□]\s*(?=\S)")
DASH = re.compile(r"^[-–—]\s+(?=\S)")
FINISHED = re.compile(r"[.!?:…][\"”’»)\]]*$")
# Words that come after a hyphen which stands for the rest of a compound: "vård- och omsorg".
SUSPENDED = re.compile(r"^(och|eller|samt|respektive|resp\.|men|utan|till|än|/|&)(?=\W|$)", re.IGNORECASE)
# "EU-projekt", "T1-rapport" and "e-tjänst" are written with a hyphen wherever the line ends.
KEEPS_HYPHEN = re.compile(r"(?:^|[^\w])(?:[A-ZÅÄÖ0-9]{2,}|\w|[A-ZÅÄÖ]\d+)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that isn't blank: its number in the file, its text, and how many blank lines precede it.

    `cell` numbers the table cell it stands in (0 outside tables) and `column` that cell's place in its row.
    """

    number: int
    text: str
    gap: int = 0
    starts_page: bool = False
    cell: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, and their text with wrapped lines joined."""

    lines: tuple[Line, ...]
    text: str

    @property
    def number(self) -> int:
        return self.lines[0].number

    @property
    def last_number(self) -> int:
        return self.lines[-1].number


@dataclass(frozen=True)
class Layout:
    """How a document sets its lines.

    `wrapped` says that lines are broken in mid-sentence. Then `line_gap` is how many blank lines stand
    between the lines of one paragraph, and `paragraph_gap` how many at least part two paragraphs, None where
    gaps don't tell. `width` is the length that lines are commonly filled to.
    """

    wrapped: bool
    line_gap: int
    paragraph_gap: int | None
    width: int


def clean(text: str) -> str:
    """One line's text with runs of white space as one space and without what can't be seen.

    A soft hyphen is kept only at the end, where it says that a word goes on in the next line.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(GLYPHS).translate(INVISIBLE))
    text = SPACES.sub(" ", text).strip()
    return SOFT_HYPHENS_INSIDE.sub("", text)


def without_marker(text: str) -> str:
    """The text without the bullet or dash that opens an item of a list."""
    return DASH.sub("", BULLET.sub("", text)).strip()


def is_finished(text: str) -> bool:
    """Whether a line ends where a sentence or a lead-in ends."""
    return FINISHED.search(text[-6:]) is not None


def starts_lower(text: str) -> bool:
    return text[:1].islower()


def continues(previous: str, following: str) -> bool:
    """Whether a line surely goes on in the next: it stops in mid-sentence, the next starts in lower case."""
    return starts_lower(following) and not is_finished(previous)


def joined(lines: Iterable[Line]) -> str:
    """The text of wrapped lines as one, with words that were split at a line's end made whole."""
    parts: list[str] = []
    for line in lines:
        if parts:
            parts[-1], glue = _line_end(parts[-1], line.text)
            parts.append(glue)
        parts.append(line.text)
    return "".join(parts).rstrip(SOFT_HYPHEN)


def _line_end(previous: str, following: str) -> tuple[str, str]:
    """How a line ends when another follows it: its text, and what goes between the two."""
    if previous.endswith(SOFT_HYPHEN):
        # Some programs write every hyphen at a line's end as a soft one, true ones too.
        previous = previous.rstrip(SOFT_HYPHEN) + "-"
    if not previous.endswith(HYPHENS) or previous[-2:-1] in ("", " "):
        return previous, " "
    if SUSPENDED.match(following):
        return previous, " "
    stem = previous[-25:-1]
    if not starts_lower(following) or KEEPS_HYPHEN.search(stem):
        return previous, "" if following[:1].isalnum() else " "
    return previous[:-1], ""


def measure(lines: Sequence[Line], is_heading: Callable[[str], bool]) -> Layout:
    """The layout of a document, told from its lines; headings say nothing of the gaps of paragraphs."""
    pairs = list(pairwise(lines))
    sure = [
        following.gap
        for previous, following in pairs
        if following.gap != UNKNOWN_GAP and continues(previous.text, following.text)
    ]
    lengths = sorted(len(line.text) for line in lines)
    # Text that was never wrapped has whole paragraphs as lines, so some are far longer than a page is wide.
    narrow = bool(lengths) and lengths[int(len(lengths) * 0.95)] <= 160
    wrapped = narrow and len(sure) >= 2 and len(sure) >= 0.2 * len(pairs)
    line_gap = _commonest(sure) or 0
    larger = _commonest(_gaps_between_paragraphs(lines, line_gap, is_heading))
    # Spacing may be uneven; still, what is wider than nearly every gap inside a sentence parts paragraphs.
    widest = sorted(sure)[int(len(sure) * 0.95)] if sure else 0
    # A fifth of the lines, headings and such, may be longer than the text is wide.
    width = lengths[int(len(lengths) * 0.8)] if lengths else 0
    paragraph_gap = min(larger, max(widest, line_gap) + 1) if larger is not None else None
    return Layout(wrapped, line_gap, paragraph_gap, width)


def _gaps_between_paragraphs(
    lines: Sequence[Line], line_gap: int, is_heading: Callable[[str], bool]
) -> list[int]:
    """The larger gaps between what look like two paragraphs, away from any heading."""
    gaps: list[int] = []
    since_heading = 0
    for previous, following in pairwise(lines):
        # The gap below a heading of up to three lines belongs to the heading.
        since_heading = 0 if is_heading(previous.text) else since_heading + 1
        if following.gap <= line_gap or since_heading < 3 or is_heading(following.text):
            continue
        if is_finished(previous.text) and not starts_lower(following.text):
            gaps.append(following.gap)
    return gaps


def _commonest(gaps: Sequence[int]) -> int | None:
    """The commonest gap, the smallest of equals; None when there are none."""
    counted = Counter(gaps)
    return max(sorted(counted), key=counted.__getitem__) if counted else None


def starts_paragraph(previous: Line, line: Line, layout: Layout) -> bool:
    """Whether a line begins a new paragraph after the previous one."""
    if line.cell != previous.cell:
        return True
    if opens_item(previous, line, layout):
        return True
    if continues(previous.text, line.text):
        return False
    if not layout.wrapped:
        return True
    if line.gap != UNKNOWN_GAP and line.gap <= layout.line_gap and layout.paragraph_gap is not None:
        return False
    ends_early = has_room(previous.text, line.text, layout.width)
    if not is_finished(previous.text) and not ends_early:
        return False
    if layout.paragraph_gap is not None and line.gap >= layout.paragraph_gap:
        return True
    return ends_early and is_finished(previous.text)


def opens_item(previous: Line, line: Line, layout: Layout) -> bool:
    """Whether a line opens with the bullet of a list. A dash may also be one in mid-sentence."""
    if BULLET.match(line.text):
        return True
    if not DASH.match(line.text):
        return False
    listed = is_finished(previous.text) or DASH.match(previous.text) is not None
    return listed or not layout.wrapped or line.gap > layout.line_gap


def has_room(previous: str, following: str, width: int) -> bool:
    """Whether a line stopped although the next line's first word would have had room on it."""
    return len(previous) + 1 + len(following.split(" ", 1)[0]) <= width


def paragraphs(
    lines: Sequence[Line],
    layout: Layout,
    must_break: Callable[[Line, Line], bool] | None = None,
) -> list[Paragraph]:
    """The paragraphs of some lines; `must_break` may ask for a break that the layout doesn't show."""
    found: list[list[Line]] = []
    for line in lines:
        previous = found[-1][-1] if found else None
        if (
            previous is None
            or (must_break is not None and must_break(previous, line))
            or starts_paragraph(previous, line, layout)
        ):
            found.append([line])
        else:
            found[-1].append(line)
    return [Paragraph(tuple(group), joined(group)) for group in found]
