"""What the service ships with: the register and two years' titles, loaded once and never over somebody's edits."""

import tomllib
from datetime import date

import pytest
from sqlalchemy import func, select, update

from dialog.db import clock, db, transaction
from dialog.plan import shipped
from dialog.plan.models import Area, Assignment, Committee, Goal, Paragraph
from dialog.plan.operations import edit_entry
from dialog.plan.queries import names_of_committees
from dialog.plan.rules import Part, Settlement
from tests.plan.commands import empty, everything, run, take_in
from tests.plan.test_store_changes import Page, Task
from tests.plan.test_store_documents import TITLES_2023

DATA = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in shipped.FOLDER.glob("*.toml")}
PLANS = pytest.mark.parametrize("name", ["plan-2023", "plan-2024"])


def load():
    with transaction():
        return shipped.load_register(), shipped.load_plans(now=clock.now())


def test_the_register_holds_the_nine_bodies_of_the_municipality(context):
    committees = {one.code: one for one in db.session.scalars(select(Committee))}
    assert set(committees) == {"KF", "KS", "BUN", "VoN", "SAN", "TN", "KFN", "MSN", "VN"}
    assert [one.code for one in committees.values() if one.is_council] == ["KF"]
    assert {one.answer_days for one in committees.values()} == {10}
    assert {one.slug for one in committees.values()} == {code.lower() for code in committees}


def test_the_register_holds_the_eleven_areas_with_their_inhabitants(context):
    areas = {one.code: one for one in db.session.scalars(select(Area))}
    assert {code: one.population for code, one in areas.items()} == {
        "01": 29738, "02": 11742, "03": 1251, "04": 789, "05": 1482, "06": 621,
        "07": 12534, "08": 332, "09": 2777, "10": 1130, "11": 143,
    }  # fmt: skip
    assert sum(one.population for one in areas.values()) == 62539
    assert {one.population_on for one in areas.values()} == {date(2017, 12, 31)}


def test_town_is_ostersund_and_froso_and_the_rest_is_countryside(context):
    town = select(Area.name).where(Area.settlement == Settlement.TOWN).order_by(Area.code)
    assert db.session.scalars(town).all() == ["Östersund", "Frösö"]
    assert db.session.scalar(select(func.count()).where(Area.settlement == Settlement.COUNTRYSIDE)) == 9


@pytest.mark.parametrize("thing", [*DATA["committees"]["committees"], *DATA["areas"]["areas"]], ids=str)
def test_what_stands_in_one_language_stands_in_the_other(thing):
    for field in {name.rsplit("_", 1)[0] for name in thing if name.endswith(("_sv", "_en"))}:
        swedish, english = thing[f"{field}_sv"], thing[f"{field}_en"]
        assert swedish.strip()
        assert english.strip()
        assert swedish != english


def test_a_name_means_one_committee(context):
    owners: dict[str, set[str]] = {}
    for row in DATA["committees"]["committees"]:
        for name in (row["code"], row["name_sv"], *row["aliases"]):
            owners.setdefault(name.casefold(), set()).add(row["code"])
    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}
    assert names_of_committees() == shipped.names_of_committees()


def test_the_goals_of_2023_have_their_official_titles(context):
    goals = db.session.scalars(select(Goal).where(Goal.year == 2023).order_by(Goal.position)).all()
    assert [(one.number, one.slug) for one in goals] == [(f"1.{n}", f"1-{n}") for n in range(1, 9)]
    assert [one.title for one in goals] == TITLES_2023


def test_the_goal_of_2024_has_its_assignments_owners_and_money(context):
    goal = db.session.scalars(select(Goal).where(Goal.year == 2024)).one()
    assert (goal.title, goal.updated_on) == ("Näringsliv och tillväxt", date(2024, 1, 18))
    assert [one.title for one in goal.replaces] == [TITLES_2023[2]]
    assert [[body.code for body in one.committees] for one in goal.assignments] == [
        ["KS"],
        ["TN", "VoN", "SAN", "KS"],
        ["SAN"],
        ["KS"],
    ]
    money = [
        (one.kind, one.year, one.committee.code, one.amount_tkr)
        for task in goal.assignments
        for one in task.fundings
    ]
    assert money == [("one_year", 2024, "KS", 250), ("permanent", 2024, "SAN", 1200)]


@PLANS
def test_every_committee_a_plan_names_is_in_the_register(name):
    known = {row["code"] for row in DATA["committees"]["committees"]}
    for goal in DATA[name]["goals"]:
        assert goal["committees"]
        assert set(goal["committees"]) <= known
        for task in goal.get("assignments", []):
            assert task["committees"]
            assert set(task["committees"]) <= known
            assert {money["committee"] for money in task["fundings"]} <= known


