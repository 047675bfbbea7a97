"""The words of each letter, made when it is sent from what holds at that moment."""

from functools import partial
from typing import cast

from flask_babel import gettext

from dialog.commitments.models import Commitment
from dialog.commitments.queries import successor_of
from dialog.commitments.rules import CommitmentState
from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import clock, db
from dialog.events import Event
from dialog.following.queries import Item, digest_for, how_often, item_for_letter
from dialog.following.rules import HowOften
from dialog.following.tokens import token_of_end
from dialog.formats import in_language
from dialog.languages import writing_in
from dialog.moderation.models import Relocation
from dialog.moderation.moving import relocations_of
from dialog.moderation.rules import LOOK_WITHIN_DAYS
from dialog.moderation.supervision import late_since
from dialog.notify import (
    committee_letters,
    decision_letters,
    dialogue_letters,
    fault_letters,
    organisation_letters,
)
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.writing import Message, NotWanted, about, address_of, comment_of, message
from dialog.people.models import Person, SignInLink
from dialog.people.queries import token_of
from dialog.people.rules import Role
from dialog.reports.models import Voice
from dialog.response.delays import delays_of
from dialog.response.models import Matter, Response
from dialog.response.queries import earlier_wordings_answered, lines_to, standings, verdicts_on
from dialog.response.revising import earlier_answers
from dialog.response.rules import Foretold, Judgement, Lateness, MatterState, reopens
from dialog.web import word


def write(letter: Letter) -> Message:
    """The subject and the words of `letter` in its reader's language. Raises NotWanted."""
    with writing_in(letter.language):
        return _WRITERS[letter.kind](letter)


def _sign_in(letter: Letter) -> Message:
    link = db.session.get_one(SignInLink, letter.subject_id, populate_existing=True)
    if link.used_at is not None or link.expires_at <= clock.now():
        raise NotWanted("the link has been used or has expired")
    address = address_of("people.open_link", letter.language, token=token_of(link))
    return message("sign_in", gettext("Your link to sign in"), address=address)


def _receipt(letter: Letter) -> Message:
    comment = comment_of(letter)
    subject = gettext("We have received your comment %(number)s", number=comment.number)
    owed = standings([comment])[comment.id].owed
    return about(letter, "receipt", subject, comment, owed=owed, look_within=LOOK_WITHIN_DAYS)


def _comment_and_answer(letter: Letter) -> tuple[Comment, Response]:
    """The comment and the answer to it that a letter is about. Raises NotWanted when one isn't public any longer."""
    comment = comment_of(letter)
    event = db.session.get_one(Event, letter.event_id)
    response_id = event.details.get("response", event.subject_id)  # of what it promised, or of itself
    responses = {response.id: response for response in standings([comment])[comment.id].responses}
    if not comment.is_public or response_id not in responses:
        raise NotWanted("the comment or the answer is no longer public")
    return comment, responses[response_id]


def _voice_of(letter: Letter) -> Voice:
    return db.session.get_one(Voice, letter.subject_id, populate_existing=True)


def _report_received(letter: Letter) -> Message:
    voice = _voice_of(letter)
    subject = gettext("We have received your report")
    confirm_address = (
        address_of("reports.ask_confirm", letter.language, confirm_key=voice.confirm_key)
        if voice.confirm_key
        else None
    )
    return _to_reporter(
        letter,
        voice,
        "report_received",
        subject,
        confirm_address=confirm_address,
        look_within=LOOK_WITHIN_DAYS,
    )


def _report_settled(letter: Letter) -> Message:
    voice = _voice_of(letter)
    db.session.refresh(voice.report)
    return _to_reporter(letter, voice, "report_settled", gettext("What became of your report"))


def _to_reporter(letter: Letter, voice: Voice, name: str, subject: str, **values: object) -> Message:
    receipt = address_of("reports.receipt", letter.language, key=voice.key)
    comment = db.session.get_one(Comment, voice.report.comment_id, populate_existing=True)
    return message(
        name, subject, voice=voice, report=voice.report, comment=comment, receipt_address=receipt, **values
    )


def _answered(letter: Letter) -> Message:
    comment, response = _comment_and_answer(letter)
    event = db.session.get_one(Event, letter.event_id)
    if event.kind == "response.revised":
        return _revised(letter, comment, response, event)
    subject = gettext(
        "The %(committee)s has answered your comment %(number)s",
        committee=in_language(response.committee, "name"),
        number=comment.number,
    )
    address = address_of("public.answer", letter.language, response_id=response.id)
    return _about_answer(letter, "answered", subject, comment, response, answer_address=address)


def _revised(letter: Letter, comment: Comment, response: Response, event: Event) -> Message:
    newest = earlier_answers(response)[0]
    if event.details["version"] != newest.number + 1:
        raise NotWanted("the answer has been changed again since")
    subject = gettext("The answer to your comment %(number)s has been changed", number=comment.number)
    address = address_of("public.answer", letter.language, response_id=response.id)
    return _about_answer(
        letter,
        "revised",
        subject,
        comment,
        response,
        answer_address=address,
        what_changed=newest.what_changed,
    )


