"""The letters about dialogues: what one led to, and that the day has come to say so."""

from datetime import date
from typing import cast

from flask_babel import gettext

from dialog.db import clock, db
from dialog.dialogues.models import Dialogue
from dialog.dialogues.queries import earlier_reports
from dialog.dialogues.rules import DialogueState
from dialog.events import Event
from dialog.formats import excerpt, heading, in_language
from dialog.notify.models import Letter
from dialog.notify.writing import Message, NotWanted, about, address_of, comment_of, message


def _title(dialogue: Dialogue) -> str:
    return excerpt(heading(in_language(dialogue.assignment or dialogue.goal, "title")), 80)


def reported_back(letter: Letter) -> Message:
    """To whoever took part, with the first that they said in it."""
    comment = comment_of(letter)
    if not comment.is_public:
        raise NotWanted("what they said is no longer public")
    event = db.session.get_one(Event, letter.event_id)
    dialogue = db.session.get_one(Dialogue, event.subject_id, populate_existing=True)
    address = address_of("dialogues.shown", letter.language, dialogue_id=dialogue.id)
    if event.kind == "dialogue.report_revised":
        newest = earlier_reports(dialogue)[0]
        if event.details["version"] != newest.number + 1:
            raise NotWanted("it has been changed again since")
        subject = gettext(
            "The result of the dialogue about “%(title)s” has been changed", title=_title(dialogue)
        )
        changed = newest.what_changed
        return about(
            letter,
            "report_revised",
            subject,
            comment,
            dialogue=dialogue,
            what_changed=changed,
            address=address,
        )
    subject = gettext("What came of the dialogue about “%(title)s”", title=_title(dialogue))
    return about(letter, "reported_back", subject, comment, dialogue=dialogue, address=address)


def feedback_due(letter: Letter) -> Message:
    """To those who have promised."""
    dialogue = db.session.get_one(Dialogue, letter.subject_id, populate_existing=True)
    if dialogue.state == DialogueState.REPORTED_BACK:
        raise NotWanted("it has been reported back")
    promised, today = cast(date, dialogue.feedback_on), clock.today()  # no dialogue opens without the day
    address = address_of(
        "dialogues.report", letter.language, slug=dialogue.committee.slug, dialogue_id=dialogue.id
    )
    return message(
        "feedback_due",
        _subject_of_reminder(_title(dialogue), promised, today),
        dialogue=dialogue,
        has_passed=today > promised,
        address=address,
    )


def _subject_of_reminder(title: str, promised: date, today: date) -> str:
    """What holds the day the letter is written: a worker that has stood still writes it late."""
    if today > promised:
        return gettext("You should have reported back: %(title)s", title=title)
    if today == promised:
        return gettext("Today you are to report back: %(title)s", title=title)
    return gettext("You are soon to report back: %(title)s", title=title)
