"""The one door for people's text: made clean when it arrives, made into HTML once, never trusted as HTML."""

import re
import unicodedata
from collections.abc import Callable, Iterable, MutableMapping
from itertools import groupby
from typing import Any

from bleach.linkifier import Linker
from markupsafe import Markup, escape
from personnummer import personnummer

# Characters that can't be stored (NUL and other controls) or that make text show as something else than it is
# (bidirectional overrides and isolates, https://www.unicode.org/reports/tr9/).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
# Letters and signs that show nothing, though their categories say otherwise.
_BLANKS = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
_MOST_MARKS = 5  # over one letter; no language piles up more
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029|\x85")
_MANY_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_MAYBE_A_LINK = re.compile(r"\w\.\w|://")

_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Personal identity numbers and coordination numbers: a day, perhaps with its century, and four digits.
_PERSONAL_NUMBER = re.compile(
    r"(?<![0-9])((?:18|19|20)?[0-9]{6})([-+ \u00a0\u2010-\u2013\u2212])?([0-9]{4})(?![0-9])"
)
# An area code, then digits in groups as they are written in Sweden. No local number begins with 0, so no
# date and no span of months is one; and what continues other digits, as an amount does, is none either.
_TELEPHONE = re.compile(
    r"(?<![0-9])(?<![0-9][-\u2013.,/: \u00a0])"
    r"(?:(?:\+|00)46[ \u00a0-]?(?:\(0\)[ \u00a0]?)?|\(?0)"
    r"(?:8|[1-9][0-9]{1,2})\)?[ \u00a0/\u2013-]{0,3}"
    r"[1-9](?:[0-9]{4,7}|[0-9]{1,2}(?:(?:[ \u00a0][0-9]{2,3}){1,3}|(?:-[0-9]{2,3}){2}))(?![0-9])"
)
_MAIL_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


def _follow_nothing(
    attributes: MutableMapping[Any, str], new: bool = False
) -> MutableMapping[Any, str] | None:
    address = attributes.get((None, "href"), "")
    if not address.startswith(("http://", "https://")):
        return None
    attributes[None, "rel"] = "nofollow ugc noopener"
    return attributes


_linker = Linker(callbacks=[_follow_nothing])


def has_forbidden_characters(raw: str) -> bool:
    """Whether `raw` holds characters that `clean` would take out."""
    return bool(_FORBIDDEN.search(_LINE_ENDS.sub("\n", raw)))


def clean(raw: str) -> str:
    """The text as it is stored: NFC, lines ended by a line feed, nothing that can't be stored or that deceives.

    Doing it twice changes nothing more.
    """
    text = _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", raw))
    text = unicodedata.normalize("NFC", text)
    return _MANY_BLANK_LINES.sub("\n\n", text).strip()


def clean_line(raw: str) -> str:
    """As `clean`, for a field of one line: every run of white space is one space."""
    return " ".join(clean(raw).split())


def shown_length(text: str) -> int:
    """How many characters of `text` can be seen; a run of white space counts as one."""
    unseen = [one for one in set(text) if not one.isspace() and (one in _BLANKS or _category(one) in "CM")]
    seen = text.translate(dict.fromkeys(map(ord, unseen))) if unseen else text
    return len(" ".join(seen.split()))


def has_piled_marks(text: str) -> bool:
    """Whether accents and the like are piled up over a letter until they cover what stands around it."""
    return any(is_mark and len(list(run)) > _MOST_MARKS for is_mark, run in groupby(text, _is_mark))


def _is_mark(character: str) -> bool:
    return _category(character) == "M"


def _category(character: str) -> str:
    return unicodedata.category(character)[0]


def personal_numbers(text: str) -> list[str]:
    """The personal identity numbers and coordination numbers in `text`, each with its last four digits masked.

    With or without century, hyphen, plus or space; only where the day exists and the check digit fits. Ten digits
    from 0 on with nothing between them are a telephone number, and digits in a web address only an address.
    """
    links = [found.span() for found in _WEB_ADDRESS.finditer(text)]
    return [
        f"{found[1]}{found[2] or ''}****"
        for found in _PERSONAL_NUMBER.finditer(text)
        if personnummer.valid(f"{found[1]}{'+' if found[2] == '+' else '-'}{found[3]}")
        and (found[2] or not (_is_like_a_telephone_number(found[1]) or _is_in(found.start(), links)))
    ]


def _is_like_a_telephone_number(day: str) -> bool:
    return len(day) == 6 and day.startswith("0")


