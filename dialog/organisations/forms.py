"""Forms about organisations and mandates."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, HiddenField, ValidationError

from dialog.db import clock
from dialog.fields import (
    AddressField,
    ChoiceField,
    Chosen,
    DayField,
    Form,
    Length,
    LineField,
    NameLength,
    TextField,
    VersionField,
)
from dialog.organisations.operations import Profile, Term
from dialog.organisations.rules import (
    LONGEST_BASIS,
    LONGEST_NAME,
    LONGEST_PURPOSE,
    LONGEST_REASONS,
    NEED_REASONS,
    NUMBER_NEEDED,
    SHORTEST_BASIS,
    SHORTEST_PURPOSE,
    SHORTEST_REASONS,
    Judgement,
    OrganisationKind,
    WrongNumber,
    mandate_flaws,
    organisation_number,
)
from dialog.organisations.words import MANDATE_FLAWS, NUMBER_FLAWS, ORGANISATION_KINDS
from dialog.people.forms import AreaField
from dialog.text import shown_length


class _NumberField(LineField):
    """An organisation number in its one form; None when nothing was written."""

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if not self.data:
            self.data: Any = None
            return
        try:
            self.data = organisation_number(self.data)
        except WrongNumber as error:
            raise ValidationError(str(NUMBER_FLAWS[error.flaw])) from None


class _Profile(Form):
    """What an organisation says of itself."""

    name = LineField(
        lazy_gettext("Name"), [NameLength(2, LONGEST_NAME, lazy_gettext("Write the organisation's name."))]
    )
    kind = ChoiceField(
        lazy_gettext("What kind of organisation is it?"),
        {**ORGANISATION_KINDS, OrganisationKind.OTHER: lazy_gettext("Something else")},
        [Chosen()],
    )
    number = _NumberField(lazy_gettext("Organisation number"))
    area = AreaField(lazy_gettext("Where is it at home?"))
    purpose = TextField(
        lazy_gettext("What it is for"),
        [Length(SHORTEST_PURPOSE, LONGEST_PURPOSE, lazy_gettext("Write what the organisation is for."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.offer(lazy_gettext("The whole municipality"))

    def validate_number(self, field: Field) -> None:
        if self.kind.data in NUMBER_NEEDED and field.data is None and not field.errors:
            raise ValidationError(gettext("A company has an organisation number. Write it here."))

    def profile(self) -> Profile:
        return Profile(self.name.data, self.kind.data, self.number.data, self.area.data, self.purpose.data)


class ProfileForm(_Profile):
    """`seen` is the version of the organisation that its editor was looking at."""

    seen = VersionField()


class TermForm(Form):
    """On what basis somebody may speak for an organisation, and until when."""

    basis = LineField(
        lazy_gettext("What gives the right to speak"),
        [Length(SHORTEST_BASIS, LONGEST_BASIS, lazy_gettext("Write who decided it."))],
    )
    dated = DayField(lazy_gettext("Day of the decision"))
    expires_on = DayField(lazy_gettext("Last day of the mandate"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether all is right; says at the days what is wrong with them."""
        is_valid = super().validate(*args, **kwargs)
        for field in (self.dated, self.expires_on):
            if field.data is None and not field.errors:
                field.errors = [gettext("Write the date as 2026-03-31.")]
                is_valid = False
        if self.dated.data and self.expires_on.data:
            for name, flaw in mandate_flaws(self.dated.data, self.expires_on.data, clock.today()).items():
                self._fields[name].errors = [str(MANDATE_FLAWS[flaw])]
                is_valid = False
        return is_valid

    def term(self) -> Term:
        assert self.dated.data is not None
        assert self.expires_on.data is not None
        return Term(self.basis.data, self.dated.data, self.expires_on.data)


class FoundForm(_Profile, TermForm):
    """An organisation, and what gives its founder the right to speak for it."""


class OfferForm(TermForm):
    first = ("email",)
    email = AddressField(lazy_gettext("E-mail address of the one who is to speak"))
    hands_over = BooleanField(lazy_gettext("I hand over: my own mandate ends when this one is accepted"))


def _judgement(value: str | None) -> Judgement | None:
    return next((act for act in Judgement if act == value), None)


class JudgementForm(Form):
    """`seen` is the version of the organisation that the official was looking at."""

    seen = VersionField()
    act = HiddenField(filters=[_judgement])
    reasons = TextField(lazy_gettext("Reasons, for those who speak for it"))

    def validate_act(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose one of these."))

    def validate_reasons(self, field: Field) -> None:
        words = field.data or ""
        fits = shown_length(words) >= SHORTEST_REASONS and len(words) <= LONGEST_REASONS
        if self.act.data in NEED_REASONS and not fits:
            raise ValidationError(_reasons_missing())


class EndForm(Form):
    """That a mandate is to end: one's own without a word, another's with reasons."""

    reasons = TextField(lazy_gettext("Reasons, for the one whose mandate ends"))

    def say_reasons_are_missing(self) -> None:
        self.reasons.errors = [_reasons_missing()]


def _reasons_missing() -> str:
    return gettext(
        "Explain why in %(lowest)d to %(highest)d characters.",
        lowest=SHORTEST_REASONS,
        highest=LONGEST_REASONS,
    )


class AnswerForm(Form):
    """The answer to an offer seen at version `seen`."""

    seen = VersionField()
