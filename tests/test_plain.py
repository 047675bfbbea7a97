"""Advice on plain language: what is found in a text, and what is left alone."""

import pytest

from dialog.plain import FEWEST_WORDS, HARD_FROM, LONGEST_SENTENCE, advise, lix, sentences

PLAIN = "Vi kör en ny buss på kvällen. Den går till Lit. Du kan åka med från maj. " * 3
HARD = (
    "Kommunstyrelsens arbetsutskott konstaterar sammanfattningsvis att verksamhetsutvecklingen förutsätter "
    "kompletterande finansieringslösningar, kollektivtrafikmyndighetens medverkan och näringslivets engagemang i "
    "infrastrukturplaneringens samtliga utvecklingsskeden under planperioden, beroende på "
    "budgetberedningens ställningstagande. Kommunstyrelsens verksamhetsuppföljning redovisas därefter fullständigt."
) * 2


# A sentence ends with a sign and a new beginning, or with its line; not at a shortening or inside a number.
@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("", []),
        ("Vi provar. Det börjar i maj!", ["Vi provar.", "Det börjar i maj!"]),
        ("Bussen går kl. 7 varje dag.", ["Bussen går kl. 7 varje dag."]),
        ("Vi tar t.ex. Lit och Häggenås.", ["Vi tar t.ex. Lit och Häggenås."]),
        ("Det kostar 2.5 kronor.", ["Det kostar 2.5 kronor."]),
        ("Så här gör vi\n- vi plogar\n- vi sandar", ["Så här gör vi", "- vi plogar", "- vi sandar"]),
        ("Varför? ”Ingen vet.” Vi frågar.", ["Varför?", "”Ingen vet.", "Vi frågar."]),
        ("...\n!!!", []),
    ],
)
def test_where_a_sentence_ends(text, parted):
    assert sentences(text) == parted


@pytest.mark.parametrize(
    ("words", "is_long"),
    [(LONGEST_SENTENCE - 1, False), (LONGEST_SENTENCE, False), (LONGEST_SENTENCE + 1, True)],
)
def test_a_sentence_is_long_from_more_words_than_the_limit(words, is_long):
    assert [count for _, count in advise("Vi " + "kör " * (words - 1) + ".").long_sentences] == [
        words
    ] * is_long


def test_lix_is_the_words_in_a_sentence_and_the_share_of_long_words():
    text = (
        "Kort ord här. Långaste ordet här. " * 5
    ).strip()  # 30 words, 10 sentences, 5 of seven letters or more
    assert lix(text) == round(30 / 10 + 100 * 5 / 30)


def test_too_little_text_has_no_lix():
    assert lix("ord " * (FEWEST_WORDS - 1)) is None
    assert lix("ord " * FEWEST_WORDS) is not None
    assert lix("") is None


@pytest.mark.parametrize(("text", "is_hard"), [(PLAIN, False), (HARD, True), ("", False)])
def test_what_is_hard_to_read(text, is_hard):
    assert advise(text).is_hard == is_hard
    assert (lix(text) or 0) > HARD_FROM or not is_hard


# In whatever form it stands; each once; and never inside another word.
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vi har beaktat det.", [("beaktat", "ta hänsyn till")]),
        ("Ni ska erhålla besked. Alla erhåller det.", [("erhålla", "få")]),
        ("Buss samt tåg, samt båt.", [("samt", "och")]),
        ("I enlighet med planen, t.ex. i Lit.", [("i enlighet med", "enligt"), ("t.ex.", "till exempel")]),
        ("Det kostar 250 tkr.", [("tkr", "tusen kronor")]),
        ("Samtal är bra. Vi har samtliga svar.", []),
        ("Vi plogar i morgon.", []),
    ],
)
def test_words_that_can_be_said_more_plainly(text, words):
    assert list(advise(text).words) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KS har frågat VoN och TN. KS svarar.", ["KS", "VoN", "TN"]),
        ("Vi bor i Lit. I maj kommer EU:s pengar.", ["EU"]),
        ("NU BYGGER VI!", ["NU", "VI"]),
        ("Vi bygger.", []),
    ],
)
def test_abbreviations_to_write_out(text, found):
    assert list(advise(text).abbreviations) == found


def test_what_is_plain_needs_no_advice():
    assert advise(PLAIN).number == 0
    assert advise(HARD).number >= 1


def test_a_long_text_is_read_quickly_and_whole():
    text = "a.b.c. " * 5000 + "samt"
    assert ("samt", "och") in advise(text).words
