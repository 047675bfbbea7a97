"""Filling the demonstration: every step goes through the same operations as on the pages, at its own time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from dialog.appeals.operations import send_appeal, settle_appeal
from dialog.appeals.rules import AppealState
from dialog.conversation.models import Comment
from dialog.conversation.operations import move_comment
from dialog.conversation.rules import Act, Channel, CommentState, Kind
from dialog.conversation.submitting import Received, Submission, submit_comment
from dialog.conversation.watching import Sent, look_through
from dialog.db import clock, db, local_day, transaction
from dialog.demo.answering import (
    answer,
    begin_answers_with,
    commit_in_answer,
    follow_up,
    judge_answer,
    read_published,
    revise_answer,
    settle_commitment,
    translate_answer,
)
from dialog.demo.cast import content
from dialog.demo.stage import Stage, goal_of
from dialog.dialogues.operations import Terms, move_dialogue, save_terms, start_dialogue
from dialog.dialogues.queries import dialogue_on
from dialog.dialogues.reporting import Report, report_back
from dialog.dialogues.rules import DialogueState, Level
from dialog.following.operations import follow
from dialog.following.rules import Thing
from dialog.moderation.masking import mask
from dialog.moderation.operations import decide
from dialog.moderation.rules import Ground
from dialog.organisations.models import Mandate, Organisation
from dialog.organisations.rules import OrganisationKind, OrganisationState
from dialog.people.models import Notice, Person
from dialog.people.operations import acknowledge_notice, edit_account, give_role
from dialog.people.rules import Role
from dialog.people.shipped import load_everything
from dialog.plan.models import Area, Committee, Goal, Paragraph
from dialog.plan.queries import wording_of
from dialog.reception.operations import Meeting, record_sitting, register
from dialog.reports.operations import Complaint, report_comment
from dialog.reports.rules import Reason
from dialog.stances.operations import take_stance
from dialog.stances.rules import Stance
from dialog.text import render


def seed() -> int:
    """Add the cast and the conversation, unless they are there; gives how many comments were added."""
    with transaction():
        now = clock.now()
        load_everything(now=now)
        stage = Stage(now)
        stage.areas = {area.code: area for area in db.session.scalars(select(Area))}
        stage.committees = {committee.code: committee for committee in db.session.scalars(select(Committee))}
        _gather_people(stage)
        if db.session.scalar(select(func.count()).select_from(Comment)):
            return 0
        for _, act in sorted(_script(stage), key=lambda step: step[0]):
            act()
        return len(stage.comments)


def is_seeded() -> bool:
    """Whether the database holds anybody of the cast."""
    addresses = [row["email"] for row in content("cast")["members"]]
    return db.session.scalar(select(Person.id).where(Person.email.in_(addresses)).limit(1)) is not None


def _gather_people(stage: Stage) -> None:
    notice = db.session.scalars(select(Notice).order_by(Notice.version.desc())).first()
    cast = content("cast")
    organisations = {row["key"]: _organisation(row, stage) for row in cast["organisations"]}
    mandates = {row["key"]: row for row in cast["organisations"]}
    for row in cast["members"]:
        person = _person(row, stage, notice)
        stage.people[row["key"]] = person
        if key := row.get("organisation"):
            stage.mandates[key] = _mandate(person, organisations[key], mandates[key], stage)


def _person(row: dict[str, Any], stage: Stage, notice: Notice | None) -> Person:
    person = db.session.scalar(select(Person).where(Person.email == row["email"]))
    if person is None:
        person = Person(email=row["email"], language="sv", created_at=stage.moment(70), grants=[])
        db.session.add(person)
        db.session.flush()
        area_id = stage.areas[row["area"]].id
        edit_account(person, name=row["name"], area_id=area_id, language="sv", now=stage.moment(70))
        if notice is not None:
            acknowledge_notice(person, notice, now=stage.moment(70))
    for grant in row["roles"]:
        committee = stage.committees[grant["committee"]] if "committee" in grant else None
        give_role(row["email"], Role(grant["role"]), committee, now=stage.moment(70))
    return person


def _organisation(row: dict[str, Any], stage: Stage) -> Organisation:
    found = db.session.scalar(select(Organisation).where(Organisation.slug == row["key"]))
    if found is not None:
        return found
    organisation = Organisation(
        slug=row["key"],
        name=row["name"],
        kind=OrganisationKind(row["kind"]),
        area_id=stage.areas[row["area"]].id,
        purpose=row["purpose_sv"],
        state=OrganisationState.CONFIRMED,
        confirmed_at=stage.moment(69),
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation


def _mandate(person: Person, organisation: Organisation, row: dict[str, Any], stage: Stage) -> Mandate:
    """The mandate of a member of the cast: given before the first word of the conversation, with long to go."""
    found = db.session.scalar(
        select(Mandate).where(Mandate.person_id == person.id, Mandate.organisation_id == organisation.id)
    )
    if found is not None:
        return found
    dated = local_day(stage.moment(100))
    mandate = Mandate(
        person_id=person.id,
        organisation_id=organisation.id,
        basis=f"{row['basis']} {dated}",
        dated=dated,
        expires_on=local_day(stage.now + timedelta(days=365)),
    )
    db.session.add(mandate)
    db.session.flush()
    return mandate


def _script(stage: Stage) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Every act of the conversation with its time, to be carried out in the order of time."""
    conversation = content("conversation")
    for row in conversation["comments"]:
        said = stage.moment(row["days_ago"])
        yield said, partial(_say, row, stage, said)
        decided = stage.moment(row["days_ago"] - row.get("decided_after_days", 1))
        if row["outcome"] != "received":
            yield decided, partial(_moderate, row, stage, decided)
        if row["outcome"] == "withdrawn":
            withdrawn = decided + timedelta(hours=12)
            yield withdrawn, partial(_withdraw, row, stage, withdrawn)
    for row in conversation["replies"]:
        said = stage.moment(row["days_ago"])
        yield said, partial(_reply, row, stage, said)
    for row in conversation["sittings"]:
        met = stage.moment(row["days_ago"])
        yield met, partial(_meet, row, stage, met)
    for row in conversation["answers"]:
        answered = stage.moment(row["days_ago"])
        yield answered, partial(answer, row, stage, answered)
    for row in conversation["revisions"]:
        revised = stage.moment(row["days_ago"])
        yield revised, partial(revise_answer, row, stage, revised)
    for row in conversation["translations"]:
        translated = stage.moment(row["days_ago"])
        yield translated, partial(translate_answer, row, stage, translated)
    for row in conversation["answer_templates"]:
        written = stage.moment(row["days_ago"])
        yield written, partial(begin_answers_with, row, stage, written)
    for row in conversation["commitments"]:
        made = stage.moment(row["days_ago"])
        yield made, partial(commit_in_answer, row, stage, made)
        if "outcome" in row:
            settled = stage.moment(row["settled_days_ago"])
            yield settled, partial(settle_commitment, row, stage, settled)
    for row in conversation["follow_ups"]:
        said = stage.moment(row["days_ago"])
        yield said, partial(read_published if "published" in row else follow_up, row, stage, said)
    for row in conversation["verdicts"]:
        judged = stage.moment(row["days_ago"])
        yield judged, partial(judge_answer, row, stage, judged)
    for row in conversation["stances"]:
        answered = stage.moment(row["days_ago"])
        yield answered, partial(_think, row, stage, answered)
    for row in conversation["reports"]:
        reported = stage.moment(row["days_ago"])
        yield reported, partial(_report, row, stage, reported)
    for row in conversation["appeals"]:
        appealed = stage.moment(row["days_ago"])
        yield appealed, partial(_appeal, row, stage, appealed)
    for row in conversation["dialogues"]:
        opened = stage.moment(row["opened_days_ago"])
        yield opened, partial(_ask, row, stage, opened)
        if "report" in row:
            reported = stage.moment(row["report"]["days_ago"])
            yield reported, partial(_report_back, row, stage, reported)
    for row in conversation["follows"]:
        followed = stage.moment(row["days_ago"])
        yield followed, partial(_follow, row, stage, followed)


