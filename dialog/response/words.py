"""The words readers see for matters, answers and outcomes."""

from enum import StrEnum

from babel.dates import format_date
from flask_babel import LazyString, gettext, lazy_gettext

from dialog.db import STOCKHOLM
from dialog.languages import locale
from dialog.people.models import Person
from dialog.response.queries import Done
from dialog.response.rules import (
    Judgement,
    Lateness,
    MatterState,
    Outcome,
    Part,
    ResponseState,
    WhyNoPause,
    WhyNotAt,
    WhyNotRemoved,
    WhyNotThen,
)

OUTCOMES: dict[StrEnum, LazyString] = {
    Outcome.WILL_DO: lazy_gettext("We will do it"),
    Outcome.ALREADY_DONE: lazy_gettext("Already done"),
    Outcome.PARTLY: lazy_gettext("We will do part of it"),
    Outcome.BEING_INVESTIGATED: lazy_gettext("We are looking into it"),
    Outcome.WILL_NOT: lazy_gettext("We will not do it"),
    Outcome.NOT_OURS: lazy_gettext("Not ours to decide"),
}
MATTER_STATES: dict[StrEnum, LazyString] = {
    MatterState.DUE: lazy_gettext("Waits for an answer"),
    MatterState.ANSWERED: lazy_gettext("Answered"),
    MatterState.FORWARDED: lazy_gettext("Passed on"),
    MatterState.CLOSED: lazy_gettext("Closed"),
    MatterState.REMOVED: lazy_gettext("Does not answer"),
}
# Why a moderator can't let a committee off.
WHY_NOT_REMOVED: dict[StrEnum, LazyString] = {
    WhyNotRemoved.NOT_DUE: lazy_gettext("It no longer waits for this committee's answer."),
    WhyNotRemoved.BEGUN: lazy_gettext("The committee has begun its answer, so it goes on."),
    WhyNotRemoved.PASSED_ON_HERE: lazy_gettext("Another committee has passed it on to this one."),
    WhyNotRemoved.REMOVED_BEFORE: lazy_gettext("It was taken away once before, and asked again since."),
    WhyNotRemoved.LAST: lazy_gettext("Nobody else is to answer. Add another committee first."),
}
WHY_NO_PAUSE: dict[StrEnum, LazyString] = {
    WhyNoPause.BACKWARDS: lazy_gettext("The last day can't come before the first."),
    WhyNoPause.BEGUN: lazy_gettext("A pause is announced at the latest the day before it begins."),
    WhyNoPause.TOO_LONG: lazy_gettext("A pause is at most 60 days."),
}
WHY_NOT_THEN: dict[StrEnum, LazyString] = {
    WhyNotThen.PAST: lazy_gettext("Choose a day that is still to come."),
    WhyNotThen.IN_TIME: lazy_gettext("That day is in time already. Choose a later one, or none."),
    WhyNotThen.TOO_FAR: lazy_gettext("Choose a day within a year."),
}
WHY_NOT_AT: dict[StrEnum, LazyString] = {
    WhyNotAt.PAST: lazy_gettext("Choose a time that is still to come."),
    WhyNotAt.TOO_FAR: lazy_gettext("Choose a time within 60 days."),
}
LATENESS: dict[StrEnum, LazyString] = {
    Lateness.IN_TIME: lazy_gettext("In time"),
    Lateness.DUE_TODAY: lazy_gettext("Due today"),
    Lateness.LATE: lazy_gettext("Late"),
    Lateness.VERY_LATE: lazy_gettext("Very late"),
}
RESPONSE_STATES: dict[StrEnum, LazyString] = {
    ResponseState.DRAFT: lazy_gettext("Draft"),
    ResponseState.IN_REVIEW: lazy_gettext("Waiting for the editor"),
    ResponseState.SCHEDULED: lazy_gettext("Published by itself"),
    ResponseState.PUBLISHED: lazy_gettext("Published"),
    ResponseState.SUPERSEDED: lazy_gettext("Replaced by a newer answer"),
}
PARTS: dict[StrEnum, LazyString] = {
    Part.ALL: lazy_gettext("All"),
    Part.TODAY: lazy_gettext("Due today"),
    Part.LATE: lazy_gettext("Late"),
    Part.FREE: lazy_gettext("Taken by nobody"),
    Part.MINE: lazy_gettext("Taken by me"),
}
JUDGEMENTS: dict[StrEnum, LazyString] = {
    Judgement.YES: lazy_gettext("Yes, it answered me"),
    Judgement.PARTLY: lazy_gettext("Partly"),
    Judgement.NO: lazy_gettext("No, it did not answer me"),
}
WORDS = (OUTCOMES, MATTER_STATES, LATENESS, RESPONSE_STATES, PARTS, JUDGEMENTS)


def who_saved(saved: Done | None, reader: Person) -> str:
    """That somebody saved a draft after `reader` opened it, so that what `reader` sent isn't saved."""
    return (
        _who_saved(saved, reader)
        + " "
        + gettext(
            "Look at what is saved now, which stands below. When you save or publish, your words replace it."
        )
    )


def _who_saved(saved: Done | None, reader: Person) -> str:
    if saved is None:
        return gettext("The draft was saved after you opened it. Your words are not saved yet.")
    when = saved.at.astimezone(STOCKHOLM)
    day = format_date(when, "d MMMM", locale=locale())
    if saved.person_id == reader.id:
        return gettext(
            "You saved the draft on another page on %(day)s at %(time)s. The words below are not saved yet.",
            day=day,
            time=f"{when:%H:%M}",
        )
    return gettext(
        "An officer saved the draft on %(day)s at %(time)s, after you opened it. Your words are not saved yet.",
        day=day,
        time=f"{when:%H:%M}",
    )
