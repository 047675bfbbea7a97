"""The one door for people's text: made clean when it arrives, made into HTML once, never trusted as HTML."""

import re
import unicodedata
from collections.abc import MutableMapping
from typing import Any

from bleach.linkifier import Linker
from markupsafe import Markup, escape

# Characters that can't be stored (NUL and other controls) or that make text show as something else than it is
# (bidirectional overrides and isolates, https://www.unicode.org/reports/tr9/).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
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


def render(text: str) -> Markup:
    """The text as HTML: escaped, in paragraphs, with web addresses as links that vouch for nothing."""
    paragraphs = []
    for paragraph in _PARAGRAPH_END.split(text):
        html = str(escape(paragraph)).replace("\n", "<br>\n")
        paragraphs.append(f"<p>{_linker.linkify(html) if _MAYBE_A_LINK.search(paragraph) else html}</p>")
    return Markup("\n".join(paragraphs))  # noqa: S704 - every part is escaped or made by the linker