def _ask(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    committee = stage.committees[row["committee"]]
    editor = stage.people[f"redaktor-{committee.slug}"]
    dialogue = start_dialogue(committee, goal_of(row), None, officer=editor, now=at)
    closes_on, decides_on, feedback_on = (
        local_day(stage.moment(-row[f"{what}_in_days"])) for what in ("closes", "decides", "feedback")
    )
    terms = Terms(
        level=Level(row["level"]),
        can_change=row["can_change"],
        cannot_change=row["cannot_change"],
        who_decides=row["who_decides"],
        closes_on=closes_on,
        decides_on=decides_on,
        feedback_on=feedback_on,
    )
    save_terms(dialogue, terms, seen=dialogue.version, officer=editor, now=at)
    move_dialogue(dialogue, DialogueState.OPEN, seen=dialogue.version, editor=editor, now=at)


def _report_back(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    dialogue = dialogue_on(goal_of(row))
    assert dialogue is not None
    words = {
        name: row["report"][name] for name in ("you_said", "we_decided", "because", "decision_reference")
    }
    report = Report(decided_on=dialogue.decides_on, **words)
    editor = stage.people[f"redaktor-{stage.committees[row['committee']].slug}"]
    report_back(dialogue, report, seen=dialogue.version, editor=editor, now=at)


def _follow(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    follow(stage.people[row["who"]], Thing.GOAL, goal_of(row).id, now=at)


def _meet(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    meeting = Meeting(
        form_key=f"demo-{row['key']}",
        goal=goal_of(row),
        place=row["place"],
        held_on=local_day(at),
        attending=row["attending"],
        area_id=stage.areas[row["area"]].id,
    )
    stage.sittings[row["key"]] = record_sitting(meeting, official=stage.people[row["official"]], now=at)


def _say(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    goal = goal_of(row)
    number = row.get("assignment")
    assignment = next((one for one in goal.assignments if one.position == number), None)
    text = row["text"].strip()
    author = stage.people.get(row.get("author", ""))
    submission = Submission(
        form_key=f"demo-{row['key']}",
        goal=goal,
        assignment=assignment,
        paragraph=_summary_paragraph(goal, row["paragraph"]) if "paragraph" in row else None,
        kind=Kind(row["kind"]),
        text=text,
        html=render(text),
        watched=look_through(Sent(text, render(text), author, at)),
        language=row["language"],
        mandate=stage.mandates[row["organisation"]] if "organisation" in row else None,
        area_id=stage.areas[row["area"]].id if "area" in row else None,
    )
    if official := stage.people.get(row.get("heard_by", "")):
        sitting = stage.sittings.get(row.get("sitting", ""))
        received = Received(sitting.held_on if sitting else local_day(at), official, sitting)
        heard = replace(submission, channel=Channel(row["channel"]), received=received)
        registered = register(heard, row.get("name"), official=official, now=at)
    else:
        registered = submit_comment(submission, author=stage.people[row["author"]], now=at)
    stage.comments[row["key"]] = db.session.get_one(Comment, registered.id)


def _reply(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    parent, text = stage.comments[row["to"]], row["text"].strip()
    submission = Submission.reply(
        parent,
        parent_wording=parent.wording,
        form_key=f"demo-{row['key']}",
        kind=parent.kind,
        text=text,
        html=render(text),
        language=row["language"],
        mandate=stage.mandates[row["organisation"]] if "organisation" in row else None,
    )
    registered = submit_comment(submission, author=stage.people[row["author"]], now=at)
    stage.comments[row["key"]] = db.session.get_one(Comment, registered.id)


def _summary_paragraph(goal: Goal, position: int) -> Paragraph:
    return next(one for one in wording_of(goal).summary if one.position == position)


def _moderate(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    comment = stage.comments[row["key"]]
    if row["outcome"] == "masked":
        moderator = stage.people["moderator"]
        mask(comment, row["take_out"], row["reasons"], moderator=moderator, seen=comment.version, now=at)
        return
    act = Act.HIDE if row["outcome"] in ("hidden", "proposed") else Act.LOOK
    if act == Act.LOOK and comment.state == CommentState.RECEIVED:
        act = Act.PUBLISH
    decide(
        comment,
        act,
        moderator=stage.people["moderator"],
        seen=comment.version,
        now=at,
        ground=Ground(row["ground"]) if act == Act.HIDE else None,
        reasons=row.get("reasons"),
        criticises=row.get("criticises", False) if act == Act.HIDE else None,
    )


def _think(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    for stance in Stance:
        for key in row.get(stance, []):
            take_stance(stage.comments[row["of"]], stage.people[key], stance, now=at)


def _report(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    complaint = Complaint(
        form_key=f"demo-report-{row['of']}",
        reason=Reason(row["reason"]),
        words=row["words"],
        language="sv",
        network="demo",
    )
    report_comment(stage.comments[row["of"]], complaint, reporter=stage.people[row["by"]], now=at)


def _appeal(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    comment = stage.comments[row["of"]]
    appeal = send_appeal(comment, row["text"], language="sv", sender=comment.author, now=at)
    if "outcome" in row:
        settle_appeal(
            appeal,
            AppealState(row["outcome"]),
            row["reasons"],
            moderator=stage.people["moderator-2"],
            seen=appeal.version,
            now=stage.moment(row["settled_days_ago"]),
        )


def _withdraw(row: dict[str, Any], stage: Stage, at: datetime) -> None:
    comment = stage.comments[row["key"]]
    move_comment(comment, CommentState.WITHDRAWN, seen=comment.version, actor_id=comment.author_id, now=at)
