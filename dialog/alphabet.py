"""The order of the Swedish alphabet, which neither database keeps by itself. Pure."""

import unicodedata

_LAST_LETTERS = str.maketrans(
    {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"}
)  # what stands after z in ASCII


def alphabetical(name: str) -> str:
    """What `name` is sorted by: å, ä and ö stand last, and capitals and accents make no difference."""
    letters = unicodedata.normalize("NFC", name).casefold().translate(_LAST_LETTERS)
    return "".join(one for one in unicodedata.normalize("NFD", letters) if not unicodedata.combining(one))
