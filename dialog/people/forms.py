"""Forms about oneself."""

from typing import Any

from flask import current_app
from flask_babel import LazyString, gettext, lazy_gettext
from wtforms import BooleanField, Field, SelectChoice, SelectField, ValidationError

from dialog.fields import AddressField, Form, LineField, ListField, NameLength, VersionField
from dialog.people.rules import is_the_municipalitys
from dialog.people.words import LETTER_LANGUAGES
from dialog.plan.queries import area_names, names_of_committees
from dialog.text import ways_to_reach_somebody
from dialog.web import whole_number

LONGEST_NAME = 80


class SignInForm(Form):
    email = AddressField(lazy_gettext("Your e-mail address"))


def _area_or_none(value: Any) -> int | None:
    return whole_number(str(value))


class AreaField(SelectField):
    """One of the municipality's areas, or none; gives its id."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_area_or_none, validate_choice=False, **kwargs)

    def offer(self, nothing: str | LazyString) -> None:
        """Fill the list; `nothing` is the row for no area."""
        self.choices = [
            SelectChoice("", nothing),
            *(SelectChoice(str(area_id), name) for area_id, name in area_names()),
        ]

    def pre_validate(self, form: Form) -> None:
        wrong = self.data is None and self.raw_data and self.raw_data[0]
        if wrong or self.data not in {self.coerce(choice.value) for choice in self.choices or []}:
            raise ValidationError(gettext("Choose an area in the list."))


class ProfileForm(Form):
    name = LineField(
        lazy_gettext("Your name, as it is shown"),
        [NameLength(2, LONGEST_NAME, lazy_gettext("Write your name."))],
    )
    name_is_real = BooleanField(lazy_gettext("It is my real name"))
    area = AreaField(lazy_gettext("Where you live"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.offer(lazy_gettext("I'd rather not say"))

    def validate_name(self, field: Field) -> None:
        name = field.data or ""
        if found := ways_to_reach_somebody(name):
            raise ValidationError(
                gettext("Your name is shown to everybody. Take %(found)s out of it.", found=", ".join(found))
            )
        municipality = current_app.config["SETTINGS"].municipality
        if is_the_municipalitys(name, [municipality, *names_of_committees()]):
            raise ValidationError(
                gettext("It would look as if the municipality wrote what you write. Choose another name.")
            )


class NoticeForm(ProfileForm):
    """`version` is that of the notice the person was looking at."""

    name_is_real = None  # it is asked where a dialogue asks for it
    version = VersionField()
    read = BooleanField(
        lazy_gettext("I have read this and understand that what I send becomes a public record.")
    )

    def validate_read(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Tick the box when you have read it."))


class LettersForm(Form):
    language = ListField(lazy_gettext("Language of your letters"), LETTER_LANGUAGES)
