"""P9 and R4: one answer to 5 000 comments and a digest to 50 000 people, and that each letter comes through kills."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

from bench import data
from bench.crowd import OFFICER
from bench.data import SLUG, YEAR
from bench.registry import Result, row
from bench.server import clean_environment
from bench.stage import Stage
from dialog.db import clock, db, transaction
from dialog.notify.models import DigestRun, Letter
from dialog.notify.rules import FOLLOWERS_AT_A_TIME, LetterKind, LetterState
from dialog.notify.telling import begin_digests, read_the_log, tell_in_digests
from dialog.people.models import Person
from dialog.plan.queries import goal_at
from dialog.response.models import Matter
from dialog.response.operations import Draft, publish, save_draft, start_draft
from dialog.response.queries import due_matters
from dialog.response.rules import MatterState, Outcome
from tests.following.crowd import gather_crowd, measured
from tests.notify.killing import finish, is_unknown, kill_workers, unkind_server

COMMENTS = 10_000
ANSWERED, FEW_ANSWERED = 5_000, 500
TOLD, FEW_TOLD = 50_000, 5_000
KILLS = 10
WORDS = Draft("Ni vill ha fler bussar.", "Vi provar i ett år.", "Många åker.", Outcome.WILL_DO)


@dataclass(frozen=True)
class Work:
    """What a work took: the most statements in a transaction, and seconds for each letter."""

    statements: int
    seconds_each: float


@row("P9", "one answer covering 5 000 comments; a digest for 50 000", "themselves, for a tenth as many")
def many_told(stage: Stage) -> list[Result]:
    works: dict[str, tuple[Callable[[Stage, int], Work], int, int]] = {
        "answer": (_answer, FEW_ANSWERED, ANSWERED),
        "digest": (_digest, FEW_TOLD, TOLD),
    }
    results = []
    for what, (work, few, many) in works.items():
        rounds = [(work(stage, few), work(stage, many)) for _ in range(stage.pace.rounds)]
        results += [_statements(what, rounds), _speed(what, rounds, many)]
    return results


def _statements(what: str, rounds: list[tuple[Work, Work]]) -> Result:
    few, many = (max(one.statements for one in side) for side in zip(*rounds, strict=True))
    return Result(
        f"{what}: statements more",
        many - few,
        0,
        at_least=False,
        note=f"{many} in a transaction, for many and for few",
    )


def _speed(what: str, rounds: list[tuple[Work, Work]], many: int) -> Result:
    few_each, many_each = (median(one.seconds_each for one in side) for side in zip(*rounds, strict=True))
    return Result(
        f"{what}: speed each, many / few",
        round(few_each / many_each, 2),
        0.8,
        ours=f"{1 / many_each:,.0f}/s",
        limit=f"{1 / few_each:,.0f}/s",
        note=f"{many:,} in {many * many_each:.1f} s",
    )


def _answer(stage: Stage, size: int) -> Work:
    app = stage.application(stage.copy_of_data(COMMENTS))
    with app.app_context(), measured() as found:
        began = time.perf_counter()
        _publish_answer(size)
        return Work(max(found.transactions), (time.perf_counter() - began) / size)


def _publish_answer(size: int) -> None:
    """Let one answer cover `size` comments that wait for it."""
    with transaction():
        editor = db.session.scalars(select(Person).where(Person.email == OFFICER)).one()
        committee = _goal().committees[0]
        due = select(Matter.id).where(Matter.committee_id == committee.id, Matter.state == MatterState.DUE)
        matters = due_matters(committee, db.session.scalars(due.order_by(Matter.id).limit(size)).all())
        if len(matters) < size:
            raise RuntimeError(f"Only {len(matters)} comments wait for an answer.")
        response = start_draft(committee, matters, officer=editor, now=clock.now())
        save_draft(response, WORDS, matters, seen=response.version, officer=editor, now=clock.now())
    with transaction():
        publish(response, seen=response.version, editor=editor, now=clock.now())


def _digest(stage: Stage, size: int) -> Work:
    app = stage.application(stage.copy_of_data(COMMENTS))
    with app.app_context():
        read_the_log()
        gather_crowd(_goal(), size, "daily")
        _publish_answer(FEW_ANSWERED)
        read_the_log()
        with measured() as found:
            began = time.perf_counter()
            begin_digests(clock.now())
            tell_in_digests()
            seconds = time.perf_counter() - began
        queued = _count(LetterKind.DIGEST)
        if queued < size:
            raise RuntimeError(f"Only {queued} of {size} digests were queued.")
        return Work(max(found.transactions), seconds / size)


def _goal() -> Any:
    goal = goal_at(YEAR, SLUG)
    assert goal is not None
    return goal


def _count(kind: LetterKind) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Letter.id)).where(Letter.kind == kind)) or 0


@row("R4", "letters through kills of the worker and a misbehaving server", "each letter once")
def killed(stage: Stage) -> list[Result]:
    return [*_answers_through_kills(stage), *_digests_through_kills(stage)]


@contextmanager
def _killable(stage: Stage, address: str) -> Iterator[Mapping[str, str]]:
    """The application on data of its own, and the environment of workers on the same."""
    instance = stage.copy_of_data(COMMENTS)
    app = stage.application(instance)
    with app.app_context():
        read_the_log()
        yield clean_environment() | _settings(instance, address)


def _settings(instance: Path, address: str) -> Mapping[str, str]:
    return {**data.environment(instance), "SMTP_URL": address, "DIALOG_ADDRESS": "http://localhost"}


def _answers_through_kills(stage: Stage) -> list[Result]:
    """5 000 letters about an answer, to a server that refuses, defers, cuts and is slow, through kills."""
    with unkind_server() as (server, address), _killable(stage, address) as environ:
        _publish_answer(ANSWERED)
        letters = db.session.scalar(select(func.count(Letter.id))) or 0
        kill_workers(KILLS, environ, lambda: len(server.accepted), ANSWERED // (KILLS + 2))
        finish(environ, letters)
        answers = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.ANSWERED)).all()
    times = {one.id: server.accepted[f"<letter-{one.id}@localhost>"] for one in answers}
    unknown = {one.id for one in answers if is_unknown(one.id)}
    dead = {one.id for one in answers if one.state == LetterState.DEAD}
    missing = [number for number in times.keys() - unknown if not times[number]]
    repeated = sum(max(count - 1, 0) for count in times.values())
    note = f"of {len(times):,}, {len(unknown):,} of them to addresses that don't exist; {KILLS} kills"
    return [
        Result("answers: missing", len(missing), 0, at_least=False, note=note),
        Result("answers: given up wrongly", len(dead ^ unknown), 0, at_least=False),
        Result("answers: repeated", repeated, KILLS, at_least=False, note="each with the same Message-ID"),
    ]


def _digests_through_kills(stage: Stage) -> list[Result]:
    """Digests for 50 000 that are killed while they are queued, which happens a thousand at a time."""
    with unkind_server() as (_, address), _killable(stage, address) as environ:
        gather_crowd(_goal(), TOLD, "daily")
        _publish_answer(FEW_ANSWERED)
        kill_workers(KILLS, environ, lambda: _count(LetterKind.DIGEST), FOLLOWERS_AT_A_TIME)
        read_the_log()
        begin_digests(clock.now())
        tell_in_digests()
        digest = Letter.kind == LetterKind.DIGEST
        letters, people = db.session.execute(
            select(func.count(Letter.id), func.count(Letter.person_id.distinct())).where(digest)
        ).one()
        left = db.session.scalar(select(func.count()).select_from(DigestRun).where(~DigestRun.is_done))
    return [
        Result(
            "digests: missing",
            max(TOLD - people, 0),
            0,
            at_least=False,
            note=f"{people:,} people, {KILLS} kills",
        ),
        Result("digests: doubled", letters - people, 0, at_least=False),
        Result("digests: unfinished", left or 0, 0, at_least=False),
    ]
