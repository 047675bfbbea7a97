"""Form fields for people's text: what can't be stored is said and taken out, and the rest stays as typed."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import LazyString, gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import StopValidation

from dialog.formats import number
from dialog.text import (
    clean,
    clean_line,
    has_forbidden_characters,
    has_piled_marks,
    personal_numbers,
    shown_length,
    ways_to_reach_somebody,
)


class Form(FlaskForm):
    """What all forms are made from. It reads what was written in fields, and never a file in the place of one.

    Mistakes are told in the order the fields stand in on the page: those `first`, then as they are declared.
    """

    first: ClassVar[Sequence[str]] = ()

    class Meta(FlaskForm.Meta):
        csrf = False  # the token is looked at before any view begins: see web.csrf

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            wrapped = super().wrap_formdata(form, formdata)
            return wrapped if wrapped is None or wrapped is formdata else request.form

    def __iter__(self) -> Iterator[Field]:
        return iter({name: self._fields[name] for name in (*self.first, *self._fields)}.values())


class _CleanField(StringField):
    """Refuses what `text.clean` would have to take out, and shows the text without it.

    Refuses personal identity numbers too, which are never stored in clear (3 kap. 10 § lag 2018:218).
    """

    cleaner = staticmethod(clean_line)
    holds_words = True
    had_forbidden_characters = False  # until something that was sent is read

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        raw = str(valuelist[0]) if valuelist else ""
        self.had_forbidden_characters = has_forbidden_characters(raw)
        self.data = self.cleaner(raw)

    def pre_validate(self, form: FlaskForm) -> None:
        if self.had_forbidden_characters:
            raise ValidationError(
                gettext(
                    "Your text held invisible characters that can't be saved. They are taken out now: "
                    "read it through and send again."
                )
            )
        numbers = personal_numbers(self.data or "") if self.holds_words else []
        if numbers:
            raise ValidationError(
                gettext(
                    "This looks like a personal identity number: %(numbers)s. It can't be saved here, whoever it "
                    "belongs to. Take it out and send again.",
                    numbers=", ".join(numbers),
                )
            )


class LineField(_CleanField):
    """Text of one line."""


class TextField(_CleanField, TextAreaField):
    """Text of several paragraphs."""

    cleaner = staticmethod(clean)


NOT_AN_ADDRESS = lazy_gettext("This doesn't look like an e-mail address. Write it as name@example.com.")


def normal_address(written: str) -> str:
    """The one form of an e-mail address under which somebody is known. Raises EmailNotValidError."""
    return validate_email(written, check_deliverability=False).normalized.lower()


class AddressField(LineField):
    """An e-mail address, in its one form; None when nothing was written, where it is `optional`."""

    holds_words = False
    is_address = False  # until something that was sent is read

    def __init__(self, label: Any, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.optional = optional

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        try:
            self.data: Any = normal_address(self.data)
            self.is_address = True
        except EmailNotValidError:
            self.data = self.data or None  # what was typed stays in the field
            self.is_address = False

    def pre_validate(self, form: FlaskForm) -> None:
        super().pre_validate(form)
        if not self.is_address and not (self.optional and self.data is None):
            raise ValidationError(str(NOT_AN_ADDRESS))


class PublicWordsForm(Form):
    """What a person says to everybody. It asks once more before a way to reach somebody is shown to all.

    It may be an association's official address, so whoever ticks `shown_to_all` may send it.
    """

    text: TextField
    shown_to_all = BooleanField(lazy_gettext("Everybody may see these. Send the text as it is."))
    asks_whether_shown_to_all = False

    def validate_text(self, field: Field) -> None:
        found = ways_to_reach_somebody(field.data or "")
        self.asks_whether_shown_to_all = bool(found)
        if found and not self.shown_to_all.data:
            raise ValidationError(
                gettext(
                    "Everybody can read what you write, and it holds what looks like a telephone number or an e-mail "
                    "address: %(found)s. Take it out, or tick the box below the text if it is to be shown.",
                    found=", ".join(found),
                )
            )


class VersionField(HiddenField):
    """The version of a thing that its reader was looking at, as a whole number."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        raw = str(valuelist[0]) if valuelist else ""
        is_whole = re.fullmatch("-?[0-9]{1,100}", raw)
        # A number that no version has is as good as any other: what it speaks of is gone.
        self.data: Any = int(raw) if is_whole and len(raw) < 10 else 0 if is_whole else None

    def pre_validate(self, form: FlaskForm) -> None:
        if self.data is None:
            raise ValidationError(
                gettext("Something in the form was lost on the way. Open the page anew and try again.")
            )


