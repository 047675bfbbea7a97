"""The forms for the period of an annex, and for putting a meeting on record."""

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import Field, ValidationError

from dialog.db import clock
from dialog.fields import DayField, Form, Length, LineField
from dialog.meetings.rules import LONGEST_PARAGRAPH, LONGEST_PROTOCOL, Period


class PeriodForm(Form):
    """What isn't said is as in the `usual` period."""

    since = DayField(lazy_gettext("From"), name="fran")
    until = DayField(lazy_gettext("To and including"), name="till")

    def __init__(self, usual: Period) -> None:
        self.usual = usual
        asked = {name: value for name, value in request.args.items() if name in ("fran", "till") and value}
        super().__init__(formdata=request.args if asked else None, obj=usual)

    def period(self) -> Period:
        """The days that are asked for."""
        return Period(self.since.data or self.usual.since, self.until.data or self.usual.until)

    def validate_until(self, field: Field) -> None:
        period = self.period()
        if not (self.since.errors or field.errors) and period.until < period.since:
            raise ValidationError(gettext("The last day can't come before the first."))


class MeetingForm(Form):
    """A meeting; where it `decides` something about comments, it says in which paragraph."""

    decides = False

    held_on = DayField(lazy_gettext("Date of the meeting"))
    paragraph = LineField(lazy_gettext("Paragraph of the decision"), [Length(0, LONGEST_PARAGRAPH)])
    protocol = LineField(lazy_gettext("Link to the protocol"), [Length(0, LONGEST_PROTOCOL)])

    def validate_held_on(self, field: Field) -> None:
        if field.errors:
            return
        if field.data is None:
            raise ValidationError(gettext("Write the date as 2026-03-31."))
        if field.data > clock.today():
            raise ValidationError(gettext("Write a date that has been."))

    def validate_paragraph(self, field: Field) -> None:
        if self.decides and not field.data:
            raise ValidationError(gettext("Write in which paragraph it was decided."))

    def validate_protocol(self, field: Field) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(gettext("Write the address as it begins in the browser, with https://."))
