"""What rules have asked a look at: put on record with the comment, settled by what is decided, and counted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Protocol

from sqlalchemy import bindparam, func, select, update

from dialog import states
from dialog.conversation.models import Comment
from dialog.db import ask, changed, db, local_day
from dialog.events import Event
from dialog.moderation.models import Flag, WatchRule, WatchTally
from dialog.moderation.watching_rules import FLAG_MOVES, FLAGS_SETTLED_BY, FlagState, WatchKind, WatchTerms

_COUNTED = {FlagState.UPHELD: "upheld", FlagState.OVERRULED: "overruled"}


def put_on_record(event: Event) -> None:
    """Words were sent that rules ask for a look at: keep which rules, and that each did so once more."""
    for rule_id in event.details.get("watched", ()):
        db.session.add(
            Flag(
                rule_id=rule_id,
                comment_id=event.subject_id,
                wording=event.details.get("wording", 1),
                flagged_at=event.at,
            )
        )
        _count(rule_id, local_day(event.at).year, flagged=1)
    db.session.flush()


def settle(event: Event) -> None:
    """Something was decided about a comment, or its author changed it: so ends what rules asked of its words."""
    if event.details.get("at_once"):
        return
    to = FLAGS_SETTLED_BY[event.kind]
    wording = event.details.get("wording")
    of_words = {"comment_id": event.subject_id, **({"wording": wording} if wording else {})}
    for flag in db.session.scalars(_ON_EARLIER if wording else _ON_WORDING, of_words).all():
        if (flag.state, to) in FLAG_MOVES:
            _settle(flag, to, event)


_ON_COMMENT = select(Flag).where(Flag.comment_id == bindparam("comment_id"))
_ON_WORDING = _ON_COMMENT.where(
    Flag.wording == select(Comment.wording).where(Comment.id == Flag.comment_id).scalar_subquery()
)
_ON_EARLIER = _ON_COMMENT.where(Flag.wording < bindparam("wording"))


def _settle(flag: Flag, to: FlagState, event: Event) -> None:
    before, year = flag.state, local_day(flag.flagged_at).year
    states.move(flag, FLAG_MOVES, to, seen=flag.version, settled_at=event.at)
    more = {_COUNTED[state]: by for state, by in ((before, -1), (to, 1)) if state in _COUNTED}
    if more:
        _count(flag.rule_id, year, **more)


def _count(rule_id: int, year: int, **more: int) -> None:
    values = {name: getattr(WatchTally, name) + by for name, by in more.items()}
    if not changed(update(WatchTally).filter_by(rule_id=rule_id, year=year).values(values)):
        db.session.add(WatchTally(rule_id=rule_id, year=year, **more))
        db.session.flush()


class Worded(Protocol):
    """A comment, or what stands for one: the number of the wording it has."""

    @property
    def id(self) -> Any: ...

    @property
    def wording(self) -> Any: ...


_flag, _rule = Flag.__table__.c, WatchRule.__table__.c
_FLAGS = (
    select(_flag.comment_id, _flag.wording, *(_rule[term.name] for term in fields(WatchTerms)))
    .join(WatchRule.__table__, _rule.id == _flag.rule_id)
    .where(_flag.comment_id.in_(bindparam("ids", expanding=True)))
    .order_by(_flag.id)
)


def flags_on(comments: Sequence[Worded]) -> dict[int, list[WatchTerms]]:
    """What the rules say that flag the words that `comments` have now, by the comment's id: for moderators alone."""
    wordings = {comment.id: comment.wording for comment in comments}
    found: dict[int, list[WatchTerms]] = defaultdict(list)
    for row in ask(_FLAGS, ids=list(wordings)):
        if row.wording == wordings[row.comment_id]:
            found[row.comment_id].append(WatchTerms(*list(row)[2:]))
    return found


def tallies_of_rules() -> dict[int, tuple[int, int, int]]:
    """How often each rule asked for a look, was upheld and was overruled, all years together, by its id."""
    return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(_summed(WatchTally.rule_id))}


def tallies_of_year(year: int) -> dict[WatchKind, tuple[int, int, int]]:
    """The same for a year, by what the rules look for."""
    by_kind = _summed(WatchRule.kind).join(WatchRule, WatchRule.id == WatchTally.rule_id)
    rows = db.session.execute(by_kind.where(WatchTally.year == year).order_by(WatchRule.kind))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _summed(by: Any) -> Any:
    counts = (WatchTally.flagged, WatchTally.upheld, WatchTally.overruled)
    return select(by, *(func.sum(one) for one in counts)).select_from(WatchTally).group_by(by)
