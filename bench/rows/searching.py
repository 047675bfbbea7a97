"""P5: searching among 100 000 comments for a rare word, and for one that a quarter of them hold."""

from bench.limits import bare_search
from bench.load import Load
from bench.registry import Result, row
from bench.server import get
from bench.stage import Stage, rate
from bench.visitors import get_request
from bench.words import RARE_WORD

COMMENTS = 100_000
# Words that stand in about 800 comments and in about one of four.
WORDS = {"a rare word": RARE_WORD, "a word in a quarter of them": "skift"}


@row("P5", "searching 100 000 comments", "bare Flask + Core + Jinja over FTS5: all matches ranked, 20 shown")
def searching(stage: Stage) -> list[Result]:
    instance, limit_folder = stage.copy_of_data(COMMENTS), stage.folder / "bare-search"
    bare_search.prepare(limit_folder)
    with (
        stage.our_server(instance) as port,
        stage.limit_server("bare_search", limit_folder) as limit_port,
    ):
        return [_compare(stage, port, limit_port, what, word) for what, word in WORDS.items()]


def _compare(stage: Stage, port: int, limit_port: int, what: str, word: str) -> Result:
    ours, limit = (f"{path}?q={word}" for path in ("/sok", "/search"))
    size = len(get(port, ours)[1])
    comparison = stage.compare(Load(port, [get_request(ours)]), Load(limit_port, [get_request(limit)]))
    return Result(
        what=what,
        value=comparison.ratio,
        target=0.6,
        ours=f"{rate(comparison.ours):,.0f}/s",
        limit=f"{rate(comparison.limit):,.0f}/s",
        note=f"{size:,} bytes, the limit's {comparison.limit[0].body_bytes:,}",
        details=comparison.details(),
    )
