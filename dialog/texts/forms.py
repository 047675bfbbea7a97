"""The administrators' form for a text, and for an accessibility statement with as many known faults as it takes."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, HiddenField, ValidationError
from wtforms.form import BaseForm

from dialog.fields import ChoiceField, Chosen, DayField, Form, Length, LineField, TextField, VersionField
from dialog.text import addresses_that_lead_nowhere
from dialog.texts.operations import Words
from dialog.texts.queries import Version
from dialog.texts.rules import (
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_WORDS,
    MOST_FAULTS,
    SHORTEST_TEXT,
    Compliance,
    KnownFault,
    Statement,
    TextKey,
    fits,
)
from dialog.texts.words import COMPLIANCES
from dialog.web import whole_number

_EMPTY_FAULTS = 2  # places for more, beside those that are written


class OfficialField(TextField):
    """Words of the municipality's, with links that lead somewhere."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if wrong := addresses_that_lead_nowhere(self.data or ""):
            raise ValidationError(
                gettext(
                    "This link leads nowhere: %(address)s. An address begins with https:// or, for a page "
                    "here, with /.",
                    address=wrong[0],
                )
            )


class TextForm(Form):
    """A text in both languages; `version` is the one that the administrator was looking at."""

    version = VersionField()
    sv = OfficialField(lazy_gettext("In Swedish"), [Length(SHORTEST_TEXT, LONGEST_TEXT)])
    en = OfficialField(lazy_gettext("In English"), [Length(SHORTEST_TEXT, LONGEST_TEXT)])

    def words(self) -> Words:
        """What is written, of a form that is right."""
        return Words(self.sv.data, self.en.data)


class _StatementForm(TextForm):
    """An accessibility statement. Everything in it is asked for, and in each known fault that is begun."""

    rows = HiddenField()  # how many places it has for known faults
    who = LineField(lazy_gettext("Who is responsible"), [Length(1, LONGEST_LINE)])
    service_sv = LineField(lazy_gettext("Which service, in Swedish"), [Length(1, LONGEST_LINE)])
    service_en = LineField(lazy_gettext("Which service, in English"), [Length(1, LONGEST_LINE)])
    compliance = ChoiceField(lazy_gettext("How accessible is it?"), COMPLIANCES, validators=[Chosen()])
    assessed_on = DayField(lazy_gettext("The day it was tested"))
    method_sv = TextField(lazy_gettext("How it was tested, in Swedish"), [Length(10, LONGEST_WORDS)])
    method_en = TextField(lazy_gettext("How it was tested, in English"), [Length(10, LONGEST_WORDS)])
    complaints = LineField(lazy_gettext("The supervisory authority's page for complaints"))

    def __init__(self, rows: int, **values: Any) -> None:
        self.places_wanted = min(rows, MOST_FAULTS)
        super().__init__(**values)

    def process(self, *args: Any, **values: Any) -> None:
        """Fill the form in; before that, make the fields of its places for known faults."""
        for row in range(self.places_wanted):
            for name, (kind, label) in _FAULT_FIELDS.items():
                BaseForm.__setitem__(self, _field_of(row, name), kind(label, [_whole_if_begun]))
        super().process(*args, **values)

    def validate_assessed_on(self, field: Field) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(gettext("Write the date as 2026-03-31."))

    def validate_complaints(self, field: Field) -> None:
        if not (field.data or "").startswith("https://") or len(field.data) > LONGEST_LINE:
            raise ValidationError(gettext("Write an address that begins with https://."))

    def validate_compliance(self, field: Field) -> None:
        if field.data and not fits(field.data, len(list(self.begun()))):
            raise ValidationError(
                gettext(
                    "A service that meets all demands has no known faults. Change this, or take them out."
                )
                if field.data == Compliance.FULLY
                else gettext("Say below at least one thing that does not work for everybody.")
            )

    def places(self) -> Iterator[dict[str, Field]]:
        """The fields of each place for a known fault."""
        for row in range(self.places_wanted):
            yield {name: self[_field_of(row, name)] for name in _FAULT_FIELDS}

    def begun(self) -> Iterator[dict[str, Field]]:
        """Those places in which something is written."""
        for place in self.places():
            if any(field.data or field.errors for field in place.values()):
                yield place

    def words(self) -> Words:
        faults = [KnownFault(**{name: field.data for name, field in place.items()}) for place in self.begun()]
        names = ("who", "service_sv", "service_en", "compliance", "assessed_on", "method_sv", "method_en")
        values = {name: self[name].data for name in (*names, "complaints")}
        return Words(self.sv.data, self.en.data, Statement(faults=faults, **values))


_FAULT_FIELDS: dict[str, tuple[type[Field], Any]] = {
    "what_sv": (TextField, lazy_gettext("What does not work, in Swedish")),
    "what_en": (TextField, lazy_gettext("What does not work, in English")),
    "why_sv": (TextField, lazy_gettext("Why not, in Swedish")),
    "why_en": (TextField, lazy_gettext("Why not, in English")),
    "by": (DayField, lazy_gettext("To be mended by")),
}


def _whole_if_begun(form: _StatementForm, field: Field) -> None:
    """In a known fault that is begun, everything is asked for."""
    row = int(field.name.split("-")[1])
    is_begun = any(form[_field_of(row, name)].data for name in _FAULT_FIELDS)
    if is_begun and not field.data and not field.errors:
        missing = (
            gettext("Write the date as 2026-03-31.")
            if isinstance(field, DayField)
            else gettext("Write something here.")
        )
        raise ValidationError(missing)
    if isinstance(field.data, str) and field.data:
        Length(1, LONGEST_WORDS)(form, field)


def _field_of(row: int, name: str) -> str:
    return f"fault-{row}-{name}"


def blank_form(version: Version) -> TextForm:
    """The form filled in with a version of a text."""
    data: dict[str, Any] = {"version": version.version, "sv": version.sv, "en": version.en}
    if version.statement is None:
        return TextForm(formdata=None, data=data)
    statement, faults = version.statement, version.statement.faults
    rows = len(faults) + _EMPTY_FAULTS
    data |= {name: value for name, value in vars(statement).items() if name != "faults"}
    for row, fault in enumerate(faults):
        data |= {_field_of(row, name): getattr(fault, name) for name in _FAULT_FIELDS}
    return _StatementForm(rows, formdata=None, data=data | {"rows": rows})


def sent_form(key: TextKey, sent: Any) -> TextForm:
    """The form as it was sent; `sent` are the request's fields, which say how many places it had."""
    if key != TextKey.ACCESSIBILITY:
        return TextForm()
    return _StatementForm(whole_number(sent.get("rows")) or _EMPTY_FAULTS)
