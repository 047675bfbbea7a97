"""The form for what somebody said by another way than the web."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, SelectChoice, SelectField, ValidationError

from dialog.conversation.rules import LONGEST_COMMENT, SHORTEST_COMMENT, Target, is_open
from dialog.conversation.words import KINDS, LANGUAGES
from dialog.dialogues.queries import ruling_then
from dialog.fields import (
    ChoiceField,
    Chosen,
    DayField,
    Form,
    FormKeyField,
    Length,
    LineField,
    ListField,
    NameLength,
    PickField,
    PublicWordsForm,
    TextField,
    VersionField,
)
from dialog.formats import excerpt, heading, in_language
from dialog.organisations.models import Organisation
from dialog.people.forms import LONGEST_NAME, AreaField
from dialog.plan.forms import WholeNumberField
from dialog.plan.models import Goal, Paragraph
from dialog.reception.operations import Meeting, Spoken
from dialog.reception.rules import MOST_ATTENDING, day_flaw
from dialog.reception.words import CHANNELS, DAY_FLAWS, GROUP_KINDS
from dialog.text import shown_length

LONGEST_PLACE = 80
SHORTEST_BASIS, LONGEST_BASIS = 5, 120
SHORTEST_GROUP_NAME = 2
NEW_GROUP = "ny"  # the choice of a group that is put on record with what it says


def _words_field() -> TextField:
    """What somebody said: what holds for those who write for themselves holds here."""
    return TextField(
        lazy_gettext("The words as they were given"),
        [Length(SHORTEST_COMMENT, LONGEST_COMMENT, lazy_gettext("Write what was said."))],
    )


def _told_field(label: Any) -> BooleanField:
    return BooleanField(label, [_Told()])


class _Told:
    """Refuses a form whose sender hasn't told what everybody must be told (BBS-lagen 3 §)."""

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Tell this, and tick the box when you have."))


