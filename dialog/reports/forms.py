"""The forms for a report, and for the rule about many of them."""

from flask_babel import gettext, lazy_gettext
from wtforms import Field, HiddenField, ValidationError

from dialog.fields import AddressField, ChoiceField, Chosen, Form, FormKeyField, LineField, TextField
from dialog.reports.rules import (
    HIGHEST_THRESHOLD,
    LONGEST_WORDS,
    LOWEST_THRESHOLD,
    REASONS,
    SHORTEST_WORDS,
    is_threshold,
)
from dialog.reports.words import REASON_WORDS
from dialog.text import has_piled_marks, shown_length
from dialog.web import whole_number


class ReportForm(Form):
    form_key = FormKeyField()
    wording = HiddenField(filters=[whole_number])  # the one that stood on the page
    reason = ChoiceField(lazy_gettext("What is wrong with it?"), REASON_WORDS, validators=[Chosen()])
    text = TextField(lazy_gettext("Tell the moderator more"))
    email = AddressField(
        lazy_gettext("Your e-mail address, if you want to be told what is decided"), optional=True
    )

    def validate_text(self, field: Field) -> None:
        words, reason = field.data or "", self.reason.data
        if len(words) > LONGEST_WORDS:
            raise ValidationError(
                gettext("Shorten it to %(highest)d characters at the most.", highest=LONGEST_WORDS)
            )
        if has_piled_marks(words):
            raise ValidationError(gettext("So many accents over one another can't be read. Take them out."))
        if reason and REASONS[reason].needs_words and shown_length(words) < SHORTEST_WORDS:
            raise ValidationError(
                gettext(
                    "With this reason a moderator needs to know more. Write at least %(lowest)d characters.",
                    lowest=SHORTEST_WORDS,
                )
            )


class ThresholdForm(Form):
    people = LineField(lazy_gettext("Number of people"))

    def validate_people(self, field: Field) -> None:
        if self.number() is None:
            raise ValidationError(
                gettext(
                    "Write 0 to turn the rule off, or a number from %(lowest)d to %(highest)d.",
                    lowest=LOWEST_THRESHOLD,
                    highest=HIGHEST_THRESHOLD,
                )
            )

    def number(self) -> int | None:
        """The number written; None where it is none that may be set."""
        number = whole_number(self.people.data)
        return number if number is not None and is_threshold(number) else None
