"""The service's own Swedish is plain: the texts it ships with, and all that its pages say (11 § språklagen)."""

import re
import tomllib

import pytest
from babel.messages.pofile import read_po

from dialog.people.queries import notice_in_force
from dialog.plain import lix, lix_of, number_of_words
from dialog.texts.queries import shipped
from dialog.texts.rules import TextKey
from tests.test_house_rules import ROOT

HARDEST_TEXT, HARDEST_EASY_TEXT = 40, 25  # LIX: the second is what is called very easy
HARDEST_CATALOGUE = 40
HARDEST_SENTENCE = 45  # of a few words, of which each weighs much
SHORTEST_PROSE = 12  # words; what is shorter is a label

SHIPPED = [key for key in TextKey if key != TextKey.NOTICE]  # which people ship


@pytest.mark.parametrize("key", SHIPPED)
def test_each_text_is_shipped_in_plain_swedish(key):
    version = shipped(key)
    parts = [version.sv]
    if version.statement:
        parts += [
            version.statement.method_sv,
            *(f"{one.what_sv}\n{one.why_sv}" for one in version.statement.faults),
        ]
    hardest = HARDEST_EASY_TEXT if key == TextKey.EASY else HARDEST_TEXT
    assert lix("\n".join(parts)) <= hardest, f"Write shorter sentences in dialog/texts/data/{key}.toml."


def test_the_easy_text_has_sentences_that_are_short_as_well():
    words = [number_of_words(line) for line in shipped(TextKey.EASY).sv.splitlines()]
    assert max(words) <= 10


def test_the_shipped_notice_is_plain(context):
    assert lix(notice_in_force().words("sv")) <= HARDEST_TEXT


def _prose() -> list[str]:
    """What the catalogue says in Swedish at some length, with a short word in the place of each value."""
    with (ROOT / "dialog/translations/sv/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="sv")
    every = [
        string
        for entry in catalogue
        if entry.id
        for string in (entry.string if isinstance(entry.string, tuple) else [entry.string])
    ]
    said = [re.sub(r"%\(\w+\)[sd]|%s", "ett", string).replace("%%", "procent") for string in every]
    return [one for one in said if number_of_words(one) >= SHORTEST_PROSE]


def test_what_the_pages_say_is_plain_as_a_whole_and_in_each_part():
    prose = _prose()
    assert lix_of(prose) <= HARDEST_CATALOGUE
    hard = sorted(((lix_of([one]), one) for one in prose), reverse=True)
    hard = [(value, one) for value, one in hard if value > HARDEST_SENTENCE]
    assert not hard, "Say more plainly, in messages.po:\n" + "\n".join(
        f"{value}: {one}" for value, one in hard
    )


def test_the_measure_tells_hard_prose_from_plain():
    assert lix_of(["Verkställigheten effektueras i enlighet med ärendets beredning."]) > HARDEST_SENTENCE
    assert lix_of(["Du får svar inom tio dagar. Svaret kan alla läsa."]) < HARDEST_EASY_TEXT


def _alone(content, where: str = ""):
    """The keys of what is in Swedish or English alone. A title without a language is the official one, in Swedish."""
    if isinstance(content, list):
        for number, one in enumerate(content):
            yield from _alone(one, f"{where}[{number}]")
    elif isinstance(content, dict):
        for key, value in content.items():
            name, language = (key[:-3], key[-2:]) if key[-3:] in {"_sv", "_en"} else ("", key)
            if language in {"sv", "en"}:
                other = "en" if language == "sv" else "sv"
                if not (content.get(f"{name}_{other}" if name else other) or content.get(name)):
                    yield f"{where}.{key}"
            yield from _alone(value, f"{where}.{key}")


@pytest.mark.parametrize("path", sorted((ROOT / "dialog").glob("*/data/*.toml")), ids=lambda path: path.stem)
def test_nothing_is_shipped_in_one_language_alone(path):
    assert list(_alone(tomllib.loads(path.read_text(encoding="utf-8")))) == []
