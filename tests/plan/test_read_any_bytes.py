"""Reading never fails in an unforeseen way, never loses a letter, and never takes long."""

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialog.plan.importing import ReadPlan, UnreadableDocument
from dialog.plan.importing.lines import GLYPHS
from tests.plan.samples.reading import accounted, letters, pdf, read, sample

LINES = [
    line
    for name in ("budget_2023.txt", "web_page_2024.txt")
    for line in sample(name).split("\n")
    if line.strip()
]
ODD = [
    "Mål: Fritid",
    "Mål 3 - I Östersund finns allt",
    "Mål: Namn. En mening om Östersund.",
    "Mål för prov",
    "2.1 I Östersunds kommun provas",
    "2.2 Infrastruktur",
    "12",
    "13",
    "-",
    "• punkt",
    "- streck",
    "(Kommunstyrelsen)",
    "(Okänd nämnd)",
    "Gör något. KS, XX",
    "Gör något. KS\tSå här.",
    "Ramökning 2024 XX: 1 tkr",
    "text Ramökning 2024 KS: -1 200 tkr, TN: 2,5 mnkr mer text",
    "Sidan uppdaterad",
    "2024-13-40",
    "Sidan uppdaterad 2024-02-31 kvar",
    "Fullmäktiges uppdrag för det kommunövergripande målet",
    "För att nå målet har vi bland annat: byggt",
    "delat ord-",
    "mjukt\u00ad",
    "\ufeff",
    "",
    " ",
]
BREAKS = st.sampled_from(["\n", "\n\n", "\n \n\n", "\r\n", "\f", "\u2028", "\n\n\n\n"])
MIXED = st.lists(st.tuples(st.sampled_from(LINES + ODD) | st.text(max_size=30), BREAKS), max_size=40)
THOROUGH = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refused(content: bytes) -> ReadPlan | None:
    try:
        return read(content, 2024)
    except UnreadableDocument:
        return None


@given(
    st.binary(max_size=400)
    | st.builds(
        lambda start, rest: start + rest,
        st.sampled_from(
            [b"%PDF-1.7\n", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf", "Mål: A\n".encode(), b"\x89PNG"]
        ),
        st.binary(max_size=200),
    )
)
@THOROUGH
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refused(content)


@given(
    st.sampled_from(
        [
            sample("budget_2023.txt").encode(),
            sample("web_page_2024.txt").encode("cp1252"),
            f"<html><p>{sample('web_page_2024.txt')}</p></html>".encode(),
            pdf([LINES[:30], LINES[30:60]]),
        ]
    ),
    st.lists(st.tuples(st.integers(min_value=0), st.integers(0, 60), st.binary(max_size=8)), max_size=6),
)
@THOROUGH
def test_damaged_documents_are_read_or_refused(content: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    for place, length, inserted in cuts:
        start = place % (len(content) + 1)
        content = content[:start] + inserted + content[start + length :]
    read_or_refused(content)


@given(MIXED)
@THOROUGH
def test_not_a_letter_is_lost_or_invented(parts: list[tuple[str, str]]) -> None:
    text = "".join(line.replace("\x00", "").replace("<", "") + line_break for line, line_break in parts)
    try:
        plan = read(text.encode("utf-8", "replace"), 2024)
    except UnreadableDocument:
        return
    assert accounted(plan) == letters(plain(text))


def plain(text: str) -> str:
    """A text as its letters are counted: composed, and with joined glyphs as the letters they stand for."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode().translate(GLYPHS))


@pytest.mark.parametrize("name", ["budget_2023.txt", "web_page_2024.txt"])
def test_two_megabytes_of_a_document_are_read_in_seconds(name: str) -> None:
    assert seconds_for(sample(name) * (2_000_000 // len(sample(name)))) < 15


@pytest.mark.parametrize(
    "piece",
    [
        "Mål: A\n",
        "1.1 I Östersund\n1.2 Bra\n",
        "(KS)\n",
        "Ramökning 2024 KS: 2 tkr ",
        "a\u00ad\n",
        "\t",
        " a\t",
        "ord. ",
        "<html><!--",
        '<html><a b="',
        "<html><?",
    ],
)
def test_the_time_for_odd_text_does_not_explode(piece: str) -> None:
    start = "" if piece.startswith(("<", "1")) else "Mål: Prov\n\nUppdrag från fullmäktige 2024\n\nGör. KS\n"
    # Anything that grew with the square of the length would take minutes for this.
    assert seconds_for(start + piece * (150_000 // len(piece))) < 15


def seconds_for(text: str) -> float:
    began = time.monotonic()
    read_or_refused(text.encode())
    return time.monotonic() - began
