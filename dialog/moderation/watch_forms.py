"""The forms for the rules that ask moderators for a look: one for each thing that a rule can look for."""

from enum import StrEnum
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext
from wtforms import Field, HiddenField, ValidationError

from dialog.fields import ChoiceField, Chosen, Form, Length, LineField, TextField, VersionField
from dialog.moderation.watching_rules import (
    FEWEST_TIMES,
    LONGEST_NOTE,
    LONGEST_WATCHED,
    MOST_DAYS,
    MOST_HOURS,
    MOST_TIMES,
    SHORTEST_NOTE,
    SHORTEST_WATCHED,
    WatchKind,
    WatchTerms,
)
from dialog.moderation.words import EFFECTS
from dialog.stems import words_of
from dialog.web import whole_number


class Between:
    """Refuses what is no whole number from `lowest` to `highest`."""

    def __init__(self, lowest: int, highest: int) -> None:
        self.lowest, self.highest = lowest, highest

    def __call__(self, form: Form, field: Field) -> None:
        number = whole_number(field.data)
        if number is None or not self.lowest <= number <= self.highest:
            raise ValidationError(
                gettext(
                    "Write a number from %(lowest)d to %(highest)d.", lowest=self.lowest, highest=self.highest
                )
            )


class WatchForm(Form):
    """What all rules say; `seen` is the version of the one to be changed, and empty where there is none."""

    kind: WatchKind
    seen = HiddenField(filters=[whole_number])
    effect = ChoiceField(lazy_gettext("What the rule does"), EFFECTS, validators=[Chosen()])
    note = TextField(
        lazy_gettext("Why the rule is here, for moderators"), [Length(SHORTEST_NOTE, LONGEST_NOTE)]
    )

    def terms(self) -> WatchTerms:
        """What the rule says, of a form that is rightly filled in."""
        return WatchTerms(self.kind, self.effect.data, self.note.data, **self.looked_for())

    def looked_for(self) -> dict[str, Any]:
        raise NotImplementedError

    @staticmethod
    def filled_with(terms: WatchTerms) -> dict[str, Any]:
        """What the fields hold when a rule is to be changed."""
        return {
            "effect": terms.effect,
            "note": terms.note,
            "words": terms.words,
            "form": InWhichForm.EXACTLY if terms.exactly else InWhichForm.ANY,
            "days": str(terms.days or ""),
            "times": str(terms.times or ""),
            "hours": str(terms.hours or ""),
            "by": By.ONE if terms.by_one else By.ANYBODY,
        }


class InWhichForm(StrEnum):
    ANY = "any"
    EXACTLY = "exactly"


class By(StrEnum):
    ANYBODY = "anybody"
    ONE = "one"


FORMS_OF_WORDS: dict[StrEnum, LazyString] = {
    InWhichForm.ANY: lazy_gettext("In any form: “dog” finds “dogs” too"),
    InWhichForm.EXACTLY: lazy_gettext("Exactly so, in capital letters or small"),
}
BY: dict[StrEnum, LazyString] = {
    By.ANYBODY: lazy_gettext("By anybody: several people together"),
    By.ONE: lazy_gettext("By one and the same person"),
}


class WordsForm(WatchForm):
    first = ("words", "form")
    kind = WatchKind.WORDS
    words = LineField(lazy_gettext("The word or the phrase"), [Length(SHORTEST_WATCHED, LONGEST_WATCHED)])
    form = ChoiceField(lazy_gettext("In which form"), FORMS_OF_WORDS, validators=[Chosen()])

    def validate_words(self, field: Field) -> None:
        if not words_of(field.data or ""):
            raise ValidationError(gettext("Write a word."))

    def looked_for(self) -> dict[str, Any]:
        return {"words": self.words.data, "exactly": self.form.data == InWhichForm.EXACTLY}


class LinksForm(WatchForm):
    first = ("days",)
    kind = WatchKind.LINKS
    days = LineField(lazy_gettext("For how many days an account is new"), [Between(1, MOST_DAYS)])

    def looked_for(self) -> dict[str, Any]:
        return {"days": whole_number(self.days.data)}


class RepeatedForm(WatchForm):
    first = ("times", "hours", "by")
    kind = WatchKind.REPEATED
    times = LineField(lazy_gettext("How many times"), [Between(FEWEST_TIMES, MOST_TIMES)])
    hours = LineField(lazy_gettext("Within how many hours"), [Between(1, MOST_HOURS)])
    by = ChoiceField(lazy_gettext("By whom"), BY, validators=[Chosen()])

    def looked_for(self) -> dict[str, Any]:
        return {
            "times": whole_number(self.times.data),
            "hours": whole_number(self.hours.data),
            "by_one": self.by.data == By.ONE,
        }


FORMS: dict[WatchKind, type[WatchForm]] = {
    WatchKind.WORDS: WordsForm,
    WatchKind.LINKS: LinksForm,
    WatchKind.REPEATED: RepeatedForm,
}


class SwitchForm(Form):
    """Switches a rule on or off; `seen` is the version that the administrator was looking at."""

    seen = VersionField()
