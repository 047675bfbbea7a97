"""Many people saying many things, fast.

People, organisations, everybody's first comment with its decision, and the answers go through the
operations. All later comments are what `submit_comment` and a moderator's look leave behind, written as bulk
inserts: number, wording, three rows of the log, receipt, matters, decision, counts. `data._check` proves that
the counts and the log come out as if each had gone the long way.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, update

from bench.words import comment_text
from dialog.conversation.models import Comment, CommentWording, RegistrationYear
from dialog.conversation.rules import Act, Channel, CommentState, Kind, registration_number
from dialog.conversation.submitting import Submission, submit_comment
from dialog.db import changed, clock, db, local_day, remembered
from dialog.events import END_OF_CHAIN, Event
from dialog.moderation.models import Decision, DecisionSum
from dialog.moderation.operations import decide
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind, LetterState
from dialog.organisations.models import Mandate, Organisation
from dialog.organisations.rules import OrganisationKind, OrganisationState
from dialog.people.models import Notice, Person
from dialog.people.operations import acknowledge_notice, edit_account, give_role
from dialog.people.rules import Role
from dialog.plan.models import Area, Assignment, Committee, Goal, Paragraph
from dialog.plan.rules import Part
from dialog.response.models import Matter, Workload
from dialog.response.operations import Draft, publish, save_draft, start_draft
from dialog.response.rules import VERY_LATE_DAYS, MatterState, Outcome
from dialog.search.operations import rebuild
from dialog.text import render
from dialog.workdays import after_working_days

MOST_AUTHORS = 200
ORGANISATIONS = 10
ANSWERS = 6
COVERED = 30  # comments an answer covers, at the most
REPLIES = 3  # to one comment, at the most
AT_A_TIME = 10_000  # comments held in memory
STILL_TO_BE_LOOKED_AT = 100
DAYS = 60  # over which the comments were said
MODERATOR, OFFICER, ADMINISTRATOR = "moderator@example.org", "officer@example.org", "admin@example.org"


def author_address(number: int) -> str:
    return f"author-{number}@example.org"


@dataclass
class Crowd:
    """Everything a comment refers to."""

    goal: Goal
    total: int
    start: datetime
    areas: Sequence[Area]
    paragraphs: Sequence[Paragraph]
    moderator: Person
    officer: Person
    authors: list[Person] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(7))

    def moment(self, number: int) -> datetime:
        return self.start + timedelta(days=DAYS) * number / self.total


def fill(goal: Goal, total: int) -> None:
    """Put `total` published comments on `goal` and answer some of them. All in the open transaction."""
    crowd = _gather(goal, total)
    for number, author in enumerate(crowd.authors):
        _first_comment(crowd, number, author)
    for first in range(len(crowd.authors), total, AT_A_TIME):
        _later_comments(crowd, range(first, min(first + AT_A_TIME, total)))
    _answer(crowd)
    rebuild()


def _gather(goal: Goal, total: int) -> Crowd:
    now = clock.now()
    start = now - timedelta(days=DAYS + 1)
    crowd = Crowd(
        goal=goal,
        total=total,
        start=start,
        areas=db.session.scalars(select(Area).order_by(Area.id)).all(),
        paragraphs=db.session.scalars(
            select(Paragraph).where(Paragraph.goal_id == goal.id, Paragraph.part == Part.TEXT)
        ).all(),
        moderator=give_role(MODERATOR, Role.MODERATOR, None, now=start),
        officer=give_role(OFFICER, Role.OFFICER, goal.committees[0], now=start),
    )
    give_role(OFFICER, Role.EDITOR, goal.committees[0], now=start)
    give_role(ADMINISTRATOR, Role.ADMINISTRATOR, None, now=start)
    notice = db.session.scalars(select(Notice).order_by(Notice.version.desc())).first()
    for number in range(min(MOST_AUTHORS, total // 2)):
        crowd.authors.append(_author(crowd, number, notice))
    for number in range(min(ORGANISATIONS, len(crowd.authors) // 2)):
        crowd.mandates.append(_mandate(crowd, number))
    return crowd


def _author(crowd: Crowd, number: int, notice: Notice | None) -> Person:
    person = Person(email=author_address(number), language="sv", created_at=crowd.start, grants=[])
    db.session.add(person)
    db.session.flush()
    area = crowd.areas[number % len(crowd.areas)]
    edit_account(person, name=f"Invånare {number}", area_id=area.id, language="sv", now=crowd.start)
    if notice is not None:
        acknowledge_notice(person, notice, now=crowd.start)
    return person


def _mandate(crowd: Crowd, number: int) -> Mandate:
    organisation = Organisation(
        slug=f"forening-{number}",
        name=f"Bygdeföreningen {number}",
        kind=list(OrganisationKind)[number % len(OrganisationKind)],
        area_id=crowd.areas[number % len(crowd.areas)].id,
        purpose="Arbetar för bygden.",
        state=OrganisationState.CONFIRMED,
        confirmed_at=crowd.start,
    )
    db.session.add(organisation)
    db.session.flush()
    mandate = Mandate(
        person_id=crowd.authors[number].id,
        organisation_id=organisation.id,
        basis="årsmötesbeslut",
        dated=crowd.start.date(),
        expires_on=crowd.start.date() + timedelta(days=3650),
    )
    db.session.add(mandate)
    db.session.flush()
    return mandate


def _about(crowd: Crowd, number: int) -> tuple[Assignment | None, Paragraph | None]:
    """Half of the comments are on the goal, a quarter on an assignment, a quarter on a paragraph."""
    if number % 4 == 1:
        return crowd.goal.assignments[number // 4 % len(crowd.goal.assignments)], None
    if number % 4 == 3:
        return None, crowd.paragraphs[number // 4 % len(crowd.paragraphs)]
    return None, None


def _first_comment(crowd: Crowd, number: int, author: Person) -> None:
    assignment, paragraph = _about(crowd, number)
    text = comment_text(crowd.chance)
    submission = Submission(
        form_key=f"bench-{number}",
        goal=crowd.goal,
        kind=list(Kind)[number % len(Kind)],
        text=text,
        html=render(text),
        language="sv",
        assignment=assignment,
        paragraph=paragraph,
        area_id=author.area_id,
    )
    at = crowd.moment(number)
    comment = db.session.get_one(Comment, submit_comment(submission, author=author, now=at).id)
    decide(comment, Act.PUBLISH, moderator=crowd.moderator, seen=comment.version, now=at)


def _later_comments(crowd: Crowd, numbers: range) -> None:
    """Comments by people who are known: shown at once, and most of them looked at since."""
    comments = [_comment(crowd, number) for number in _with_ids(numbers)]
    db.session.execute(insert(Comment), comments)
    db.session.execute(insert(CommentWording), [_wording(crowd, comment) for comment in comments])
    log = list(_log(crowd, comments))
    db.session.execute(insert(Event), log)
    remembered().pop(END_OF_CHAIN, None)  # the log has grown past what the transaction remembers of it
    people = {author.id: author for author in crowd.authors}
    receipts = [_receipt(people[row["actor_id"]], row) for row in log if row["kind"] == "comment.submitted"]
    db.session.execute(insert(Letter), receipts)
    looked_at = [one for one in comments if not one["review_since"]]
    db.session.execute(insert(Decision), [_look(crowd, one) for one in looked_at])
    _sum_up(looked_at)
    asked = (comment for comment in comments if comment["parent_id"] is None)
    matters = [matter for comment in asked for matter in _matters(crowd, comment)]
    db.session.execute(insert(Matter), matters)
    _count(crowd, comments, matters)


def _with_ids(numbers: range) -> Iterator[tuple[int, int]]:
    last = db.session.scalar(select(func.max(Comment.id))) or 0
    return ((number, last + n) for n, number in enumerate(numbers, start=1))


def _steps_to_parent(crowd: Crowd, number: int) -> int:
    """How many comments before this one that stands which it is a reply to; 0 for what is none.

    Three in ten are replies, all to the one before them.
    """
    steps = number % 10 - 1
    return steps if 1 <= steps <= REPLIES and number - steps >= len(crowd.authors) else 0


def _reply_count(crowd: Crowd, number: int) -> int:
    following = range(number + 1, min(number + 1 + REPLIES, crowd.total))
    return sum(_steps_to_parent(crowd, one) == one - number for one in following)


def _comment(crowd: Crowd, numbered: tuple[int, int]) -> dict[str, Any]:
    number, comment_id = numbered
    steps = _steps_to_parent(crowd, number)
    at, author = crowd.moment(number), crowd.authors[number * 7 % len(crowd.authors)]
    mandate = crowd.mandates[number // 10 % len(crowd.mandates)] if number % 10 == 0 else None
    assignment, paragraph = _about(crowd, number - steps)
    waits = number >= crowd.total - min(STILL_TO_BE_LOOKED_AT, crowd.total // 5)
    return {
        "id": comment_id,
        "number": _next_number(at),
        "receipt_key": f"bench-receipt-{number}",
        "form_key": f"bench-{number}",
        "goal_id": crowd.goal.id,
        "assignment_id": assignment.id if assignment else None,
        "paragraph_id": paragraph.id if paragraph else None,
        "parent_id": comment_id - steps if steps else None,
        "parent_wording": 1 if steps else None,
        "reply_count": 0 if steps else _reply_count(crowd, number),
        "author_id": mandate.person_id if mandate else author.id,
        "organisation_id": mandate.organisation_id if mandate else None,
        "mandate_id": mandate.id if mandate else None,
        "kind": list(Kind)[number % len(Kind)],
        "area_id": crowd.areas[number % len(crowd.areas)].id if number % 3 else None,
        "language": "sv",
        "channel": Channel.WEB,
        "state": CommentState.PUBLISHED,
        "version": 1 if waits else 2,
        "wording": 1,
        "submitted_at": at,
        "published_at": at,
        "review_since": at if waits else None,
        "review_reason": "new_comment" if waits else None,
    }


def _next_number(at: datetime) -> str:
    year = db.session.get(RegistrationYear, local_day(at).year, populate_existing=False)
    if year is None:
        year = RegistrationYear(year=local_day(at).year, last=0)
        db.session.add(year)
    year.last += 1
    return registration_number(year.year, year.last)


def _wording(crowd: Crowd, comment: dict[str, Any]) -> dict[str, Any]:
    text = comment_text(crowd.chance)
    return {
        "comment_id": comment["id"],
        "number": 1,
        "text": text,
        "html": str(render(text)),
        "written_at": comment["submitted_at"],
        "shown_from": comment["published_at"],
    }


def _log(crowd: Crowd, comments: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of the log about `comments`, each hashed onto the one before it."""
    last = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    number, previous = last.id, last.hash
    for comment in comments:
        to_what = {"parent": comment["parent_id"]} if comment["parent_id"] else {}
        steps: list[tuple[str, int | None, dict[str, Any]]] = [
            ("comment.submitted", comment["author_id"], {"number": comment["number"], **to_what}),
            ("comment.published", None, {"at_once": True, **to_what}),
        ]
        if not comment["review_since"]:
            steps.append(("comment.looked_at", crowd.moderator.id, {}))
        for kind, actor_id, details in steps:
            number += 1
            row = {
                "id": number,
                "at": comment["submitted_at"],
                "kind": kind,
                "subject_type": "comment",
                "subject_id": comment["id"],
                "actor_id": actor_id,
                "details": details,
            }
            previous = row["hash"] = Event(**row).computed_hash(previous)
            yield row


