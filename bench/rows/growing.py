"""P7: the goal page, posting, searching and the queue, with a hundred times as many comments."""

from collections.abc import Callable
from pathlib import Path

from bench.crowd import MODERATOR, author_address
from bench.data import GOAL_PAGE
from bench.load import CONNECTIONS, Load
from bench.registry import Result, row
from bench.rows.moderating import QUEUE, let_wait
from bench.rows.reading import PARTS_KEPT
from bench.rows.reading import result as figure
from bench.rows.searching import WORDS
from bench.rows.writing import posts
from bench.stage import Stage
from bench.visitors import get_request, sign_in

FEW, MANY = 10_000, 1_000_000
WAITING = 10_000
TARGET = 0.8

Requests = Callable[[Stage, Path], list[str]]


@row("P7", "growth: 1 000 000 comments on one goal", "the same with 10 000")
def growth(stage: Stage) -> list[Result]:
    many, few = (stage.copy_of_data(comments) for comments in (MANY, FEW))
    for instance in (many, few):
        let_wait(instance, WAITING)
    pages: dict[str, tuple[str, Requests, int]] = {
        "P2, the goal page": (PARTS_KEPT, lambda *_: [get_request(GOAL_PAGE)], 200),
        "P4, posting": ("bench.tireless:app", _posts, 303),
        **{
            f"P5, {what}": ("wsgi:app", lambda *_, word=word: [get_request(f"/sok?q={word}")], 200)
            for what, word in WORDS.items()
        },
        "P6, the queue": ("wsgi:app", _queue, 200),
    }
    results = []
    for what, (application, requests, expect) in pages.items():
        with stage.our_server(many, application) as port, stage.our_server(few, application) as few_port:
            loads = [
                Load(port, requests(stage, many), expect=expect),
                Load(few_port, requests(stage, few), expect=expect),
            ]
            results.append(figure(what, stage.compare(*loads), TARGET))
    return results


def _posts(stage: Stage, instance: Path) -> list[str]:
    app = stage.application(instance)
    return posts(app, [sign_in(app, author_address(number)) for number in range(CONNECTIONS)])


def _queue(stage: Stage, instance: Path) -> list[str]:
    return [get_request(QUEUE, signed_in=sign_in(stage.application(instance), MODERATOR))]
