"""The form for what somebody said by another way than the web."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, SelectChoice, SelectField, ValidationError

from dialog.conversation.rules import LONGEST_COMMENT, SHORTEST_COMMENT
from dialog.conversation.words import KINDS, LANGUAGES
from dialog.fields import (
    ChoiceField,
    Chosen,
    DayField,
    Form,
    FormKeyField,
    Length,
    LineField,
    ListField,
    TextField,
)
from dialog.formats import excerpt
from dialog.people.forms import LONGEST_NAME, AreaField
from dialog.plan.models import Paragraph
from dialog.reception.rules import day_flaw
from dialog.reception.words import CHANNELS, DAY_FLAWS


class ReceptionForm(Form):
    form_key = FormKeyField()
    channel = ChoiceField(lazy_gettext("How did it come?"), CHANNELS, [Chosen()])
    received_on = DayField(lazy_gettext("The day it came"))
    paragraph = SelectField(lazy_gettext("Is it about one paragraph?"), validate_choice=False)
    kind = ChoiceField(lazy_gettext("What is it?"), KINDS, [Chosen()])
    text = TextField(
        lazy_gettext("The words as they were given"),
        [Length(SHORTEST_COMMENT, LONGEST_COMMENT, lazy_gettext("Write what was said."))],
    )
    area = AreaField(lazy_gettext("Where does it concern?"))
    language = ListField(lazy_gettext("Language it was said in"), LANGUAGES)
    name = LineField(
        lazy_gettext("Name to be shown, if the person wants one to be"), [Length(0, LONGEST_NAME)]
    )
    told = BooleanField(
        lazy_gettext(
            "I have told the person that the municipality runs this service, that what they say becomes a public "
            "record, and that everybody can read it here once a moderator has read it."
        )
    )

    def __init__(self, paragraphs: Sequence[Paragraph], today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today = today
        self.paragraphs = {str(paragraph.id): paragraph for paragraph in paragraphs}
        self.paragraph.choices = [
            SelectChoice("", gettext("No, about all of it")),
            *(SelectChoice(key, excerpt(one.text, 90)) for key, one in self.paragraphs.items()),
        ]
        self.area.offer(gettext("The whole municipality"))

    def day(self) -> date:
        """The day it came, once the form has been found right."""
        assert self.received_on.data is not None
        return self.received_on.data

    def chosen_paragraph(self) -> Paragraph | None:
        return self.paragraphs.get(self.paragraph.data or "")

    def validate_received_on(self, field: Field) -> None:
        if not field.errors and (flaw := day_flaw(field.data, self.today)):
            raise ValidationError(str(DAY_FLAWS[flaw]))

    def validate_paragraph(self, field: Field) -> None:
        if field.data and field.data not in self.paragraphs:
            raise ValidationError(gettext("Choose one of these."))

    def validate_told(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Tell the person this, and tick the box when you have."))
