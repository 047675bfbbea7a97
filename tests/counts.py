"""The counts that pages show, held against the rows they count."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from dialog.commitments.models import Commitment, CommitmentSum
from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import db
from dialog.moderation.models import Decision, DecisionSum, Flag, WatchRule, WatchTally
from dialog.moderation.watching_rules import FlagState
from dialog.plan.models import Assignment, Committee, Goal, Paragraph
from dialog.reports.models import Report, Voice
from dialog.reports.rules import ReportState
from dialog.response.models import Coverage, Matter, Response, Verdict, WaitSum, Workload
from dialog.response.rules import PASS_ON_WITHIN_DAYS, Judgement, MatterState, Wait
from dialog.small_numbers import FEWEST_SHOWN
from dialog.stances.models import StanceCount, StanceTaken
from dialog.stances.rules import ASIDE, STEP, Stance, Sums, support
from dialog.stances.rules import shown as shown_of


def count(model: Any, *conditions: Any) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def _reporters(comment: Comment) -> int:
    """How many wait for a decision on what they have reported: each who is known, and all others as one."""
    said = select(Voice).join(Report).where(Report.comment_id == comment.id, Report.state == ReportState.OPEN)
    voices = db.session.scalars(said).all()
    return sum(one.is_known for one in voices) + any(not one.is_known for one in voices)


def assert_right() -> None:
    """Every stored count is the number of rows: of goals, assignments, paragraphs, comments, stances and committees."""
    db.session.expire_all()
    public, answered = Comment.state == CommentState.PUBLISHED, Comment.answered_at.is_not(None)
    by_one = Comment.organisation_id.is_not(None)
    for model, column in ((Goal, Comment.goal_id), (Assignment, Comment.assignment_id)):
        for thing in db.session.scalars(select(model)).all():
            shown = (thing.comment_count, thing.by_organisations, thing.answered_count)
            about = (column == thing.id, public)
            there_are = (
                count(Comment, *about),
                count(Comment, *about, by_one),
                count(Comment, *about, answered),
            )
            assert shown == there_are, thing.id
    for paragraph in db.session.scalars(select(Paragraph).where(Paragraph.lineage_id.is_(None))).all():
        wordings = select(Paragraph.id).where(Paragraph.first_id == paragraph.id)
        about = (Comment.paragraph_id.in_(wordings), public)
        assert paragraph.comment_count == count(Comment, *about)
        assert paragraph.by_organisations == count(Comment, *about, by_one)
    reply = aliased(Comment)
    for comment in db.session.scalars(select(Comment)).all():
        to_it = (reply.parent_id == comment.id, reply.state == CommentState.PUBLISHED)
        assert comment.reply_count == count(reply, *to_it), comment.number
        by_organisations = count(reply, *to_it, reply.organisation_id.is_not(None))
        assert comment.replies_by_organisations == by_organisations, comment.number
        assert comment.report_count == _reporters(comment), comment.number
    sums = {(one.author_id, one.what): one.decisions for one in db.session.scalars(select(DecisionSum))}
    decided = db.session.execute(select(Comment.author_id, Decision.ground, Decision.act).join(Decision))
    assert sums == Counter(
        (row.author_id, (row.ground if row.act == "hide" else None) or row.act) for row in decided
    )
    _assert_stances_are_right()
    _assert_rules_are_counted()
    _assert_commitments_are_counted()
    _assert_waits_are_counted()
    kept = {
        one.committee_id: (one.waiting, one.answered, one.judged_yes, one.judged_partly, one.judged_no)
        for one in db.session.scalars(select(Workload))
    }
    for committee in db.session.scalars(select(Committee)).all():
        here = Matter.committee_id == committee.id
        states = (MatterState.DUE, MatterState.ANSWERED)
        answers = select(Coverage.id).join(Response).where(Response.committee_id == committee.id)
        there_are = (
            *(count(Matter, here, Matter.state == state) for state in states),
            *(
                count(Verdict, Verdict.coverage_id.in_(answers), Verdict.judgement == one)
                for one in Judgement
            ),
        )
        assert kept.get(committee.id, (0,) * 5) == there_are, committee.code


def _assert_waits_are_counted() -> None:
    for committee in db.session.scalars(select(Committee)).all():
        here = Matter.committee_id == committee.id
        load = db.session.get(Workload, committee.id, populate_existing=True)
        there_are = (count(Matter, here), count(Matter, here, Matter.passed_on_after == 0))
        assert ((load.asked, load.passed_on_at_once) if load else (0, 0)) == there_are, committee.code
        sums = select(WaitSum).where(WaitSum.committee_id == committee.id)
        kept = {(one.wait, one.days, one.in_time): one.comments for one in db.session.scalars(sums)}
        later = select(Matter.passed_on_after).where(here, Matter.passed_on_after > 0)
        waits = Counter(
            (Wait.PASSED_ON, days, days <= PASS_ON_WITHIN_DAYS) for days in db.session.scalars(later)
        )
        answered = (
            select(Coverage.waited_days, Coverage.in_time)
            .join(Response, Response.id == Coverage.response_id)
            .where(Response.committee_id == committee.id, Coverage.waited_days.is_not(None))
        )
        waits.update((Wait.ANSWERED, *row) for row in db.session.execute(answered))
        assert kept == waits, committee.code


def _assert_commitments_are_counted() -> None:
    sums = {
        (one.committee_id, one.state): one.commitments
        for one in db.session.scalars(select(CommitmentSum))
        if one.commitments
    }
    assert sums == Counter((one.committee_id, one.state) for one in db.session.scalars(select(Commitment)))


def _assert_rules_are_counted() -> None:
    """What is kept of how rules have done is what their flags say."""
    for rule in db.session.scalars(select(WatchRule)).all():
        tallies = db.session.scalars(select(WatchTally).where(WatchTally.rule_id == rule.id)).all()
        kept = [sum(getattr(one, name) for one in tallies) for name in ("flagged", "upheld", "overruled")]
        here = Flag.rule_id == rule.id
        ended = [count(Flag, here, Flag.state == state) for state in (FlagState.UPHELD, FlagState.OVERRULED)]
        assert kept == [count(Flag, here), *ended], rule.id


def _assert_stances_are_right() -> None:
    """What is kept of the stances on each comment is what their rows say, and nothing is shown that may not be."""
    stances = (Stance.AGREE, Stance.DISAGREE, Stance.PASS)
    for kept_sums in db.session.scalars(select(StanceCount)).all():
        here = StanceTaken.comment_id == kept_sums.comment_id
        there_are = [count(StanceTaken, here, StanceTaken.stance == stance) for stance in stances]
        waiting = count(StanceTaken, here, StanceTaken.stance.is_distinct_from(StanceTaken.counted))
        assert [kept_sums.agree, kept_sums.disagree, kept_sums.passed] == there_are
        assert kept_sums.waiting == waiting < STEP + ASIDE
        counted = [count(StanceTaken, here, StanceTaken.counted == stance) for stance in stances]
        sums = Sums(kept_sums.shown_agree, kept_sums.shown_disagree, kept_sums.shown_passed)
        assert shown_of(counted, sums) == sums and kept_sums.is_shown == (sum(counted) >= FEWEST_SHOWN)
        assert db.session.get_one(Comment, kept_sums.comment_id).support == support(sums)
    assert not count(StanceTaken, StanceTaken.comment_id.not_in(select(StanceCount.comment_id)))
