"""The parts of a goal's page, each made once for each revision of what it shows and then joined."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from flask import current_app, render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from dialog.commitments.rules import MOST_ON_A_GOAL
from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState, Target, is_open, target_of
from dialog.db import clock
from dialog.dialogues.queries import dialogue_on, ruling_of
from dialog.kept import piece, pieces
from dialog.people.models import Person
from dialog.plan import queries as plan_queries
from dialog.plan.models import Goal
from dialog.plan.queries import Outline
from dialog.public.queries import Marks
from dialog.public.threads import CommentKey, Listing, ReplyKey, Thread
from dialog.response.queries import AnswerKey, Standing, public_responses, standings
from dialog.stances.queries import Own, Shown, public_comments_with_sums


class Look(StrEnum):
    """How a comment is shown."""

    WHOLE = "whole"
    BESIDE_ITS_ASSIGNMENT = "beside_its_assignment"  # without saying once more what it is about
    AMONG_THREADS = "among_threads"  # a reply under what it is a reply to, which is one comment among others
    UNDER_ITS_PARENT = "under_its_parent"  # a reply on the page of what it is a reply to


class CardKey(NamedTuple):
    """What a card is kept under: which thing, in which revision, and which of its looks."""

    kind: str
    id: int
    revision: int
    plan_revision: int
    look: str


class ThreadKey(NamedTuple):
    """What a thread is kept under: everything that decides how it looks.

    What is shown of the stances on the comment is part of its revision, and so are its place and its answers.
    """

    comment: CommentKey
    state: CommentState
    reply_count: int
    replies: tuple[ReplyKey, ...]
    plan_revision: int
    look: Look
    is_open: bool


class ThreadLook(NamedTuple):
    """A thread as every visitor sees it, and its three parts: in the middle stands what people think of the comment.

    Whoever is signed in sees that part with what they think themselves, made from what is shown of the stances.
    """

    whole: Markup
    above: Markup
    stances: Markup
    below: Markup
    shown: Shown


def thread_cards(
    threads: Sequence[Thread],
    goal: Outline | Goal,
    *,
    is_open: bool,
    reader: Person | None,
    beside_assignment: bool = False,
) -> list[Markup]:
    """The threads about a goal as a page shows them to `reader`; None is every visitor.

    Where it `is_open`, each says how to reply to it and takes stances. Beside the assignment they are about, they don't
    say once more what they are about. Names stand on cards too, so they are made anew with the goal's plan.
    """
    look = Look.BESIDE_ITS_ASSIGNMENT if beside_assignment else Look.WHOLE
    keys = [
        ThreadKey(
            thread.key,
            thread.state,
            thread.reply_count,
            tuple(thread.replies),
            goal.plan_revision,
            look,
            is_open,
        )
        for thread in threads
    ]
    made = pieces(keys, _thread_looks)
    if reader is None:
        return [made[key].whole for key in keys if key in made]
    token = generate_csrf()
    return [
        parts.above + _own_stances(key, parts, thread.own, token) + parts.below
        for key, thread in zip(keys, threads, strict=True)
        if (parts := made.get(key))
    ]


_TOKEN = "token-of-whoever-reads"  # noqa: S105 - stands where the reader's goes, in what is kept for all


def _own_stances(key: ThreadKey, look: ThreadLook, own: Own, token: str) -> Markup:
    """What somebody sees who thinks so of the comment: the same for all who do, but for their token."""
    if key.state != CommentState.PUBLISHED:
        return look.stances
    number, shown, is_open = key.comment.number, look.shown, key.is_open

    def make() -> Markup:
        made: Markup = _stance_macros().for_oneself(number, shown, own, is_open, its_token=_TOKEN)
        return made

    return piece(("own stances", number, shown, own, is_open), make).replace(_TOKEN, token)


_PLACE = Markup("<!--stances-->")  # where what people think goes in a thread


def _thread_looks(missing: list[ThreadKey]) -> dict[ThreadKey, ThreadLook]:
    """The threads that aren't kept, with their replies, all in two queries. One that isn't public has a marker."""
    wanted = [key.comment.id for key in missing if key.state == CommentState.PUBLISHED]
    wanted += [reply.id for key in missing for reply in key.replies]
    comments, sums, where = _with_standings(wanted)
    looks: dict[ThreadKey, ThreadLook] = {}
    for key in missing:
        comment_id, _, number = key.comment
        if key.state != CommentState.PUBLISHED:
            card = _macros().marker_card(number, key.state == CommentState.WITHDRAWN)
        elif comment_id in comments:
            card = _comment_card(comments[comment_id], key.look, where.get(comment_id))
        else:
            continue
        replies = [
            _comment_card(comments[reply.id], Look.AMONG_THREADS, None)
            for reply in key.replies
            if reply.id in comments
        ]
        takes_replies = key.is_open and is_open(target_of(key.state, is_reply=False))
        whole = _macros().thread(card, _PLACE, replies, number, key.reply_count, takes_replies)
        above, below = whole.split(_PLACE)
        shown = sums.get(comment_id, Shown())
        stances = _stance_macros().for_visitors(number, shown, takes_replies)
        looks[key] = ThreadLook(above + stances + below, above, stances, below, shown)
    return looks


def reply_cards(replies: Sequence[ReplyKey], plan_revision: int) -> list[Markup]:
    """The replies to a comment as its own page shows them."""
    wanted = [_comment_key(reply, plan_revision, Look.UNDER_ITS_PARENT) for reply in replies]
    cards = pieces(wanted, _comment_looks)
    return [cards[key] for key in wanted if key in cards]


def _comment_key(key: CommentKey | ReplyKey, plan_revision: int, look: Look) -> CardKey:
    return CardKey("comment", key.id, key.revision, plan_revision, look)


def _comment_looks(missing: list[CardKey]) -> dict[CardKey, Markup]:
    """The cards of the comments that aren't kept, all in two queries."""
    comments, _, where = _with_standings([key.id for key in missing])
    return {
        key: _comment_card(comments[key.id], Look(key.look), where.get(key.id))
        for key in missing
        if key.id in comments
    }


