"""Reading the web site's pages, saved as text or as HTML."""

import re
from datetime import date

import pytest

from dialog.plan.importing import ReadFunding, Refusal, UnreadableDocument
from dialog.plan.rules import FundingKind, Origin
from tests.plan.samples.reading import SLOPPY, accounted, document, letters, read, sample

SOURCE = "naringsliv-och-tillvaxt-2024.txt"
TITLES = [
    "Förbättra kvinnors förutsättningar för företagande i kommunen.",
    "Säkerställ ändamålsenlig användning av det kommunala bostadsinnehavet.",
    "Behåll kvalitet och kompetens inom flyktingmottagandet.",
]
BOTH = pytest.mark.parametrize(
    ("load", "name"), [(document, SOURCE), (sample, "web_page_2024.txt")], ids=["theirs", "ours"]
)


@BOTH
def test_the_page_of_2024_gives_one_goal_with_its_assignments(load, name) -> None:
    plan = read(load(name))
    assert plan.year == 2024
    (goal,) = plan.goals
    assert (goal.number, goal.title, goal.updated) == (None, "Näringsliv och tillväxt", date(2024, 1, 18))
    assert (goal.indicators, goal.investments, goal.achievements) == ((), (), ())
    council = [task for task in goal.assignments if task.origin is Origin.COUNCIL]
    assert [task.title for task in council] == TITLES
    assert [task.committees for task in council] == [("KS",), ("TN", "VoN", "SAN", "KS"), ("SAN",)]
    assert [task.fundings for task in council] == [
        (ReadFunding(FundingKind.ONE_YEAR, 2024, "KS", 250),),
        (),
        (ReadFunding(FundingKind.PERMANENT, 2024, "SAN", 1200),),
    ]
    (own,) = [task for task in goal.assignments if task.origin is Origin.COMMITTEE]
    assert own.committees == ("KS",)
    assert len(own.clarification) == 1
    assert plan.left_out == ()


@BOTH
def test_not_a_letter_of_2024_is_lost(load, name) -> None:
    text = load(name)
    assert accounted(read(text)) == letters(text)


@BOTH
@pytest.mark.parametrize("change", SLOPPY.values(), ids=SLOPPY.keys())
def test_sloppy_spacing_of_2024_changes_nothing(load, name, change) -> None:
    text = load(name)
    assert read(change(text)).goals == read(text).goals


@BOTH
def test_a_page_without_blank_lines_reads_the_same(load, name) -> None:
    text = load(name)
    assert read(re.sub(r"\n+", "\n", text)).goals == read(text).goals


def test_the_goal_sentence_and_the_slips_of_2024_stand_as_they_are() -> None:
    (goal,) = read(document(SOURCE)).goals
    assert goal.statement is not None
    assert goal.statement.startswith("Östersunds kommun har en hållbar tillväxt")
    assert goal.statement.endswith("näringsliv.")
    assert len(goal.text) == 7
    text = " ".join((*goal.text, *(task.title for task in goal.assignments)))
    assert all(slip in text for slip in ("Restidtiden", "vilka del av", "Lit- Häggenås"))
    assert not any("tkr" in words for task in goal.assignments for words in task.clarification)


def test_an_earlier_page_has_a_number_and_the_sentence_as_its_title() -> None:
    plan = read(
        "Start\nLyssna\n\n"
        "Mål 2 - I Östersunds kommun har vi en trygg och tillgänglig infrastruktur\n\n"
        "Mål 2 handlar om vägar.\n\nEtt stycke om vägar.\n\n"
        "Det här gör vi för att nå målet 2022\n\nUppdrag från fullmäktige 2022\n\n"
        "Bygg en bro. TN\n\nInvesteringar 2022\n\nBron är byggd. Den håller.\n\n"
        "Sidan uppdaterad 2022-02-03 Dela sidan\nKontakt\n"
    )
    (goal,) = plan.goals
    assert plan.year == 2022
    assert (goal.number, goal.statement) == ("2", None)
    assert goal.title == "I Östersunds kommun har vi en trygg och tillgänglig infrastruktur"
    assert goal.text == ("Mål 2 handlar om vägar.", "Ett stycke om vägar.")
    assert goal.investments == ("Bron är byggd. Den håller.",)
    assert goal.updated == date(2022, 2, 3)
    assert [entry.text for entry in plan.left_out] == ["Start", "Lyssna", "Dela sidan", "Kontakt"]


LISTING = """Kommunfullmäktiges mål 2024

Fyra personer på en bänk

Mål: Kommunens ledning och styrning. Östersunds kommun styrs av provet.

Två barn

Mål: Hållbarhet - miljömässig, social och ekonomisk. Östersund är hållbart. Det ska vara så.

Mål: Infrastruktur. I Östersunds kommun finns vägar.

Mer om budgeten »

Sidan uppdaterad 2023-12-04
"""


def test_a_listing_gives_each_goal_its_name_and_sentence() -> None:
    plan = read(LISTING)
    assert plan.year == 2024
    assert [(goal.title, goal.statement, goal.text) for goal in plan.goals] == [
        ("Kommunens ledning och styrning", "Östersunds kommun styrs av provet.", ()),
        ("Hållbarhet - miljömässig, social och ekonomisk", "Östersund är hållbart. Det ska vara så.", ()),
        ("Infrastruktur", "I Östersunds kommun finns vägar.", ()),
    ]
    assert {goal.updated for goal in plan.goals} == {date(2023, 12, 4)}
    assert "Två barn" in [entry.text for entry in plan.left_out]
    assert accounted(plan) == letters(LISTING)


