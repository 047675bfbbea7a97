"""The counts that pages show are the counts there are, after any sequence of what people do."""

import itertools
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import or_, select

from dialog.attempts import TooManyAttempts
from dialog.conversation.editing import NoLongerEdited
from dialog.conversation.models import Comment
from dialog.conversation.rules import Act
from dialog.conversation.submitting import NotAccepted
from dialog.db import clock, db, transaction
from dialog.events import first_broken
from dialog.moderation.moving import NotMoved, destinations_of
from dialog.moderation.operations import decide
from dialog.moderation.proposals import open_proposal_on
from dialog.moderation.rules import Ground
from dialog.moderation.watching import Exists
from dialog.moderation.watching_rules import Effect, WatchKind
from dialog.plan.models import Committee, Paragraph
from dialog.reception.operations import Spoken
from dialog.reports.operations import NotShown
from dialog.reports.rules import Reason
from dialog.response.models import Matter
from dialog.response.operations import MayNotJudge
from dialog.response.queries import may_take_over, standings
from dialog.response.rules import Judgement, MatterState
from dialog.response.sharing import NotRemoved, NotShared, share_with, sharing_of, take_away
from dialog.stances.operations import NotTaken
from dialog.stances.rules import Stance
from dialog.states import Stale, UnlistedMove
from tests import counts

VERBS = (
    "submit",
    "reply",
    "hear",
    "publish",
    "hide",
    "propose",
    "second",
    "restore",
    "look",
    "withdraw",
    "edit",
    "answer",
    "judge",
    "forward",
    "share",
    "take_away",
    "move",
    "move",
    "report",
    "think",
    "think",
)
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 30), st.booleans()), min_size=4, max_size=14
)
serial = itertools.count(1)


def act(world, verb: str, which: int, stale: bool, comments: list[Comment]) -> None:
    """Do `verb` to one of `comments`, or add one; what the rules refuse is refused."""
    if verb == "submit" or not comments:
        return comments.append(submit(world, which))
    if verb == "hear":
        return comments.append(hear(world, which))
    comment = comments[which % len(comments)]
    seen = comment.version - stale
    try:
        if verb == "reply":
            comments.append(reply(world, comment, which))
        elif verb == "answer":
            answer(world, comments, which)
        elif verb == "judge":
            say_of_answers(world, comment, which)
        elif verb == "forward":
            pass_on(world, comment, which)
        elif verb in ("share", "take_away"):
            choose_who_answers(world, comment, which, adds=verb == "share", stale=stale)
        elif verb == "move":
            move(world, comment, which, seen)
        elif verb == "report":
            report(world, comment, which)
        elif verb == "think":
            think(world, comment, which, stale)
        elif verb == "second":
            second(world, comment, which, seen)
        elif verb == "withdraw":
            world.withdraw(comment, seen=seen)
        elif verb == "edit":
            world.edit(comment, f"Inlägg med andra ord, {next(serial)} i raden.", seen=seen)
        elif verb in ("hide", "propose"):
            hide(world, comment, which, seen, criticises=verb == "propose")
        else:
            with transaction():
                decide(comment, Act(verb), moderator=world.mona, seen=seen, now=clock.now())
    except (
        Stale,
        UnlistedMove,
        NoLongerEdited,
        NotAccepted,
        NotTaken,
        MayNotJudge,
        NotShared,
        NotRemoved,
        NotMoved,
    ):
        db.session.refresh(comment)


def submit(world, which: int) -> Comment:
    goal = world.goal() if which % 3 else world.goal("1-1", 2023)
    subject = {}
    if goal.year == 2024 and which % 2:
        subject["assignment"] = world.assignment(which % 4 + 1)
    elif which % 5:
        subject["paragraph"] = db.session.scalars(
            select(Paragraph).where(Paragraph.goal_id == goal.id, Paragraph.assignment_id.is_(None))
            .order_by(Paragraph.id).limit(1)
        ).first()  # fmt: skip
    words = f"Inlägg nummer {next(serial)} i en lång rad av inlägg."
    return world.say(**speaker(world, which), text=words, goal=goal, **subject)


def speaker(world, which: int) -> dict[str, Any]:
    """Who says something; Vera does so for herself and for the organisation by turns."""
    author = (world.nils, world.rut, world.vera)[which % 3]
    return {"author": author, "mandate": world.mandate if author is world.vera and which % 2 else None}


def hear(world, which: int) -> Comment:
    """What the customer centre puts on record, now and then for a group without an account."""
    number = next(serial)
    group = Spoken("Brev från styrelsen", group_name=f"Bygdens vänner {number}") if which % 2 else None
    return world.heard(f"Brev nummer {number} i en lång rad av brev.", spoken=group)


def reply(world, comment: Comment, which: int) -> Comment:
    words = f"Replik nummer {next(serial)} i en lång rad av repliker."
    return world.say(**speaker(world, which), text=words, parent=comment)


def answer(world, comments: list[Comment], which: int) -> None:
    """Have a committee answer some of what it owes an answer to, on one goal."""
    codes = db.session.scalars(
        select(Committee.code)
        .join(Matter, Matter.committee_id == Committee.id)
        .where(Matter.state == MatterState.DUE)
        .distinct()
        .order_by(Committee.code)
    ).all()
    if not codes:
        return
    matters = world.matters(codes[which % len(codes)])
    goal = matters[0].comment.goal_id
    chosen = [matter.comment for matter in matters if matter.comment.goal_id == goal][: which % 3 + 1]
    world.answered(*chosen, committee=codes[which % len(codes)])


