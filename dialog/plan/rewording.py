"""What changed between two wordings of a text, word by word. Pure."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"\S+\s*")
_HARDLY_ALIKE = 0.3  # share of the words; below it a diff is a jumble, and the two wordings are told whole


class Fate(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    OUT = "out"
    IN = "in"


class Piece(NamedTuple):
    """Some words that stand beside each other, and what became of them."""

    fate: Fate
    words: str


@lru_cache(maxsize=2000)
def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The new wording with what was taken out of the old one before what was put in instead, in the order it is read.

    Words are the same when all their letters and marks are. Either wording may be empty.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(
        None, [one.strip() for one in old], [one.strip() for one in new], autojunk=False
    )
    if matcher.ratio() < _HARDLY_ALIKE:
        return _without_nothing(Piece(Fate.OUT, before.strip()), Piece(Fate.IN, after.strip()))
    found: list[Piece] = []
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        out, put_in = "".join(old[old_start:old_end]).strip(), "".join(new[new_start:new_end]).strip()
        if kind == "equal":
            found.append(Piece(Fate.KEPT, put_in))
        else:
            found += [Piece(Fate.OUT, out), Piece(Fate.IN, put_in)]
    return _without_nothing(*found)


def _without_nothing(*found: Piece) -> tuple[Piece, ...]:
    return tuple(piece for piece in found if piece.words)
