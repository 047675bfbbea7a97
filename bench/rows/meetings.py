"""A-time: whether the annex to a meeting takes as long for each comment when there are ten times as many."""

import time
from statistics import median

from bench.crowd import OFFICER
from bench.registry import Result, row
from bench.stage import Stage
from bench.visitors import sign_in
from dialog import kept
from dialog.db import clock
from dialog.meetings.queries import annex_of
from dialog.meetings.rules import Period
from dialog.plan.queries import committee_at

FEW, MANY = 50, 500
EVERYTHING = "fran=2020-01-01"
COMMITTEE = "ks"


@row(
    "A-time",
    "the annex as PDF, ODT and CSV, seconds for each comment",
    "itself, with a tenth of the comments",
)
def annexes(stage: Stage) -> list[Result]:
    sides = [_Side(stage, size) for size in (FEW, MANY)]
    return [_compare(stage, kind, *sides) for kind in ("pdf", "odt", "csv")]


class _Side:
    """An officer of a committee in whose annex there are so many comments."""

    def __init__(self, stage: Stage, comments: int) -> None:
        self.app = stage.application(stage.copy_of_data(comments))
        self.officer = sign_in(self.app, OFFICER)
        with self.app.app_context():
            committee = committee_at(COMMITTEE)
            assert committee is not None
            today = clock.today()
            period = Period(today.replace(year=2020), today)
            self.comments = len(annex_of(committee, period, today).items)

    def seconds_each(self, kind: str) -> float:
        kept.set_up(self.app)
        began = time.perf_counter()
        answer = self.officer.get(f"/namnd/{COMMITTEE}/bilaga.{kind}?{EVERYTHING}")
        assert answer.status_code == 200
        assert answer.data
        return (time.perf_counter() - began) / self.comments


def _compare(stage: Stage, kind: str, few: _Side, many: _Side) -> Result:
    for side in (few, many):
        side.seconds_each(kind)  # what is looked up once per process has been
    rounds = [(few.seconds_each(kind), many.seconds_each(kind)) for _ in range(2 * stage.pace.rounds + 1)]
    each_of_few, each_of_many = (median(side) for side in zip(*rounds, strict=True))
    return Result(
        what=f"{kind}: {many.comments} comments beside {few.comments}",
        value=round(each_of_many / each_of_few, 3),
        target=1.2,
        at_least=False,
        ours=f"{each_of_many * 1000:.2f} ms each",
        limit=f"{each_of_few * 1000:.2f} ms each",
        note=f"{each_of_many * many.comments:.2f} s for the whole file",
        details={"rounds": rounds},
    )
