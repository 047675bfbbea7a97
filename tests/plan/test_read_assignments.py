"""Reading assignments: titles told from clarifications, committees, money."""

import pytest

from dialog.plan.importing import ReadAssignment, ReadFunding, ReadPlan
from dialog.plan.rules import FundingKind, Origin
from tests.plan.samples.reading import accounted, letters, read

ONE_YEAR, PERMANENT = FundingKind.ONE_YEAR, FundingKind.PERMANENT


def page(*paragraphs: str, heading: str = "Uppdrag från fullmäktige 2024") -> str:
    return "\n\n".join(["Mål: Prov", "Östersund provar.", heading, "Uppdrag", *paragraphs, "Nyckeltal 2024"])


def read_page(*paragraphs: str) -> tuple[ReadPlan, tuple[ReadAssignment, ...]]:
    text = page(*paragraphs)
    plan = read(text)
    assert accounted(plan) == letters(text)
    return plan, plan.goals[0].assignments


@pytest.mark.parametrize(
    ("line", "title", "committees"),
    [
        ("Bygg en bro. KS", "Bygg en bro.", ("KS",)),
        ("Bygg en bro. TN, VoN, SAN, KS", "Bygg en bro.", ("TN", "VoN", "SAN", "KS")),
        ("Bygg en bro. TN,VoN och KS.", "Bygg en bro.", ("TN", "VoN", "KS")),
        ("Bygg en bro.KS", "Bygg en bro.", ("KS",)),
        ("Bygg en bro KS", "Bygg en bro", ("KS",)),
        ("Bygg en bro (BUN)", "Bygg en bro", ("BUN",)),
        ("Bygg en bro. Måla den. kommunstyrelsen", "Bygg en bro. Måla den.", ("KS",)),
        ("Bygg en bro. (Vård - och omsorgsnämnden)", "Bygg en bro.", ("VoN",)),
        ("Bygg en bro\n\n(Kommunstyrelsen, Tekniska nämnden) .", "Bygg en bro", ("KS", "TN")),
        ("Bygg en bro.\n(Kultur- och fritidsnämnden)\n(KS)", "Bygg en bro.", ("KFN", "KS")),
        ("Bygg en bro.\n(Kultur- och fritidsnämnden och Tekniska nämnden)", "Bygg en bro.", ("KFN", "TN")),
        ("Bygg en bro.\n(KS) (TN)", "Bygg en bro.", ("KS", "TN")),
        ("Bygg en bro.\nTN, KS", "Bygg en bro.", ("TN", "KS")),
    ],
)
def test_committees_close_a_title(line: str, title: str, committees: tuple[str, ...]) -> None:
    plan, assignments = read_page(line, "Så ska det gå till.")
    assert assignments == (ReadAssignment(title, ("Så ska det gå till.",), Origin.COUNCIL, committees, ()),)
    assert plan.left_out == ()


def test_an_unknown_code_is_left_out_and_not_invented() -> None:
    plan, assignments = read_page(
        "Bygg en bro. XYZ", "Bron är lång.", "Riv en bro. TN, XYZ", "Bron var kort."
    )
    assert [(task.title, task.committees) for task in assignments] == [
        ("Bygg en bro.", ()),
        ("Riv en bro.", ("TN",)),
    ]
    assert [entry.text for entry in plan.left_out] == ["XYZ", "TN, XYZ"]
    assert plan.left_out[0].line == 9


def test_an_unknown_committee_in_parentheses_is_left_out() -> None:
    plan, assignments = read_page("Bygg en bro.", "(Trafiknämnden)", "Bron är lång.")
    assert assignments == (ReadAssignment("Bygg en bro.", ("Bron är lång.",), Origin.COUNCIL, (), ()),)
    assert [entry.text for entry in plan.left_out] == ["(Trafiknämnden)"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Arbetet görs i samråd med KS",
        "Arbetet görs av alla (se bilaga 2).",
        "Reglerna följer lagen enl. LOV.",
        "Först en sak. Sedan en annan som rör EU.",
    ],
)
def test_a_clarification_that_ends_in_capitals_is_no_title(sentence: str) -> None:
    _, assignments = read_page("Bygg en bro. KS", "Inledning.", sentence)
    assert [task.clarification for task in assignments] == [("Inledning.", sentence)]


def test_an_assignment_can_lack_clarification_and_committee() -> None:
    _, assignments = read_page("Inventera allt", "Bygg en bro. KS", "Riv en bro. TN")
    assert [(task.title, task.committees, task.clarification) for task in assignments] == [
        ("Inventera allt", (), ()),
        ("Bygg en bro.", ("KS",), ()),
        ("Riv en bro.", ("TN",), ()),
    ]


