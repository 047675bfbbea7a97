"""The limits: the least a program of the same kind can do. Same server, same Python, same SQLite, same settings."""

import gc
import os
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000")


def folder() -> Path:
    """Where the files are that the row has laid ready."""
    return Path(os.environ["BENCH_FOLDER"])


def connect(path: Path) -> Any:
    """A connection set up as durably as ours."""
    connection = dbapi2.connect(str(path), check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def settle() -> None:
    """As `wsgi.py` does: what is loaded now stays, and the collector need not look at it again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
