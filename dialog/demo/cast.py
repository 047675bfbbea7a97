"""Who takes part in the demonstration, as its data files say."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@cache
def content(name: str) -> dict[str, Any]:
    """What a data file of the demonstration holds."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def member(key: str) -> dict[str, Any] | None:
    """The member of the cast with this key who has a button of their own."""
    members = (row for row in content("cast")["members"] if row["key"] == key and row["button"])
    return next(members, None)


def members_with_buttons() -> list[dict[str, Any]]:
    return [row for row in content("cast")["members"] if row["button"]]
