"""Every count that is kept, held against the rows that it counts: a statement for each table, for the doctor."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from dialog.commitments.models import Commitment, CommitmentSum
from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.moderation.models import Decision, DecisionSum, Flag, LogTally, WatchTally
from dialog.moderation.watching_rules import FlagState
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.reports.models import Report, Voice
from dialog.reports.rules import ReportState
from dialog.response.models import Coverage, Matter, Response, Verdict, WaitSum, Workload
from dialog.response.rules import PASS_ON_WITHIN_DAYS, Judgement, MatterState, Wait
from dialog.stances.models import StanceCount, StanceTaken
from dialog.stances.rules import Stance

Numbers = Sequence[Any]  # statements for rows of whose something is, what it is, and how many there are of it
_HIDDEN_OR_ACT = case(
    (Decision.act == Act.HIDE, cast(Decision.ground, String)), else_=cast(Decision.act, String)
)


def _kept(whose: Any, *columns: Any) -> Numbers:
    return [select(whose, literal(column.key), column).where(column != 0) for column in columns]


def _found(rows: Select[Any], whose: Any, **numbers: Any) -> Numbers:
    """What there is among some rows, counted in several ways."""
    return [
        rows.add_columns(whose, literal(what), number).group_by(whose) for what, number in numbers.items()
    ]


def _how_many_are(column: Any, member: Any) -> ColumnElement[int]:
    return func.count(case((column == member, 1)))


def _differing(kept: Numbers, found: Numbers) -> Select[Any]:
    """Whose numbers are other than there is, or are not kept at all."""
    there_is = [tuple(one.subquery().c) for one in found]
    taken_away = [select(whose, what, -number) for whose, what, number in there_is]
    whose, what, rest = tuple(union_all(*kept, *taken_away).subquery().c)
    wrong = select(whose).group_by(whose, what).having(func.sum(rest) != 0)
    return wrong.distinct().order_by(whose)


def _of_comments(model: Any, whose: Any) -> Select[Any]:
    """A goal's or an assignment's: all, by organisations, and those that have an answer."""
    found = _found(
        select().where(Comment.is_public, whose.is_not(None)),
        whose,
        comment_count=func.count(),
        by_organisations=func.count(Comment.organisation_id),
        answered_count=func.count(Comment.answered_at),
    )
    return _differing(
        _kept(model.id, model.comment_count, model.by_organisations, model.answered_count), found
    )


def _of_paragraphs() -> Select[Any]:
    """Kept on the first wording of each, for all of them."""
    found = _found(
        select().join_from(Comment, Paragraph, Paragraph.id == Comment.paragraph_id).where(Comment.is_public),
        Paragraph.first_id,
        comment_count=func.count(),
        by_organisations=func.count(Comment.organisation_id),
    )
    kept = _kept(Paragraph.id, Paragraph.comment_count, Paragraph.by_organisations)
    return _differing([one.where(Paragraph.lineage_id.is_(None)) for one in kept], found)


def _of_replies() -> Select[Any]:
    reply = aliased(Comment)
    found = _found(
        select().where(reply.is_public, reply.parent_id.is_not(None)),
        reply.parent_id,
        reply_count=func.count(),
        replies_by_organisations=func.count(reply.organisation_id),
    )
    return _differing(_kept(Comment.id, Comment.reply_count, Comment.replies_by_organisations), found)


def _of_reports() -> Select[Any]:
    """How many wait for a decision on what they have reported: each who is known, and all others as one."""
    is_known = Voice.person_id.is_not(None) | Voice.confirmed_at.is_not(None)
    found = _found(
        select().join_from(Voice, Report).where(Report.state == ReportState.OPEN),
        Report.comment_id,
        report_count=func.count(case((is_known, 1))) + func.max(case((is_known, 0), else_=1)),
    )
    return _differing(_kept(Comment.id, Comment.report_count), found)


def _of_stances() -> Select[Any]:
    waiting = StanceTaken.stance.is_distinct_from(StanceTaken.counted)
    found = _found(
        select(),
        StanceTaken.comment_id,
        agree=_how_many_are(StanceTaken.stance, Stance.AGREE),
        disagree=_how_many_are(StanceTaken.stance, Stance.DISAGREE),
        passed=_how_many_are(StanceTaken.stance, Stance.PASS),
        waiting=func.count(case((waiting, 1))),
    )
    columns = (StanceCount.agree, StanceCount.disagree, StanceCount.passed, StanceCount.waiting)
    return _differing(_kept(StanceCount.comment_id, *columns), found)


def _of_workloads() -> Select[Any]:
    matters = _found(
        select(),
        Matter.committee_id,
        waiting=_how_many_are(Matter.state, MatterState.DUE),
        answered=_how_many_are(Matter.state, MatterState.ANSWERED),
        asked=func.count(),
        passed_on_at_once=_how_many_are(Matter.passed_on_after, 0),
    )
    verdicts = _found(
        select().join_from(Verdict, Coverage).join(Response),
        Response.committee_id,
        **{f"judged_{one}": _how_many_are(Verdict.judgement, one) for one in Judgement},
    )
    columns = [
        getattr(Workload, column.key) for column in Workload.__table__.columns if not column.primary_key
    ]
    return _differing(_kept(Workload.committee_id, *columns), [*matters, *verdicts])


def _of_waits() -> Select[Any]:
    """By what was waited for, for how many days, and whether that was in time."""

    def sort(wait: Any, days: Any, in_time: Any) -> ColumnElement[str]:
        return cast(wait, String) + " " + cast(days, String) + case((in_time, " in time"), else_=" late")

    kept = select(WaitSum.committee_id, sort(WaitSum.wait, WaitSum.days, WaitSum.in_time), WaitSum.comments)
    passed_on = sort(
        literal(Wait.PASSED_ON.value),
        Matter.passed_on_after,
        Matter.passed_on_after <= literal(PASS_ON_WITHIN_DAYS),
    ).label("sort")
    answered = sort(literal(Wait.ANSWERED.value), Coverage.waited_days, Coverage.in_time).label("sort")
    found = [
        select(Matter.committee_id, passed_on, literal(1)).where(Matter.passed_on_after > 0),
        select(Response.committee_id, answered, literal(1))
        .join_from(Coverage, Response)
        .where(Coverage.waited_days.is_not(None)),
    ]
    return _differing([kept], found)


def _of_commitments() -> Select[Any]:
    kept = select(CommitmentSum.committee_id, cast(CommitmentSum.state, String), CommitmentSum.commitments)
    found = select(Commitment.committee_id, cast(Commitment.state, String), literal(1))
    return _differing([kept], [found])


def _of_decisions() -> Select[Any]:
    """Of each sort, about what one person has said."""
    kept = select(DecisionSum.author_id, DecisionSum.what, DecisionSum.decisions)
    found = select(Comment.author_id, _HIDDEN_OR_ACT, literal(1)).join_from(Decision, Comment)
    return _differing([kept], [found])


def _of_the_log() -> Select[Any]:
    """By the act or the ground."""
    found = _found(
        select(),
        _HIDDEN_OR_ACT,
        decisions=func.count(),
        appealed=func.count(Decision.appealed_at),
        overturned=func.count(Decision.overturned_at),
    )
    return _differing(_kept(LogTally.what, LogTally.decisions, LogTally.appealed, LogTally.overturned), found)


def _of_rules() -> Select[Any]:
    found = _found(
        select(),
        Flag.rule_id,
        flagged=func.count(),
        upheld=_how_many_are(Flag.state, FlagState.UPHELD),
        overruled=_how_many_are(Flag.state, FlagState.OVERRULED),
    )
    return _differing(
        _kept(WatchTally.rule_id, WatchTally.flagged, WatchTally.upheld, WatchTally.overruled), found
    )


# What is kept where, and the statement that gives whose is wrong.
COUNTERS: dict[str, Callable[[], Select[Any]]] = {
    "goal": lambda: _of_comments(Goal, Comment.goal_id),
    "assignment": lambda: _of_comments(Assignment, Comment.assignment_id),
    "paragraph": _of_paragraphs,
    "comment.reply_count": _of_replies,
    "comment.report_count": _of_reports,
    "stance_count": _of_stances,
    "workload": _of_workloads,
    "wait_sum": _of_waits,
    "commitment_sum": _of_commitments,
    "decision_sum": _of_decisions,
    "log_tally": _of_the_log,
    "watch_tally": _of_rules,
}
