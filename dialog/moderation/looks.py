"""How what waits looks to moderators: made once for all of them, and kept until something about it changes.

Where a page shows what is its own or its reader's, a mark stands in what is kept. People's text can hold no such mark
(see text.clean), so nobody can have what takes its place.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from flask import render_template, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from dialog.conversation.models import Comment
from dialog.db import clock
from dialog.kept import piece, pieces
from dialog.moderation.forms import DecisionForm, SettleProposalForm, SeveralForm
from dialog.moderation.ordering import Waiting, whole
from dialog.moderation.queries import Background, Choices
from dialog.moderation.rules import LOOK_WITHIN_DAYS, REASON_SLUGS, Age, Choice, Order
from dialog.workdays import working_days_between

Key = tuple[str, Waiting, tuple[tuple[str, int], ...]]


class Marks(NamedTuple):
    """What stands in a look in the place of a page's own: see `Looks.of`."""

    token: Markup
    place: Markup
    then: Markup
    focus: Markup
    end: Markup


MARKS = Marks(*(Markup(f"\0{name}\0") for name in Marks._fields))  # noqa: S704 - words of ours


@dataclass(frozen=True)
class Sent:
    """What was sent about the comments on a page and comes back with it: forms that failed, and which were ticked."""

    comment: Comment | None = None
    form: DecisionForm | None = None
    second: SettleProposalForm | None = None
    several: SeveralForm | None = None

    @property
    def ticked(self) -> Collection[str]:
        """The numbers of those that were ticked."""
        return (self.several.chosen.data or ()) if self.several else ()

    def is_about(self, waiting: Waiting) -> bool:
        is_the_one = self.comment is not None and self.comment.id == waiting.id
        return is_the_one or waiting.number in self.ticked


class Looks:
    """The looks of what is on a page of the queue, whose address ends with `place`, for whoever reads it."""

    def __init__(self, page: Sequence[Waiting], background: Background, *, place: str, sent: Sent) -> None:
        self._place = escape(place)
        self._token = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
        keys: dict[int, Key] = {one.id: _key_of(one, background) for one in page}
        kept = [keys[one.id] for one in page if _is_for_all(one, background, sent)]
        others = [keys[one.id] for one in page if keys[one.id] not in kept]
        made: dict[Key, Markup] = {}

        def make(missing: Sequence[Key]) -> dict[Key, Markup]:
            made.update(_make([*missing, *others], background, sent))
            return {key: made[key] for key in missing}

        looks = pieces(kept, make)
        looks |= made or _make(others, background, sent)
        self._looks = {comment_id: looks[key] for comment_id, key in keys.items()}
        self._several = sent.several

    def of(self, waiting: Waiting, *, then: str | None, is_here: bool) -> Markup:
        """The look of a comment; `then` is the number of the next one, and `is_here` whether the reader is at it."""
        look = self._looks[waiting.id].replace(MARKS.then, then or "")
        return self._for_reader(look.replace(MARKS.focus, Markup(" data-focus") if is_here else ""))

    def of_several(self) -> Markup:
        """The look of the form for deciding about those ticked."""
        sent = self._several
        look = _several(sent) if sent is not None else piece(("for several",), partial(_several, None))
        return self._for_reader(look)

    def _for_reader(self, look: Markup) -> Markup:
        return look.replace(MARKS.token, self._token).replace(MARKS.place, self._place)


def place_of(**parameters: Any) -> str:
    """How the address of a page of the queue ends, by its parameters."""
    _, mark, query = url_for("moderation.queue", **parameters).partition("?")
    return mark + query


def _is_for_all(waiting: Waiting, background: Background, sent: Sent) -> bool:
    """Whether every moderator sees the same, and nothing but what `_key_of` tells of."""
    own = (background.claims, background.proposals, background.flags)
    return (
        waiting.review_since is not None
        and not waiting.report_count
        and not sent.is_about(waiting)
        and not any(waiting.id in one for one in own)
    )


def _key_of(waiting: Waiting, background: Background) -> Key:
    """All that decides how a comment looks that waits for a first look, and that nobody has reported or taken."""
    sums = tuple((one.what, one.decisions) for one in background.sums.get(waiting.author_id, ()))
    return ("waiting", waiting, sums)


def _make(keys: Sequence[Key], background: Background, sent: Sent) -> dict[Key, Markup]:
    """The looks of what waits, by their keys, in as many queries however many they are."""
    if not keys:
        return {}
    found = whole([waiting.id for _, waiting, _ in keys])
    made = render_template(
        "moderation/_items.html",
        comments=[found[waiting.id] for _, waiting, _ in keys],
        background=background,
        sent=sent,
        blank=DecisionForm(formdata=None),
        blank_second=SettleProposalForm(formdata=None),
        fields=piece(("fields for hiding",), _fields),
        filling=_filling(),
        marks=MARKS,
        waited=working_days_between,
        look_within=LOOK_WITHIN_DAYS,
        today=clock.today(),
    )
    looks = Markup(made).split(MARKS.end)[:-1]  # noqa: S704 - a template of ours has escaped what it shows
    return dict(zip(keys, looks, strict=True))


def _several(sent: SeveralForm | None) -> Markup:
    form = sent or SeveralForm(formdata=None)
    filling = escape(address_of_filling()) + MARKS.place
    # A template of ours has escaped what it shows.
    return Markup(  # noqa: S704
        render_template("moderation/_several.html", several=form, filling_several=filling, marks=MARKS)
    )


def look_of_choices(choice: Choice, there_are: Choices) -> Markup:
    """The form for choosing a part of the queue and its order, where `choice` is what is chosen."""

    def make() -> Markup:
        # A template of ours has escaped what it shows.
        return Markup(  # noqa: S704
            render_template(
                "moderation/_choices.html",
                choice=choice,
                choices=there_are,
                reasons=REASON_SLUGS,
                ages=list(Age),
                orders=list(Order),
            )
        )

    key = (choice, tuple(there_are.goals.values()), tuple(there_are.committees.values()))
    return piece(("parts of the queue", *key), make)


def _fields() -> Markup:
    """The fields for hiding a comment: the same for every one but for its number, and more than all else of it."""
    # A template of ours has escaped what it shows.
    return Markup(  # noqa: S704
        render_template(
            "moderation/_hiding.html",
            form=DecisionForm(formdata=None),
            ending="-@number@",
            filling=_filling(),
            is_several=False,
        )
    )


def _filling() -> Markup:
    return escape(address_of_filling("@number@")) + MARKS.place


_NO_PLACE: Mapping[str, Any] = {}


def address_of_filling(number: str | None = None, place: Mapping[str, Any] = _NO_PLACE) -> str:
    """Where a template is put into the reasons for hiding a comment; several where no number is given.

    The number may be the mark that a comment's own takes the place of; `place` is the page of the queue.
    """
    if number is None:
        return url_for("moderation.fill_several", **place)
    return url_for("moderation.fill", number="0000-000000", **place).replace("0000-000000", number)
