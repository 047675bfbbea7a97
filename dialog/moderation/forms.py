"""The form for a decision."""

from flask_babel import gettext, lazy_gettext
from wtforms import Field, HiddenField, ValidationError

from dialog.conversation.rules import Act, is_registration_number
from dialog.fields import Form, PickField, TextField, VersionField
from dialog.moderation.rules import DECISIONS, LONGEST_REASONS, NEED_REASONS, SHORTEST_REASONS
from dialog.moderation.words import GROUNDS
from dialog.text import shown_length


def _decision(value: str | None) -> Act | None:
    return next((act for act in DECISIONS if act == value), None)


def _number(value: str | None) -> str | None:
    return value if value and is_registration_number(value) else None


class DecisionForm(Form):
    """`seen` is the version of the comment the moderator was looking at."""

    seen = VersionField()
    act = HiddenField(filters=[_decision])
    ground = PickField(lazy_gettext("Ground"), GROUNDS, nothing=lazy_gettext("Choose a ground"))
    reasons = TextField(lazy_gettext("Reasons, for the author"))
    then = HiddenField(filters=[_number])  # the comment after this one in the queue
    on_its_page = HiddenField(filters=[bool])  # decided on the comment's own page, and not in the queue

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
