"""Titles made plain: as parts of an address, and to be compared."""

import re
import unicodedata

LONGEST_SLUG = 60
_SPELLED = str.maketrans({"æ": "ae", "ø": "o"})  # letters of South Sámi that come apart into nothing


def slug_of(words: str) -> str:
    """`words` in lower case, without diacritics, joined by hyphens: "Så här gör vi" gives "sa-har-gor-vi"."""
    plain = (
        unicodedata.normalize("NFKD", words.casefold().translate(_SPELLED)).encode("ascii", "ignore").decode()
    )
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "mal"


def plain_title(title: str) -> str:
    """The title without what doesn't make it another: capitals, and the full stop some end with."""
    return title.casefold().rstrip(". ")