def _with_standings(
    comment_ids: list[int],
) -> tuple[dict[int, Comment], dict[int, Shown], dict[int, Standing]]:
    """Those of the comments that are public, the stances on each, and where each that isn't a reply stands."""
    found = public_comments_with_sums(comment_ids)
    comments = {comment.id: comment for comment, _ in found}
    sums = {comment.id: shown for comment, shown in found}
    return comments, sums, standings([comment for comment in comments.values() if not comment.is_reply])


def _comment_card(comment: Comment, look: Look, standing: Standing | None) -> Markup:
    card: Markup = _macros().comment_card(
        comment,
        standing,
        clock.today(),
        level=4 if look == Look.AMONG_THREADS else 3,
        show_about=look == Look.WHOLE or (look == Look.BESIDE_ITS_ASSIGNMENT and bool(comment.paragraph)),
        show_parent=False,
    )
    return card


def answer_cards(keys: Sequence[AnswerKey], plan_revision: int) -> list[Markup]:
    """The answers as a goal's page shows them, the newest with all its words and the others in brief."""
    brief = {key.id: place > 0 for place, key in enumerate(keys)}

    wanted = [
        CardKey("answer", key.id, key.version, plan_revision, "brief" if brief[key.id] else "whole")
        for key in keys
    ]

    def make(missing: list[CardKey]) -> dict[CardKey, Markup]:
        key_of = {key.id: key for key in missing}
        return {
            key_of[response.id]: _macros().answer_card(response, brief=brief[response.id])
            for response in public_responses(list(key_of))
        }

    cards = pieces(wanted, make)
    return [cards[key] for key in wanted if key in cards]


def promises(marks: Marks, year: int) -> Markup:
    """What is promised in the answers about a goal of `year` and not settled yet; nothing where nothing is."""

    def make() -> Markup:
        shown = marks.commitments[:MOST_ON_A_GOAL]
        values = {"commitments": shown, "more": len(marks.commitments) > len(shown), "today": clock.today()}
        # A template of ours has escaped what it shows.
        return Markup(render_template("public/_promises.html", year=year, **values))  # noqa: S704

    return piece(("promises", year, marks.commitments), make)


def goal_parts(outline: Outline, marks: Marks) -> dict[str, Any]:
    """The head and the text of a goal's page, with its assignments and with every count that stands there.

    And whether it can be commented on today.
    """
    counts = (
        *(outline.comment_count, outline.by_organisations, outline.answered_count, marks.counts),
        bool(marks.commitments),
    )

    def make() -> dict[str, Any]:
        goal = plan_queries.goal_at(outline.year, outline.slug)
        assert goal is not None
        dialogue = dialogue_on(goal)
        open_today = is_open(Target.IN_THE_PLAN, ruling_of(dialogue, clock.today()))
        values = {
            "goal": goal,
            "is_open": open_today,
            "wording": plan_queries.wording_of(goal),
            "extras": plan_queries.extras_of(goal),
            "dialogue": dialogue,
            "promises": bool(marks.commitments),
            "today": clock.today(),
        }
        parts: dict[str, Any] = {
            # A template of ours has escaped what it shows.
            part: Markup(render_template(f"public/_goal_{part}.html", **values))  # noqa: S704
            for part in ("head", "text")
        }
        parts["is_open"] = open_today
        return parts

    return piece(("goal", outline.id, outline.plan_revision, counts), make)


def choices(listing: Listing, path: str) -> Markup:
    """The form at `path` for ordering and narrowing the comments on a page."""

    def make() -> Markup:
        # A template of ours has escaped what it shows.
        return Markup(render_template("public/_choices.html", listing=listing, path=path))  # noqa: S704

    return piece(("choices", path, listing.view, tuple(listing.areas.items())), make)


def _stance_macros() -> Any:
    return current_app.jinja_env.get_template("components/stances.html").module


def _macros() -> Any:
    """The looks of a comment and an answer, called as they are: a template of its own for each costs more."""
    return current_app.jinja_env.get_template("components/conversation.html").module
