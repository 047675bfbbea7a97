"""What a run found: a table for the terminal, and a file."""

import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from pysqlite3 import dbapi2

from bench.data import RESULTS
from bench.load import CONNECTIONS
from bench.registry import ROWS, Result
from bench.stage import Pace
from dialog.start import WEB_PROCESSES

LATEST = RESULTS / "latest.json"
Found = dict[str, list[Result]]
BUSY = 0.5  # load average above which somebody else is at work on the machine
_HEADINGS = ("", "what", "ours", "limit", "figure", "target", "")


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "sqlite": dbapi2.sqlite_version,
        **{name: version(name) for name in ("granian", "flask", "sqlalchemy", "jinja2")},
        "processors": os.cpu_count(),
        "web_processes": WEB_PROCESSES,
        "connections": CONNECTIONS,
        "load_average": round(os.getloadavg()[0], 2),
    }


def write(found: Found, at_start: dict[str, Any], pace: Pace) -> None:
    content = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": at_start,
        "pace": asdict(pace),
        "rows": [
            {
                "row": name,
                "measured": ROWS[name].what,
                "beside": ROWS[name].limit,
                **asdict(result),
                "holds": result.holds,
            }
            for name, results in found.items()
            for result in results
        ],
    }
    LATEST.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def show(found: Found, at_start: dict[str, Any], pace: Pace) -> None:
    lines = [_HEADINGS, *(_line(name, one) for name, results in found.items() for one in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    print()
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print()
    for name, results in found.items():
        print(f"{name}  {ROWS[name].what}; beside: {ROWS[name].limit}")
        for one in results:
            if one.note:
                print(f"    {one.what}: {one.note}")
    print(_circumstances(found, at_start, pace))


def _line(name: str, result: Result) -> tuple[str, ...]:
    sign = "≥" if result.at_least else "≤"
    return (
        name,
        result.what,
        result.ours,
        result.limit,
        f"{result.value:g}",
        f"{sign} {result.target:g}",
        "holds" if result.holds else "DOES NOT HOLD",
    )


def _circumstances(found: Found, at_start: dict[str, Any], pace: Pace) -> str:
    names = ("python", "sqlite", "granian", "flask", "sqlalchemy")
    versions = ", ".join(f"{name} {at_start[name]}" for name in names)
    busy = (
        "Other programs were running before the run began: the ratios may hold, the rates and worst waits don't.\n"
        if at_start["load_average"] > BUSY
        else ""
    )
    return f"""
{busy}Both sides in turn, medians of {pace.rounds} rounds of {pace.seconds:g} s after {pace.warm_up:g} s of warm-up, \
{CONNECTIONS} connections kept open,
{WEB_PROCESSES} web processes with one thread each; {versions}; \
load average before the run {at_start["load_average"]:g}.
The load comes from a process of its own on the same {at_start["processors"]} processors and takes its share of \
them{_client_share(found)}:
the more answers a second, the more, so the ratios of the fastest rows are drawn towards 1.
Other products are not part of this: their figures were taken once and stand with the targets.
All rounds: {LATEST.relative_to(RESULTS.parent.parent)}"""


def _client_share(found: Found) -> str:
    shares = [
        one["client_share"]
        for results in found.values()
        for result in results
        for side in ("ours", "limit")
        for one in result.details.get(side, [])
    ]
    return f" (here {min(shares):.0%} to {max(shares):.0%} of one)" if shares else ""
