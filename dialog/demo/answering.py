"""The part of the conversation in which committees answer, promise something, and say how their assignments go."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from dialog.commitments.operations import commit, settle
from dialog.commitments.rules import CommitmentState, Promise
from dialog.db import db, local_day
from dialog.demo.stage import Stage, goal_of
from dialog.plan.accounting import account_for
from dialog.plan.follow_ups import store
from dialog.plan.importing.follow_ups import ReadFollowUps, ReadRow
from dialog.plan.rules import Period, Progress
from dialog.response.models import Coverage, Matter
from dialog.response.operations import Draft, judge, publish, save_draft, start_draft
from dialog.response.revising import revise
from dialog.response.rules import Judgement, Outcome
from dialog.response.templates import TemplateWords, write_template
from dialog.response.translating import translate


def answer(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    committee = stage.committees[row["committee"]]
    covered = [stage.comments[key].id for key in row["covers"]]
    matters = db.session.scalars(
        select(Matter).where(Matter.committee_id == committee.id, Matter.comment_id.in_(covered))
    ).all()
    writer = stage.people[f"redaktor-{committee.slug}"]
    response = start_draft(committee, matters, officer=writer, now=at)
    draft = Draft(
        you_said=row["you_said"],
        we_decided=row["we_decided"],
        because=row["because"],
        outcome=Outcome(row["outcome"]) if "outcome" in row else None,
        decided_on=local_day(stage.moment(row["decided_days_ago"])) if "decided_days_ago" in row else None,
        decision_reference=row.get("decision_paragraph"),
    )
    lines = {
        matter.id: row.get("to_authors", {}).get(key, "")
        for matter in matters
        for key in row["covers"]
        if stage.comments[key].id == matter.comment_id
    }
    save_draft(response, draft, matters, seen=response.version, officer=writer, now=at, lines=lines)
    if row["state"] == "published":
        publish(response, seen=response.version, editor=writer, now=at)


def _first_coverage(key: str, stage: Stage) -> Coverage:
    """The first answer's to a comment."""
    covering = select(Coverage).where(Coverage.comment_id == stage.comments[key].id).order_by(Coverage.id)
    return db.session.scalars(covering.limit(1)).one()


def revise_answer(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    answer = _first_coverage(row["in_answer_to"], stage).response
    editor = stage.people[f"redaktor-{answer.committee.slug}"]
    words = Draft(
        answer.you_said,
        row["we_decided"],
        answer.because,
        answer.outcome,
        answer.decided_on,
        answer.decision_reference,
    )
    revise(answer, words, row["what_changed"], seen=answer.version, editor=editor, now=at)


def translate_answer(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    answer = _first_coverage(row["in_answer_to"], stage).response
    editor = stage.people[f"redaktor-{answer.committee.slug}"]
    translate(answer, row["language"], row["text"], seen=0, editor=editor, now=at)


def begin_answers_with(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    committee = stage.committees[row["committee"]]
    words = TemplateWords(row["name"], row["you_said"], row["we_decided"], row["because"])
    write_template(committee, words, editor=stage.people[f"redaktor-{committee.slug}"], now=at)


def _promise(row: dict[str, Any], stage: Stage) -> Promise:
    return Promise(row["text"], row["owner"], local_day(stage.moment(-row["due_in_days"])))


def commit_in_answer(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    answer = _first_coverage(row["in_answer_to"], stage).response
    editor = stage.people[f"redaktor-{answer.committee.slug}"]
    made = commit(answer, _promise(row, stage), editor=editor, now=at)
    assert made is not None  # nothing is promised twice
    stage.commitments[row["key"]] = made


def settle_commitment(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    commitment = stage.commitments[row["key"]]
    settle(
        commitment,
        CommitmentState(row["outcome"]),
        row["words"],
        instead=_promise(row["instead"], stage) if "instead" in row else None,
        seen=commitment.version,
        editor=stage.people[f"redaktor-{commitment.committee.slug}"],
        now=at,
    )


def judge_answer(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    coverage = _first_coverage(row["of"], stage)
    author = coverage.comment.author
    judge(
        coverage,
        Judgement(row["judgement"]),
        row.get("reason"),
        seen=0,
        read=coverage.response.version,
        actor=author,
        now=at,
    )


def follow_up(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    committee = stage.committees[row["committee"]]
    assignment = next(one for one in goal_of(row).assignments if one.position == row["assignment"])
    account_for(
        assignment,
        committee,
        Period(row["period"]),
        Progress(row["progress"]),
        row["commentary"],
        seen=0,
        actor_id=stage.people[f"handlaggare-{committee.slug}"].id,
        now=at,
    )


def read_published(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    """A row of a published follow-up, as the command reads it in."""
    committee = stage.committees[row["committee"]]
    read = ReadRow(1, committee.code, committee.name_sv, row["published"], row["commentary"])
    store(ReadFollowUps(row["year"], Period(row["period"]), (read,), ()), "uppfoljning (exempel)", at)
