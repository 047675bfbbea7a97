"""Forms for asking that a decision be looked at again, and for settling that."""

from flask_babel import gettext, lazy_gettext
from wtforms import Field, HiddenField, ValidationError

from dialog.appeals.rules import LONGEST_APPEAL, OUTCOMES, SHORTEST_APPEAL, AppealState
from dialog.fields import Form, Length, TextField, VersionField
from dialog.moderation.rules import LONGEST_REASONS, SHORTEST_REASONS


class AppealForm(Form):
    text = TextField(
        lazy_gettext("Why do you think that the comment should be shown?"),
        [Length(SHORTEST_APPEAL, LONGEST_APPEAL, lazy_gettext("Write why you think so."))],
    )


def _outcome(value: str | None) -> AppealState | None:
    return next((outcome for outcome in OUTCOMES if outcome == value), None)


class SettleForm(Form):
    """`seen` is the version of the appeal that the moderator was looking at."""

    seen = VersionField()
    outcome = HiddenField(filters=[_outcome])
    reasons = TextField(
        lazy_gettext("Reasons, for the author and the moderator who decided first"),
        [Length(SHORTEST_REASONS, LONGEST_REASONS, lazy_gettext("Write why you decide so."))],
    )

    def validate_outcome(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose whether the comment is to be shown again."))
