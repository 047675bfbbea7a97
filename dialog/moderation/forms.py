"""The form for a decision."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, ValidationError

from dialog.fields import PickField, TextField, VersionField
from dialog.moderation.rules import LONGEST_REASONS, SHORTEST_REASONS
from dialog.moderation.words import ACTS, GROUNDS


class DecisionForm(FlaskForm):
    """`seen` is the version of the comment the moderator was looking at."""

    seen = VersionField()
    act = HiddenField()
    ground = PickField(lazy_gettext("Ground"), GROUNDS, nothing=lazy_gettext("Choose a ground"))
    reasons = TextField(lazy_gettext("Reasons, in words the author understands"))

    def validate_act(self, field: Field) -> None:
        if field.data not in ACTS:
            raise ValidationError(gettext("Choose what is to be done with the comment."))

    def validate_ground(self, field: Field) -> None:
        if self.act.data == "hide" and field.data is None:
            raise ValidationError(gettext("Choose the ground for hiding it."))

    def validate_reasons(self, field: Field) -> None:
        if self.act.data == "hide" and not SHORTEST_REASONS <= len(field.data or "") <= LONGEST_REASONS:
            raise ValidationError(
                gettext(
                    "Explain to the author in %(lowest)d to %(highest)d characters why it is hidden.",
                    lowest=SHORTEST_REASONS,
                    highest=LONGEST_REASONS,
                )
            )
