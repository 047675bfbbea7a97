"""Dates, money and names as readers of each language write them."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime
from flask import Flask, current_app, has_request_context, request
from markupsafe import Markup

from dialog.db import STOCKHOLM, local_day
from dialog.languages import locale
from dialog.text import document as document_of
from dialog.text import linked, render

HARD_SPACE = "\u00a0"


def set_up(app: Flask) -> None:
    """Give templates the formats as filters."""
    filters = (
        day, day_in_words, document, hour, moment, tkr, number, in_language, heading, excerpt, quoted, local_day,
    )  # fmt: skip
    app.jinja_env.filters.update({made.__name__: made for made in filters}, paragraphs=render, linked=linked)


def day(when: date | datetime) -> Markup:
    """A day in words, in Sweden's time, as an element that also says it exactly."""
    return _day(when, locale())


def moment(when: datetime) -> str:
    """A day and the time of it in words, in Sweden's time."""
    pattern = "d MMMM y 'at' HH:mm" if locale() == "en" else "d MMMM y 'kl.' HH.mm"
    words: str = format_datetime(when.astimezone(STOCKHOLM), pattern, locale=locale())
    return words.replace(" ", HARD_SPACE)


def hour(when: datetime) -> str:
    """The time of day in words, in Sweden's time."""
    pattern = "HH:mm" if locale() == "en" else "'kl.' HH.mm"
    words: str = format_datetime(when.astimezone(STOCKHOLM), pattern, locale=locale())
    return words.replace(" ", HARD_SPACE)


def day_in_words(when: date | datetime) -> str:
    """A day in words, in Sweden's time, for plain text."""
    return _day_in_words(when, locale())


def _day_in_words(when: date | datetime, language: str) -> str:
    on = local_day(when) if isinstance(when, datetime) else when
    words: str = format_date(on, "d MMMM y", locale=language)
    return words


@lru_cache(maxsize=4096)
def _day(when: date | datetime, language: str) -> Markup:
    words = _day_in_words(when, language).replace(" ", HARD_SPACE)
    # To the second: HTML knows no more than three digits of a fraction.
    exact = when.isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()
    return Markup('<time datetime="{}">{}</time>').format(exact, words)


def number(value: int) -> str:
    """A whole number with the language's mark between thousands."""
    return f"{value:,}" if locale() == "en" else f"{value:,}".replace(",", HARD_SPACE)


def tkr(amount: int) -> str:
    """Thousands of SEK as written in the plan: "1 200 tkr"; in English in whole SEK."""
    return f"SEK{HARD_SPACE}{amount * 1000:,}" if locale() == "en" else f"{number(amount)}{HARD_SPACE}tkr"


def in_language(thing: Any, field: str) -> str:
    """The field in the reader's language: `name_en` or `name_sv`, Swedish where there is no English."""
    english = getattr(thing, f"{field}_en", None) if locale() == "en" else None
    swedish = getattr(thing, f"{field}_sv", None) or getattr(thing, field, None)
    return str(english or swedish or "")


def heading(title: str) -> str:
    """An official title as a heading: without the full stop some of them end with."""
    return title.rstrip().removesuffix(".")


def excerpt(text: str, length: int = 140) -> str:
    """The beginning of a text, cut between words, with an ellipsis where something is left out."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + " …"


def quoted(text: str) -> str:
    """Somebody's words in a letter of plain text, each line marked as quoted."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


MUNICIPALITY_HERE = "{kommun}"  # in what the municipality writes, in the place of its name


def document(text: str) -> Markup:
    """What the municipality writes, as HTML, with its name in place and addresses of ours in the page's language."""
    named = text.replace(MUNICIPALITY_HERE, current_app.config["SETTINGS"].municipality)
    return document_of(named, request.script_root if has_request_context() else "")