def pass_on(world, comment: Comment, which: int) -> None:
    """Have a committee that owes an answer to a comment pass it on to another that hasn't had it."""
    due = [matter for matter in standings([comment])[comment.id].owed if comment.is_public]
    if due and (others := may_take_over(due[0])):
        world.forwarded(due[0], others[which % len(others)].code)


def choose_who_answers(world, comment: Comment, which: int, *, adds: bool, stale: bool) -> None:
    """Have a moderator let one more committee answer a comment, or take one away."""
    sharing = sharing_of(comment)
    with transaction():
        if adds:
            share_with(
                comment, sharing.others[which % len(sharing.others)], moderator=world.mona, now=clock.now()
            )
        elif sharing.matters:
            matter = list(sharing.matters)[which % len(sharing.matters)]
            seen = matter.version - stale
            take_away(matter, "Det är en annans fråga.", moderator=world.mona, seen=seen, now=clock.now())


def move(world, comment: Comment, which: int, seen: int) -> None:
    """Have a moderator move a comment to one of its plan's goals or assignments."""
    there = destinations_of(comment)
    to = there[which % len(there)]
    world.moved(comment, to.goal, to.assignment, seen=seen)


def say_of_answers(world, comment: Comment, which: int) -> None:
    """Have whoever wrote a comment say of each answer to it whether it answered them."""
    judgement = list(Judgement)[which % 3]
    for response in standings([comment])[comment.id].responses if comment.is_public else []:
        world.judged(comment, response, judgement, "Det saknas ett datum i svaret.")


def report(world, comment: Comment, which: int) -> None:
    """Have three report a comment: two who are signed in, and one who confirms an address."""
    try:
        world.reported(comment, (world.gun, world.karin)[which % 2], Reason.THREAT)
        world.reported(comment, world.adam, Reason.THREAT)
        world.confirmed(world.reported(comment, None, Reason.THREAT, email=f"{next(serial)}@example.org"))
    except (NotShown, TooManyAttempts):
        db.session.refresh(comment)


def think(world, comment: Comment, which: int, takes_back: bool) -> None:
    """Have up to nine people say what they think of a comment, or take it back: enough to have the sums renewed."""
    stances = list(Stance)
    others = [person for person in world.people.values() if person.id != comment.author_id]
    for place, person in enumerate(others[: 1 + which % 9]):
        world.thinks(person, comment, None if takes_back else stances[(which + place // 6) % 3])


def hide(world, comment: Comment, which: int, seen: int, *, criticises: bool) -> None:
    """Have one of two moderators hide a comment, or propose it where it criticises the municipality."""
    moderator, words = (world.mona, world.max)[which % 2], "Det hör inte hit."
    said = {"ground": Ground.OFF_TOPIC, "reasons": words, "criticises": criticises}
    with transaction():
        decide(comment, Act.HIDE, moderator=moderator, seen=seen, now=clock.now(), **said)


def second(world, comment: Comment, which: int, seen: int) -> None:
    """Have the other moderator say yes or no to what one has proposed to hide."""
    proposal = open_proposal_on(comment)
    if proposal is not None:
        other = world.max if proposal.proposed_by_id == world.mona.id else world.mona
        world.seconded(proposal, ("confirmed", "declined")[which % 2], other, seen=seen)


def check_matters() -> None:
    """What is public is owed an answer or has one; what isn't is owed none, and nor is a reply."""
    public = Comment.is_public
    assert (
        counts.count(Matter, Matter.comment_id.in_(select(Comment.id).where(Comment.parent_id.is_not(None))))
        == 0
    )
    due = select(Matter.id).where(Matter.comment_id == Comment.id, Matter.state == MatterState.DUE).exists()
    closed = (
        select(Matter.id).where(Matter.comment_id == Comment.id, Matter.state == MatterState.CLOSED).exists()
    )
    assert counts.count(Comment, ~public, due) == 0
    assert counts.count(Comment, public, closed) == 0
    was_answered = or_(Matter.state == MatterState.ANSWERED, Matter.reopened_at.is_not(None))
    answered = select(Matter.id).where(Matter.comment_id == Comment.id, was_answered)
    assert counts.count(Comment, Comment.answered_at.is_not(None) != answered.exists()) == 0


@settings(
    max_examples=12,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_every_count_is_right_after_any_sequence(world, steps):
    with suppress(Exists):  # the examples share a database
        world.watching(WatchKind.WORDS, words="inlägg")
        world.watching(WatchKind.WORDS, Effect.HOLD, words="lång rad av repliker")
    comments: list[Comment] = []
    for verb, which, stale in steps:
        act(world, verb, which, stale, comments)
        clock.forward(minutes=7)
    counts.assert_right()
    check_matters()
    assert first_broken() is None
    numbers = db.session.scalars(select(Comment.number).order_by(Comment.id)).all()
    assert numbers == [f"2026-{serial:06d}" for serial in range(1, len(numbers) + 1)]
