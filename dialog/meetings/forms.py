"""The form for the period of an annex. It changes nothing, so it needs no token and stands in the address."""

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import Field, ValidationError

from dialog.fields import DayField, Form
from dialog.meetings.rules import Period


class PeriodForm(Form):
    """What isn't said is as in the `usual` period."""

    class Meta(Form.Meta):
        csrf = False

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
