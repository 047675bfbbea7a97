"""The letters to those who work for a committee: what is late, what waits, and what went otherwise than planned."""

from flask_babel import gettext

from dialog.commitments.queries import still_open
from dialog.db import clock, db
from dialog.events import Event
from dialog.formats import in_language
from dialog.notify.models import Letter
from dialog.notify.writing import Message, NotWanted, address_of, message
from dialog.plan.models import Committee
from dialog.response.models import Response
from dialog.response.queries import workload_of
from dialog.response.rules import ResponseState


def committee_late(letter: Letter) -> Message:
    """That answers are late: once for each, to the committee, and to the chair where they are very late."""
    committee = db.session.get_one(Committee, letter.subject_id, populate_existing=True)
    late = workload_of(committee, clock.today()).late
    if not late:
        raise NotWanted("nothing is late any more")
    event = db.session.get_one(Event, letter.event_id)
    name = in_language(committee, "name")
    is_very_late = event.kind == "committee.very_late"
    subject = (
        gettext("%(committee)s: answers are very late", committee=name)
        if is_very_late
        else gettext("%(committee)s: answers are late", committee=name)
    )
    return message(
        "committee_late",
        subject,
        committee=committee,
        newly=event.details["matters"],
        late=late,
        is_very_late=is_very_late,
        inbox_address=address_of("response.inbox", letter.language, slug=committee.slug),
        public_address=address_of("public.committee", letter.language, slug=committee.slug),
    )


def commitments_due(letter: Letter) -> Message:
    """What the committee has promised by days that come, as far as it hasn't said what became of it."""
    committee = db.session.get_one(Committee, letter.subject_id, populate_existing=True)
    named = db.session.get_one(Event, letter.event_id).details["commitments"]
    commitments = still_open(named)
    if not commitments:
        raise NotWanted("the committee has said what became of all of them")
    addresses = {
        one.id: address_of(
            "commitments.prepare_settling", letter.language, slug=committee.slug, commitment_id=one.id
        )
        for one in commitments
    }
    subject = gettext("What the %(committee)s has promised", committee=in_language(committee, "name"))
    return message(
        "commitments_due",
        subject,
        committee=committee,
        commitments=commitments,
        addresses=addresses,
        today=clock.today(),
    )


def review_waits(letter: Letter) -> Message:
    """To those who publish: an answer waits to be read."""
    response = db.session.get_one(Response, letter.subject_id, populate_existing=True)
    if response.state != ResponseState.IN_REVIEW:
        raise NotWanted("it doesn't wait for an editor any longer")
    subject = gettext(
        "%(committee)s: an answer waits for you to read it", committee=in_language(response.committee, "name")
    )
    return message(
        "review_waits",
        subject,
        response=response,
        editor_address=address_of(
            "response.editor", letter.language, slug=response.committee.slug, response_id=response.id
        ),
        inbox_address=address_of("response.inbox", letter.language, slug=response.committee.slug),
    )


def not_as_planned(letter: Letter) -> Message:
    """To those who answer: something has become of an answer with a time of its own that they hadn't planned."""
    response = db.session.get_one(Response, letter.subject_id, populate_existing=True)
    event = db.session.get_one(Event, letter.event_id)
    happened = event.kind.removeprefix("response.")
    if happened == "sent_back" and response.state != ResponseState.DRAFT:
        raise NotWanted("it isn't a draft any longer")
    if happened == "comment_left" and response.state != ResponseState.SCHEDULED:
        raise NotWanted("it has no time of its own any longer")
    name = in_language(response.committee, "name")
    subject = {
        "published": gettext(
            "%(committee)s: an answer was published without some of the comments", committee=name
        ),
        "sent_back": gettext("%(committee)s: an answer that had a time was taken back", committee=name),
        "comment_left": gettext(
            "%(committee)s: a comment has left an answer that has a time", committee=name
        ),
        "not_published": gettext("%(committee)s: an answer was not published", committee=name),
    }[happened]
    address = (
        address_of("public.answer", letter.language, response_id=response.id)
        if happened == "published"
        else address_of(
            "response.editor", letter.language, slug=response.committee.slug, response_id=response.id
        )
    )
    return message(
        "not_as_planned",
        subject,
        response=response,
        happened=happened,
        why=event.details.get("why"),
        left_out=event.details.get("left_out"),
        answer_address=address,
    )