@pytest.mark.parametrize(
    ("money", "fundings"),
    [
        ("Ramökning 2024 KS: 250 tkr", [(ONE_YEAR, 2024, "KS", 250)]),
        ("Ramökning KS: 250 tkr", [(ONE_YEAR, 2024, "KS", 250)]),
        ("Ramökning 2025: KS 250 tkr.", [(ONE_YEAR, 2025, "KS", 250)]),
        ("Varaktig ramjustering SAN: 1 200 tkr", [(PERMANENT, 2024, "SAN", 1200)]),
        ("Varaktig ramjustering från 2025 SAN: 1\u00a0200 tkr", [(PERMANENT, 2025, "SAN", 1200)]),
        ("varaktig ramökning SAN: 12\u2009345\u2009678 tkr", [(PERMANENT, 2024, "SAN", 12345678)]),
        ("Varaktig ramjustering TN: -500 tkr", [(PERMANENT, 2024, "TN", -500)]),
        ("Varaktig ramjustering TN: \u2212 500 tkr", [(PERMANENT, 2024, "TN", -500)]),
        ("Ramökning 2024 KS: 1,5 mnkr", [(ONE_YEAR, 2024, "KS", 1500)]),
        ("Ramökning 2024 Tekniska nämnden: 90 tkr", [(ONE_YEAR, 2024, "TN", 90)]),
        (
            "Ramökning 2024 KS: 250 tkr, TN: 1.100 tkr och SAN: 3 tkr",
            [(ONE_YEAR, 2024, "KS", 250), (ONE_YEAR, 2024, "TN", 1100), (ONE_YEAR, 2024, "SAN", 3)],
        ),
        (
            "Ramökning 2024 KS: 250 tkr\n\nVaraktig ramjustering KS: 100 tkr",
            [(ONE_YEAR, 2024, "KS", 250), (PERMANENT, 2024, "KS", 100)],
        ),
        (
            "Ramökning 2024 KS: 250 tkr Varaktig ramjustering KS: 100 tkr",
            [(ONE_YEAR, 2024, "KS", 250), (PERMANENT, 2024, "KS", 100)],
        ),
    ],
)
def test_money_is_read_from_its_own_line_or_the_end_of_the_clarification(money: str, fundings) -> None:
    expected = tuple(ReadFunding(*funding) for funding in fundings)
    _, own_line = read_page("Bygg en bro. KS", "Bron är lång.", money, "Riv en bro. TN")
    _, closing = read_page("Bygg en bro. KS", f"Bron är lång. {money}", "Riv en bro. TN")
    for assignments in (own_line, closing):
        assert [task.fundings for task in assignments] == [expected, ()]
        assert assignments[0].clarification == ("Bron är lång.",)


def test_money_to_an_unknown_committee_is_left_out() -> None:
    plan, assignments = read_page("Bygg en bro. KS", "Ramökning 2024 KS: 5 tkr, XYZ: 300 tkr")
    assert assignments[0].fundings == (ReadFunding(ONE_YEAR, 2024, "KS", 5),)
    assert [entry.text for entry in plan.left_out] == ["Ramökning 2024 KS: 5 tkr, XYZ: 300 tkr"]


@pytest.mark.parametrize(
    "money",
    ["Ramökning 2024 KS, TN: 250 tkr", "Ramökning 2024-2026 KS: 250 tkr", "Ramökning 2024 KS: 250,5 tkr"],
)
def test_money_that_is_not_understood_is_left_out(money: str) -> None:
    plan, assignments = read_page("Bygg en bro. KS", money)
    assert assignments[0].fundings == ()
    assert [entry.text for entry in plan.left_out] == [money]


def test_a_sentence_about_money_stays_in_the_clarification() -> None:
    _, assignments = read_page("Bygg en bro. KS", "Ramökningen används under två år.")
    assert assignments[0].clarification == ("Ramökningen används under två år.",)


def test_wrapped_lines_of_a_table_are_parted_by_committees_and_money() -> None:
    plan = read(
        "Mål: Prov\nÖstersund provar något som är så pass långt att raden måste\nbrytas och fortsätta.\n"
        "Uppdrag från fullmäktige 2024\nUppdrag\nFörtydligande av uppdrag\n"
        "Förbättra villkoren för alla som bor och verkar i kommunens\nolika delar. KS\n"
        "Uppdraget innebär att villkoren ses över och att de sedan\nblir bättre än de var från början.\n"
        "Ramökning 2024 KS: 250 tkr\n"
        "Säkerställ att bostäderna används på ett sätt som är till\nnytta. TN, SAN\n"
        "Bostäderna är många och de behöver användas till det som\nde är avsedda för.\n"
    )
    first, second = plan.goals[0].assignments
    assert first.title == "Förbättra villkoren för alla som bor och verkar i kommunens olika delar."
    assert first.clarification == (
        "Uppdraget innebär att villkoren ses över och att de sedan blir bättre än de var från början.",
    )
    assert first.fundings == (ReadFunding(ONE_YEAR, 2024, "KS", 250),)
    assert (second.title, second.committees) == (
        "Säkerställ att bostäderna används på ett sätt som är till nytta.",
        ("TN", "SAN"),
    )