def ways_to_reach_somebody(text: str) -> list[str]:
    """The telephone numbers, as they are written in Sweden, and e-mail addresses in `text`, each once, in order."""
    links = [found.span() for found in _WEB_ADDRESS.finditer(text)]
    found = sorted((*_TELEPHONE.finditer(text), *_MAIL_ADDRESS.finditer(text)), key=re.Match.start)
    return list(dict.fromkeys(one.group() for one in found if not _is_in(one.start(), links)))


def what_points_somebody_out(text: str) -> list[str]:
    """What in `text` a program can see is personal data, as it stands there: numbers and ways to reach somebody."""
    numbers = [
        found.group()
        for found in _PERSONAL_NUMBER.finditer(text)
        if personnummer.valid(f"{found[1]}{'+' if found[2] == '+' else '-'}{found[3]}")
    ]
    return list(dict.fromkeys([*numbers, *ways_to_reach_somebody(text)]))


def take_out(text: str, passages: Iterable[str], mark: str) -> str:
    """The text with `mark` in the place of each of the passages, in capitals or not, on one line or two.

    They are found inside longer words too, so that "Eva" takes her name out of "Evas". Marks from before stay whole.
    """
    ways = [
        r"\s+".join(map(re.escape, passage.split())) for passage in sorted(passages, key=len, reverse=True)
    ]
    found = re.compile("|".join(filter(None, ways)) or "(?!)", re.IGNORECASE)
    return mark.join(found.sub(lambda _: mark, part) for part in text.split(mark))


def _is_in(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def linked(line: str) -> Markup:
    """A line as HTML: escaped, with web addresses as links that vouch for nothing."""
    html = str(escape(line))
    return Markup(_linker.linkify(html) if _MAYBE_A_LINK.search(line) else html)  # noqa: S704 - escaped before


def render(text: str) -> Markup:
    """The text as HTML: escaped, in paragraphs, with web addresses as links that vouch for nothing."""
    paragraphs = []
    for paragraph in PARAGRAPH_END.split(text):
        html = str(escape(paragraph)).replace("\n", "<br>\n")
        paragraphs.append(f"<p>{_linker.linkify(html) if _MAYBE_A_LINK.search(paragraph) else html}</p>")
    return Markup("\n".join(paragraphs))  # noqa: S704 - every part is escaped or made by the linker


# What the municipality writes of itself may have more than people's text: headings, lists and links that are named.
_HEADING, _ITEM = "## ", "- "
_NAMED_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^\s()]{1,500})\)")
_LEADS_SOMEWHERE = re.compile(r"https?://[^\s/]|mailto:[^\s@]+@[^\s@]|tel:\+?[0-9]|/(?![/\\])")
_own_linker = Linker(callbacks=[lambda attributes, new: attributes])


def document(text: str, root: str = "") -> Markup:
    """What the municipality writes, as HTML: paragraphs, "## " headings, "- " lists and [words](address) as links.

    Everything else is escaped. `root` is put before addresses of our own, which begin with a stroke.
    """
    parts = []
    for block in PARAGRAPH_END.split(text) if text else ():
        for mark, lines in groupby(block.split("\n"), _mark_of):
            made = [_with_named_links(line.removeprefix(mark), root) for line in lines]
            parts.append(_AS_HTML[mark](made))
    return Markup("\n".join(parts))  # noqa: S704 - every part is escaped or made by the linker


_AS_HTML: dict[str, Callable[[list[str]], str]] = {
    _HEADING: lambda lines: "\n".join(f"<h2>{line}</h2>" for line in lines),
    _ITEM: lambda lines: '<ul class="bullets">' + "".join(f"<li>{line}</li>" for line in lines) + "</ul>",
    "": lambda lines: f"<p>{'<br>'.join(lines)}</p>",
}


def _mark_of(line: str) -> str:
    return next((mark for mark in (_HEADING, _ITEM) if line.startswith(mark)), "")


def _with_named_links(line: str, root: str) -> str:
    made, start = [], 0
    for found in _NAMED_LINK.finditer(line):
        words, address = found.groups()
        if _LEADS_SOMEWHERE.match(address):
            made.append(_with_bare_links(line[start : found.start()]))
            whole = root + address if address.startswith("/") else address
            made.append(f'<a href="{escape(whole)}">{escape(words)}</a>')
            start = found.end()
    return "".join([*made, _with_bare_links(line[start:])])


def _with_bare_links(words: str) -> str:
    html = str(escape(words))
    return _own_linker.linkify(html) if _MAYBE_A_LINK.search(words) else html


def addresses_that_lead_nowhere(text: str) -> list[str]:
    """The addresses of named links in `text` that `document` makes no links of, in order."""
    return [address for _, address in _NAMED_LINK.findall(text) if not _LEADS_SOMEWHERE.match(address)]
