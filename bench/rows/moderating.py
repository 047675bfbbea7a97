"""P6: the moderators' queue when 10 000 comments wait in it: the page, and a decision with the next page after it."""

from pathlib import Path
from typing import Any

from bench.crowd import MODERATOR
from bench.limits import bare_page, connect
from bench.load import SERIAL, Load
from bench.registry import Result, row
from bench.rows.reading import bare_page_of, result
from bench.server import get
from bench.stage import SERIALS_PER_ROUND, Stage
from bench.visitors import form_on, get_request, post_request, sign_in

COMMENTS = 10_000
QUEUE = "/moderering"
AS_PART = {"HX_Request": "true"}
IN_A_ROUND = 800  # comments that bear the numbers of one round's requests: more than are decided on in one

# They wait, each seen once, under numbers that a round's requests come to.
_LET_WAIT = f"""
    UPDATE comment SET review_since = submitted_at, review_reason = 'new_comment', version = 1,
    number = '2026-' || printf('%09d', (id / {IN_A_ROUND} + 1) * {SERIALS_PER_ROUND} + id % {IN_A_ROUND})
    WHERE id > (SELECT max(id) FROM comment) - ?
"""


@row("P6", "moderators' queue, 10 000 waiting", "bare Flask + Core + Jinja making a page of as many bytes")
def queue(stage: Stage) -> list[Result]:
    instance, limit_folder = stage.copy_of_data(COMMENTS), stage.folder / "bare-page"
    let_wait(instance, COMMENTS)
    bare_page.prepare(limit_folder)
    moderator = sign_in(stage.application(instance), MODERATOR)
    form = {"csrf_token": form_on(moderator, QUEUE)["csrf_token"], "seen": "1", "act": "look"}
    page = get_request(QUEUE, signed_in=moderator)
    decision = post_request(f"{QUEUE}/2026-{SERIAL}", form, signed_in=moderator, **AS_PART)
    cookie = {"Cookie": page.partition("Cookie: ")[2].partition("\r\n")[0], "User-Agent": "bench"}
    with stage.our_server(instance) as port, stage.limit_server("bare_page", limit_folder) as limit_port:
        sizes = [len(get(port, QUEUE, {**cookie, **more})[1]) for more in ({}, {"HX-Request": "true"})]
        results = []
        for what, request, size in zip(
            ("the page", "a decision and the next page"), (page, decision), sizes, strict=True
        ):
            limit = Load(limit_port, [get_request(bare_page_of(limit_port, size))])
            comparison = stage.compare(Load(port, [request]), limit)
            results.append(result(what, comparison, 0.4, note=f"{size:,} bytes"))
    return results


def let_wait(instance: Path, comments: int) -> None:
    """Let the newest so many comments wait, under numbers of their own."""
    connection: Any = connect(instance / "dialog.db")
    connection.execute(_LET_WAIT, (comments,))
    connection.commit()
    connection.close()