class SayingForm(PublicWordsForm):
    """What one person said."""

    form_key = FormKeyField()
    kind = ChoiceField(lazy_gettext("What is it?"), KINDS, [Chosen()])
    text = _words_field()
    area = AreaField(lazy_gettext("Where does it concern?"))
    language = ListField(lazy_gettext("Language it was said in"), LANGUAGES)
    name = LineField(
        lazy_gettext("Name to be shown, if the person wants one to be"), [NameLength(0, LONGEST_NAME)]
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.area.offer(lazy_gettext("The whole municipality"))


class ReceptionForm(SayingForm):
    """What one person said, with how and when it came."""

    first = ("channel", "received_on", "kind", "text", "shown_to_all", "paragraph")

    channel = ChoiceField(lazy_gettext("How did it come?"), CHANNELS, [Chosen()])
    received_on = DayField(lazy_gettext("The day it came"))
    paragraph = SelectField(lazy_gettext("Is it about one paragraph?"), validate_choice=False)
    speaks_for = SelectField(lazy_gettext("For whom does the person speak?"), validate_choice=False)
    basis = LineField(lazy_gettext("On what basis"), [Length(0, LONGEST_BASIS)])
    group_name = LineField(lazy_gettext("Name of the group"), [NameLength(0, LONGEST_NAME)])
    group_kind = PickField(
        lazy_gettext("What the group is"), GROUP_KINDS, nothing=lazy_gettext("Choose what it is")
    )
    told = _told_field(
        lazy_gettext(
            "I have told the person that the municipality runs this service, that what they say becomes a public "
            "record, and that everybody can read it here once a moderator has read it."
        )
    )

    def __init__(
        self,
        paragraphs: Sequence[Paragraph],
        organisations: Sequence[Organisation],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.organisations = {str(organisation.id): organisation for organisation in organisations}
        self.speaks_for.choices = [
            SelectChoice("", gettext("For themselves")),
            *(SelectChoice(key, one.name) for key, one in self.organisations.items()),
            SelectChoice(NEW_GROUP, gettext("For a group that is not in this list")),
        ]
        self.today = today
        self.paragraphs = {str(paragraph.id): paragraph for paragraph in paragraphs}
        self.paragraph.choices = [
            SelectChoice("", gettext("No, about all of it")),
            *(SelectChoice(key, excerpt(one.text, 90)) for key, one in self.paragraphs.items()),
        ]

    def spoken(self) -> Spoken | None:
        """For whom the person speaks, once the form has been found right; None where it is for themselves."""
        if not self.speaks_for.data:
            return None
        if self.speaks_for.data != NEW_GROUP:
            return Spoken(self.basis.data, self.organisations[self.speaks_for.data])
        return Spoken(self.basis.data, None, self.group_name.data, self.group_kind.data)

    def validate_speaks_for(self, field: Field) -> None:
        if field.data and field.data != NEW_GROUP and field.data not in self.organisations:
            raise ValidationError(gettext("Choose one of these."))

    def validate_basis(self, field: Field) -> None:
        if self.speaks_for.data and shown_length(field.data) < SHORTEST_BASIS:
            raise ValidationError(
                gettext("Write on what basis, such as: letter signed by the board 2026-03-01.")
            )

    def validate_group_name(self, field: Field) -> None:
        if self.speaks_for.data != NEW_GROUP:
            return
        if shown_length(field.data) < SHORTEST_GROUP_NAME:
            raise ValidationError(gettext("Write the name of the group."))
        if field.data.casefold() in {one.name.casefold() for one in self.organisations.values()}:
            raise ValidationError(gettext("It is in the list already. Choose it there."))

    def validate_group_kind(self, field: Field) -> None:
        if self.speaks_for.data == NEW_GROUP and field.data is None:
            raise ValidationError(gettext("Choose one of these."))

    def day(self) -> date:
        """The day it came, once the form has been found right."""
        assert self.received_on.data is not None
        return self.received_on.data

    def chosen_paragraph(self) -> Paragraph | None:
        return self.paragraphs.get(self.paragraph.data or "")

    def validate_received_on(self, field: Field) -> None:
        _refuse_day(field, self.today)

    def validate_paragraph(self, field: Field) -> None:
        if field.data and field.data not in self.paragraphs:
            raise ValidationError(gettext("Choose one of these."))


class MeetingForm(Form):
    """A meeting where several people are heard."""

    form_key = FormKeyField()
    goal = SelectField(lazy_gettext("Which goal is it about?"), validate_choice=False)
    place = LineField(lazy_gettext("Where is the meeting?"), [Length(2, LONGEST_PLACE)])
    area = AreaField(lazy_gettext("In which part of the municipality?"))
    held_on = DayField(lazy_gettext("The day it is held"))
    attending = WholeNumberField(lazy_gettext("How many are there?"), 1, MOST_ATTENDING)
    told = _told_field(
        lazy_gettext(
            "I have told those present that the municipality runs this service, that what they say becomes a "
            "public record, and that everybody can read it here once a moderator has read it."
        )
    )

    def __init__(self, goals: Sequence[Goal], today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today = today
        self.goals = {str(goal.id): goal for goal in goals}
        self.goal.choices = [
            SelectChoice("", gettext("Choose a goal")),
            *(SelectChoice(key, f"{one.year} · {_title(one)}") for key, one in self.goals.items()),
        ]
        self.area.offer(lazy_gettext("Not in one of them"))

    def meeting(self) -> Meeting:
        """What the form says, once it has been found right."""
        assert self.held_on.data is not None
        assert self.attending.data is not None
        return Meeting(
            form_key=self.form_key.data,
            goal=self.goals[self.goal.data],
            place=self.place.data,
            held_on=self.held_on.data,
            attending=self.attending.data,
            area_id=self.area.data,
        )

    def validate_goal(self, field: Field) -> None:
        if field.data not in self.goals:
            raise ValidationError(gettext("Choose one of these."))

    def validate_held_on(self, field: Field) -> None:
        _refuse_day(field, self.today)
        goal = self.goals.get(self.goal.data)
        if (
            goal
            and field.data
            and not field.errors
            and not is_open(Target.IN_THE_PLAN, ruling_then(goal.id, None, field.data))
        ):
            raise ValidationError(
                gettext(
                    "The time for comments on this goal was over that day, so what is said can't be put on record here."
                )
            )


class CorrectionForm(PublicWordsForm):
    """`seen` is the version of the comment the official was looking at."""

    seen = VersionField()
    text = _words_field()


def _title(goal: Goal) -> str:
    return excerpt(heading(in_language(goal, "title")), 90)


def _refuse_day(field: Field, today: date) -> None:
    if not field.errors and (flaw := day_flaw(field.data, today)):
        raise ValidationError(str(DAY_FLAWS[flaw]))
