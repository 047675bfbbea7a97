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
