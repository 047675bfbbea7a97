"""P4: posting a comment through the real form."""

from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from bench.crowd import author_address
from bench.data import GOAL_PAGE
from bench.limits import bare_insert, connect
from bench.load import CONNECTIONS, SERIAL, Load
from bench.registry import Result, row
from bench.stage import Comparison, Stage, rate
from bench.visitors import form_on, post_request, sign_in

COMMENTS = 10_000
WRITE_PAGE = f"{GOAL_PAGE}/skriv"
TEXT = (
    "Bussen till byn går för sällan på kvällarna. Kan kommunen göra ett försök under ett år "
    "och sedan berätta hur det gick? Det här är inlägg nummer " + SERIAL
)
# What each acknowledged comment must have left behind, besides itself.
_TRACES = {
    "wordings": "SELECT count(*) FROM comment_wording",
    "log rows": "SELECT count(*) FROM event WHERE kind = 'comment.submitted'",
    "receipts in the outbox": "SELECT count(*) FROM letter WHERE kind = 'receipt'",
    "numbers": "SELECT sum(last) FROM registration_year",
    "published, with a clock": "SELECT count(DISTINCT comment_id) FROM matter",
}


@row("P4", "posting a comment through its form", "bare Flask + ORM insert of one row, synchronous=FULL")
def posting(stage: Stage) -> list[Result]:
    instance, limit_folder = stage.copy_of_data(COMMENTS), stage.folder / "bare-insert"
    bare_insert.prepare(limit_folder)
    app = stage.application(instance)
    people = [sign_in(app, author_address(number)) for number in range(CONNECTIONS)]
    before = _counted(instance)
    with (
        stage.our_server(instance, "bench.tireless:app") as port,
        stage.limit_server("bare_insert", limit_folder) as limit_port,
    ):
        ours = Load(port, posts(app, people), expect=303)
        limit = Load(limit_port, [post_request("/comment", _filled_in({}))], expect=303)
        comparison = stage.compare(ours, limit)
    _check(before, _counted(instance), sum(one.answered for one in comparison.ours))
    return [_throughput(comparison), _waiting(comparison)]


def posts(app: Flask, people: list[FlaskClient]) -> list[str]:
    """For each person the form as their browser would send it, with a key and a text of its own each time."""
    return [
        post_request(WRITE_PAGE, _filled_in(form_on(person, WRITE_PAGE)), signed_in=person)
        for person in people
    ]


def _filled_in(fields: dict[str, str]) -> dict[str, str]:
    return fields | {"form_key": f"bench-key-{SERIAL}", "kind": "proposal", "text": TEXT}


def _counted(instance: Path) -> dict[str, int]:
    connection: Any = connect(instance / "dialog.db")
    try:
        counts = {name: connection.execute(question).fetchone()[0] for name, question in _TRACES.items()}
        return counts | {"comments": connection.execute("SELECT count(*) FROM comment").fetchone()[0]}
    finally:
        connection.close()


def _check(before: dict[str, int], after: dict[str, int], acknowledged: int) -> None:
    """The figure is worth nothing if what was acknowledged isn't there, whole and once."""
    for name, count in after.items():
        if count - before[name] != acknowledged:
            raise RuntimeError(
                f"{acknowledged} were acknowledged, but {count - before[name]} {name} are there."
            )


def _throughput(comparison: Comparison) -> Result:
    return Result(
        what="posts",
        value=comparison.ratio,
        target=0.6,
        ours=f"{rate(comparison.ours):,.0f}/s",
        limit=f"{rate(comparison.limit):,.0f}/s",
        note="validated, numbered, logged, with receipt and matter, on disk; all found again",
        details=comparison.details(),
    )


def _waiting(comparison: Comparison) -> Result:
    """The worst wait of all rounds beside their median wait, for us and for the limit."""
    ours, limit = (
        (max(one.worst_ms for one in rounds), median(one.median_ms for one in rounds))
        for rounds in (comparison.ours, comparison.limit)
    )
    return Result(
        what="worst wait / median",
        value=round(ours[0] / ours[1], 1),
        target=20,
        at_least=False,
        ours=f"{ours[0]:.0f} / {ours[1]:.1f} ms",
        limit=f"{limit[0]:.0f} / {limit[1]:.1f} ms",
        note="two processes writing",
    )