class FormKeyField(HiddenField):
    """The key by which a form that is sent twice is known again; a new one where it was lost on the way."""

    def pre_validate(self, form: FlaskForm) -> None:
        if not re.fullmatch("[A-Za-z0-9_-]{1,64}", self.data or ""):
            self.data: Any = secrets.token_urlsafe(16)  # with which it can be sent again
            raise ValidationError(gettext("Something in the form was lost on the way. Send it again."))


class Length:
    """Refuses text that is shorter or longer than it may be, and says by how much; `missing` if there is none.

    What is seen makes a text long enough, and all of it makes it too long.
    """

    def __init__(self, lowest: int, highest: int, missing: LazyString | None = None) -> None:
        self.lowest, self.highest = lowest, highest
        self.missing = missing or lazy_gettext("Write something here.")

    def __call__(self, form: FlaskForm, field: Field) -> None:
        length, shown = len(field.data or ""), shown_length(field.data or "")
        if shown == 0 and self.lowest:
            raise ValidationError(str(self.missing))
        if shown < self.lowest:
            raise ValidationError(
                gettext(
                    "Write at least %(lowest)s characters. You have written %(length)s.",
                    lowest=number(self.lowest),
                    length=number(shown),
                )
            )
        if length > self.highest:
            raise ValidationError(
                gettext(
                    "Write at most %(highest)s characters. You have written %(length)s, so shorten it by %(over)s.",
                    highest=number(self.highest),
                    length=number(length),
                    over=number(length - self.highest),
                )
            )
        if has_piled_marks(field.data or ""):
            raise ValidationError(gettext("So many accents over one another can't be read. Take them out."))


class NameLength(Length):
    """Refuses also what nobody could say or be called by: a name without a letter or a figure in it."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        super().__call__(form, field)
        if field.data and not any(character.isalnum() for character in field.data):
            raise ValidationError(gettext("Write a name that has letters in it."))


_CHOOSE = lazy_gettext("Choose one of these.")


class Chosen:
    """Refuses a form where nothing was chosen."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data in (None, ""):
            raise ValidationError(str(_CHOOSE))


class _OneOfThese:
    """A choice among an enumeration's members; gives the member, or None when nothing was chosen."""

    def __init__(
        self, label: Any, words: dict[Any, Any], validators: Sequence[Any] = (), **kwargs: Any
    ) -> None:
        self.words = words
        members: dict[str, StrEnum] = {str(member): member for member in words}
        super().__init__(  # type: ignore[call-arg]
            label,
            validators,
            choices=[SelectChoice(str(member), word) for member, word in words.items()],
            coerce=members.get,
            **kwargs,
        )

    def pre_validate(self, form: FlaskForm) -> None:
        if self.data is None and self.raw_data and self.raw_data[0]:  # type: ignore[attr-defined]
            raise StopValidation(str(_CHOOSE))  # said once: `Chosen` would say it again


class ChoiceField(_OneOfThese, RadioField):
    """One of a few, all in view."""

    validate_choice = False


class PickField(_OneOfThese, SelectField):
    """One of many, in a list; the first row is no choice."""

    validate_choice = False

    def __init__(self, label: Any, words: dict[Any, Any], nothing: Any, **kwargs: Any) -> None:
        super().__init__(label, words, **kwargs)
        self.choices: list[SelectChoice] = [SelectChoice("", nothing), *self.choices]


class ListField(SelectField):
    """One of many, in a list, by its value; `words` says how each value is shown."""

    def __init__(self, label: Any, words: Mapping[str, Any], **kwargs: Any) -> None:
        choices = [SelectChoice(value, word) for value, word in words.items()]
        super().__init__(label, choices=choices, invalid_choice_message=_CHOOSE, **kwargs)


class DayField(DateField):
    """A day, written as 2026-03-31; None when nothing was written, unless it must be."""

    def _value(self) -> str:
        return clean_line(super()._value())

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        written = str(valuelist[0]).strip() if valuelist else ""
        self.data: date | None = None
        if written:
            try:
                self.data = date.fromisoformat(written)
            except ValueError:
                raise ValueError(_what_is_wrong_with(written)) from None
            if not _EARLIEST_YEAR <= self.data.year <= _LATEST_YEAR:
                raise ValueError(gettext("There must be a mistake in the year."))


def _what_is_wrong_with(day: str) -> str:
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
        return gettext("There is no such day.")
    return gettext("Write the date as 2026-03-31.")


_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2199
