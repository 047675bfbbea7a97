"""Reading files: encodings, PDFs, and the files that are refused."""

import codecs
import unicodedata
import zlib

import pytest

from dialog.plan.importing import MAXIMUM_BYTES, Refusal, UnreadableDocument
from tests.plan.samples.reading import document, pdf, read, sample


def refusal(content: bytes | str, year: int | None = None) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as refused:
        read(content, year)
    return refused.value


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("latin-1"),
        lambda text: unicodedata.normalize("NFD", text).encode(),
        lambda text: text.replace("t", "t\u200b").encode(),
    ],
    ids=[
        "UTF-8 with a mark",
        "UTF-16",
        "UTF-16 big-endian",
        "Windows",
        "Latin-1",
        "decomposed",
        "zero width",
    ],
)
@pytest.mark.parametrize("name", ["budget_2023.txt", "web_page_2024.txt"])
def test_an_encoding_changes_nothing(name: str, encode) -> None:
    text = sample(name)
    assert read(encode(text)).goals == read(text).goals


PNG = b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)) * 4)
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + zlib.compress(b"content" * 50)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b" \r\n\t\n", Refusal.EMPTY),
        (codecs.BOM_UTF8 + b"\n", Refusal.EMPTY),
        (b"<html><body></body></html>", Refusal.EMPTY),
        (PNG, Refusal.NOT_TEXT),
        (ZIP, Refusal.NOT_TEXT),
        (b"MZ\x90\x00\x03" + bytes(60), Refusal.NOT_TEXT),
        ("Mål: A\0B".encode(), Refusal.NOT_TEXT),
        (bytes(range(128, 256)) * 4, Refusal.NOT_TEXT),
        ("Mål: Fritid på".encode() * 3 + b"\xc3", Refusal.NOT_TEXT),
        (b"%PDF-1.4\nnothing more", Refusal.BROKEN_PDF),
        (b"%PDF-1.4\nnothing more\n%%EOF\n", Refusal.BROKEN_PDF),
        (pdf([["", ""]]), Refusal.PDF_WITHOUT_TEXT),
        ("Ett vanligt brev om ingenting.\n\nHej.", Refusal.NO_GOAL),
        ("Mål: Fritid\n\nÖstersund har fritid.", Refusal.NO_YEAR),
    ],
)
def test_what_is_no_plan_is_refused_with_its_reason(content: bytes | str, reason: Refusal) -> None:
    assert refusal(content).reason is reason


def test_a_file_that_is_too_large_is_refused() -> None:
    assert refusal(b"a" * (MAXIMUM_BYTES + 1)).reason is Refusal.TOO_LARGE


def test_the_follow_up_is_no_plan() -> None:
    assert refusal(document("uppfoljning-t1-2024-utdrag.txt"), 2024).reason is Refusal.NO_GOAL


def budget_pages() -> list[list[str]]:
    """The sample's lines as a PDF has them: one below the other, paragraphs apart, on numbered pages."""
    text = sample("budget_2023.txt").replace("\n\n \n \n\n", "\n\n \n\n")
    lines = [line.strip() for line in text.replace(" \n\n \n\n", "\n\n|\n\n").split("\n") if line.strip()]
    lines = ["" if line == "|" else line for line in lines]
    pages = [lines[:24], lines[24:38], lines[38:]]
    return [["Budget 2023", *page, str(number)] for number, page in enumerate(pages, 7)]


def test_a_pdf_of_the_budget_gives_its_goals() -> None:
    plan = read(pdf(budget_pages()))
    expected = read(sample("budget_2023.txt"))
    assert plan.year == 2023
    assert [(goal.number, goal.title) for goal in plan.goals] == [
        (goal.number, goal.title) for goal in expected.goals
    ]
    words = " ".join(paragraph for goal in plan.goals for paragraph in goal.text)
    assert words == " ".join(paragraph for goal in expected.goals for paragraph in goal.text)
    assert {"7", "8", "9"} <= {entry.text for entry in plan.left_out}


def test_a_pdf_of_a_web_page_gives_its_goal() -> None:
    lines = sample("web_page_2024.txt").splitlines()
    assert read(pdf([lines])).goals == read(sample("web_page_2024.txt")).goals


def test_a_pdf_cut_short_is_broken_wherever_it_ends() -> None:
    whole = pdf(budget_pages())
    for length in range(8, len(whole) - 12, 97):
        assert refusal(whole[:length]).reason is Refusal.BROKEN_PDF