def _forwarded(letter: Letter) -> Message:
    comment = comment_of(letter)
    matter = db.session.get_one(
        Matter, db.session.get_one(Event, letter.event_id).subject_id, populate_existing=True
    )
    if not comment.is_public or matter.forwarded_to is None:
        raise NotWanted("nobody waits for that committee any more")
    committee = in_language(matter.forwarded_to, "name")
    subject = gettext(
        "Your comment %(number)s has been passed on to the %(committee)s",
        number=comment.number,
        committee=committee,
    )
    owed = [one for one in standings([comment])[comment.id].owed if one.committee == matter.forwarded_to]
    return about(letter, "forwarded", subject, comment, matter=matter, owed=owed)


def _moved(letter: Letter) -> Message:
    """To whoever wrote the comment, or the first of their replies to it."""
    comment = comment_of(letter)
    head = comment.parent or comment
    relocation = db.session.get_one(
        Relocation, db.session.get_one(Event, letter.event_id).details["relocation"]
    )
    newest = relocations_of(head)[-1]
    is_shown = head.is_public and comment.is_public
    if newest.id != relocation.id or not (
        is_shown or (head is comment and comment.state == CommentState.RECEIVED)
    ):
        raise NotWanted("it has been moved again, or is no longer shown")
    subject = (
        gettext("What you replied to, %(number)s, has been moved", number=head.number)
        if comment.is_reply
        else gettext("Your comment %(number)s has been moved", number=head.number)
    )
    owed = standings([head])[head.id].owed
    return about(letter, "moved", subject, comment, head=head, relocation=relocation, owed=owed)


def _late(letter: Letter) -> Message:
    comment = comment_of(letter)
    event = db.session.get_one(Event, letter.event_id)
    matter = db.session.get_one(Matter, event.subject_id, populate_existing=True)
    if not comment.is_public or matter.state != MatterState.DUE:
        raise NotWanted("no answer is owed any more")
    today = clock.today()
    how_late, newest = matter.lateness(today), next(reversed(delays_of([matter])[matter.id]), None)
    stands = matter.foretold(newest.promised_on, today) if newest else Foretold.NOT_LATER
    if event.kind == "matter.delay_explained":
        holds = stands != Foretold.NOT_LATER
        subject = gettext("The answer to your comment %(number)s takes longer", number=comment.number)
    else:
        holds = how_late in _SAID_TO_BE[event.kind]
        subject = gettext("The answer to your comment %(number)s is late", number=comment.number)
    if not holds:
        raise NotWanted("it has another day since, or is very late by now, as another letter says")
    return about(
        letter,
        "late",
        subject,
        comment,
        matter=matter,
        because=event.kind,
        is_late=how_late.is_late,
        delay=newest,
        stands=stands,
    )


# Which letter about what is late is still true.
_SAID_TO_BE = {"matter.late": {Lateness.LATE}, "matter.very_late": {Lateness.VERY_LATE}}


def _commitment_settled(letter: Letter) -> Message:
    comment, response = _comment_and_answer(letter)
    event = db.session.get_one(Event, letter.event_id)
    commitment = db.session.get_one(Commitment, event.subject_id, populate_existing=True)
    says = "reopened" if commitment.state == CommitmentState.OPEN else commitment.state
    if event.kind != f"commitment.{says}":
        raise NotWanted("something else has been said of it since")
    committee = in_language(commitment.committee, "name")
    subject = {
        CommitmentState.OPEN: gettext(
            "The %(committee)s has put right what it said of a promise", committee=committee
        ),
        CommitmentState.KEPT: gettext("The %(committee)s has done what it promised", committee=committee),
        CommitmentState.CHANGED: gettext(
            "The %(committee)s has changed what it promised", committee=committee
        ),
        CommitmentState.NOT_KEPT: gettext(
            "The %(committee)s will not do what it promised", committee=committee
        ),
    }[commitment.state]
    address = address_of("public.answer", letter.language, response_id=response.id)
    return about(
        letter,
        "commitment_settled",
        subject,
        comment,
        commitment=commitment,
        instead=successor_of(commitment),
        correction=commitment.corrections[-1] if commitment.state == CommitmentState.OPEN else None,
        answer_address=address,
    )


def _verdict_asked(letter: Letter) -> Message:
    comment, response = _comment_and_answer(letter)
    if response.id in verdicts_on(comment):
        raise NotWanted("it has been said already")
    subject = gettext("Did you get an answer to your comment %(number)s?", number=comment.number)
    matter = next(
        one for one in standings([comment])[comment.id].matters if one.committee_id == response.committee_id
    )
    can_reopen = reopens(Judgement.NO, matter.state, was_reopened=matter.reopened_at is not None)
    return _about_answer(letter, "verdict_asked", subject, comment, response, can_reopen=can_reopen)


