"""The one door for people's text: what is stored is clean, what is shown is escaped."""

import time
import unicodedata

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialog.text import (
    clean,
    clean_line,
    has_forbidden_characters,
    has_piled_marks,
    render,
    shown_length,
)

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSTORABLE = "\x00\x01\x07\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x9f\ufffe\uffff\ud800\udfff"
AWKWARD = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\r\n\t \x00\x85\u2028\u2029\u00a0\u0301å" + BIDI + UNSTORABLE)
    )
)

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>här</a>",
    "javascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/'onmouseover='alert(1)",
    "https://example.org/<script>alert(1)</script>",
    "https://example.org/?a=&quot;&gt;&lt;script&gt;",
    "https://user:pass@example.org/",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "<style>*{display:none}</style>",
    "<iframe src=https://example.org></iframe>",
    "<form action=https://example.org><input name=x>",
    "<!-- <p>",
    "<![CDATA[<script>]]>",
    "<p\n\nonclick=alert(1)>",
    "</p></div></body><h1>nytt</h1>",
    "<math><mtext></mtext><mglyph><style></style></mglyph></math>",
    "{{ config }} {% include 'layout.html' %}",
    "ｊavascript:alert(1) http://example.org\\@evil.example",
    "[länk](javascript:alert(1))",
    "vbscript:msgbox(1).example.org",
]


def elements(html: str):
    """What a browser would make of the HTML."""
    tree = html5lib.parseFragment(html)
    return [one for one in tree.iter() if isinstance(one.tag, str) and one is not tree]


def shown(html: str) -> str:
    return "".join(html5lib.parseFragment(html).itertext())


def links(text: str) -> list[str]:
    return [one.get("href") for one in elements(render(text)) if one.tag == f"{NAMESPACE}a"]


@given(AWKWARD)
@example("\r\x00\n\x00\r\n")
@example("\n\u2028 \n\x00\n x")
@example(" \u0301a\u030a")
def test_cleaning_twice_is_cleaning_once(raw):
    assert clean(clean(raw)) == clean(raw)
    assert clean_line(clean_line(raw)) == clean_line(raw)


@given(AWKWARD)
def test_what_is_clean_can_be_stored_and_deceives_nobody(raw):
    text = clean(raw)
    assert not set(text) & set(BIDI + UNSTORABLE + "\r\x85\u2028\u2029")
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert "\n\n\n" not in text
    text.encode("utf-8")
    assert not has_forbidden_characters(text)
    assert "\n" not in clean_line(raw)


@given(AWKWARD)
def test_forbidden_is_exactly_what_cleaning_takes_out(raw):
    forbidden = [one for one in raw if one in BIDI or unicodedata.category(one) in {"Cc", "Cs"}]
    forbidden = [one for one in forbidden if one not in "\t\n\r\x85"] + [
        one for one in raw if one in "\ufffe\uffff"
    ]
    assert has_forbidden_characters(raw) == bool(forbidden)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("ett\r\ntvå\rtre\u2028fyra\u2029fem\x85sex", "ett\ntvå\ntre\nfyra\nfem\nsex"),
        ("A\u030arets a\u0308lv", "Årets älv"),
        ("  indrag först försvinner, \tmen inte inne i texten ", "indrag först försvinner, \tmen inte inne i texten"),
        ("ett\n\n \n\t\n\ntvå", "ett\n\ntvå"),
        ("namn\u202egnp.exe", "namngnp.exe"),
        ("a\x00b", "ab"),
        ("👩\u200d👧 och \u200fעברית", "👩\u200d👧 och \u200fעברית"),
        ("<b>inte HTML</b> & så", "<b>inte HTML</b> & så"),
        (" \n\t", ""),
    ],
)  # fmt: skip
def test_text_is_kept_as_written_but_for_what_cannot_be(raw, kept):
    assert clean(raw) == kept


def test_a_line_has_single_spaces():
    assert clean_line(" Rut \n\u00a0  Ek\t") == "Rut Ek"


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_in_a_text_becomes_an_element_of_its_own(attack):
    html = render(clean(attack))
    for one in elements(html):
        name = one.tag.removeprefix(NAMESPACE)
        assert name in {"p", "br", "a"}
        assert set(one.keys()) <= ({"href", "rel"} if name == "a" else set())
        assert name != "a" or one.get("href").startswith(("http://", "https://"))


@given(st.text(st.sampled_from("<>&\"'/= \nabc.:-!ph1#;"), max_size=60))
@example("a.se&lt;img src=x>")
def test_whatever_is_written_is_shown_as_it_was_written(raw):
    text = clean(raw)
    html = render(text)
    assert {one.tag.removeprefix(NAMESPACE) for one in elements(html)} <= {"p", "br", "a"}
    assert "".join(shown(html).split()) == "".join(text.split())


def test_paragraphs_and_lines_are_kept():
    assert render("Ett\ntvå\n\ntre & fyra") == "<p>Ett<br>\ntvå</p>\n<p>tre &amp; fyra</p>"


# A web address becomes a link, with or without its scheme; nothing else does.
@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Se https://ostersund.se/mal?ar=2024&sida=2.", ["https://ostersund.se/mal?ar=2024&sida=2"]),
        ("Se http://ostersund.se och www.jamtland.se!", ["http://ostersund.se", "http://www.jamtland.se"]),
        ("(https://ostersund.se)", ["https://ostersund.se"]),
        ("javascript:alert(1)", []),
        ("ftp://ostersund.se/fil", []),
        ("data:text/html,hej", []),
        ("mailto:rut@example.org eller rut@example.org", []),
        ("kl. 9.30, 1.2 mil, t.ex. så", []),
    ],
)
def test_only_web_addresses_are_links(text, addresses):
    assert links(text) == addresses


def test_a_link_vouches_for_nothing_and_opens_nothing_up():
    [link] = [one for one in elements(render("https://example.org")) if one.tag == f"{NAMESPACE}a"]
    assert link.get("rel") == "nofollow ugc noopener"
    assert link.get("target") is None


PATTERNS = [
    "å",
    "\n ",
    "\n\t \n",
    "<",
    "&amp;",
    "a.",
    "(http://a.se",
    "http://",
    "a.se)",
    "www.",
    "-.",
    '"',
    "@a.se ",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_eight_times_the_text_takes_about_eight_times_the_time(pattern):
    def seconds(length: int) -> float:
        raw = pattern * (length // len(pattern))
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            render(clean(raw))
            best = min(best, time.process_time() - start)
        return best

    seconds(100)
    short, long = seconds(1250), seconds(10_000)  # twice the longest comment
    assert long < max(0.05, 24 * short), f"{short:.4f} s for 1 250 characters, {long:.4f} s for 10 000"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Så här är det.", 14),
        ("två  mellanslag\n\noch rader", 24),
        ("\u200b" * 25, 0),
        ("\u3164" * 25, 0),
        ("\u2800 " * 25, 0),
        ("\U000e0041" * 25, 0),
        ("\u0301" * 25, 0),
        ("👩\u200d👧", 2),
        ("नमस्ते", 4),
        ("שָׁלוֹם", 4),
    ],
)
def test_only_what_is_seen_makes_a_text_longer(text, length):
    assert shown_length(clean(text)) == length


@pytest.mark.parametrize(
    ("text", "is_piled"),
    [
        ("o" + "\u0301\u0323" * 4, True),
        ("ọ́" * 2000, False),
        ("שָׁ֑", False),
        ("Việt Nam", False),
        ("\u200d" * 9, False),
    ],
)
def test_accents_piled_up_are_known_from_those_of_a_language(text, is_piled):
    assert has_piled_marks(clean(text)) == is_piled
