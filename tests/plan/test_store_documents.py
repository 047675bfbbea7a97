"""Storing the two documents: the same figures on an empty database as beside the shipped plan, not a letter lost."""

import re

import pytest

from tests.plan.commands import BUDGET, WEB_PAGE, empty, everything, exported, run, take_in, text_of
from tests.plan.samples.reading import letters, pdf, read, sample

WHOSE = pytest.mark.parametrize("whose", ["theirs", "ours"])
START = pytest.mark.parametrize("start", [empty, lambda app: None], ids=["on nothing", "beside the shipped"])
TITLES_2023 = [
    "I Östersunds kommun har vi en tillväxt som är jämställd och ekonomiskt hållbar, "
    "där alla känner sig delaktiga",
    "I Östersunds kommun har vi en trygg och tillgänglig infrastruktur där både stad och landsbygd "
    "växer på ett smart och hållbart sätt",
    "I Östersunds kommun har vi ett positivt företagsklimat och medborgarna har arbete och bostad",
    "I Östersunds kommun ska alla barn och elever klara sin utbildning, nå sin gymnasieexamen och "
    "utmanas i sitt livslånga lärande.",
    "I Östersunds kommun finns goda förutsättningar för en meningsfull fritid och ett aktivt liv.",
    "I Östersunds kommun får medborgarna stöd, vård- och omsorg och lever ett självständigt liv.",
    "I Östersunds kommun bedrivs ett effektivt arbete för minskad miljö- och klimatpåverkan.",
    "I Östersund är kommunen en modern och attraktiv arbetsgivare.",
]
KS_250 = [{"kind": "one_year", "year": 2024, "committee": "KS", "amount_tkr": 250}]
SAN_1200 = [{"kind": "permanent", "year": 2024, "committee": "SAN", "amount_tkr": 1200}]


def words_of(plan: dict) -> str:
    """All the text of an exported plan."""
    parts = []
    for goal in plan["goals"]:
        parts += [goal["number"] or "", goal["title"], goal["statement"] or "", *goal["text"]]
        parts += [*goal["indicators"], *goal["investments"], *goal["achievements"]]
        for assignment in goal["assignments"]:
            parts += [assignment["title"], *assignment["clarification"]]
    return "\n".join(parts)


def lines_left_out(said: str) -> list[str]:
    return re.findall(r"^ {4,8}\d+: (.*)$", said, flags=re.M)


@START
def test_the_document_of_2023_is_stored_with_all_its_figures(app, tmp_path, start):
    start(app)
    take_in(app, tmp_path, text_of(BUDGET, "theirs"))
    plan = exported(app, 2023)
    assert plan["year"] == 2023
    goals = plan["goals"]
    assert [goal["number"] for goal in goals] == [f"1.{number}" for number in range(1, 9)]
    assert [goal["title"] for goal in goals] == TITLES_2023
    assert [len(goal["text"]) for goal in goals] == [4, 5, 7, 7, 5, 6, 5, 5]
    for goal in goals:
        assert goal["statement"] is None
        assert goal["updated"] is None
        assert goal["replaces"] == goal["assignments"] == []
        assert goal["indicators"] == goal["investments"] == goal["achievements"] == []
    words = words_of(plan)
    for word in ("servicenärvaro", "klimatanpassning", "innovationsupphandlingar", "vård- och omsorg"):
        assert word in words


@START
@WHOSE
def test_the_page_of_2024_is_stored_with_all_its_figures(app, tmp_path, start, whose):
    start(app)
    take_in(app, tmp_path, text_of(WEB_PAGE, whose))
    (goal,) = exported(app, 2024)["goals"]
    assert (goal["number"], goal["title"], goal["updated"]) == (None, "Näringsliv och tillväxt", "2024-01-18")
    assert goal["statement"].startswith("Östersunds kommun har")
    assert len(goal["text"]) == (7 if whose == "theirs" else 2)
    assignments = goal["assignments"]
    assert [one["origin"] for one in assignments] == ["council", "council", "council", "committee"]
    owners = [["KS"], ["TN", "VoN", "SAN", "KS"], ["SAN"], ["KS"]]
    assert [one["committees"] for one in assignments] == owners
    assert [one["fundings"] for one in assignments] == [KS_250, [], SAN_1200, []]
    clarified = [1, 1, 1, 1] if whose == "theirs" else [1, 2, 1, 1]
    assert [len(one["clarification"]) for one in assignments] == clarified
    assert goal["indicators"] == goal["investments"] == goal["achievements"] == []


