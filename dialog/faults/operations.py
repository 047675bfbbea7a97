"""Reporting a fault, and moving a case on to its answer."""

from dataclasses import dataclass
from datetime import datetime

from dialog import attempts, events, states
from dialog.db import db
from dialog.faults.models import FaultAnswer, FaultAttempt, FaultCase
from dialog.faults.queries import case_of_form
from dialog.faults.rules import (
    ATTEMPTS_WITHIN,
    FAULT_MOVES,
    MOST_BY_A_NETWORK,
    MOST_FOR_ONE,
    FaultState,
)
from dialog.people.models import Person
from dialog.people.rules import hash_of
from dialog.permissions import allowed


@dataclass(frozen=True)
class Fault:
    """A fault as it was reported, already checked. `email` is None where no letter is wanted."""

    form_key: str
    words: str
    place: str | None
    language: str
    network: str  # see people.rules.network_of
    email: str | None = None


class MayNotAnswer(Exception):
    """Only administrators work on the cases."""


def report_fault(fault: Fault, *, now: datetime) -> tuple[FaultCase, bool]:
    """Take in a fault that anybody reports. Gives the case, and whether it is new: the same form twice is once.

    Raises attempts.TooManyAttempts.
    """
    if earlier := case_of_form(fault.form_key):
        return earlier, False
    if fault.email:
        _note_attempt(hash_of(f"address {fault.email}"), MOST_FOR_ONE, now)
    _note_attempt(fault.network, MOST_BY_A_NETWORK, now)
    case = FaultCase(
        form_key=fault.form_key,
        words=fault.words,
        place=fault.place or None,
        language=fault.language,
        email=fault.email,
        received_at=now,
    )
    db.session.add(case)
    db.session.flush()
    events.record("fault.received", case, actor_id=None, now=now)
    return case, True


def _note_attempt(who: str, most: int, now: datetime) -> None:
    attempts.note_attempt(FaultAttempt, who, most=most, within=ATTEMPTS_WITHIN, now=now)


def move_case(
    case: FaultCase, to: FaultState, words: str, *, seen: int, administrator: Person, now: datetime
) -> None:
    """Move a case, seen at version `seen`; an answer takes words, which go to whoever left an address.

    Moved there already with the same words, nothing happens. Raises MayNotAnswer, and what states.move raises.
    """
    if not allowed("answer_fault", administrator):
        raise MayNotAnswer
    closes = {} if to == FaultState.UNDER_WAY else {"answered_at": case.answered_at or now}
    transition = states.move(case, FAULT_MOVES, to, seen=seen, has_reason=bool(words), **closes)
    if transition is None:
        db.session.expire(case, ["answers"])
        if words and words != case.answers[-1].words:
            raise states.Stale(case)  # another has answered it meanwhile, in words of their own
        return
    if transition.needs_reason:
        answer = FaultAnswer(
            case_id=case.id, state=to, words=words, written_by_id=administrator.id, written_at=now
        )
        db.session.add(answer)
    details = {"tells_author": transition.tells_author}
    events.record(f"fault.{to}", case, actor_id=administrator.id, now=now, details=details)
