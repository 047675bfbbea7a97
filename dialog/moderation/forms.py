"""The forms for decisions: about one comment, and about several at once."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, HiddenField, ValidationError

from dialog.conversation.queries import PAGE_SIZE
from dialog.conversation.rules import Act, is_registration_number
from dialog.fields import Form, PickField, TextField, VersionField
from dialog.moderation.rules import DECISIONS, LONGEST_REASONS, NEED_REASONS, SHORTEST_REASONS
from dialog.moderation.words import GROUNDS
from dialog.text import shown_length


def _decision(value: str | None) -> Act | None:
    return next((act for act in DECISIONS if act == value), None)


def _number(value: str | None) -> str | None:
    return value if value and is_registration_number(value) else None


class _Decision(Form):
    """What is to be done, and for what needs reasons, on which ground and why."""

    act = HiddenField(filters=[_decision])
    ground = PickField(lazy_gettext("Ground"), GROUNDS, nothing=lazy_gettext("Choose a ground"))
    reasons = TextField(lazy_gettext("Reasons, for the author"))

    def validate_act(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose what is to be done with the comment."))

    def validate_ground(self, field: Field) -> None:
        if self.act.data in NEED_REASONS and field.data is None:
            raise ValidationError(gettext("Choose the ground for hiding it."))

    def validate_reasons(self, field: Field) -> None:
        words = field.data or ""
        fits = shown_length(words) >= SHORTEST_REASONS and len(words) <= LONGEST_REASONS
        if self.act.data in NEED_REASONS and not fits:
            raise ValidationError(
                gettext(
                    "Explain to the author in %(lowest)d to %(highest)d characters why it is hidden.",
                    lowest=SHORTEST_REASONS,
                    highest=LONGEST_REASONS,
                )
            )


class DecisionForm(_Decision):
    """`seen` is the version of the comment the moderator was looking at."""

    seen = VersionField()
    then = HiddenField(filters=[_number])  # the comment after this one in the queue
    on_its_page = HiddenField(filters=[bool])  # decided on the comment's own page, and not in the queue


class ChosenField(Field):
    """The comments that were ticked: of each its number and the version that was seen, as 2026-000123.4."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        read = (re.fullmatch("([0-9-]{1,20})[.]([0-9]{1,9})", str(value)) for value in valuelist)
        self.data: Any = {one[1]: int(one[2]) for one in read if one and is_registration_number(one[1])}


class SeveralForm(_Decision):
    """One decision about each of the comments that are ticked, no more than a page holds."""

    chosen = ChosenField(lazy_gettext("Ticked comments"))

    def validate_chosen(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Tick the comments first."))
        if len(field.data) > PAGE_SIZE + 1:
            raise ValidationError(gettext("Tick fewer comments, no more than the page holds."))
