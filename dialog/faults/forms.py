"""The forms for reporting a fault, and for answering."""

from flask_babel import gettext, lazy_gettext
from wtforms import Field, ValidationError

from dialog.faults.rules import LONGEST_PLACE, LONGEST_WORDS, SHORTEST_WORDS, FaultState
from dialog.faults.words import ACTS
from dialog.fields import (
    AddressField,
    ChoiceField,
    Chosen,
    Form,
    FormKeyField,
    Length,
    LineField,
    TextField,
    VersionField,
)

_WORDS = Length(SHORTEST_WORDS, LONGEST_WORDS)


class FaultForm(Form):
    form_key = FormKeyField()
    text = TextField(lazy_gettext("What does not work?"), [_WORDS])
    place = LineField(lazy_gettext("Where is it?"), [Length(0, LONGEST_PLACE)])
    email = AddressField(lazy_gettext("Your e-mail address, if you want the answer by e-mail"), optional=True)


class CaseForm(Form):
    """`version` is that of the case the administrator was looking at. An answer takes words."""

    version = VersionField()
    to = ChoiceField(lazy_gettext("What have you come to?"), ACTS, validators=[Chosen()])
    text = TextField(lazy_gettext("Your answer"))

    def validate_text(self, field: Field) -> None:
        if self.to.data in (FaultState.ANSWERED, FaultState.FIXED):
            _WORDS(self, field)
        elif field.data:
            raise ValidationError(
                gettext("Only an answer is sent to whoever reported it. Choose one, or take out the text.")
            )
