"""Letters about what moderators decide, to authors and to one another."""

from flask_babel import gettext

from dialog.appeals.models import Appeal
from dialog.appeals.queries import appeals_about
from dialog.appeals.rules import AppealState
from dialog.conversation.rules import Act, CommentState, ReviewReason
from dialog.db import db, local_day
from dialog.events import Event
from dialog.moderation.queries import decision_against, decision_in_force
from dialog.moderation.rules import LOOK_WITHIN_DAYS, appeal_until
from dialog.notify.models import Letter
from dialog.notify.writing import Message, NotWanted, about, address_of, comment_of, message
from dialog.response.queries import standings


def published(letter: Letter) -> Message:
    """A comment is shown, for the first time or again. Raises NotWanted."""
    comment = comment_of(letter)
    if not comment.is_public:
        raise NotWanted("the comment is no longer public")
    event = db.session.get_one(Event, letter.event_id)
    whole = event.kind == "comment.unmasked"
    again = whole or event.details.get("from") == CommentState.HIDDEN or bool(event.details.get("held"))
    if whole and comment.is_masked:
        raise NotWanted("personal data has been taken out of it since")
    subject = (
        gettext("All of your comment %(number)s is shown again", number=comment.number)
        if whole
        else gettext("Your comment %(number)s is shown again", number=comment.number)
        if again
        else gettext("Your comment %(number)s is published", number=comment.number)
    )
    owed = standings([comment])[comment.id].owed
    granted = _granted_with(letter) if again else None
    return about(letter, "published", subject, comment, owed=owed, again=again, whole=whole, granted=granted)


def _granted_with(letter: Letter) -> Appeal | None:
    """The appeal by which the comment is shown again, if it is by one: both were settled at the same moment."""
    at = db.session.get_one(Event, letter.event_id).at
    about = appeals_about(comment_of(letter))
    return next((one for one in about if one.state == AppealState.GRANTED and one.settled_at == at), None)


def hidden(letter: Letter) -> Message:
    """Why a comment is not shown, and what can be done about it. Raises NotWanted."""
    comment = comment_of(letter)
    decision = decision_in_force(comment)
    is_hidden_no_more = comment.is_public or comment.state == CommentState.RECEIVED
    if is_hidden_no_more or decision is None or decision.ground is None:
        raise NotWanted("the comment is no longer hidden")
    subject = gettext("Your comment %(number)s is not shown", number=comment.number)
    return about(
        letter,
        "hidden",
        subject,
        comment,
        decision=decision,
        edit_address=None
        if comment.is_masked
        else address_of("conversation.edit", letter.language, number=comment.number),
        until=appeal_until(local_day(decision.decided_at)),
        appeal_address=address_of("appeals.write", letter.language, key=comment.receipt_key),
    )


def masked(letter: Letter) -> Message:
    """Why personal data was taken out of a comment, never which. Raises NotWanted."""
    comment = comment_of(letter)
    decision = decision_against(comment)
    if decision is None or decision.act != Act.MASK:
        raise NotWanted("nothing is taken out of what is shown any more, or it isn't shown")
    subject = gettext("Personal data is taken out of your comment %(number)s", number=comment.number)
    return about(
        letter,
        "masked",
        subject,
        comment,
        decision=decision,
        until=appeal_until(local_day(decision.decided_at)),
        appeal_address=address_of("appeals.write", letter.language, key=comment.receipt_key),
    )


def appeal_settled(letter: Letter) -> Message:
    """What came of a request for a new look, to its author or to whoever decided first."""
    appeal = db.session.get_one(Appeal, letter.subject_id, populate_existing=True)
    comment, is_granted = appeal.comment, appeal.state == AppealState.GRANTED
    is_masking = appeal.decision.act == Act.MASK
    if letter.person_id == comment.author_id:
        subject = (
            gettext("Comment %(number)s: the decision stands", number=comment.number)
            if is_masking
            else gettext("Your comment %(number)s is still not shown", number=comment.number)
        )
        return about(letter, "appeal_denied", subject, comment, appeal=appeal, is_masking=is_masking)
    subject = (
        gettext("Your decision about %(number)s is changed", number=comment.number)
        if is_granted
        else gettext("Your decision about %(number)s stands", number=comment.number)
    )
    address = address_of("public.comment", letter.language, number=comment.number)
    return message(
        "decision_looked_at",
        subject,
        appeal=appeal,
        is_granted=is_granted,
        is_masking=is_masking,
        address=address,
    )


def held(letter: Letter) -> Message:
    """A rule of the software has taken a comment out of view. Raises NotWanted."""
    comment = comment_of(letter)
    if comment.review_reason != ReviewReason.PENDING:
        raise NotWanted("a moderator has decided, or it was withdrawn")
    people = db.session.get_one(Event, letter.event_id).details["threshold"]
    subject = gettext(
        "Your comment %(number)s is out of view until a moderator has read it", number=comment.number
    )
    return about(letter, "held", subject, comment, people=people, look_within=LOOK_WITHIN_DAYS)
