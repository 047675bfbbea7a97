"""Reading the budget's own text: numbered goals, wrapped lines, words split at a line's end."""

import re

import pytest

from dialog.plan.importing import ReadPlan
from tests.plan.samples.reading import SLOPPY, accounted, document, letters, read, sample

SOURCE = "kommunovergripande-mal-2023.txt"
PARAGRAPHS = [4, 5, 7, 7, 5, 6, 5, 5]


def test_the_document_of_2023_has_eight_whole_goals() -> None:
    plan = read(document(SOURCE))
    assert plan.year == 2023
    assert [goal.number for goal in plan.goals] == [f"1.{section}" for section in range(1, 9)]
    assert [len(goal.text) for goal in plan.goals] == PARAGRAPHS
    assert all(goal.statement is None and goal.assignments == () for goal in plan.goals)
    assert plan.goals[0].title == (
        "I Östersunds kommun har vi en tillväxt som är jämställd och ekonomiskt hållbar, "
        "där alla känner sig delaktiga"
    )
    assert plan.goals[7].title == "I Östersund är kommunen en modern och attraktiv arbetsgivare."


def test_split_words_of_2023_are_made_whole_and_true_hyphens_stay() -> None:
    plan = read(document(SOURCE))
    text = " ".join(paragraph for goal in plan.goals for paragraph in (goal.title, *goal.text))
    for word in ("servicenärvaro", "klimatanpassning", "innovationsupphandlingar"):
        assert word in text
    for word in ("vård- och omsorg", "stads- och landsbygdsutvecklingen", "IOP-lösningar"):
        assert word in text


def test_not_a_letter_of_2023_is_lost() -> None:
    text = document(SOURCE)
    plan = read(text)
    assert accounted(plan) == letters(text)
    assert plan.left_out[0].line == 1
    assert plan.left_out[-1].line == 43


@pytest.mark.parametrize("change", SLOPPY.values(), ids=SLOPPY.keys())
def test_sloppy_spacing_of_2023_changes_nothing(change) -> None:
    text = document(SOURCE)
    assert read(change(text)).goals == read(text).goals


def test_without_any_gaps_the_titles_and_most_paragraphs_are_still_found() -> None:
    text = document(SOURCE)
    plan = read("\n".join(line for line in text.split("\n") if line.strip()))
    assert [goal.title for goal in plan.goals] == [goal.title for goal in read(text).goals]
    whole = {paragraph for goal in read(text).goals for paragraph in goal.text}
    found = [paragraph for goal in plan.goals for paragraph in goal.text]
    assert len(found) > 0.85 * len(whole)
    assert all(paragraph in whole for paragraph in found if len(paragraph) < 200)


def shape(plan: ReadPlan) -> list[tuple[str | None, str, int]]:
    return [(goal.number, goal.title, len(goal.text)) for goal in plan.goals]


EXPECTED = [
    (
        "1.1",
        "I Östersunds kommun har vi en tillväxt som är jämställd och ekonomiskt hållbar, "
        "där alla känner sig delaktiga",
        3,
    ),
    (
        "1.2",
        "I Östersunds kommun har vi en trygg och tillgänglig infrastruktur där både stad och "
        "landsbygd växer på ett smart och hållbart sätt",
        2,
    ),
    ("1.3", "I Östersund är kommunen en modern och attraktiv arbetsgivare.", 1),
]


def test_our_own_sample_reads_the_same_way() -> None:
    text = sample("budget_2023.txt")
    plan = read(text)
    assert plan.year == 2023
    assert shape(plan) == EXPECTED
    assert accounted(plan) == letters(text)


@pytest.mark.parametrize("change", SLOPPY.values(), ids=SLOPPY.keys())
def test_sloppy_spacing_of_our_own_sample_changes_nothing(change) -> None:
    text = sample("budget_2023.txt")
    assert read(change(text)).goals == read(text).goals


@pytest.mark.parametrize(
    "whole",
    ["servicenärvaro", "innovationsupphandlingar", "vård- och omsorg", "EU-projekt", "Lit-Häggenås"],
)
def test_a_word_at_a_line_end_is_joined_as_it_is_written(whole: str) -> None:
    plan = read(sample("budget_2023.txt"))
    assert whole in " ".join(paragraph for goal in plan.goals for paragraph in goal.text)


def test_a_figure_like_a_heading_stays_in_its_paragraph() -> None:
    plan = read(sample("budget_2023.txt"))
    assert "1.2 miljoner kronor" in plan.goals[0].text[0]


def test_the_goals_of_another_chapter_keep_their_own_numbers() -> None:
    plan = read(re.sub(r"^ 1\.(?=\d)", " 2.", sample("budget_2023.txt"), flags=re.MULTILINE))
    assert [goal.number for goal in plan.goals] == ["2.1", "2.2", "2.3"]


def test_the_given_year_overrides_that_of_the_document() -> None:
    assert read(sample("budget_2023.txt"), 2031).year == 2031


def test_the_next_chapter_ends_the_last_goal() -> None:
    text = sample("budget_2023.txt") + "\n2 Ekonomiska ramar\n\nHär börjar något annat.\n"
    plan = read(text)
    assert shape(plan) == EXPECTED
    assert [entry.text for entry in plan.left_out[-2:]] == ["2 Ekonomiska ramar", "Här börjar något annat."]


def test_a_table_of_contents_is_not_taken_for_the_goals() -> None:
    contents = "".join(
        f"{number} {title} ..... {page}\n" for page, (number, title, _) in enumerate(EXPECTED, 5)
    )
    plan = read("Innehåll\n\n" + contents + "\n" + sample("budget_2023.txt"))
    assert shape(plan) == EXPECTED


def test_page_numbers_and_running_headers_are_left_out() -> None:
    text = sample("budget_2023.txt")
    third = text.index("rader så att")
    pages = [text[:third], text[third : third + 900], text[third + 900 :]]
    pages[1], rest = pages[1].rsplit("\n", 1)
    pages[2] = rest + pages[2]
    printed = "\f".join(
        f"Östersunds kommun Budget 2023\n\n{page}\n\n{number}\n" for number, page in enumerate(pages, 11)
    )
    plan = read(printed)
    assert shape(plan) == EXPECTED
    assert plan.goals == read(text).goals
    assert accounted(plan) == letters(printed)
    assert {"11", "12", "13"} <= {entry.text for entry in plan.left_out}