def _about_answer(
    letter: Letter, name: str, subject: str, comment: Comment, response: Response, **values: object
) -> Message:
    """A letter about an answer, with the words that it answers and the way to say whether it did."""
    pin = earlier_wordings_answered([comment]).get((response.id, comment.id))
    words = comment.wordings[pin.wording - 1] if pin else comment.words
    verdict = address_of(
        "response.verdict", letter.language, key=comment.receipt_key, response_id=response.id
    )
    return about(
        letter,
        name,
        subject,
        comment,
        words=words,
        response=response,
        to_author=lines_to([comment]).get((response.id, comment.id)),
        verdict_address=verdict,
        **values,
    )


def _queue_late(letter: Letter) -> Message:
    """It says that something waits, and never what: whoever reads that is to be signed in."""
    since = late_since(clock.now())
    reader = db.session.get_one(Person, letter.person_id, populate_existing=True)
    if since is None or not reader.has_role(Role.MODERATOR):
        raise NotWanted("nothing waits too long any more, or the reader is no moderator")
    address = address_of("moderation.queue", letter.language)
    subject = gettext("Something in the queue has waited too long")
    return message("queue_late", subject, since=since, look_within=LOOK_WITHIN_DAYS, address=address)


def _reader_of(letter: Letter) -> Person:
    """Whoever a letter about what they follow goes to. Raises NotWanted when they want none."""
    person = db.session.get_one(Person, letter.person_id, populate_existing=True)
    if how_often(person) == HowOften.NEVER:
        raise NotWanted("the reader wants no such letters any more")
    return person


def _followed(letter: Letter) -> Message:
    person = _reader_of(letter)
    item = item_for_letter(person, letter.event_id)
    if item is None:
        raise NotWanted("it is not visible any more, or not followed")
    subject = gettext("New in what you follow: %(what)s", what=word(item.what))
    return _to_follower(letter, "followed", subject, items=[item])


def _digest(letter: Letter) -> Message:
    digest = digest_for(_reader_of(letter), letter.event_id)
    if not digest.items:
        raise NotWanted("nothing is new")
    subject = gettext("What is new in what you follow")
    return _to_follower(letter, "digest", subject, items=digest.items, more=digest.more)


def _to_follower(letter: Letter, name: str, subject: str, **values: object) -> Message:
    assert letter.person_id is not None
    address = partial(address_of, language=letter.language)
    tokens = {
        (thing, it.id): token_of_end(letter.person_id, thing, it.id)
        for item in cast("list[Item]", values["items"])
        for thing, it in item.because
    }
    end_all = address("following.unsubscribe", token=token_of_end(letter.person_id))
    body = message(name, subject, address=address, tokens=tokens, end_all=end_all, **values).body
    return Message(subject, body, end_all)


_WRITERS = {
    LetterKind.SIGN_IN: _sign_in,
    LetterKind.RECEIPT: _receipt,
    LetterKind.PUBLISHED: decision_letters.published,
    LetterKind.HIDDEN: decision_letters.hidden,
    LetterKind.MASKED: decision_letters.masked,
    LetterKind.APPEAL_SETTLED: decision_letters.appeal_settled,
    LetterKind.HELD: decision_letters.held,
    LetterKind.REPORT_RECEIVED: _report_received,
    LetterKind.REPORT_SETTLED: _report_settled,
    LetterKind.FAULT_RECEIVED: fault_letters.received,
    LetterKind.FAULT_ANSWERED: fault_letters.answered,
    LetterKind.FAULT_WAITS: fault_letters.waits,
    LetterKind.ANSWERED: _answered,
    LetterKind.NOT_AS_PLANNED: committee_letters.not_as_planned,
    LetterKind.REVIEW_WAITS: committee_letters.review_waits,
    LetterKind.FORWARDED: _forwarded,
    LetterKind.MOVED: _moved,
    LetterKind.LATE: _late,
    LetterKind.COMMITTEE_LATE: committee_letters.committee_late,
    LetterKind.COMMITMENT_SETTLED: _commitment_settled,
    LetterKind.COMMITMENTS_DUE: committee_letters.commitments_due,
    LetterKind.VERDICT_ASKED: _verdict_asked,
    LetterKind.REPORTED_BACK: dialogue_letters.reported_back,
    LetterKind.FEEDBACK_DUE: dialogue_letters.feedback_due,
    LetterKind.ORGANISATION_JUDGED: organisation_letters.organisation_judged,
    LetterKind.MANDATE_OFFERED: organisation_letters.mandate_offered,
    LetterKind.MANDATE_EXPIRES: organisation_letters.mandate_expires,
    LetterKind.MANDATE_ENDED: organisation_letters.mandate_ended,
    LetterKind.QUEUE_LATE: _queue_late,
    LetterKind.FOLLOWED: _followed,
    LetterKind.DIGEST: _digest,
}
