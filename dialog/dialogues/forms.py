"""The form for what a dialogue says of itself."""

from flask_babel import lazy_gettext
from wtforms import BooleanField

from dialog.dialogues.operations import Terms
from dialog.dialogues.reporting import Report
from dialog.dialogues.rules import LONGEST_CHANGE, LONGEST_PART, SHORTEST_CHANGE, Flaw
from dialog.dialogues.words import FLAWS, LEVELS
from dialog.fields import ChoiceField, DayField, Form, Length, LineField, TextField, VersionField

LONGEST_LINE = 200


class _FlawedForm(Form):
    def say(self, flaws: dict[str, Flaw]) -> None:
        """Put at each field what keeps the dialogue from opening, or its report from being published."""
        for name, flaw in flaws.items():
            field = self._fields[name]
            if not field.errors:
                field.errors = [str(FLAWS[flaw])]


class DialogueForm(_FlawedForm):
    """`seen` is the version of the dialogue the writer was looking at."""

    seen = VersionField()
    level = ChoiceField(lazy_gettext("How much can those who take part decide?"), LEVELS)
    can_change = TextField(lazy_gettext("What can still change"), [Length(0, LONGEST_PART)])
    cannot_change = TextField(lazy_gettext("What can't change"), [Length(0, LONGEST_PART)])
    who_decides = LineField(lazy_gettext("Who decides"), [Length(0, LONGEST_LINE)])
    closes_on = DayField(lazy_gettext("Last day for comments"))
    decides_on = DayField(lazy_gettext("Day of the decision"))
    feedback_on = DayField(lazy_gettext("The result is reported back no later than"))
    pre_moderated = BooleanField(lazy_gettext("Every comment waits for a moderator before it is shown"))
    real_names_only = BooleanField(lazy_gettext("Everybody writes under their real name"))
    consultation_duty = BooleanField(
        lazy_gettext("The municipality must also consult Sámi representatives (lag 2022:66)")
    )

    def terms(self) -> Terms:
        values = {name: field.data for name, field in self._fields.items() if name in Terms.__annotations__}
        return Terms(**values)


class ReportForm(_FlawedForm):
    """`seen` is the version of the dialogue the writer was looking at."""

    seen = VersionField()
    you_said = TextField(lazy_gettext("You said"), [Length(0, LONGEST_PART)])
    we_decided = TextField(lazy_gettext("We decided"), [Length(0, LONGEST_PART)])
    because = TextField(lazy_gettext("Because"), [Length(0, LONGEST_PART)])
    decided_on = DayField(lazy_gettext("Date of the decision"))
    decision_reference = LineField(
        lazy_gettext("Where the decision is recorded, such as § 42"), [Length(0, LONGEST_LINE)]
    )

    def report(self) -> Report:
        values = {name: field.data for name, field in self._fields.items() if name in Report.__annotations__}
        return Report(**values)


class ReviseReportForm(ReportForm):
    """Other words for a report that everybody can read."""

    what_changed = TextField(
        lazy_gettext("What has been changed, and why?"),
        [
            Length(
                SHORTEST_CHANGE,
                LONGEST_CHANGE,
                lazy_gettext("Say what was changed. Everybody who took part is told."),
            )
        ],
    )
