"""The forms for an answer, and for what is said of it."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, SelectChoice, SelectField, ValidationError

from dialog.db import STOCKHOLM
from dialog.fields import (
    ChoiceField,
    Chosen,
    DayField,
    Form,
    Length,
    LineField,
    PickField,
    TextField,
    VersionField,
)
from dialog.formats import in_language
from dialog.plan.models import Committee
from dialog.response.operations import Draft
from dialog.response.rules import LONGEST_REASON, SHORTEST_REASON, Judgement
from dialog.response.templates import TemplateWords
from dialog.response.words import JUDGEMENTS, OUTCOMES
from dialog.text import shown_length

LONGEST_PART = 5000
LONGEST_REFERENCE = 200
LONGEST_LINE = 500
LONGEST_TRANSLATION = 3 * LONGEST_PART


class AnswerForm(Form):
    """`seen` is the version of the draft the writer was looking at."""

    seen = VersionField()
    you_said = TextField(lazy_gettext("You said"), [Length(0, LONGEST_PART)])
    we_decided = TextField(lazy_gettext("We decided"), [Length(0, LONGEST_PART)])
    because = TextField(lazy_gettext("Because"), [Length(0, LONGEST_PART)])
    outcome = PickField(lazy_gettext("Outcome"), OUTCOMES, nothing=lazy_gettext("Not chosen yet"))
    decided_on = DayField(lazy_gettext("Date of the decision"))
    decision_reference = LineField(
        lazy_gettext("Where the decision is recorded, such as § 42"), [Length(0, LONGEST_REFERENCE)]
    )

    sent_back_because = TextField(lazy_gettext("What should be changed?"), [Length(0, LONGEST_REASON)])
    publish_on = DayField(lazy_gettext("Day"))
    publish_time = LineField(lazy_gettext("Time of day"), [Length(0, 20)])

    def moment(self) -> datetime | None:
        """When it is to be published by itself; None, with an error at its field, where that isn't said."""
        written = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", (self.publish_time.data or "").strip())
        if self.publish_on.data is None and not self.publish_on.errors:
            self.publish_on.errors = [gettext("Write the date as 2026-03-31.")]
        if written is None and not self.publish_time.errors:
            self.publish_time.errors = [gettext("Write the time as 08:00.")]
        if self.publish_on.data is None or written is None:
            return None
        clock_time = time(int(written[1]), int(written[2]))
        return datetime.combine(self.publish_on.data, clock_time, tzinfo=STOCKHOLM).astimezone(UTC)

    def draft(self) -> Draft:
        return Draft(
            you_said=self.you_said.data or "",
            we_decided=self.we_decided.data or "",
            because=self.because.data or "",
            outcome=self.outcome.data,
            decided_on=self.decided_on.data,
            decision_reference=self.decision_reference.data or None,
        )

    def words(self) -> str:
        """All that is said in it, part by part."""
        return "\n".join(field.data or "" for field in (self.you_said, self.we_decided, self.because))

    def say_what_is_missing(self) -> None:
        """Put an error at every field that must be filled in before the answer can be published.

        A field that has an error of its own already keeps it.
        """
        for field in (self.you_said, self.we_decided, self.because):
            if not (field.data or field.errors):
                field.errors = [gettext("Write this before you publish.")]
        if self.outcome.data is None and not self.outcome.errors:
            self.outcome.errors = [gettext("Choose an outcome before you publish.")]


class TemplateForm(Form):
    """Words that answers can begin with; `seen` is the version the editor was looking at."""

    seen = VersionField()
    name = LineField(
        lazy_gettext("What the template is called"),
        [Length(1, 80, lazy_gettext("Give the template a name."))],
    )
    you_said = TextField(lazy_gettext("You said"), [Length(0, LONGEST_PART)])
    we_decided = TextField(lazy_gettext("We decided"), [Length(0, LONGEST_PART)])
    because = TextField(lazy_gettext("Because"), [Length(0, LONGEST_PART)])

    def validate_because(self, field: Field) -> None:
        if not (self.you_said.data or self.we_decided.data or field.data):
            raise ValidationError(gettext("Write at least one of the three parts."))

    def words(self) -> TemplateWords:
        parts = (self.you_said.data or "", self.we_decided.data or "", self.because.data or "")
        return TemplateWords(self.name.data or "", *parts)


class ReviseForm(AnswerForm):
    """Other words for a published answer; `seen` is the version of it that the editor was looking at."""

    sent_back_because = publish_on = publish_time = None  # type: ignore[assignment] # how WTForms leaves fields out
    what_changed = TextField(
        lazy_gettext("What has been changed, and why?"),
        [
            Length(
                SHORTEST_REASON,
                LONGEST_REASON,
                lazy_gettext("Say what was changed. Everybody covered is told."),
            )
        ],
    )