def test_a_listing_of_numbered_goals_keeps_them_all() -> None:
    plan = read("Mål och uppdrag 2020\nMål 1. I Östersund växer vi.\nMål 2. I Östersund bygger vi")
    assert plan.year == 2020
    assert [(goal.number, goal.title) for goal in plan.goals] == [
        ("1", "I Östersund växer vi."),
        ("2", "I Östersund bygger vi"),
    ]


def test_links_to_other_goals_are_left_out() -> None:
    text = sample("web_page_2024.txt") + "\nMål: Infrastruktur\n\nMål: Ett aktivt liv\n"
    plan = read(text)
    assert [goal.title for goal in plan.goals] == ["Näringsliv och tillväxt"]
    assert [entry.text for entry in plan.left_out] == ["Mål: Infrastruktur", "Mål: Ett aktivt liv"]
    assert accounted(plan) == letters(text)


def test_a_subject_can_be_the_heading_of_a_page() -> None:
    plan = read(
        "Mål för infrastruktur\n\nI Östersund finns vägar.\n\nUppdrag från fullmäktige 2024\n\nBygg. TN\n"
    )
    assert plan.goals[0].title == "Mål för infrastruktur"
    assert plan.goals[0].statement == "I Östersund finns vägar."


def test_lists_are_read_item_by_item() -> None:
    (goal,) = read(
        "Mål: Fritid\n\nÖstersund har fritid.\n\nNyckeltal 2024\n• Besök\n- Nöjda besökare\n\n"
        "Investeringar 2024\n–\nFör att nå målet har vi bland annat:\n\nöppnat en hall\nbyggt en bana\n"
    ).goals
    assert goal.indicators == ("Besök", "Nöjda besökare")
    assert goal.investments == ()
    assert goal.achievements == ("öppnat en hall", "byggt en bana")


@pytest.mark.parametrize(
    "line",
    [
        "Dela Sidan uppdaterad 2024-01-18 Lyssna",
        "Sidan uppdaterad\n2024-01-18",
        "Sidan uppdaterad: 18 januari 2024",
    ],
)
def test_the_date_of_the_page_is_found_among_other_words(line: str) -> None:
    plan = read(f"Mål: Fritid\n\nÖstersund har fritid.\n\nNyckeltal 2024\n\n{line}\n")
    assert plan.goals[0].updated == date(2024, 1, 18)


def test_the_year_of_the_page_is_not_the_year_of_its_plan() -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read("Mål: Fritid\n\nÖstersund har fritid.\n\nSidan uppdaterad 2023-12-04\n")
    assert refused.value.reason is Refusal.NO_YEAR


PAGE = """<!DOCTYPE html>
<html><head><title>Mål: Annat</title><script>"Mål: Skript"</script></head><body>
<nav><ul><li><a href="/x">Mål: Meny</a></li></ul></nav>
<main><h1>Mål: Infrastruktur</h1>
<p>I Östersunds kommun finns <strong>vägar</strong>
som bär.</p><!-- Mål: Kommentar --><p>Broar&nbsp;också. År&shy;liga.</p>
<h2>Så här gör vi för att nå målet 2024</h2><h3>Uppdrag från fullmäktige 2024</h3>
<table><tr><th>Uppdrag</th><th>Förtydligande av uppdrag</th></tr>
<tr><td>Bygg en väg. TN</td><td><p>Vägen är lång.</p><p>Ramökning 2024 TN: 1&#160;250 tkr</p></td></tr>
<tr><td>Inrätta en nämnd</td><td>Uppdraget har ingen ägare.</td></tr>
<tr><td><p>Se över broar.</p><p>(Tekniska nämnden)</p></td><td></td></tr></table>
<h3>Nyckeltal 2024</h3><ul><li>Vägar</li><li>Broar</li></ul></main>
<footer>Kontakt <p>Sidan uppdaterad 2024-01-18</p></footer></body></html>"""


def test_a_page_in_html_reads_like_its_text() -> None:
    plan = read(PAGE)
    (goal,) = plan.goals
    assert (goal.title, goal.statement) == ("Infrastruktur", "I Östersunds kommun finns vägar som bär.")
    assert goal.text == ("Broar också. Årliga.",)
    assert [(task.title, task.committees, task.clarification) for task in goal.assignments] == [
        ("Bygg en väg.", ("TN",), ("Vägen är lång.",)),
        ("Inrätta en nämnd", (), ("Uppdraget har ingen ägare.",)),
        ("Se över broar.", ("TN",), ()),
    ]
    assert goal.assignments[0].fundings == (ReadFunding(FundingKind.ONE_YEAR, 2024, "TN", 1250),)
    assert goal.indicators == ("Vägar", "Broar")
    assert goal.updated == date(2024, 1, 18)
    assert plan.left_out == ()


def test_the_sample_as_html_gives_the_same_goal() -> None:
    text = sample("web_page_2024.txt")
    blocks = "".join(f"<p>{line}</p>\n" for line in text.splitlines() if line)
    assert read(f"<html><body>{blocks}</body></html>").goals == read(text).goals


def test_a_table_row_copied_from_a_browser_is_parted_at_its_tab() -> None:
    (goal,) = read(
        "Mål: A\nÖstersund är bra.\nUppdrag från fullmäktige 2024\nUppdrag\tFörtydligande av uppdrag\n"
        "Bygg ut. KS, TN\tBygget är stort.\nRiv allt. SAN\tRiv lite. Varaktig ramjustering SAN: 1\u2009200 tkr."
    ).goals
    assert [(task.title, task.clarification) for task in goal.assignments] == [
        ("Bygg ut.", ("Bygget är stort.",)),
        ("Riv allt.", ("Riv lite.",)),
    ]