def test_the_goal_of_2024_says_which_goal_it_replaces(app, tmp_path):
    take_in(app, tmp_path, sample("web_page_2024.txt"))
    assert [goal["replaces"] for goal in exported(app, 2024)["goals"]] == [["2023/1.3"]]


@START
def test_our_budget_is_stored_whole(app, tmp_path, start):
    start(app)
    take_in(app, tmp_path, sample("budget_2023.txt"))
    goals = {goal["number"]: goal for goal in exported(app, 2023)["goals"]}
    assert [len(goals[number]["text"]) for number in ("1.1", "1.2", "1.3")] == [3, 2, 1]
    assert goals["1.1"]["title"] == TITLES_2023[0]
    assert goals["1.3"]["title"] == TITLES_2023[7]
    words = words_of({"goals": list(goals.values())})
    for word in ("servicenärvaro", "vård- och omsorg", "innovationsupphandlingar", "EU-projekt"):
        assert word in words


@WHOSE
@pytest.mark.parametrize("name", [BUDGET, WEB_PAGE])
def test_every_letter_is_in_the_export_or_among_the_lines_left_out(app, tmp_path, name, whose):
    empty(app)
    text = text_of(name, whose)
    said = take_in(app, tmp_path, text)
    plan = exported(app, 2023 if name == BUDGET else 2024)
    headings_and_marks = "".join(entry.text for entry in read(text).structure)
    kept = letters(words_of(plan)) + letters("".join(lines_left_out(said))) + letters(headings_and_marks)
    assert kept == letters(text)


def test_what_could_not_be_placed_is_printed_with_its_line(app, tmp_path):
    said = take_in(app, tmp_path, sample("budget_2023.txt"))
    assert "Rader som inte kunde placeras" in said
    assert re.search(r"^ +3: Den här inledningen är skriven för proven", said, flags=re.M)


def test_what_was_found_is_printed(app, tmp_path):
    said = take_in(app, tmp_path, sample("web_page_2024.txt"))
    for found in (
        "2024",
        "Näringsliv och tillväxt",
        "[KS, KS 250 tkr]",
        "[TN, VoN, SAN, KS]",
        "SAN 1200 tkr",
    ):
        assert found in said
    assert "Alla rader hittade sin plats." in said


@START
@WHOSE
@pytest.mark.parametrize("name", [BUDGET, WEB_PAGE])
def test_the_same_document_again_changes_nothing(app, tmp_path, name, whose, start):
    start(app)
    take_in(app, tmp_path, text_of(name, whose))
    before = everything(app)
    assert "Inget är nytt" in take_in(app, tmp_path, text_of(name, whose))
    assert everything(app) == before


def test_the_same_document_twice_in_one_command_is_the_same_as_once(app, tmp_path):
    empty(app)
    text = sample("web_page_2024.txt")
    assert "Inget är nytt" in take_in(app, tmp_path, text, text)
    (goal,) = exported(app, 2024)["goals"]
    assert [one["fundings"] for one in goal["assignments"]] == [KS_250, [], SAN_1200, []]


def test_on_nothing_the_command_brings_its_own_register(app, tmp_path):
    empty(app)
    take_in(app, tmp_path, sample("web_page_2024.txt"))
    rows = everything(app)
    assert (len(rows["committee"]), len(rows["area"]), len(rows["plan"])) == (9, 11, 1)


def test_a_shipped_goal_keeps_its_summary_and_its_address(app, client, tmp_path):
    take_in(app, tmp_path, sample("web_page_2024.txt"))
    page = client.get("/mal/2024/naringsliv-och-tillvaxt").text
    assert "75 000 invånare. Fler jobb och fler som betalar skatt" in page
    assert "Det första stycket i den politiska texten är skrivet för provet." in page


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_page_in_another_form_is_stored_the_same(app, tmp_path, form):
    lines = sample("web_page_2024.txt").splitlines()
    path = tmp_path / f"page.{form}"
    blocks = "".join(f"<p>{line}</p>\n" for line in lines if line)
    html = f"<!DOCTYPE html><html><body>{blocks}</body></html>".encode()
    path.write_bytes(pdf([lines]) if form == "pdf" else html)
    empty(app)
    assert run(app, "plan", "import", path).exit_code == 0
    before = everything(app)
    assert before["funding"]
    take_in(app, tmp_path, sample("web_page_2024.txt"))
    assert everything(app) == before
