"""Forms about oneself."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectChoice, SelectField, ValidationError

from dialog.fields import Length, LineField, VersionField
from dialog.plan.queries import area_names

LONGEST_NAME = 80


def normal_address(written: str) -> str:
    """The one form of an e-mail address under which a person is known. Raises EmailNotValidError."""
    return validate_email(written, check_deliverability=False).normalized.lower()


class SignInForm(FlaskForm):
    email = LineField(lazy_gettext("Your e-mail address"))

    def validate_email(self, field: Field) -> None:
        try:
            self.address = normal_address(field.data or "")
        except EmailNotValidError:
            raise ValidationError(
                gettext("This doesn't look like an e-mail address. Write it as name@example.com.")
            ) from None


def _area_or_none(value: Any) -> int | None:
    return int(value) if value and str(value).isdigit() else None


class AreaField(SelectField):
    """One of the municipality's areas, or none; gives its id."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_area_or_none, validate_choice=False, **kwargs)

    def offer(self, nothing: str) -> None:
        """Fill the list; `nothing` is the row for no area."""
        self.choices = [
            SelectChoice("", nothing),
            *(SelectChoice(str(area_id), name) for area_id, name in area_names()),
        ]

    def pre_validate(self, form: FlaskForm) -> None:
        wrong = self.data is None and self.raw_data and self.raw_data[0]
        if wrong or self.data not in {self.coerce(choice.value) for choice in self.choices or []}:
            raise ValidationError(gettext("Choose an area in the list."))


class ProfileForm(FlaskForm):
    name = LineField(lazy_gettext("Your name, as it is shown"), [Length(2, LONGEST_NAME)])
    area = AreaField(lazy_gettext("Where you live"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.offer(gettext("I'd rather not say"))


class NoticeForm(ProfileForm):
    """`version` is that of the notice the person was looking at."""

    version = VersionField()
    read = BooleanField(
        lazy_gettext("I have read this and understand that what I send becomes a public record.")
    )

    def validate_read(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Tick the box when you have read it."))


class AccountForm(ProfileForm):
    language = SelectField(
        lazy_gettext("Language of your letters"),
        choices=[SelectChoice("sv", "Svenska"), SelectChoice("en", "English")],
    )
