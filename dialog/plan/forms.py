"""Forms for the register."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, ValidationError

from dialog.fields import AddressField, ChoiceField, Chosen, Form, Length, LineField, TextField, VersionField
from dialog.formats import number
from dialog.plan.words import SETTLEMENTS
from dialog.text import clean_line

LONGEST_NAME = 120
LONGEST_REMIT = 1000
MOST_ANSWER_DAYS = 60


class WholeNumberField(IntegerField):
    """A whole number within bounds; what isn't one is refused in the reader's language."""

    def __init__(self, label: Any, lowest: int, highest: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.lowest, self.highest = lowest, highest

    def process_formdata(self, valuelist: list[Any]) -> None:
        raw = str(valuelist[0]).strip().replace("\xa0", "").replace(" ", "") if valuelist else ""
        self.data = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None

    def _value(self) -> str:
        return clean_line(super()._value())

    def pre_validate(self, form: Form) -> None:
        if self.data is None or not self.lowest <= self.data <= self.highest:
            raise ValidationError(
                gettext(
                    "Write a whole number from %(lowest)s to %(highest)s.",
                    lowest=number(self.lowest),
                    highest=number(self.highest),
                )
            )


class EntryForm(Form):
    """What the forms of the register share: the version they were opened at, and the values to be kept."""

    version = VersionField()

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name != "version"}


class CommitteeForm(EntryForm):
    name_sv = LineField(lazy_gettext("Name in Swedish"), [Length(2, LONGEST_NAME)])
    name_en = LineField(lazy_gettext("Name in English"), [Length(2, LONGEST_NAME)])
    remit_sv = TextField(lazy_gettext("What it does, in Swedish"), [Length(1, LONGEST_REMIT)])
    remit_en = TextField(lazy_gettext("What it does, in English"), [Length(1, LONGEST_REMIT)])
    email = AddressField(lazy_gettext("E-mail address of the committee"), optional=True)
    chair_email = AddressField(lazy_gettext("E-mail address of its chair"), optional=True)
    answer_days = WholeNumberField(lazy_gettext("Working days within which it answers"), 1, MOST_ANSWER_DAYS)


class AreaForm(EntryForm):
    name = LineField(lazy_gettext("Name"), [Length(2, LONGEST_NAME)])
    population = WholeNumberField(lazy_gettext("Inhabitants"), 0, 10_000_000)
    settlement = ChoiceField(lazy_gettext("Counted as"), SETTLEMENTS, [Chosen()])
