"""What in the log is news about which things: one statement that reads a part of it, whatever stands there."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    exists,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from dialog.commitments.models import Commitment
from dialog.conversation.models import Comment
from dialog.dialogues.models import Dialogue
from dialog.events import Event
from dialog.following.models import News
from dialog.following.rules import Thing, What
from dialog.plan.models import Assignment, FollowUp
from dialog.response.models import Coverage, Matter, Response

_news = News.__table__.c
_event, _comment, _dialogue = Event.__table__.c, Comment.__table__.c, Dialogue.__table__.c
_response, _coverage, _matter = Response.__table__.c, Coverage.__table__.c, Matter.__table__.c
_commitment = Commitment.__table__.c
_follow_up, _assignment = FollowUp.__table__.c, Assignment.__table__.c
_earlier, _later = aliased(Event.__table__).c, aliased(Event.__table__).c

_about_comment = Event.__table__.join(Comment.__table__, _comment.id == _event.subject_id)
_with_matters = _about_comment.join(Matter.__table__, _matter.comment_id == _comment.id)
_about_answer = Event.__table__.join(Response.__table__, _response.id == _event.subject_id)
_with_covered = _about_answer.join(Coverage.__table__, _coverage.response_id == _response.id).join(
    Comment.__table__, _comment.id == _coverage.comment_id
)
_about_commitment = Event.__table__.join(Commitment.__table__, _commitment.id == _event.subject_id)
_with_promised = _about_commitment.join(
    Coverage.__table__, _coverage.response_id == _commitment.response_id
).join(Comment.__table__, _comment.id == _coverage.comment_id)
_about_follow_up = Event.__table__.join(FollowUp.__table__, _follow_up.id == _event.subject_id).join(
    Assignment.__table__, _assignment.id == _follow_up.assignment_id
)
_about_dialogue = Event.__table__.join(Dialogue.__table__, _dialogue.id == _event.subject_id)


def _not_said_again(*kinds: str) -> ColumnElement[bool]:
    """Where no such event has come since: what is put right before anybody was told is told once, as it is now."""
    return ~exists().where(
        _later.subject_type == _event.subject_type,
        _later.subject_id == _event.subject_id,
        _later.kind.in_(kinds),
        _later.id > _event.id,
    )


# Hidden and shown again is nothing new.
_FOR_THE_FIRST_TIME = ~exists().where(
    _earlier.subject_type == _event.subject_type,
    _earlier.subject_id == _event.subject_id,
    _earlier.kind == "comment.published",
    _earlier.id < _event.id,
)


def _arm(
    what: What,
    kinds: Sequence[str],
    thing: Thing,
    thing_id: ColumnElement[Any],
    source: FromClause,
    *conditions: ColumnElement[bool],
    doer: ColumnElement[Any] = _event.actor_id,
) -> Select[Any]:
    """The news that an event of one of `kinds` is about the thing that `thing_id` names in `source`."""
    return (
        select(
            _event.id,
            literal(thing, type_=_news.thing.type),
            thing_id,
            literal(what, type_=_news.what.type),
            _event.subject_id,
            doer,
            _event.at,
        )
        .select_from(source)
        .where(
            _event.kind.in_(kinds),
            _event.id > bindparam("after", type_=_event.id.type),
            _event.id <= bindparam("until", type_=_event.id.type),
            thing_id.is_not(None),
            *conditions,
        )
        .distinct()
    )


def _commented(
    thing: Thing,
    thing_id: ColumnElement[Any],
    source: FromClause = _about_comment,
    what: What = What.COMMENTED,
) -> Select[Any]:
    first, author = _FOR_THE_FIRST_TIME, _comment.author_id
    return _arm(what, ("comment.published",), thing, thing_id, source, first, doer=author)


def _answered(thing: Thing, thing_id: ColumnElement[Any], source: FromClause = _with_covered) -> Select[Any]:
    return _arm(What.ANSWERED, ("response.published",), thing, thing_id, source)


def _of_commitment(what: What) -> dict[tuple[What, Thing], Select[Any]]:
    """What became of a commitment is news about all that the answer is about."""
    things = {
        Thing.GOAL: (_commitment.goal_id, _about_commitment),
        Thing.COMMITTEE: (_commitment.committee_id, _about_commitment),
        Thing.ASSIGNMENT: (_comment.assignment_id, _with_promised),
        Thing.AREA: (_comment.area_id, _with_promised),
        Thing.COMMENT: (_comment.id, _with_promised),
    }
    kinds = (what.replace("commitment_", "commitment."),)
    return {(what, thing): _arm(what, kinds, thing, *where) for thing, where in things.items()}


def _followed_up(thing: Thing, thing_id: ColumnElement[Any]) -> Select[Any]:
    published = "follow_up.published"
    once = _not_said_again(published)
    return _arm(What.FOLLOWED_UP, (published,), thing, thing_id, _about_follow_up, once)


def _of_dialogue(what: What, *kinds: str) -> dict[tuple[What, Thing], Select[Any]]:
    """The news of a dialogue; where more than one kind of event is the same news, the last of them is."""
    things = {
        Thing.GOAL: _dialogue.goal_id,
        Thing.ASSIGNMENT: _dialogue.assignment_id,
        Thing.COMMITTEE: _dialogue.committee_id,
    }
    return {
        (what, thing): _arm(what, kinds, thing, column, _about_dialogue, _not_said_again(*kinds[1:]))
        for thing, column in things.items()
    }


# What is told of to those who follow which things; everything else is not told of.
ARMS: dict[tuple[What, Thing], Select[Any]] = {
    (What.COMMENTED, Thing.GOAL): _commented(Thing.GOAL, _comment.goal_id),
    (What.COMMENTED, Thing.ASSIGNMENT): _commented(Thing.ASSIGNMENT, _comment.assignment_id),
    (What.COMMENTED, Thing.COMMITTEE): _commented(Thing.COMMITTEE, _matter.committee_id, _with_matters),
    (What.COMMENTED, Thing.AREA): _commented(Thing.AREA, _comment.area_id),
    (What.ANSWERED, Thing.GOAL): _answered(Thing.GOAL, _response.goal_id, _about_answer),
    (What.ANSWERED, Thing.ASSIGNMENT): _answered(Thing.ASSIGNMENT, _comment.assignment_id),
    (What.ANSWERED, Thing.COMMITTEE): _answered(Thing.COMMITTEE, _response.committee_id, _about_answer),
    (What.ANSWERED, Thing.AREA): _answered(Thing.AREA, _comment.area_id),
    (What.ANSWERED, Thing.COMMENT): _answered(Thing.COMMENT, _comment.id),
    (What.CHANGED, Thing.COMMENT): _arm(
        What.CHANGED, ("comment.edited",), Thing.COMMENT, _comment.id, _about_comment
    ),
    (What.REPLIED, Thing.COMMENT): _commented(Thing.COMMENT, _comment.parent_id, what=What.REPLIED),
    **_of_commitment(What.KEPT),
    **_of_commitment(What.PROMISED_OTHERWISE),
    **_of_commitment(What.NOT_KEPT),
    **_of_commitment(What.REOPENED),
    (What.FOLLOWED_UP, Thing.GOAL): _followed_up(Thing.GOAL, _assignment.goal_id),
    (What.FOLLOWED_UP, Thing.ASSIGNMENT): _followed_up(Thing.ASSIGNMENT, _assignment.id),
    (What.FOLLOWED_UP, Thing.COMMITTEE): _followed_up(Thing.COMMITTEE, _follow_up.committee_id),
    **_of_dialogue(What.DIALOGUE_OPENED, "dialogue.open"),
    **_of_dialogue(What.DIALOGUE_CLOSED, "dialogue.closed"),
    **_of_dialogue(What.REPORTED_BACK, "dialogue.reported_back", "dialogue.report_revised"),
}

NEWS = insert(News.__table__).from_select(  # type: ignore[arg-type]
    ["event_id", "thing", "thing_id", "what", "subject_id", "doer_id", "at"], union_all(*ARMS.values())
)
