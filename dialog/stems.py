"""The words of a text and their stems: what search, and the rules that single out comments, go by. Pure."""

import hashlib
import re
from functools import lru_cache

import snowballstemmer

TOKEN = re.compile(r"[^\W_]+")
LONGEST_WORD = 200  # characters of a word that are looked at; PostgreSQL takes at most 2,047 bytes
_stemmer = snowballstemmer.stemmer("swedish")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word in lower case."""
    return str(_stemmer.stemWord(word))


# Words that say nothing of what a text is about, in the languages that are written here most.
_EMPTY = """
    aldrig alla allt alltid andra att av bara behöver bli blir borde både båda bör de dem den denna deras dess
    det detta dig din dit ditt du där därför då efter eftersom ej eller en er era ett finns fler flera för från
    få får ge genom ger gå går gör göra ha hade han har hela henne hennes hit hon honom hos hur här i icke idag
    igen in inga ingen inget innan inte ja jag kan kanske kom komma kommer kommun kommunen kunna lite man med
    mellan men mer mest mig min mina minst mitt mot mycket måste ni nog nu när nära någon något några och också
    om oss på redan samma sedan ser sig sin sina sitt ska skall skulle som så sådan tack till tror tycker under
    upp ut utan vad var vara varför varit vem vet vi vid vilka vilken vill vår våra vårt väl än ändå ännu är
    även år åt över östersund
    about all also and any are because been but can could does for from had has have how its just like more most
    much need not now only our out should some such than that the their them then there these they this those
    too very was were what when where which who why will with would you your
"""
_EMPTY_STEMS = frozenset(stem(word) for word in _EMPTY.split())
_SHORTEST_STEM = 3


def says_something(stem: str) -> bool:
    """Whether a stem says something of what a text is about."""
    return len(stem) >= _SHORTEST_STEM and stem not in _EMPTY_STEMS


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, in order: runs of letters and digits, the longest by their beginnings."""
    return [found.group()[:LONGEST_WORD].lower() for found in TOKEN.finditer(text)]


def stems_of(text: str) -> list[str]:
    """The stems of the words of a text, in order."""
    return [stem(word) for word in words_of(text)]


def fingerprint(text: str) -> int:
    """A number that texts share which are the same but for case, punctuation and white space."""
    digest = hashlib.blake2b(" ".join(words_of(text)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