def _receipt(person: Person, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "event_id": event["id"],
        "kind": LetterKind.RECEIPT,
        "subject_id": event["subject_id"],
        "person_id": person.id,
        "address": person.email,
        "language": person.language,
        "state": LetterState.SENT,
        "version": 2,
        "queued_at": event["at"],
        "next_attempt_at": event["at"],
        "failures": 0,
        "sent_at": event["at"],
        "subject": f"Vi har tagit emot ditt inlägg {event['details']['number']}",
        "body": "Tack för ditt inlägg. " * 20,
    }


def _look(crowd: Crowd, comment: dict[str, Any]) -> dict[str, Any]:
    return {
        "comment_id": comment["id"],
        "wording": 1,
        "act": "look",
        "decided_by_id": crowd.moderator.id,
        "decided_at": comment["submitted_at"],
    }


def _matters(crowd: Crowd, comment: dict[str, Any]) -> Iterator[dict[str, Any]]:
    owners: Sequence[Committee] = crowd.goal.committees
    if comment["assignment_id"]:
        owners = db.session.get_one(Assignment, comment["assignment_id"]).committees or owners
    day = local_day(comment["submitted_at"])
    for committee in owners:
        due_on = after_working_days(day, committee.answer_days)
        yield {
            "comment_id": comment["id"],
            "committee_id": committee.id,
            "state": MatterState.DUE,
            "version": 1,
            "opened_at": comment["submitted_at"],
            "due_on": due_on,
            "passed_on_after": 0,
            "very_late_on": max(after_working_days(day, VERY_LATE_DAYS), due_on + timedelta(days=1)),
        }


