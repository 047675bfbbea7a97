"""`python -m bench [--quick] [ROW …]`"""

import argparse
import shutil
import sys
import time

from bench import report, rows
from bench.data import RESULTS
from bench.registry import ROWS
from bench.stage import QUICK, USUAL, Stage


def main() -> int:
    """Measure the rows asked for; 1 if a figure doesn't hold."""
    asked = _read_arguments()
    pace = QUICK if asked.quick else USUAL
    at_start = report.machine()
    folder = RESULTS / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found: report.Found = {}
    try:
        for name in asked.rows or sorted(ROWS):
            began = time.monotonic()
            print(f"{name}  {ROWS[name].what} …", end=" ", flush=True)
            found[name] = ROWS[name].measure(Stage(folder / name, pace))
            print(f"{time.monotonic() - began:.0f} s", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.write(found, at_start, pace)
    report.show(found, at_start, pace)
    return 0 if all(one.holds for results in found.values() for one in results) else 1


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__import__("bench").__doc__)
    names = ", ".join(sorted(ROWS))
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one of {names}; all if none")
    parser.add_argument("--quick", action="store_true", help="short rounds, for a first look")
    asked = parser.parse_args()
    if unknown := set(asked.rows) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {names}")
    return asked


if __name__ == "__main__":
    assert rows
    sys.exit(main())
