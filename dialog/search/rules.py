"""What is found by which words: the parts of a query, the rank of a hit. Pure.

Both databases are fed the same stems, and the rank is counted here, so that both find the same in the same order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain, takewhile

from markupsafe import Markup, escape

from dialog.stems import stem, words_of


class EntryKind(StrEnum):
    """What can be found."""

    GOAL = "goal"
    ASSIGNMENT = "assignment"
    ANSWER = "answer"
    COMMENT = "comment"


class Order(StrEnum):
    BEST = "best"
    NEWEST = "newest"


# Ranking all hits of a word that most comments hold takes seconds: only so many of the newest are ranked.
MOST_RANKED = 200
LONGEST_QUERY = 200
MOST_PARTS = 8

_PART = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True)
class Part:
    """One thing a query asks for: stems that follow on each other, or (`is_prefix`) the beginning of a word."""

    terms: tuple[str, ...]
    is_prefix: bool = False

    @cached_property
    def phrase(self) -> str:
        """The stems with a space around each."""
        return f" {' '.join(self.terms)} "

    def matches(self, word: str) -> bool:
        """Whether a word of a text (in lower case) is one that this part asks for."""
        return word.startswith(self.terms[0]) if self.is_prefix else stem(word) in self.terms


def parts_of(query: str) -> list[Part]:
    """What a reader's query asks for; all of it must be there.

    A word is found in all its inflections, "words in quotes" only next to each other, and a wor* by its beginning.
    """
    parts = []
    for phrase, word in _PART.findall(query[:LONGEST_QUERY]):
        is_prefix = word.endswith("*")
        words = words_of(phrase or word)
        if is_prefix and len(words) == 1:
            parts.append(Part((words[0],), is_prefix=True))
        elif words:
            parts.append(Part(tuple(stem(one) for one in words)))
    return list(dict.fromkeys(parts))[:MOST_PARTS]


def for_sqlite(parts: Iterable[Part]) -> str:
    """The parts as an FTS5 expression. A term holds letters and digits only, so it can't end its quotes."""
    return " AND ".join(
        f'words : "{part.terms[0]}" *' if part.is_prefix else f'stems : "{" ".join(part.terms)}"'
        for part in parts
    )


def for_postgresql(parts: Iterable[Part], column: str) -> str:
    """Those of the parts that are looked up in `column`, as a tsquery; empty if none is."""
    wanted = [part for part in parts if part.is_prefix == (column == "words")]
    return " & ".join(
        f"'{part.terms[0]}':*"
        if part.is_prefix
        else "(" + " <-> ".join(f"'{term}'" for term in part.terms) + ")"
        for part in wanted
    )


def any_for_sqlite(stems: Iterable[str]) -> str:
    """An FTS5 expression for what holds any of the stems."""
    return "stems : (" + " OR ".join(f'"{one}"' for one in stems) + ")"


def any_for_postgresql(stems: Iterable[str]) -> str:
    """A tsquery for what holds any of the stems."""
    return " | ".join(f"'{one}'" for one in stems)


_LAST_POSITION = 16383  # that a tsvector can hold


def as_tsvector(terms: Sequence[str]) -> str:
    """Terms with their places, as PostgreSQL reads a tsvector."""
    return " ".join(f"'{term}':{min(place, _LAST_POSITION)}" for place, term in enumerate(terms, start=1))


_SATURATION, _USUAL_LENGTH = (
    1.2,
    390,
)  # the length in characters: as telling as in words, and known without counting


def rank(stems: str, parts: Sequence[Part]) -> float:
    """How much a text is about the parts: more the oftener they stand in it, less the longer it is.

    `stems` are those of the text, in order, a space between each.
    BM25 without the rarity of words, since every hit has them all (Robertson and Zaragoza 2009, "The
    Probabilistic Relevance Framework: BM25 and Beyond", section 3.4).
    """
    length = 0.25 + 0.75 * len(stems) / _USUAL_LENGTH
    total = 0.0
    for part in parts:
        times = _beginnings(part.terms[0], stems) if part.is_prefix else _times(part.phrase, f" {stems} ")
        total += times * (_SATURATION + 1) / (times + _SATURATION * length)
    return total


def _beginnings(asked: str, stems: str) -> int:
    """How many words may begin so: their stems are what they begin with, or nearly, which is good enough to rank by."""
    return sum(one.startswith(asked) or asked.startswith(one) for one in stems.split(" "))


def _times(phrase: str, padded: str) -> int:
    """How often a phrase stands in `padded`; both have a space around each stem, and neighbours share theirs."""
    times, at = 0, padded.find(phrase)
    while at >= 0:
        times, at = times + 1, padded.find(phrase, at + len(phrase) - 1)
    return times


SNIPPET_LENGTH = 220


def snippet(text: str, parts: Sequence[Part]) -> Markup:
    """The place in a text where the first word asked for stands, escaped, with all such words marked."""
    places = _places(text, parts)
    nearest = next(places, None)
    start = max(0, nearest[0] - SNIPPET_LENGTH // 3) if nearest else 0
    if start:
        start = text.find(" ", start) + 1
    end = len(text) if len(text) <= start + SNIPPET_LENGTH else text.rfind(" ", start, start + SNIPPET_LENGTH)
    end = end if end > start else start + SNIPPET_LENGTH
    return _marked(
        text, start, end, takewhile(lambda place: place[0] < end, chain([nearest], places)) if nearest else ()
    )


# Stand around each word while what is shown is escaped as a whole: no text of anybody's holds any of them.
_BEGINS, _ENDS = "\x02", "\x03"


def _marked(text: str, start: int, end: int, places: Iterable[tuple[int, int]]) -> Markup:
    """The text from `start` to `end`, escaped, with the words at these places marked."""
    shown, done = ["… " if start else ""], start
    for begins, ends in places:
        shown += [text[done:begins], _BEGINS, text[begins:ends], _ENDS]
        done = ends
    shown += [text[done:end], " …" if end < len(text) else ""]
    escaped = str(escape("".join(shown))).replace(_BEGINS, "<mark>").replace(_ENDS, "</mark>")
    return Markup(escaped)  # noqa: S704 - all of the text is escaped


def _places(text: str, parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """From where to where the words stand that are asked for."""
    for match in _beginning_like(tuple(parts)).finditer(text):
        word = match.group().lower()
        if any(part.matches(word) for part in parts):
            yield match.span()


@lru_cache(maxsize=100)
def _beginning_like(parts: tuple[Part, ...]) -> re.Pattern[str]:
    """Finds the words that begin as what is asked for does: all words do that have one of those stems."""
    beginnings = "|".join(re.escape(term) for part in parts for term in part.terms)
    return re.compile(rf"(?<![^\W_])(?:{beginnings})[^\W_]*", re.IGNORECASE)
