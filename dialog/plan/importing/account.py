"""The account of a document's letters that are no text of the plan: what they meant, or that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dialog.plan.importing.document import LeftOut
from dialog.plan.importing.lines import SOFT_HYPHEN, Line


@dataclass
class Account:
    """Lists that fill while a document is read: what was understood as structure, and what was left out."""

    structure: list[LeftOut] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def understood(self, number: int, words: str) -> None:
        self.structure.append(LeftOut(number, words))

    def leave_out(self, lines: Iterable[Line]) -> None:
        self.left_out += [LeftOut(line.number, line.text.rstrip(SOFT_HYPHEN)) for line in lines]

    def leave_out_words(self, number: int, words: str) -> None:
        self.left_out.append(LeftOut(number, words))

    def add(self, other: Account) -> None:
        self.structure += other.structure
        self.left_out += other.left_out

    def in_order(self) -> tuple[tuple[LeftOut, ...], tuple[LeftOut, ...]]:
        """The lines left out and the structure, each in the document's order."""
        return tuple(sorted(self.left_out, key=_number)), tuple(sorted(self.structure, key=_number))


def _number(entry: LeftOut) -> int:
    return entry.line
