"""The forms for saying which assignment a published follow-up is about, and how an assignment goes."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, RadioField, SelectChoice, SelectField, ValidationError

from dialog.fields import ChoiceField, Chosen, Form, Length, PickField, TextField, VersionField
from dialog.formats import excerpt, in_language
from dialog.plan.models import Assignment, FollowUp
from dialog.plan.words import PROGRESS

SHORTEST_COMMENTARY, LONGEST_COMMENTARY = 10, 4000
NONE, ANOTHER = "inget", "annat"


class PlaceForm(Form):
    """`version` is of the row its reader was looking at. `candidates` come first, then all others."""

    version = VersionField()
    about = RadioField(lazy_gettext("Which assignment is it about?"), validate_choice=False)
    other = SelectField(lazy_gettext("Which other?"), validate_choice=False)
    progress = PickField(lazy_gettext("How does it go?"), PROGRESS, nothing=lazy_gettext("It doesn't say"))

    def __init__(self, candidates: Sequence[Assignment], others: Sequence[Assignment], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.assignments = {str(one.id): one for one in (*candidates, *others)}
        self.about.choices = [
            *(SelectChoice(str(one.id), in_language(one, "title")) for one in candidates),
            *([SelectChoice(ANOTHER, gettext("Another one, chosen below"))] if others else []),
            SelectChoice(NONE, gettext("None of the assignments here")),
        ]
        self.other.choices = [
            SelectChoice("", gettext("Choose an assignment")),
            *(SelectChoice(str(one.id), excerpt(in_language(one, "title"), 110)) for one in others),
        ]

    def assignment(self) -> Assignment | None:
        """The assignment that was chosen; None for none of them."""
        return self.assignments.get(self._chosen())

    def _chosen(self) -> str:
        chosen = self.other.data if self.about.data == ANOTHER else self.about.data
        return str(chosen or "")

    def validate_about(self, field: Field) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Choose one of these."))

    def validate_other(self, field: Field) -> None:
        if self.about.data == ANOTHER and field.data not in self.assignments:
            raise ValidationError(gettext("Choose an assignment."))


class AccountForm(Form):
    """How an assignment goes. Beside a published commentary, its words aren't asked for: `is_published`.

    `version` is of what was said before, 0 where nothing was.
    """

    version = VersionField()
    progress = ChoiceField(lazy_gettext("How does it go?"), PROGRESS, [Chosen()])
    commentary = TextField(lazy_gettext("What has been done, and what remains?"))

    def __init__(self, said: FollowUp | None, **kwargs: Any) -> None:
        self.is_published = said is not None and said.written_by_id is None
        start = {"version": said.version if said else 0}
        if said is not None:
            start |= {"progress": said.progress, "commentary": said.commentary}  # type: ignore[dict-item]
        super().__init__(data=start, **kwargs)

    def validate_commentary(self, field: Field) -> None:
        if not self.is_published:
            Length(SHORTEST_COMMENTARY, LONGEST_COMMENTARY, lazy_gettext("Say how it goes."))(self, field)
