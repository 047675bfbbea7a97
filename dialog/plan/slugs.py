"""Words as parts of an address."""

import re
import unicodedata

LONGEST_SLUG = 60


def slug_of(words: str) -> str:
    """`words` in lower case, without diacritics, joined by hyphens: "Så här gör vi" gives "sa-har-gor-vi"."""
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "mal"
