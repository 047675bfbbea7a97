"""Which texts there are, how they are marked up, and when a statement's faults fit what it says of the service."""

import re

import pytest

from dialog.text import addresses_that_lead_nowhere, document
from dialog.texts.queries import shipped
from dialog.texts.rules import KEYS_AT, LONGEST_TEXT, SHORTEST_TEXT, SLUGS, Compliance, TextKey, fits

# A service that meets all demands has no known faults, and one that doesn't has at least one.
FITS = [
    (Compliance.FULLY, 0, True),
    (Compliance.FULLY, 1, False),
    (Compliance.PARTLY, 0, False),
    (Compliance.PARTLY, 1, True),
    (Compliance.NOT, 0, False),
    (Compliance.NOT, 3, True),
]


@pytest.mark.parametrize(("compliance", "faults", "expected"), FITS)
def test_a_statements_faults_fit_what_it_says(compliance, faults, expected):
    assert fits(compliance, faults) == expected


def test_every_text_has_an_address_of_its_own():
    assert set(SLUGS) == set(TextKey) == set(KEYS_AT.values())


SHIPPED = [key for key in TextKey if key != TextKey.NOTICE]  # which people ship


@pytest.mark.parametrize("key", SHIPPED)
def test_every_text_is_shipped_in_both_languages_with_the_same_build(key):
    version = shipped(key)
    for words in (version.sv, version.en):
        assert SHORTEST_TEXT <= len(words) <= LONGEST_TEXT
        assert addresses_that_lead_nowhere(words) == []
    build = [re.findall("<(h2|li|p|a)[ >]", document(words)) for words in (version.sv, version.en)]
    assert build[0] == build[1]
    assert (version.statement is not None) == (key == TextKey.ACCESSIBILITY)


def test_the_shipped_statement_holds_together():
    statement = shipped(TextKey.ACCESSIBILITY).statement
    assert fits(statement.compliance, len(statement.faults))
    assert statement.complaints == "https://www.digg.se/tdosanmalan"


# What is written, and what becomes of it on a page whose addresses begin with /en.
MARKED_UP = [
    ("", ""),
    ("Ett stycke.\n\nEtt till.", "<p>Ett stycke.</p>\n<p>Ett till.</p>"),
    ("Två\nrader", "<p>Två<br>rader</p>"),
    ("## Rubrik\nText", "<h2>Rubrik</h2>\n<p>Text</p>"),
    ("- a\n- b", '<ul class="bullets"><li>a</li><li>b</li></ul>'),
    ("Först:\n- a", '<p>Först:</p>\n<ul class="bullets"><li>a</li></ul>'),
    ("#Inte rubrik\n-inte lista", "<p>#Inte rubrik<br>-inte lista</p>"),
    ("## <b>Rubrik", "<h2>&lt;b&gt;Rubrik</h2>"),
    ("[reglerna](/husregler).", '<p><a href="/en/husregler">reglerna</a>.</p>'),
    ("[Digg](https://www.digg.se/?a=1&b)", '<p><a href="https://www.digg.se/?a=1&amp;b">Digg</a></p>'),
    ("https://www.digg.se/", '<p><a href="https://www.digg.se/">https://www.digg.se/</a></p>'),
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("[x](//annan.example)", "<p>[x](//annan.example)</p>"),
    ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
    ('[x](/a"onclick="b)', '<p><a href="/en/a&#34;onclick=&#34;b">x</a></p>'),
    ("[<i>](/a)", '<p><a href="/en/a">&lt;i&gt;</a></p>'),
]


@pytest.mark.parametrize(("written", "html"), MARKED_UP)
def test_headings_lists_and_links_are_made_and_nothing_else(written, html):
    assert document(written, "/en") == html


def test_an_address_that_leads_nowhere_is_found():
    words = (
        "[a](/husregler) [b](husregler) [c](javascript:x) [d](mailto:a@b.se) [e](//x.se) [f](tel:063143000)"
    )
    assert addresses_that_lead_nowhere(words) == ["husregler", "javascript:x", "//x.se"]
