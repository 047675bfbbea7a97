"""Which committees a document names: codes after a title, names in parentheses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

SEPARATORS = re.compile(r"\s*[,;/&]\s*")
AND = re.compile(r"\s+(?:och|samt)\s+")
CODE_LIKE = re.compile(r"[A-ZÅÄÖ]{2,5}|[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{1,3}[A-ZÅÄÖ]")
BODY_LIKE = re.compile(
    r"(?:nämnd|nämnden|styrelse|styrelsen|fullmäktige|utskott|utskottet|utskotten)$", re.IGNORECASE
)

# What follows a title's last sentence and isn't longer than a row of committees.
TAIL = re.compile(r"[.!?…][\"”’)]?\s*(?P<codes>[^.!?]+)\.?$")
PARENTHESES = re.compile(r"(?:\([^()]{1,200}\)[\s.,;]*)+")
LAST_PARENTHESIS = re.compile(r"\([^()]{1,200}\)[\s.]*$")
INSIDE = re.compile(r"\(([^()]*)\)")
LONGEST_TAIL = 200
ABBREVIATION = re.compile(r"\b(?:enl|ex|a|m|k|o|s|v|d|resp|kap|inkl|exkl|ca|jfr|bil|st|nr)\.$", re.IGNORECASE)
# A code after one of these is part of the sentence: "i samråd med KS".
PART_OF_SENTENCE = frozenset(
    [
        "av",
        "till",
        "med",
        "från",
        "för",
        "hos",
        "inom",
        "i",
        "på",
        "och",
        "eller",
        "samt",
        "via",
        "mellan",
        "enligt",
        "är",
    ]
)


@dataclass(frozen=True)
class Named:
    """Committees a piece of text names: their codes, and whether some name in it is unknown."""

    codes: tuple[str, ...]
    unknown: bool


class CommitteeNames:
    """Every name and code a committee goes by, found whatever its capitals and spacing."""

    def __init__(self, codes_by_name: Mapping[str, str]) -> None:
        self._codes = {_key(name): code for name, code in codes_by_name.items()}
        self._exact = frozenset(codes_by_name.values())

    def find(self, name: str) -> str | None:
        """The code of a committee by its name or code, or None."""
        return self._codes.get(_key(name))

    def written_as_code(self, word: str) -> str | None:
        """The code of a committee written in capitals, so that a word like "san" isn't taken for one."""
        code = self.find(word)
        return code if code is not None and (word in self._exact or CODE_LIKE.fullmatch(word)) else None

    def listed(self, text: str, *, in_parentheses: bool = False) -> Named | None:
        """The committees of a list such as "TN, VoN och KS"; None when the text is no such list.

        An unknown name such as "Trafiknämnden" counts only in parentheses: elsewhere it is more likely
        the end of a sentence than a committee.
        """
        codes: list[str] = []
        unknown = False
        for part in self._parts(text):
            code = self.find(part)
            if code is None:
                if not (is_committee_like(part) if in_parentheses else CODE_LIKE.fullmatch(part)):
                    return None
                unknown = True
            elif code not in codes:
                codes.append(code)
        return Named(tuple(codes), unknown) if codes or unknown else None

    def _parts(self, text: str) -> list[str]:
        """The names in a list. A name may itself hold "och" or a comma, so the longest known ones win."""
        text = text.strip().rstrip(".").strip()
        if self.find(text):
            return [text]
        return [name for part in SEPARATORS.split(text) if part for name in self._apart(part)]

    def _apart(self, text: str) -> list[str]:
        """The names on either side of an "och" that isn't part of a name."""
        names: list[str] = []
        if self.find(text) is None:
            start = 0
            for conjunction in AND.finditer(text):
                name = text[start : conjunction.start()]
                if self.find(name) or is_committee_like(name):
                    names.append(name)
                    start = conjunction.end()
            text = text[start:]
        return [*names, text]

    def in_line(self, text: str) -> Named | None:
        """The committees of a line that holds nothing else, such as "(Kommunstyrelsen) ." or "KS, TN"."""
        if len(text) > LONGEST_TAIL:
            return None
        if PARENTHESES.fullmatch(text):
            return self.listed(", ".join(INSIDE.findall(text)), in_parentheses=True)
        return self.listed(text)

    def after_title(self, text: str) -> tuple[str, str, Named] | None:
        """A title and the committees that close it: the title, the committees as written, and their codes.

        None when the text doesn't end in committees.
        """
        return self._in_parenthesis(text) or self._after_sentence(text) or self._without_stop(text)

    def _in_parenthesis(self, text: str) -> tuple[str, str, Named] | None:
        match = LAST_PARENTHESIS.search(text, max(0, len(text) - LONGEST_TAIL))
        named = self.listed(", ".join(INSIDE.findall(match.group())), in_parentheses=True) if match else None
        if match is None or named is None or match.start() == 0:
            return None
        return text[: match.start()].strip(), match.group().strip(), named

    def _after_sentence(self, text: str) -> tuple[str, str, Named] | None:
        match = TAIL.search(text, max(0, len(text) - LONGEST_TAIL))
        named = self.listed(match["codes"]) if match else None
        if match is None or named is None:
            return None
        title = text[: match.start("codes")].strip()
        # An unknown abbreviation after "enl." or after several sentences is more likely just a word.
        if not named.codes and (re.search(r"[.!?] ", title) or ABBREVIATION.search(title)):
            return None
        return title, text[match.start("codes") :].strip(), named

    def _without_stop(self, text: str) -> tuple[str, str, Named] | None:
        """A title that lacks its full stop, where the committees are all known and written as codes."""
        words = text.split(" ")
        count = 0
        while count < min(12, len(words) - 1) and self._is_code_word(words[-1 - count], last=count == 0):
            count += 1
        title = " ".join(words[: len(words) - count])
        if not count or "." in title or words[-1 - count].lower() in PART_OF_SENTENCE:
            return None
        codes = " ".join(words[len(words) - count :])
        named = self.listed(codes)
        return (title, codes, named) if named else None

    def _is_code_word(self, word: str, *, last: bool) -> bool:
        return (last or word.endswith(",")) and self.written_as_code(word.rstrip(",")) is not None


def is_committee_like(name: str) -> bool:
    """Whether a name that isn't known is written like a committee's code or name."""
    name = name.strip()
    return len(name) <= 60 and (CODE_LIKE.fullmatch(name) or BODY_LIKE.search(name)) is not None


def _key(name: str) -> str:
    return re.sub(r"[\s\u00ad]", "", unicodedata.normalize("NFC", name)).casefold()
