"""The forms for decisions: about one comment, and about several at once."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext
from wtforms import Field, HiddenField, ValidationError

from dialog.conversation.queries import PAGE_SIZE
from dialog.conversation.rules import Act, is_registration_number
from dialog.fields import ChoiceField, Form, Length, PickField, TextField, VersionField
from dialog.moderation.reason_texts import Template, filled
from dialog.moderation.rules import (
    DECISIONS,
    LONGEST_REASONS,
    NEED_REASONS,
    PROPOSAL_OUTCOMES,
    SHORTEST_REASONS,
    Ground,
    ProposalState,
    asks_whether_it_criticises,
)
from dialog.moderation.words import GROUNDS
from dialog.text import shown_length


def _decision(value: str | None) -> Act | None:
    return next((act for act in DECISIONS if act == value), None)


def _number(value: str | None) -> str | None:
    return value if value and is_registration_number(value) else None


class YesNo(StrEnum):
    YES = "yes"
    NO = "no"


YES_OR_NO: dict[StrEnum, LazyString] = {YesNo.YES: lazy_gettext("Yes"), YesNo.NO: lazy_gettext("No")}


class _Decision(Form):
    """What is to be done, and for what needs reasons, on which ground and why."""

    act = HiddenField(filters=[_decision])
    ground = PickField(lazy_gettext("Ground"), GROUNDS, nothing=lazy_gettext("Choose a ground"))
    criticises = ChoiceField(
        lazy_gettext(
            "Does it criticise the municipality, or its politicians or staff for what they do at work?"
        ),
        YES_OR_NO,
    )
    reasons = TextField(lazy_gettext("Reasons, for the author"))

    is_filled = False  # whether a template was put into the reasons, and nothing is to be decided yet

    def fill(self, templates: Mapping[Ground, Template], language: str) -> bool:
        """Put the template of the ground that is chosen into the reasons. False when none is chosen, which is told."""
        self.is_filled, self.act.data = True, Act.HIDE
        if self.ground.data is None:
            self.ground.errors = [gettext("Choose a ground first.")]
            return False
        untouched = {words for one in templates.values() for words in (one.sv, one.en)}
        template = templates[self.ground.data].in_language(language)
        self.reasons.data = filled(self.reasons.data or "", template, untouched)
        return True

    @property
    def says_it_criticises(self) -> bool | None:
        """What is said of whether it criticises the municipality; None where nothing is."""
        return None if self.criticises.data is None else self.criticises.data == YesNo.YES

    def validate_act(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose what is to be done with the comment."))

    def validate_ground(self, field: Field) -> None:
        if self.act.data in NEED_REASONS and field.data is None:
            raise ValidationError(gettext("Choose the ground for hiding it."))

    def validate_criticises(self, field: Field) -> None:
        is_asked = self.act.data in NEED_REASONS and asks_whether_it_criticises(self.ground.data)
        if is_asked and field.data is None:
            raise ValidationError(gettext("Say yes or no. With a house rule as the ground it must be said."))

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


class DecisionForm(_Decision):
    """`seen` is the version of the comment the moderator was looking at."""

    seen = VersionField()
    then = HiddenField(filters=[_number])  # the comment after this one in the queue
    on_its_page = HiddenField(filters=[bool])  # decided on the comment's own page, and not in the queue


def _outcome(value: str | None) -> ProposalState | None:
    return next((outcome for outcome in PROPOSAL_OUTCOMES if outcome == value), None)


class SettleProposalForm(Form):
    """`seen` is the version of the comment the moderator was looking at; `words` are needed for a no."""

    seen = VersionField()
    outcome = HiddenField(filters=[_outcome])
    words = TextField(lazy_gettext("Why it should be shown"))
    then = HiddenField(filters=[_number])  # as in DecisionForm
    on_its_page = HiddenField(filters=[bool])

    def validate_outcome(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose whether the comment is to be hidden or shown."))

    def validate_words(self, field: Field) -> None:
        if self.outcome.data == ProposalState.DECLINED:
            missing = lazy_gettext("Write why it should be shown.")
            Length(SHORTEST_REASONS, LONGEST_REASONS, missing)(self, field)


class ReasonTextForm(Form):
    """What the reasons on a ground start from; `version` is the one that the administrator was looking at."""

    version = VersionField()
    sv = TextField(lazy_gettext("In Swedish"), [Length(SHORTEST_REASONS, LONGEST_REASONS)])
    en = TextField(lazy_gettext("In English"), [Length(SHORTEST_REASONS, LONGEST_REASONS)])


class ChosenField(Field):
    """The comments that were ticked: of each its number and the version that was seen, as 2026-000123.4."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        read = (re.fullmatch("([0-9-]{1,20})[.]([0-9]{1,9})", str(value)) for value in valuelist)
        self.data: Any = {one[1]: int(one[2]) for one in read if one and is_registration_number(one[1])}


class SeveralForm(_Decision):
    """One decision about each of the comments that are ticked, no more than a page holds."""

    chosen = ChosenField(lazy_gettext("Ticked comments"))

    def validate_chosen(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Tick the comments first."))
        if len(field.data) > PAGE_SIZE + 1:
            raise ValidationError(gettext("Tick fewer comments, no more than the page holds."))
