"""The forms for promising something, and for saying what became of it."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, ValidationError

from dialog.commitments.models import Commitment
from dialog.commitments.rules import (
    LONGEST_OWNER,
    LONGEST_TEXT,
    LONGEST_WORDS,
    SHORTEST_WORDS,
    CommitmentState,
    Promise,
    WhyNotBy,
)
from dialog.commitments.words import OUTCOMES, WHY_NOT_BY
from dialog.fields import ChoiceField, Chosen, DayField, Form, Length, LineField, TextField, VersionField
from dialog.text import ways_to_reach_somebody


def _refuse_a_person(form: Form, field: Field) -> None:
    if ways_to_reach_somebody(field.data or ""):
        raise ValidationError(gettext("Write an office or a role, and no address or number."))


class _Promising(Form):
    """What is promised, who sees to it, and by when."""

    text = TextField(
        lazy_gettext("What does the committee promise?"),
        [Length(SHORTEST_WORDS, LONGEST_TEXT, lazy_gettext("Write what is promised."))],
    )
    owner = LineField(
        lazy_gettext("Which office or role sees to it?"),
        [Length(2, LONGEST_OWNER, lazy_gettext("Write which office or role sees to it.")), _refuse_a_person],
    )
    due_on = DayField(lazy_gettext("By which day?"))

    def validate_due_on(self, field: Field) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(gettext("Write the date as 2026-03-31."))

    def promise(self) -> Promise:
        """What was written, where all of it was."""
        assert self.due_on.data is not None
        return Promise(self.text.data, self.owner.data, self.due_on.data)

    def refuse_day(self, why: WhyNotBy) -> None:
        """Say at the field why nothing can be promised by that day."""
        self.due_on.errors = [str(WHY_NOT_BY[why])]


class CommitForm(_Promising):
    """Something that an answer promises."""


class CorrectForm(Form):
    """Why what was said of a commitment is wrong; `seen` is the version that its reader was looking at."""

    seen = VersionField()
    reason = TextField(
        lazy_gettext("What was wrong?"),
        [Length(SHORTEST_WORDS, LONGEST_WORDS, lazy_gettext("Say what was wrong. Everybody can read it."))],
    )


class SettleForm(_Promising):
    """What became of a commitment, and what is promised instead where it is changed; that is asked for then alone.

    `seen` is the version of the commitment that its reader was looking at.
    """

    first = ("outcome", "reasons")

    seen = VersionField()
    outcome = ChoiceField(lazy_gettext("What became of it?"), OUTCOMES, [Chosen()])
    reasons = TextField(
        lazy_gettext("How did it go?"),
        [Length(SHORTEST_WORDS, LONGEST_WORDS, lazy_gettext("Say how it went. Everybody can read it."))],
    )

    def __init__(self, commitment: Commitment, **kwargs: Any) -> None:
        self.commitment = commitment
        start = {"seen": commitment.version, "text": commitment.text, "owner": commitment.owner}
        super().__init__(data=start, **kwargs)

    @property
    def instead(self) -> Promise | None:
        """What is promised instead, where it is changed."""
        return self.promise() if self.outcome.data == CommitmentState.CHANGED else None

    def validate(self, extra_validators: object = None) -> bool:
        """Whether all that must be said is. What is promised instead is looked at only where it is changed."""
        is_valid: bool = super().validate(extra_validators)
        if self.outcome.data == CommitmentState.CHANGED:
            return is_valid and self._says_something_new()
        for field in (self.text, self.owner, self.due_on):
            field.errors = []
        return not self.errors

    def _says_something_new(self) -> bool:
        before = self.commitment
        if self.promise() == Promise(before.text, before.owner, before.due_on):
            self.due_on.errors = [
                gettext("This is what is promised already. Write what is promised instead.")
            ]
            return False
        return True
