"""Letters to whoever has reported a fault in how accessible the service is, and left an address."""

from flask_babel import gettext

from dialog.db import db
from dialog.events import Event
from dialog.faults.models import FaultCase
from dialog.notify.models import Letter
from dialog.notify.writing import Message, NotWanted, address_of, message


def received(letter: Letter) -> Message:
    """That the report has come, and its number. Nothing of what it said: the address may be another's."""
    case = _case_of(letter)
    subject = gettext("We have received your report %(number)s", number=case.number)
    return message("fault_received", subject, case=case, receipt_address=_receipt_of(case, letter))


def answered(letter: Letter) -> Message:
    """The answer that the event is about."""
    case = _case_of(letter)
    at = db.session.get_one(Event, letter.event_id).kind.removeprefix("fault.")
    answer = next(one for one in case.answers if one.state == at)
    subject = gettext("Answer to your report %(number)s", number=case.number)
    return message(
        "fault_answered", subject, case=case, answer=answer, receipt_address=_receipt_of(case, letter)
    )


def waits(letter: Letter) -> Message:
    """To an administrator: that a fault waits for an answer. Raises NotWanted when somebody has answered it."""
    case = _case_of(letter)
    if not case.is_open:
        raise NotWanted("it is answered")
    subject = gettext("Somebody has reported a fault in accessibility")
    return message("fault_waits", subject, case=case, address=address_of("faults.cases", letter.language))


def _case_of(letter: Letter) -> FaultCase:
    return db.session.get_one(FaultCase, letter.subject_id, populate_existing=True)


def _receipt_of(case: FaultCase, letter: Letter) -> str:
    return address_of("faults.receipt", letter.language, key=case.key)
