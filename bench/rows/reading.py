"""P1, P2, P3: the page of a goal with 10 000 comments, cached, made anew, and signed in."""

import gzip
from dataclasses import replace

from bench.crowd import author_address
from bench.data import GOAL_PAGE
from bench.limits import bare_page, cached_bytes
from bench.load import Load
from bench.registry import Result, row
from bench.server import get
from bench.stage import Comparison, Stage, rate
from bench.visitors import get_request, sign_in

COMMENTS = 10_000
NOTHING_KEPT = "bench.nothing_kept:app"
PARTS_KEPT = "bench.parts_kept:app"
GZIP = {"Accept_Encoding": "gzip"}
ROWS_TRIED = (20, 40)


@row("P1", "goal page, cached, not signed in", "compressed bytes after one version look-up")
def cached(stage: Stage) -> list[Result]:
    instance, limit_folder = stage.copy_of_data(COMMENTS), stage.folder / "cached-bytes"
    with stage.our_server(instance) as port:
        headers, page = get(port, GOAL_PAGE, {"Accept-Encoding": "gzip"})
        cached_bytes.prepare(limit_folder, page)
        with stage.limit_server("cached_bytes", limit_folder) as limit_port:
            ours = Load(port, [get_request(GOAL_PAGE, **GZIP)])
            limit = Load(limit_port, [get_request("/page", **GZIP)])
            whole = stage.compare(ours, limit)
            ours = _asking_again(ours, headers["etag"])
            limit = _asking_again(limit, '"1"')
            unchanged = stage.compare(ours, limit)
    plain = len(gzip.decompress(page))
    note = f"{len(page):,} bytes compressed, {plain:,} plain"
    return [result("whole", whole, 0.8, note=note), result("304, unchanged", unchanged, 0.8)]


@row("P2", "goal page, made anew", "bare Flask + Core + Jinja making a page of as many bytes")
def made_anew(stage: Stage) -> list[Result]:
    return [
        _beside_bare_page(stage, "its parts kept, as after a change", PARTS_KEPT),
        _beside_bare_page(stage, "nothing kept at all", NOTHING_KEPT),
    ]


def _beside_bare_page(stage: Stage, what: str, application: str) -> Result:
    instance, limit_folder = (
        stage.copy_of_data(COMMENTS),
        stage.folder / f"bare-page-{application.partition(':')[0]}",
    )
    bare_page.prepare(limit_folder)
    with (
        stage.our_server(instance, application) as port,
        stage.limit_server("bare_page", limit_folder) as limit_port,
    ):
        size = len(get(port, GOAL_PAGE)[1])
        path = bare_page_of(limit_port, size)
        comparison = stage.compare(
            Load(port, [get_request(GOAL_PAGE)]), Load(limit_port, [get_request(path)])
        )
    note = (
        f"{size:,} bytes, the limit's {comparison.limit[0].body_bytes:,} ({path.rpartition('=')[2]} comments)"
    )
    return result(what, comparison, 1.0, note=note)


@row("P3", "goal page, signed in", "P2: the same page made for a visitor")
def signed_in(stage: Stage) -> list[Result]:
    instance = stage.copy_of_data(COMMENTS)
    person = sign_in(stage.application(instance), author_address(0))
    with stage.our_server(instance, PARTS_KEPT) as port:
        comparison = stage.compare(
            Load(port, [get_request(GOAL_PAGE, signed_in=person)]), Load(port, [get_request(GOAL_PAGE)])
        )
    return [result("signed in", comparison, 0.6)]


def _asking_again(load: Load, etag: str) -> Load:
    """The same request by a browser that has the page already."""
    again = load.requests[0].replace("\r\n\r\n", f"\r\nIf-None-Match: {etag}\r\n\r\n")
    return replace(load, requests=[again], expect=304)


def bare_page_of(port: int, size: int) -> str:
    """The address of the bare page with as many comments as it takes to fill `size` bytes."""
    few, many = (len(get(port, _bare_page(rows))[1]) for rows in ROWS_TRIED)
    each = (many - few) / (ROWS_TRIED[1] - ROWS_TRIED[0])
    return _bare_page(round(ROWS_TRIED[0] + (size - few) / each))


def _bare_page(rows: int) -> str:
    return f"/page?before={bare_page.COMMENTS + 1}&rows={rows}"


def result(what: str, comparison: Comparison, target: float, note: str = "") -> Result:
    return Result(
        what=what,
        value=comparison.ratio,
        target=target,
        ours=f"{rate(comparison.ours):,.0f}/s",
        limit=f"{rate(comparison.limit):,.0f}/s",
        note=note,
        details=comparison.details(),
    )
