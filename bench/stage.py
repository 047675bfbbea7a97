"""What a row has at hand: its pace, a folder of its own, the data, and our application as server or in process."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from statistics import median

from flask import Flask

from bench import data
from bench.load import Load, Round, run
from bench.server import serving
from dialog import create_app

SERIALS_PER_ROUND = 1_000_000


@dataclass(frozen=True)
class Pace:
    rounds: int = 3
    warm_up: float = 1.0
    seconds: float = 3.0


USUAL = Pace()
QUICK = Pace(warm_up=0.4, seconds=1.0)


@dataclass(frozen=True)
class Comparison:
    """Two sides measured in turn, and the medians of their rounds."""

    ours: list[Round]
    limit: list[Round]

    @property
    def ratio(self) -> float:
        return round(rate(self.ours) / rate(self.limit), 3)

    def details(self) -> dict[str, list[dict[str, float]]]:
        return {"ours": [vars(one) for one in self.ours], "limit": [vars(one) for one in self.limit]}


def rate(rounds: list[Round]) -> float:
    return median(one.per_second for one in rounds)


class Stage:
    """Handed to every row."""

    def __init__(self, folder: Path, pace: Pace) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.pace = pace
        self._numbers = count(1)

    def copy_of_data(self, comments: int) -> Path:
        """A new folder for the application's files, with its own copy of the data."""
        folder = self.folder / f"instance-{next(self._numbers)}"
        folder.mkdir(parents=True)
        shutil.copyfile(data.data_file(comments), folder / "dialog.db")
        return folder

    def application(self, instance: Path) -> Flask:
        """Our application in this process, on the data in `instance`."""
        return create_app(data.environment(instance))

    @contextmanager
    def our_server(self, instance: Path, target: str = "wsgi:app") -> Iterator[int]:
        with serving(target, data.environment(instance), self.folder) as port:
            yield port

    @contextmanager
    def limit_server(self, name: str, folder: Path) -> Iterator[int]:
        """The program `bench/limits/<name>.py`, on the files in `folder`."""
        with serving(f"bench.limits.{name}:make", {"BENCH_FOLDER": str(folder)}, self.folder) as port:
            yield port

    def compare(self, ours: Load, limit: Load) -> Comparison:
        """Rounds of both sides in turn: ours, limit, ours, limit …"""
        sides: tuple[list[Round], list[Round]] = ([], [])
        for _ in range(self.pace.rounds):
            for load, rounds in zip((ours, limit), sides, strict=True):
                rounds.append(self.carry(load))
        return Comparison(*sides)

    def carry(self, load: Load) -> Round:
        """One round at this run's pace, with serial numbers no other round has."""
        serial = next(self._numbers) * SERIALS_PER_ROUND
        return run(replace(load, warm_up=self.pace.warm_up, seconds=self.pace.seconds, first_serial=serial))
