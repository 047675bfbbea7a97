"""The one door for people's text: made clean when it arrives, made into HTML once, never trusted as HTML."""

import re
import unicodedata
from collections.abc import MutableMapping
from itertools import groupby
from typing import Any

from bleach.linkifier import Linker
from markupsafe import Markup, escape

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
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_MAYBE_A_LINK = re.compile(r"\w\.\w|://")


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
    seen = [one for one in text if one.isspace() or not (one in _BLANKS or _category(one) in "CM")]
    return len(" ".join("".join(seen).split()))


def has_piled_marks(text: str) -> bool:
    """Whether accents and the like are piled up over a letter until they cover what stands around it."""
    return any(is_mark and len(list(run)) > _MOST_MARKS for is_mark, run in groupby(text, _is_mark))


def _is_mark(character: str) -> bool:
    return _category(character) == "M"


def _category(character: str) -> str:
    return unicodedata.category(character)[0]


def render(text: str) -> Markup:
    """The text as HTML: escaped, in paragraphs, with web addresses as links that vouch for nothing."""
    paragraphs = []
    for paragraph in _PARAGRAPH_END.split(text):
        html = str(escape(paragraph)).replace("\n", "<br>\n")
        paragraphs.append(f"<p>{_linker.linkify(html) if _MAYBE_A_LINK.search(paragraph) else html}</p>")
    return Markup("\n".join(paragraphs))  # noqa: S704 - every part is escaped or made by the linker
