"""How the comments on a page can be ordered and narrowed, and how that is written in its address."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from dialog.conversation.rules import Kind, is_registration_number

Member = TypeVar("Member")


class Order(StrEnum):
    """In which order comments stand, by its name in the address."""

    NEWEST = "nyast"
    OLDEST = "aldst"
    SUPPORTED = "stod"
    DISCUSSED = "repliker"
    UNANSWERED = "obesvarat"  # those no committee has answered, the one that has waited longest first


class Speaker(StrEnum):
    """Whether somebody speaks for an organisation, by its name in the address."""

    ORGANISATION = "organisation"
    PERSON = "person"


class Stage(StrEnum):
    """How far a comment has come in the loop, by its name in the address."""

    WAITING = "vantar"
    LATE = "forsenat"
    ANSWERED = "besvarat"


KINDS_BY_NAME = {
    "fraga": Kind.QUESTION,
    "forslag": Kind.PROPOSAL,
    "erfarenhet": Kind.EXPERIENCE,
    "oro": Kind.CONCERN,
}
BY_A_COUNT = {Order.SUPPORTED, Order.DISCUSSED}


@dataclass(frozen=True)
class View:
    """What a reader has chosen to see, and in which order; None leaves that open.

    `paragraph_id` is the id of the first wording of a paragraph.
    """

    order: Order = Order.NEWEST
    kind: Kind | None = None
    area_id: int | None = None
    speaker: Speaker | None = None
    stage: Stage | None = None
    paragraph_id: int | None = None

    def parameters(self) -> dict[str, str]:
        """How the view is written in an address: what is chosen alone, always in the same order."""
        names = {kind: name for name, kind in KINDS_BY_NAME.items()}
        written = {
            "ordning": None if self.order == Order.NEWEST else str(self.order),
            "typ": names[self.kind] if self.kind else None,
            "omrade": self.area_id,
            "av": self.speaker,
            "lage": self.stage,
            "stycke": self.paragraph_id,
        }
        return {name: str(value) for name, value in written.items() if value is not None}

    def query(self, after: str | None = None) -> str:
        """The part of the address after the question mark; `after` is where the page starts."""
        return urlencode(self.parameters() | ({"efter": after} if after else {}))

    @property
    def narrowing(self) -> int:
        """How many choices narrow what is seen."""
        return len(self.parameters().keys() - {"ordning"})


def view_of(parameters: Mapping[str, str], *, areas: Collection[int], paragraphs: Collection[int]) -> View:
    """The view that an address asks for. What is no choice there is, of those that are given, is left open."""
    return View(
        order=_one_of({str(order): order for order in Order}, parameters.get("ordning")) or Order.NEWEST,
        kind=_one_of(KINDS_BY_NAME, parameters.get("typ")),
        area_id=_one_of({str(one): one for one in areas}, parameters.get("omrade")),
        speaker=_one_of({str(speaker): speaker for speaker in Speaker}, parameters.get("av")),
        stage=_one_of({str(stage): stage for stage in Stage}, parameters.get("lage")),
        paragraph_id=_one_of({str(one): one for one in paragraphs}, parameters.get("stycke")),
    )


def without_what_is_open(query: str) -> str:
    """A page's query without the choices that nobody made, which a form sends all the same, each with no value."""
    return "&".join(part for part in query.split("&") if part and not part.endswith("="))


def is_worth_keeping(query: str) -> bool:
    """Whether so many ask for a page with this query that it is kept for them all.

    So is the first page as it stands, and with one choice of those that are the same for all goals: there are few
    of these, and endlessly many others, with which anybody could drive them out.
    """
    name, _, value = query.partition("=")
    return not query or value in _ALWAYS_THERE.get(name, ())


_ALWAYS_THERE: dict[str, Collection[str]] = {
    "ordning": [order for order in Order if order != Order.NEWEST],
    "typ": KINDS_BY_NAME,
    "av": list(Speaker),
    "lage": list(Stage),
}


def _one_of(choices: Mapping[str, Member], written: str | None) -> Member | None:
    return choices.get(written) if written else None


class Cursor(NamedTuple):
    """Where a page starts: after the comment with this number, which stood there with this count."""

    number: str
    stood_at: int | None

    def __str__(self) -> str:
        return self.number if self.stood_at is None else f"{self.stood_at}.{self.number}"


def cursor_of(written: str | None, order: Order) -> Cursor | None:
    """The cursor written in an address; None where there is none that says where a page in `order` starts."""
    if written is None:
        return None
    count, _, number = written.rpartition(".")
    if not is_registration_number(number):
        return None
    if order not in BY_A_COUNT:
        return Cursor(number, None)
    return Cursor(number, int(count)) if re.fullmatch("[0-9]{1,9}", count) else None
