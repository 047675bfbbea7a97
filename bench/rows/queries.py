"""P8: how many statements each page sends to the database, at 10 comments and at 10 000."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from bench.crowd import ADMINISTRATOR, MODERATOR, OFFICER, author_address
from bench.data import GOAL_PAGE
from bench.registry import Result, row
from bench.stage import Stage
from bench.visitors import sign_in, visitor
from dialog import kept
from dialog.conversation.models import Comment
from dialog.db import db
from dialog.response.models import Response

SIZES = (10, 10_000)
GOAL_TARGET, OTHER_TARGET = 12, 15
NOT_A_QUESTION = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@row("P8", "statements per page", "themselves, at 10 comments and at 10 000")
def statements_per_page(stage: Stage) -> list[Result]:
    few, many = (_count_all(stage, size) for size in SIZES)
    goal = {page: count for page, count in many.items() if page.startswith("goal")}
    other = {page: count for page, count in many.items() if page not in goal}
    differing = {page: [few[page], many[page]] for page in many if few[page] != many[page]}
    return [
        _highest("goal page", goal, GOAL_TARGET),
        _highest("other pages", other, OTHER_TARGET),
        Result(
            what="pages where they grow",
            value=len(differing),
            target=0,
            at_least=False,
            note=", ".join(f"{page}: {low} → {high}" for page, (low, high) in differing.items()),
            details={"few": few, "many": many},
        ),
    ]


def _highest(what: str, counts: dict[str, int], target: int) -> Result:
    page = max(counts, key=lambda name: counts[name])
    return Result(what, counts[page], target, at_least=False, note=f"highest of {len(counts)}: {page}")


def _count_all(stage: Stage, size: int) -> dict[str, int]:
    app = stage.application(stage.copy_of_data(size))
    people = {
        "visitor": visitor(app),
        "author": sign_in(app, author_address(0)),
        "moderator": sign_in(app, MODERATOR),
        "officer": sign_in(app, OFFICER),
        "administrator": sign_in(app, ADMINISTRATOR),
    }
    for client in people.values():
        client.get("/om")  # what is looked up once per process has been
    return {
        name: _count(app, people[who], address, headers)
        for name, (who, address, headers) in _pages(app).items()
    }


def _pages(app: Flask) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Every page of the loop, and who reads it."""
    fragment = {"HX-Request": "true"}
    with app.app_context():
        comment = db.session.scalars(
            select(Comment).where(Comment.answered_at.is_not(None)).order_by(Comment.id.desc())
        ).first()
        answer = db.session.scalars(select(Response.id).order_by(Response.id.desc())).first()
        assert comment is not None
        assignment = comment.goal.assignments[0].id
        committee = comment.goal.committees[0].slug
    pages: dict[str, tuple[str, str, dict[str, str]]] = {
        "goal": ("visitor", GOAL_PAGE, {}),
        "goal, fragment": ("visitor", GOAL_PAGE, fragment),
        "goal, further down": ("visitor", f"{GOAL_PAGE}?efter={comment.number}", {}),
        "goal, signed in": ("author", GOAL_PAGE, {}),
        "goal, moderator": ("moderator", GOAL_PAGE, {}),
        "goal, officer": ("officer", GOAL_PAGE, {}),
    }
    for who, address in (
        ("visitor", "/"),
        ("visitor", f"/mal/{comment.goal.year}"),
        ("visitor", f"/uppdrag/{assignment}"),
        ("visitor", "/namnd"),
        ("visitor", f"/namnd/{committee}"),
        ("visitor", f"/inlagg/{comment.number}"),
        ("visitor", f"/kvitto/{comment.receipt_key}"),
        ("visitor", f"/svar/{answer}"),
        ("visitor", "/om"),
        ("visitor", "/logga-in"),
        ("author", "/"),
        ("author", "/mina-inlagg"),
        ("author", "/konto"),
        ("author", "/fore-du-skriver"),
        ("author", f"{GOAL_PAGE}/skriv"),
        ("author", f"{GOAL_PAGE}/skriv?uppdrag={assignment}"),
        ("moderator", "/moderering"),
        ("officer", f"/namnd/{committee}/inkorg"),
        ("officer", f"/namnd/{committee}/svar/{answer}"),
        ("administrator", "/forvaltning/register"),
        ("administrator", f"/forvaltning/namnder/{committee}"),
    ):
        pages[f"{_shortened(address)} ({who})"] = (who, address, {})
    return pages


def _shortened(address: str) -> str:
    """The address without what differs between two databases."""
    parts = address.partition("?")[0].split("/")
    kept = ["…" if len(parts) > 2 and part[:1].isdigit() else part for part in parts]
    if kept[1:2] == ["kvitto"]:
        kept[2] = "…"
    return "/".join(kept) + ("?…" if "?" in address else "")


def _count(app: Flask, client: FlaskClient, address: str, headers: dict[str, str]) -> int:
    kept.set_up(app)
    with _statements() as sent:
        answer = client.get(address, headers=headers)
    if answer.status_code not in {200, 303}:
        raise RuntimeError(f"{address} answered {answer.status_code}.")
    return len(sent)


@contextmanager
def _statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(NOT_A_QUESTION):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
