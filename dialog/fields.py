"""Form fields for people's text: what can't be stored is said and taken out, and the rest stays as typed."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)

from dialog.text import clean, clean_line, has_forbidden_characters


class _CleanField(StringField):
    """Refuses what `text.clean` would have to take out, and shows the text without it."""

    cleaner = staticmethod(clean_line)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        raw = str(valuelist[0]) if valuelist else ""
        self.had_forbidden_characters = has_forbidden_characters(raw)
        self.data = self.cleaner(raw)

    def pre_validate(self, form: FlaskForm) -> None:
        if getattr(self, "had_forbidden_characters", False):
            raise ValidationError(
                gettext(
                    "Your text held invisible characters that can't be saved. They are taken out now: "
                    "read it through and send again."
                )
            )


class LineField(_CleanField):
    """Text of one line."""


class TextField(_CleanField, TextAreaField):
    """Text of several paragraphs."""

    cleaner = staticmethod(clean)


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


class Length:
    """Refuses text that is shorter or longer than it may be, and says by how much."""

    def __init__(self, lowest: int, highest: int) -> None:
        self.lowest, self.highest = lowest, highest

    def __call__(self, form: FlaskForm, field: Field) -> None:
        length = len(field.data or "")
        if length == 0 and self.lowest:
            raise ValidationError(gettext("Write something here."))
        if length < self.lowest:
            raise ValidationError(
                gettext(
                    "Write at least %(lowest)d characters. You have written %(length)d.",
                    lowest=self.lowest,
                    length=length,
                )
            )
        if length > self.highest:
            raise ValidationError(
                gettext(
                    "Write at most %(highest)d characters. You have written %(length)d, so shorten it by %(over)d.",
                    highest=self.highest,
                    length=length,
                    over=length - self.highest,
                )
            )


class Chosen:
    """Refuses a form where nothing was chosen."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data in (None, ""):
            raise ValidationError(gettext("Choose one of these."))


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
            raise ValidationError(gettext("Choose one of these."))


class ChoiceField(_OneOfThese, RadioField):
    """One of a few, all in view."""

    validate_choice = False


class PickField(_OneOfThese, SelectField):
    """One of many, in a list; the first row is no choice."""

    validate_choice = False

    def __init__(self, label: Any, words: dict[Any, Any], nothing: Any, **kwargs: Any) -> None:
        super().__init__(label, words, **kwargs)
        self.choices: list[SelectChoice] = [SelectChoice("", nothing), *self.choices]