@PLANS
def test_a_goal_is_answered_for_in_the_order_its_plan_says(context, name):
    for row in DATA[name]["goals"]:
        statement = select(Goal).where(Goal.year == DATA[name]["year"], Goal.slug == row["slug"])
        stored = db.session.scalars(statement).one()
        assert [body.code for body in stored.committees] == row["committees"]


@PLANS
def test_every_goal_and_assignment_has_a_summary_in_both_languages(context, name):
    year = DATA[name]["year"]
    assert DATA[name]["source_sv"]
    assert DATA[name]["source_en"]
    goals = db.session.scalars(select(Goal).where(Goal.year == year)).all()
    tasks = db.session.scalars(select(Assignment).join(Goal).where(Goal.year == year)).all()
    summaries = db.session.scalars(
        select(Paragraph).join(Goal, Goal.id == Paragraph.goal_id).where(Goal.year == year)
    ).all()
    assert {one.part for one in summaries} == {Part.SUMMARY}
    assert all(one.text and one.text_en for one in summaries)
    assert all(one.title_en for one in (*goals, *tasks))
    assert {one.goal_id for one in summaries if one.assignment_id is None} == {one.id for one in goals}
    assert {one.assignment_id for one in summaries if one.assignment_id} == {one.id for one in tasks}


def test_loading_again_adds_nothing(app, context):
    before = everything(app)
    assert load() == (0, 0)
    assert everything(app) == before


def test_loading_again_keeps_what_administrators_have_changed(world):
    with transaction():
        by_adam = {"seen": 1, "actor_id": world.adam.id, "now": clock.now()}
        lit = db.session.scalars(select(Area).where(Area.code == "09")).one()
        edit_entry(world.committee("TN"), **by_adam, name_sv="Gatunämnden")
        edit_entry(lit, **by_adam, settlement=Settlement.TOWN)
    assert load() == (0, 0)
    db.session.expire_all()
    assert world.committee("TN").name_sv == "Gatunämnden"
    assert db.session.scalars(select(Area.settlement).where(Area.code == "09")).one() == Settlement.TOWN


def test_the_command_loads_all_on_nothing_and_says_how_much(app):
    empty(app)
    said = run(app, "plan", "load").stdout
    assert said == "Nya poster i registret: 20. Nya eller kompletterade mål: 9.\n"
    before = everything(app)
    assert run(app, "plan", "load").stdout == "Nya poster i registret: 0. Nya eller kompletterade mål: 0.\n"
    assert everything(app) == before


def test_a_goal_that_was_imported_first_gets_what_we_know_when_the_shipped_is_loaded(app, context, tmp_path):
    row = DATA["plan-2024"]["goals"][0]
    known, invented = row["assignments"][0], "Bygg en gångbro över ån vid Lit."
    empty(app)
    take_in(app, tmp_path, str(Page(tasks=(Task(known["title"].rstrip(".")), Task(invented)))))
    goal = db.session.scalars(select(Goal)).one()
    before = (goal.id, goal.title, [(one.id, one.title) for one in goal.assignments], goal.revision)
    assert (goal.title_en, goal.replaces) == (None, [])
    assert run(app, "plan", "load").stdout.endswith("mål: 9.\n")
    goal = db.session.scalars(select(Goal).where(Goal.year == 2024)).one()
    assert (
        goal.id,
        goal.title,
        [(one.id, one.title) for one in goal.assignments],
        goal.revision - 1,
    ) == before
    assert goal.title_en == row["title_en"]
    assert [one.title for one in goal.replaces] == [TITLES_2023[2]]
    assert [one.title_en for one in goal.assignments] == [known["title_en"], None]
    summaries = select(Paragraph.assignment_id, Paragraph.text_en).where(
        Paragraph.part == Part.SUMMARY, Paragraph.goal_id == goal.id
    )
    expected = [(None, text) for text in row["summary_en"]]
    expected += [(goal.assignments[0].id, text) for text in known["summary_en"]]
    assert [tuple(one) for one in db.session.execute(summaries.order_by(Paragraph.id))] == expected
    everything_before = everything(app)
    assert load() == (0, 0)
    assert everything(app) == everything_before


def test_a_goal_by_the_same_number_that_says_something_else_gets_nothing_of_what_we_know(
    app, context, tmp_path
):
    empty(app)
    take_in(app, tmp_path, str(Page(title="Fritid och kultur")))
    with transaction():
        db.session.execute(update(Goal).values(slug="naringsliv-och-tillvaxt"))
    run(app, "plan", "load")
    goal = db.session.scalars(select(Goal).where(Goal.year == 2024)).one()
    assert (goal.title, goal.title_en, goal.replaces) == ("Fritid och kultur", None, [])
