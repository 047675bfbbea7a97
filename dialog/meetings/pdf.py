"""An annex as PDF/UA-1: tagged, with its language and title set, headings and tables in the order they are read."""

import json
import re
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask_babel import gettext

from dialog.meetings.paper import Paper

_TEMPLATE = Path(__file__).parent / "data" / "annex.typ"
# What the typesetter's own fonts hold. PDF/UA allows no sign without a shape.
_WITHOUT_A_SHAPE = re.compile(
    "[^\t\n\u0020-\u007e\u00a0-\u0377\u037a-\u037f\u0384-\u0484\u0487-\u04ff\u0591-\u05f4\u0621-\u063a\u0641-\u064a"
    "\u0660-\u0669\u1e00-\u1f15\u2000-\u200b\u2010-\u2027\u202f-\u2040\u20a0-\u20bf\u2190-\u22ff\u2500-\u25ff]"
    "[\u200b-\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*"
)
_LONGEST_NAMED = 3  # signs beside each other; longer rows are a language of its own, and not pictures


def pdf_of(paper: Paper) -> bytes:
    """The file. People's words reach the typesetter as data, and it reads no file but our template."""
    import typst  # here, since most processes never make one

    written = asdict(paper)
    shown = _with_names(written)
    if shown != written:
        shown["notes"].append(
            gettext(
                "Signs that this file can't show stand as their names in brackets. On the web and in the files ODT "
                "and CSV they stand as they were written."
            )
        )
    options: dict[str, Any] = {
        "root": str(_TEMPLATE.parent),
        "ignore_system_fonts": True,  # the same file everywhere
        "sys_inputs": {"paper": json.dumps(shown)},
        "format": "pdf",
    }
    try:
        made = typst.compile(str(_TEMPLATE), pdf_standards=["ua-1"], **options)
    except (
        typst.TypstError
    ):  # a sign without a shape after all: tagged as well, but an empty box where it stands
        made = typst.compile(str(_TEMPLATE), **options)
    return bytes(made)


def _with_names(part: Any) -> Any:
    """The same, with names in brackets for signs that have no shape."""
    if isinstance(part, str):
        return re.sub(f"(?:{_WITHOUT_A_SHAPE.pattern})+", _named, part)
    if isinstance(part, list):
        return [_with_names(one) for one in part]
    if isinstance(part, dict):
        return {name: _with_names(one) for name, one in part.items()}
    return part


def _named(found: "re.Match[str]") -> str:
    signs = [one.group()[0] for one in _WITHOUT_A_SHAPE.finditer(found.group())]
    names = [unicodedata.name(one, f"U+{ord(one):04X}").lower() for one in signs[:_LONGEST_NAMED]]
    return f"[{', '.join(names)}{' …' if len(signs) > _LONGEST_NAMED else ''}]"
