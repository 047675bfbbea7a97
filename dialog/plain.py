"""Advice on plain language while an answer is written: long sentences, LIX, words to explain. Pure, and blocks nothing.

What the law asks of a municipality's language is that it is careful, simple and easy to understand (11 § språklagen).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialog.stems import TOKEN, stem

LONGEST_SENTENCE = 25  # words
HARD_FROM = 45  # LIX: newspapers are at about 40, what authorities write at 50 and more
FEWEST_WORDS = 30  # in fewer, LIX says little
_LONG_WORD = 7  # letters, as LIX counts

# What is said in offices, and what others say instead: single words by their stems.
_WORDS = {
    "aktualiseras": "blir aktuellt",
    "anmoda": "be, uppmana",
    "avseende": "om",
    "avslå": "säga nej till",
    "beakta": "ta hänsyn till",
    "bereda": "ta fram underlag till",
    "bifalla": "säga ja till",
    "bordlägga": "skjuta upp",
    "delge": "berätta för",
    "ej": "inte",
    "erfordras": "behövs",
    "erhålla": "få",
    "fortlöpande": "hela tiden",
    "föreligger": "finns",
    "förfara": "göra",
    "huruvida": "om",
    "härvidlag": "i det här",
    "implementera": "införa",
    "incitament": "skäl att",
    "inkomma": "komma in",
    "innevarande": "den här",
    "jämlikt": "enligt",
    "likställighetsprincipen": "att alla invånare ska behandlas lika",
    "nyttja": "använda",
    "ombesörja": "ordna",
    "påtala": "säga",
    "ramjustering": "mer eller mindre pengar varje år",
    "remittera": "fråga andra vad de anser",
    "samt": "och",
    "stävja": "hindra",
    "tillhandahålla": "erbjuda",
    "tillse": "se till",
    "tillstyrka": "säga ja till",
    "verkställa": "genomföra",
    "vederbörande": "den det gäller",
    "återremittera": "skicka tillbaka för mer underlag",
    "åvila": "vara någons ansvar",
}
_INSTEAD = {stem(word): instead for word, instead in _WORDS.items()}
_OTHERS = {"samtlig", "samtliga", "samtligt"}  # have the stems of such words, and are none
_PHRASES = {
    "i enlighet med": "enligt",
    "i syfte att": "för att",
    "med anledning av": "eftersom",
    "på grund av att": "eftersom",
    "under förutsättning att": "om",
    "vidta åtgärder": "göra något (säg vad)",
    "bl.a.": "bland annat",
    "dvs.": "det vill säga",
    "fr.o.m.": "från och med",
    "m.m.": "och mer (säg vad)",
    "o.d.": "och liknande",
    "p.g.a.": "på grund av",
    "t.ex.": "till exempel",
    "t.o.m.": "till och med",
    "tkr": "tusen kronor",
}
_SPACES = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”»)]*\s+(?=[\"”»(–-]*[A-ZÅÄÖ0-9])|\n+")
_NOT_AN_END = re.compile(
    r"\b(?:t\.ex|bl\.a|dvs|f\.d|kl|nr|ca|resp|inkl|exkl|s\.k|t\.o\.m|fr\.o\.m)\.$", re.IGNORECASE
)
_ABBREVIATION = re.compile(r"\b[A-ZÅÄÖ][A-ZÅÄÖa-zåäö]?[A-ZÅÄÖ]{1,3}\b")


@dataclass(frozen=True)
class Advice:
    """What could be said more plainly, each thing once, in the order it stands in the text."""

    lix: int | None  # None where there is too little to tell
    long_sentences: Sequence[tuple[str, int]]  # each with how many words it has
    words: Sequence[tuple[str, str]]  # each with what can be said instead
    abbreviations: Sequence[str]

    @property
    def is_hard(self) -> bool:
        """Whether the text as a whole is hard to read."""
        return self.lix is not None and self.lix > HARD_FROM

    @property
    def number(self) -> int:
        """How many things could be said more plainly."""
        return len(self.long_sentences) + len(self.words) + len(self.abbreviations) + self.is_hard


def advise(text: str) -> Advice:
    """What could be said more plainly in a Swedish text."""
    every = sentences(text)
    long = [(one, count) for one in every if (count := len(_words(one))) > LONGEST_SENTENCE]
    found = dict.fromkeys(_ABBREVIATION.findall(text))
    return Advice(lix(text), long, _to_say_otherwise(text), list(found))


def sentences(text: str) -> list[str]:
    """The sentences of a text. A line of its own is one, with or without a full stop."""
    parted: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        before = text[start : end.start()].strip()
        if "\n" not in end.group() and _NOT_AN_END.search(before):
            continue
        parted.append(before)
        start = end.end()
    parted.append(text[start:].strip())
    return [_SPACES.sub(" ", one) for one in parted if _words(one)]


def lix(text: str) -> int | None:
    """How hard a text is to read: words in a sentence, plus the share in per cent of words of seven letters or more.

    Björnsson 1968, "Läsbarhet". None where there is too little to tell.
    """
    return lix_of([text]) if len(_words(text)) >= FEWEST_WORDS else None


def lix_of(texts: Sequence[str]) -> int:
    """How hard some texts are to read together, as `lix`, of however few words; at least one."""
    words = [word for text in texts for word in _words(text)]
    long = sum(len(word) >= _LONG_WORD for word in words)
    return round(len(words) / sum(len(sentences(text)) for text in texts) + 100 * long / len(words))


def number_of_words(text: str) -> int:
    return len(_words(text))


def _words(text: str) -> list[str]:
    return TOKEN.findall(text)


def _to_say_otherwise(text: str) -> list[tuple[str, str]]:
    """The words and phrases of a text that can be said more plainly, as they stand there, and how."""
    low = text.lower()
    found: dict[str, tuple[int, str]] = {}
    for word in _words(text):
        instead = _INSTEAD.get(stem(word.lower()))
        if instead and word.lower() not in _OTHERS:
            found.setdefault(instead, (low.index(word.lower()), word.lower()))
    for phrase, instead in _PHRASES.items():
        if stands := re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", low):
            found.setdefault(instead, (stands.start(), phrase))
    return [(word, instead) for instead, (_, word) in sorted(found.items(), key=lambda one: one[1])]