def _sum_up(looked_at: list[dict[str, Any]]) -> None:
    """Count the looks about each author, as each decision does one at a time."""
    for author_id, added in Counter(one["author_id"] for one in looked_at).items():
        counted = update(DecisionSum).where(DecisionSum.author_id == author_id, DecisionSum.what == Act.LOOK)
        if not changed(counted.values(decisions=DecisionSum.decisions + added)):
            db.session.add(DecisionSum(author_id=author_id, what=str(Act.LOOK), decisions=added))
            db.session.flush()


def _count(crowd: Crowd, comments: list[dict[str, Any]], matters: list[dict[str, Any]]) -> None:
    """Raise every count by what was added, as the operations do one at a time."""
    _raise(Goal, crowd.goal.id, comments)
    for model, name in ((Assignment, "assignment_id"), (Paragraph, "paragraph_id")):
        for row_id in {one[name] for one in comments if one[name]}:
            _raise(model, row_id, [one for one in comments if one[name] == row_id])
    more = {"revision": Goal.revision + len(comments)}
    changed(update(Goal).where(Goal.id == crowd.goal.id).values(more))
    for committee_id, added in Counter(one["committee_id"] for one in matters).items():
        of_it = update(Workload).where(Workload.committee_id == committee_id)
        raised = {name: getattr(Workload, name) + added for name in ("waiting", "asked", "passed_on_at_once")}
        if not changed(of_it.values(raised)):
            db.session.add(
                Workload(committee_id=committee_id, waiting=added, asked=added, passed_on_at_once=added)
            )
            db.session.flush()


