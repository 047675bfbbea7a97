"""The form for an answer."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, Field, ValidationError, validators

from dialog.fields import Length, LineField, PickField, TextField, VersionField
from dialog.response.operations import Draft
from dialog.response.words import OUTCOMES
from dialog.text import clean_line

LONGEST_PART = 5000
LONGEST_REFERENCE = 200


class DayField(DateField):
    def _value(self) -> str:
        return clean_line(super()._value())


class AnswerForm(FlaskForm):
    """`seen` is the version of the draft the writer was looking at."""

    seen = VersionField()
    you_said = TextField(lazy_gettext("You said"), [Length(0, LONGEST_PART)])
    we_decided = TextField(lazy_gettext("We decided"), [Length(0, LONGEST_PART)])
    because = TextField(lazy_gettext("Because"), [Length(0, LONGEST_PART)])
    outcome = PickField(lazy_gettext("Outcome"), OUTCOMES, nothing=lazy_gettext("Not chosen yet"))
    decided_on = DayField(lazy_gettext("Date of the decision"), [validators.Optional()])
    decision_reference = LineField(
        lazy_gettext("Where the decision is recorded, such as § 42"), [Length(0, LONGEST_REFERENCE)]
    )

    def validate_decided_on(self, field: Field) -> None:
        if field.data is None and field.raw_data and field.raw_data[0]:
            field.errors = []  # the library's own sentence isn't in the reader's language
            raise ValidationError(gettext("Write the date as 2026-03-31."))

    def draft(self) -> Draft:
        return Draft(
            you_said=self.you_said.data or "",
            we_decided=self.we_decided.data or "",
            because=self.because.data or "",
            outcome=self.outcome.data,
            decided_on=self.decided_on.data,
            decision_reference=self.decision_reference.data or None,
        )

    def say_what_is_missing(self) -> None:
        """Put an error at every field that must be filled in before the answer can be published."""
        for field in (self.you_said, self.we_decided, self.because):
            if not field.data:
                field.errors = [gettext("Write this before you publish.")]
        if self.outcome.data is None:
            self.outcome.errors = [gettext("Choose an outcome before you publish.")]
