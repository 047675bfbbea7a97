"""Words, stems, the parts of a query, the rank and the snippet: pure rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.search.rules import (
    MOST_PARTS,
    SNIPPET_LENGTH,
    Part,
    as_tsvector,
    for_postgresql,
    for_sqlite,
    parts_of,
    rank,
    snippet,
)
from dialog.stems import stem, stems_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("bussen", "bussar"), ("skolornas", "skola"), ("Häggenås", "häggenås"), ("kvällarna", "kväll")],
)
def test_a_word_has_the_stem_of_its_inflections(one, other):
    assert stems_of(one) == stems_of(other)


def test_letters_with_and_without_marks_are_different_letters():
    assert stems_of("mal") != stems_of("mål")


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("bussar", [Part(("buss",))]),
        ("bussar kvällar", [Part(("buss",)), Part(("kväll",))]),
        ('"sena kvällar"', [Part(("sen", "kväll"))]),
        ("e-post", [Part(("e", "post"))]),
        ("Häg*", [Part(("häg",), is_prefix=True)]),
        ("buss BUSS", [Part(("buss",))]),
        ('"" * ! \'); DROP TABLE', [Part(("drop",)), Part(("tabl",))]),
        ('"oavslutad', [Part(("oavslut",))]),
        ("   ", []),
    ],
)
def test_what_a_query_asks_for(query, parts):
    assert parts_of(query) == parts


def test_a_query_has_no_more_parts_than_the_limit():
    assert len(parts_of(" ".join(f"ord{number}" for number in range(50)))) == MOST_PARTS


def test_the_same_parts_for_both_databases():
    parts = parts_of('buss "sena kvällar" häg*')
    assert for_sqlite(parts) == 'stems : "buss" AND stems : "sen kväll" AND words : "häg" *'
    assert for_postgresql(parts, "stems") == "('buss') & ('sen' <-> 'kväll')"
    assert for_postgresql(parts, "words") == "'häg':*"
    assert as_tsvector(["sen", "kväll"]) == "'sen':1 'kväll':2"


def test_more_often_ranks_higher_and_longer_ranks_lower():
    parts = parts_of("buss")
    once, twice = ["buss", *["ord"] * 20], ["buss", "buss", *["ord"] * 20]
    ranks = [rank(" ".join(stems), parts) for stems in (twice, once, [*once, *["ord"] * 200])]
    assert ranks[0] > ranks[1] > ranks[2] > 0


def test_a_word_that_follows_on_itself_counts_each_time():
    assert rank("buss buss ord", [Part(("buss",))]) == rank("buss ord buss", [Part(("buss",))])
    assert rank("ny buss ny buss", [Part(("ny", "buss"))]) > rank("ny buss buss ny", [Part(("ny", "buss"))])


def test_a_phrase_ranks_by_how_often_its_words_stand_together():
    apart, together = "sen buss kväll sen buss", "sen kväll buss sen buss"
    assert rank(together, parts_of('"sena kvällar"')) > rank(apart, parts_of('"sena kvällar"')) == 0


@given(st.text("abdeghijklmnoprstuvyåäö", min_size=1, max_size=20))
def test_a_word_begins_with_its_stem(word):
    assert word.startswith(stem(word))


def test_a_snippet_marks_what_was_asked_for_and_escapes_the_rest():
    text = "Kör <b>bussen</b> oftare & längre, för bussarna är fulla."
    assert snippet(text, parts_of("buss")) == (
        "Kör &lt;b&gt;<mark>bussen</mark>&lt;/b&gt; oftare &amp; längre, för <mark>bussarna</mark> är fulla."
    )


def test_a_snippet_of_a_long_text_begins_near_the_first_word_asked_for():
    text = f"{'Först något annat. ' * 40}Sedan bussen till byn. {'Och sedan mer. ' * 40}"
    made = str(snippet(text, parts_of("bussar")))
    assert made.startswith("… ")
    assert made.endswith(" …")
    assert "<mark>bussen</mark>" in made
    assert len(made) < SNIPPET_LENGTH + 40


@given(st.text(), st.text())
def test_no_text_and_no_query_breaks_a_snippet_or_gets_out_of_its_quotes(text, query):
    parts = parts_of(query)
    made = str(snippet(text, parts))
    assert "<" not in made.replace("<mark>", "").replace("</mark>", "")
    for part in parts:
        assert all(term.isalnum() for term in part.terms)
