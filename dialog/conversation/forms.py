"""The form for a comment."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectChoice, SelectField, ValidationError

from dialog.conversation.rules import LONGEST_COMMENT, SHORTEST_COMMENT
from dialog.conversation.words import KINDS, LANGUAGES
from dialog.fields import ChoiceField, Chosen, Length, TextField
from dialog.people.forms import AreaField
from dialog.people.models import Mandate

LONGEST_KEY = 64


class CommentForm(FlaskForm):
    form_key = HiddenField()
    kind = ChoiceField(lazy_gettext("What is it?"), KINDS, [Chosen()])
    text = TextField(lazy_gettext("Your comment"), [Length(SHORTEST_COMMENT, LONGEST_COMMENT)])
    area = AreaField(lazy_gettext("Where does it concern?"))
    speaks_for = RadioField(lazy_gettext("Who is speaking?"), validate_choice=False, default="")
    language = SelectField(
        lazy_gettext("Language you write in"),
        choices=[SelectChoice(tag, name) for tag, name in LANGUAGES.items()],
        validate_choice=False,
    )

    def __init__(self, mandates: Sequence[Mandate], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mandates = {str(mandate.id): mandate for mandate in mandates}
        self.area.offer(gettext("The whole municipality"))
        self.speaks_for.choices = [
            SelectChoice("", gettext("I speak for myself")),
            *(SelectChoice(key, mandate.organisation.name) for key, mandate in self.mandates.items()),
        ]

    def mandate(self) -> Mandate | None:
        """The mandate chosen; None for somebody who speaks for themselves."""
        return self.mandates.get(self.speaks_for.data or "")

    def validate_form_key(self, field: Field) -> None:
        if not field.data or len(field.data) > LONGEST_KEY or not field.data.isascii():
            raise ValidationError(gettext("Something in the form was lost on the way. Send it again."))

    def validate_speaks_for(self, field: Field) -> None:
        if field.data and field.data not in self.mandates:
            raise ValidationError(gettext("You have no mandate in force for that organisation."))

    def validate_language(self, field: Field) -> None:
        if field.data not in LANGUAGES:
            raise ValidationError(gettext("Choose one of these."))
