"""The forms for a comment: to write one, to change one, to take one back."""

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext
from wtforms import BooleanField, Field, RadioField, SelectChoice, ValidationError

from dialog.conversation.rules import LONGEST_COMMENT, SHORTEST_COMMENT
from dialog.conversation.words import KINDS, LANGUAGES
from dialog.fields import (
    ChoiceField,
    Chosen,
    Form,
    FormKeyField,
    Length,
    ListField,
    PublicWordsForm,
    TextField,
    VersionField,
)
from dialog.organisations.models import Mandate
from dialog.people.forms import AreaField

_COMMENT = lazy_gettext("Your comment")


def _text_field(label: LazyString = _COMMENT) -> TextField:
    """The words of a comment: what holds for new ones holds for changed ones and for replies."""
    return TextField(
        label,
        [Length(SHORTEST_COMMENT, LONGEST_COMMENT, lazy_gettext("Write your comment."))],
    )


class EditForm(PublicWordsForm):
    """`seen` is the version of the comment its author was looking at."""

    seen = VersionField()
    text = _text_field()


class WithdrawForm(Form):
    """`seen` is the version of the comment its author was looking at."""

    seen = VersionField()


class CommentForm(PublicWordsForm):
    form_key = FormKeyField()
    kind = ChoiceField(lazy_gettext("What is it?"), KINDS, [Chosen()])
    text = _text_field()
    area = AreaField(lazy_gettext("Where does it concern?"))
    speaks_for = RadioField(lazy_gettext("Who is speaking?"), validate_choice=False, default="")
    states_real_name = BooleanField(lazy_gettext("The name is my real one"))
    language = ListField(lazy_gettext("Language you write in"), LANGUAGES)

    def __init__(self, mandates: Sequence[Mandate], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mandates = {str(mandate.id): mandate for mandate in mandates}
        if self.area is not None:
            self.area.offer(lazy_gettext("The whole municipality"))
        self.speaks_for.choices = [
            SelectChoice("", lazy_gettext("I speak for myself")),
            *(SelectChoice(key, mandate.organisation.name) for key, mandate in self.mandates.items()),
        ]

    def mandate(self) -> Mandate | None:
        """The mandate chosen; None for somebody who speaks for themselves."""
        return self.mandates.get(self.speaks_for.data or "")

    def validate_speaks_for(self, field: Field) -> None:
        if field.data and field.data not in self.mandates:
            raise ValidationError(gettext("You have no mandate in force for that organisation."))


class ReplyForm(CommentForm):
    """A comment to somebody else's: it is of the same kind as that, and `wording` is what its author had read."""

    kind = area = None  # type: ignore[assignment]
    text = _text_field(lazy_gettext("Your reply"))
    wording = VersionField()