class TranslationForm(Form):
    """An answer in another language; `seen` is the version of it there was, 0 where there was none."""

    seen = VersionField()
    text = TextField(lazy_gettext("The answer in that language"), [Length(0, LONGEST_TRANSLATION)])


class OwnLineForm(Form):
    """What is said to whoever wrote one of the comments an answer covers. A part of the answer's form."""

    to_author = TextField(lazy_gettext("To this writer in particular"), [Length(0, LONGEST_LINE)])


class NoteForm(Form):
    """What an officer notes about a matter."""

    text = TextField(
        lazy_gettext("Note"), [Length(1, LONGEST_REASON, lazy_gettext("Write what is to be noted."))]
    )


class DelayForm(Form):
    """Why an answer takes longer, and when it will come."""

    reason = TextField(
        lazy_gettext("Why does it take longer?"),
        [Length(SHORTEST_REASON, LONGEST_REASON, lazy_gettext("Say why. Whoever asked is told."))],
    )
    promised_on = DayField(lazy_gettext("When does the answer come instead?"))

    def validate_promised_on(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(gettext("Write the date as 2026-03-31."))

    def day(self) -> date:
        """The day, where one was written."""
        assert self.promised_on.data is not None
        return self.promised_on.data


class PauseForm(Form):
    """Days on which a committee's clock stands still, and why."""

    starts_on = DayField(lazy_gettext("First day"))
    ends_on = DayField(lazy_gettext("Last day"))
    reason = LineField(
        lazy_gettext("Why does the clock stand still?"),
        [Length(SHORTEST_REASON, 200, lazy_gettext("Say why. Everybody who waits can read it."))],
    )

    def validate_ends_on(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(gettext("Write the date as 2026-03-31."))

    validate_starts_on = validate_ends_on

    def days(self) -> tuple[date, date]:
        """The first and the last day, where both were written."""
        assert self.starts_on.data is not None
        assert self.ends_on.data is not None
        return self.starts_on.data, self.ends_on.data


class ForwardForm(Form):
    """`seen` is the version of the matter the officer was looking at."""

    seen = VersionField()
    to = SelectField(lazy_gettext("Which committee should answer?"), validate_choice=False)
    reason = TextField(
        lazy_gettext("Why should they answer?"),
        [Length(SHORTEST_REASON, LONGEST_REASON, lazy_gettext("Say why. Whoever asked is told."))],
    )

    def __init__(self, committees: Sequence[Committee], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.committees = {str(committee.id): committee for committee in committees}
        self.to.choices = [
            SelectChoice("", gettext("Choose a committee")),
            *(SelectChoice(key, in_language(one, "name")) for key, one in self.committees.items()),
        ]

    def validate_to(self, field: Field) -> None:
        if field.data not in self.committees:
            raise ValidationError(gettext("Choose which committee is to answer instead."))


class _SlugsField(Field):
    """What was ticked, as slugs."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data: Any = [str(value) for value in valuelist]


class ShareForm(Form):
    """Which more committees answer a comment."""

    committees = _SlugsField(lazy_gettext("Which more committees should answer?"))

    def __init__(self, others: Sequence[Committee], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by_slug = {committee.slug: committee for committee in others}

    def chosen(self) -> list[Committee]:
        """The committees that were ticked and can be added; those that answer already are none."""
        return [committee for slug, committee in self.by_slug.items() if slug in self.committees.data]

    def validate_committees(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Tick at least one committee."))


class RemoveForm(Form):
    """`seen` is the version of the matter the moderator was looking at."""

    seen = VersionField()
    reason = TextField(
        lazy_gettext("Why should they not answer?"),
        [Length(SHORTEST_REASON, LONGEST_REASON, lazy_gettext("Say why. Whoever asked sees it."))],
    )


class VerdictForm(Form):
    """`seen` is the version of what had been said before, 0 where nothing had; `read` is that of the answer itself."""

    seen = VersionField()
    read = VersionField()
    judgement = ChoiceField(lazy_gettext("Did the answer answer you?"), JUDGEMENTS, [Chosen()])
    reason = TextField(lazy_gettext("What is missing?"), [Length(0, LONGEST_REASON)])

    def validate_reason(self, field: Field) -> None:
        if self.judgement.data == Judgement.NO and shown_length(field.data or "") < SHORTEST_REASON:
            raise ValidationError(
                gettext("Say in a few words what is missing, so that the committee knows what to answer.")
            )