def _raise(model: Any, row_id: int, added: list[dict[str, Any]]) -> None:
    more = {
        "comment_count": model.comment_count + len(added),
        "by_organisations": model.by_organisations + sum(bool(one["organisation_id"]) for one in added),
    }
    changed(update(model).where(model.id == row_id).values(more))


def _answer(crowd: Crowd) -> None:
    """Answers spread over the newest comments, so that the first page shows answered and waiting ones."""
    committee, now = crowd.goal.committees[0], clock.now() - timedelta(hours=1)
    newest = select(Matter).where(Matter.committee_id == committee.id, Matter.state == MatterState.DUE)
    due = db.session.scalars(newest.order_by(Matter.comment_id.desc()).limit(ANSWERS * COVERED * 2)).all()
    due = due[::2]
    for number in range(min(ANSWERS, len(due))):
        matters = due[number::ANSWERS][:COVERED]
        response = start_draft(committee, matters, officer=crowd.officer, now=now)
        draft = Draft(
            you_said=comment_text(crowd.chance),
            we_decided=comment_text(crowd.chance),
            because=comment_text(crowd.chance),
            outcome=list(Outcome)[number % len(Outcome)],
        )
        save_draft(response, draft, matters, seen=response.version, officer=crowd.officer, now=now)
        publish(response, seen=response.version, editor=crowd.officer, now=now)
