"""Taking in a changed document: new versions of exactly what changed, and comments stay with what they were about."""

import random
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select

from dialog.conversation.models import Comment
from dialog.db import db
from dialog.events import Event
from dialog.plan import likeness
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.plan.rules import Origin, Part
from tests.plan.commands import everything, exported, take_in
from tests.plan.samples.reading import sample
from tests.world import GOAL_2024

ROADS = "Vägarna i kommunen ska hålla för tung trafik och plogas före klockan sju varje morgon."
SCHOOLS = "Varje barn ska kunna gå till en skola i närheten, också i de mindre orterna runt sjön."
LIBRARY = "Biblioteken ska ha öppet på kvällar och helger så att fler hinner dit efter arbetet."
ROADS_REWORDED = ROADS.replace("klockan sju", "klockan sex")
BUILD, PLANT = "Bygg en gångbro över ån vid Lit.", "Plantera träd längs de större gatorna."
CLARIFICATION = "Uppdraget ska vara klart före årets slut och redovisas för fullmäktige."


@dataclass(frozen=True)
class Task:
    title: str
    committees: str = "KS"
    clarification: str = CLARIFICATION
    money: str = ""

    def lines(self) -> list[str]:
        return [f"{self.title} {self.committees}", self.clarification, *([self.money] if self.money else [])]


@dataclass(frozen=True)
class Page:
    """A goal's web page."""

    title: str = "Näringsliv och tillväxt"
    statement: str = "Östersunds kommun provar en målmening."
    text: tuple[str, ...] = (ROADS, SCHOOLS, LIBRARY)
    tasks: tuple[Task, ...] = field(default=(Task(BUILD, money="Ramökning 2024 KS: 250 tkr"), Task(PLANT)))
    updated: str = "2024-01-18"

    def __str__(self) -> str:
        tasks = [line for task in self.tasks for line in task.lines()]
        lines = [f"Mål: {self.title}", self.statement, *self.text, "Uppdrag från fullmäktige 2024", "Uppdrag"]
        return "\n\n".join([*lines, *tasks, "Nyckeltal 2024", f"Sidan uppdaterad {self.updated}"])


FIRST = Page()


@pytest.fixture
def stored(app, world, tmp_path):
    """The plan as the first version of the document gave it."""
    take_in(app, tmp_path, str(FIRST))

    def change(**changes) -> str:
        return take_in(app, tmp_path, str(replace(FIRST, **changes)))

    return change


def paragraph(text: str) -> Paragraph:
    """The newest row with this text."""
    statement = select(Paragraph).where(Paragraph.text == text).order_by(Paragraph.id.desc())
    return db.session.scalars(statement).first()


def assignment(title: str) -> Assignment:
    return db.session.scalars(select(Assignment).where(Assignment.title == title)).one()


def current(part: Part = Part.TEXT) -> list[Paragraph]:
    statement = select(Paragraph).where(
        Paragraph.part == part, Paragraph.withdrawn_at.is_(None), Paragraph.assignment_id.is_(None)
    )
    return db.session.scalars(statement.order_by(Paragraph.position)).all()


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_reworded_paragraph_gets_a_new_row_that_succeeds_the_old(world, stored):
    old, others = paragraph(ROADS), [paragraph(SCHOOLS).id, paragraph(LIBRARY).id]
    said = stored(text=(ROADS_REWORDED, SCHOOLS, LIBRARY))
    new = paragraph(ROADS_REWORDED)
    assert (new.succeeds_id, new.lineage_id, new.position) == (old.id, old.id, 1)
    assert old.withdrawn_at is not None
    assert old.text == ROADS
    assert [one.id for one in current()] == [new.id, *others]
    assert "Nya stycken: 0, omskrivna: 1, borttagna: 0" in said


def test_a_lineage_goes_on_through_several_rewordings(world, stored):
    first = paragraph(ROADS)
    stored(text=(ROADS_REWORDED, SCHOOLS, LIBRARY))
    stored(text=(ROADS_REWORDED + " Också på helger.", SCHOOLS, LIBRARY))
    newest = paragraph(ROADS_REWORDED + " Också på helger.")
    assert newest.succeeds_id == paragraph(ROADS_REWORDED).id
    assert newest.lineage_id == first.id


def test_an_added_paragraph_leaves_the_others_as_they_were(world, stored):
    before = [one.id for one in current()]
    added = "Kommunen ska köpa mer mat från gårdar i trakten till skolor och äldreboenden."
    said = stored(text=(added, ROADS, SCHOOLS, LIBRARY))
    assert [one.text for one in current()] == [added, ROADS, SCHOOLS, LIBRARY]
    assert [one.id for one in current()][1:] == before
    assert paragraph(added).lineage_id is None
    assert "Nya stycken: 1, omskrivna: 0, borttagna: 0" in said


def test_a_removed_paragraph_is_withdrawn_and_kept(world, stored):
    said = stored(text=(ROADS, LIBRARY))
    assert [one.text for one in current()] == [ROADS, LIBRARY]
    assert paragraph(SCHOOLS).withdrawn_at is not None
    assert "Nya stycken: 0, omskrivna: 0, borttagna: 1" in said


def test_paragraphs_that_change_places_are_the_same_paragraphs(app, world, stored):
    ids = {one.text: one.id for one in current()}
    revision = world.goal().revision
    stored(text=(SCHOOLS, ROADS, LIBRARY))
    assert [(one.text, one.id) for one in current()] == [
        (text, ids[text]) for text in (SCHOOLS, ROADS, LIBRARY)
    ]
    assert exported(app, 2024)["goals"][0]["text"] == [SCHOOLS, ROADS, LIBRARY]
    assert world.goal().revision > revision


def test_all_changes_at_once_are_told_apart(world, stored):
    ids = {one.text: one.id for one in current()}
    new = "Kommunen ska köpa mer mat från gårdar i trakten till skolor och äldreboenden."
    said = stored(text=(LIBRARY, new, ROADS_REWORDED))
    assert [one.text for one in current()] == [LIBRARY, new, ROADS_REWORDED]
    assert current()[0].id == ids[LIBRARY]
    assert current()[2].succeeds_id == ids[ROADS]
    assert "Nya stycken: 1, omskrivna: 1, borttagna: 1" in said


def test_a_paragraph_that_comes_back_goes_on_where_it_was(world, stored):
    old = paragraph(SCHOOLS)
    stored(text=(ROADS, LIBRARY))
    stored()
    assert paragraph(SCHOOLS).succeeds_id == old.id
    assert paragraph(SCHOOLS).lineage_id == old.id


def test_a_comment_stays_with_the_wording_it_was_about(world, client, stored):
    comment = world.published(paragraph=paragraph(ROADS))
    stored(text=(ROADS_REWORDED, SCHOOLS, LIBRARY))
    assert db.session.get(Comment, comment.id).paragraph.text == ROADS
    page = client.get(GOAL_2024).text
    assert "Om en äldre version av stycket" in page
    assert "Vägarna i kommunen ska hålla för tung trafik och plogas före klockan sju" in page
    assert ROADS_REWORDED in page


def test_the_number_of_comments_follows_the_paragraph_through_its_wordings(world, client, stored):
    world.published(paragraph=paragraph(ROADS))
    stored(text=(ROADS_REWORDED, SCHOOLS, LIBRARY))
    world.published(world.rut, paragraph=paragraph(ROADS_REWORDED))
    world.published(world.vera, paragraph=paragraph(ROADS_REWORDED), mandate=world.mandate)
    first = paragraph(ROADS)
    assert (first.comment_count, first.by_organisations) == (3, 1)
    page = client.get(GOAL_2024).text
    place = page[page.index(f'id="stycke-{first.id}"') :]
    assert "2 inlägg från invånare" in place[: place.index("</div>")]


def test_a_comment_on_an_unchanged_paragraph_is_not_about_an_earlier_wording(world, client, stored):
    world.published(paragraph=paragraph(SCHOOLS))
    stored(text=(LIBRARY, ROADS_REWORDED, SCHOOLS))
    page = client.get(GOAL_2024).text
    assert "Om stycket" in page
    assert "Om en äldre version av stycket" not in page


def test_a_changed_title_keeps_the_goal_and_its_address(app, world, client, stored):
    goal_id = world.goal().id
    stored(title="Näringsliv, arbete och tillväxt")
    (goal,) = exported(app, 2024)["goals"]
    assert goal["title"] == "Näringsliv, arbete och tillväxt"
    assert world.goal().id == goal_id
    titles = db.session.scalars(select(Paragraph.text).where(Paragraph.part == Part.TITLE)).all()
    assert {"Näringsliv och tillväxt", "Näringsliv, arbete och tillväxt"} <= set(titles)
    assert "Näringsliv, arbete och tillväxt" in client.get(GOAL_2024).text


def test_a_changed_title_shows_at_once_on_the_goal_it_replaces(world, client, stored):
    assert "Näringsliv och tillväxt" in client.get("/mal/2023/1-3").text
    stored(title="Näringsliv, arbete och tillväxt")
    assert "Näringsliv, arbete och tillväxt" in client.get("/mal/2023/1-3").text


def test_another_title_is_another_goal(app, stored):
    stored(title="Kultur och idrott")
    assert [goal["title"] for goal in exported(app, 2024)["goals"]] == [
        "Näringsliv och tillväxt",
        "Kultur och idrott",
    ]


def test_a_changed_goal_sentence_gets_a_new_version(app, world, stored):
    stored(statement="Östersunds kommun provar en ny målmening.")
    assert exported(app, 2024)["goals"][0]["statement"] == "Östersunds kommun provar en ny målmening."
    (new,) = current(Part.STATEMENT)
    assert db.session.get(Paragraph, new.succeeds_id).text == FIRST.statement


def test_a_dropped_assignment_is_withdrawn_and_its_comments_remain(app, world, client, stored):
    dropped = assignment(PLANT)
    comment = world.published(assignment=dropped)
    stored(tasks=FIRST.tasks[:1])
    assert [one["title"] for one in exported(app, 2024)["goals"][0]["assignments"]] == [BUILD]
    assert PLANT.removesuffix(".") in client.get(f"/inlagg/{comment.number}").text
    page = client.get(f"/uppdrag/{dropped.id}").text
    assert "Uppdraget finns inte längre i planen." in page
    assert comment.number in page


def test_an_assignment_that_comes_back_is_the_same_with_its_comments(world, client, stored):
    comment = world.published(assignment=assignment(PLANT))
    stored(tasks=FIRST.tasks[:1])
    stored()
    assert assignment(PLANT).withdrawn_at is None
    assert comment.number in client.get(f"/uppdrag/{assignment(PLANT).id}").text


def test_an_added_assignment_is_added(app, world, stored):
    before = assignment(BUILD).id
    stored(tasks=(Task("Öppna en fritidsgård i Brunflo.", "KFN"), *FIRST.tasks))
    exported_tasks = exported(app, 2024)["goals"][0]["assignments"]
    assert [one["title"] for one in exported_tasks] == ["Öppna en fritidsgård i Brunflo.", BUILD, PLANT]
    assert exported_tasks[0]["committees"] == ["KFN"]
    assert assignment(BUILD).id == before


def test_a_reworded_assignment_is_the_same_assignment(world, stored):
    before = assignment(BUILD).id
    reworded = "Bygg en gångbro över ån vid Lits kyrka."
    stored(tasks=(replace(FIRST.tasks[0], title=reworded), FIRST.tasks[1]))
    assert assignment(reworded).id == before


def test_a_new_assignment_does_not_take_over_a_standing_one_with_a_similar_title(world, client, stored):
    standing = assignment(BUILD)
    comment = world.published(assignment=standing)
    similar = "Bygg en gångbro över ån vid Näs."
    stored(tasks=(Task(similar), *FIRST.tasks))
    assert assignment(BUILD).id == standing.id
    assert assignment(similar).id != standing.id
    assert comment.number in client.get(f"/uppdrag/{assignment(BUILD).id}").text


@pytest.mark.parametrize(
    ("task", "committees", "fundings"),
    [
        (Task(BUILD, "TN, KS"), ["TN", "KS"], []),
        (Task(BUILD, "KS, TN"), ["KS", "TN"], []),
        (Task(BUILD, "TN", money="Ramökning 2024 TN: 250 tkr"), ["TN"], [("one_year", "TN", 250)]),
        (Task(BUILD, money="Ramökning 2024 KS: 300 tkr"), ["KS"], [("one_year", "KS", 300)]),
        (Task(BUILD, money="Varaktig ramjustering KS: 250 tkr"), ["KS"], [("permanent", "KS", 250)]),
        (
            Task(BUILD, money="Ramökning 2024 KS: 250 tkr, TN: 50 tkr"),
            ["KS"],
            [("one_year", "KS", 250), ("one_year", "TN", 50)],
        ),
    ],
)
def test_changed_owners_and_money_replace_the_earlier(app, world, stored, task, committees, fundings):
    before, revision = assignment(BUILD).id, world.goal().revision
    stored(tasks=(task, FIRST.tasks[1]))
    changed = exported(app, 2024)["goals"][0]["assignments"][0]
    assert changed["committees"] == committees
    assert [(one["kind"], one["committee"], one["amount_tkr"]) for one in changed["fundings"]] == fundings
    assert assignment(BUILD).id == before
    assert world.goal().revision > revision


def test_a_reworded_clarification_keeps_the_comments_on_it(world, client, stored):
    clarification = db.session.scalars(
        select(Paragraph).where(
            Paragraph.assignment_id == assignment(BUILD).id, Paragraph.part == Part.CLARIFICATION
        )
    ).one()
    world.published(assignment=assignment(BUILD), paragraph=clarification)
    reworded = CLARIFICATION.replace("årets slut", "sommaren")
    stored(tasks=(replace(FIRST.tasks[0], clarification=reworded), FIRST.tasks[1]))
    page = client.get(f"/uppdrag/{assignment(BUILD).id}").text
    assert reworded in page
    assert "Om en äldre version av stycket" in page


def test_only_what_changed_gets_new_rows_and_each_changed_goal_one_event(app, world, stored):
    paragraphs, events, revision = count(Paragraph), count(Event), world.goal().revision
    stored(text=(ROADS_REWORDED, SCHOOLS, LIBRARY))
    assert count(Paragraph) == paragraphs + 1
    assert count(Event) == events + 1
    newest = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (newest.kind, newest.subject_id) == ("plan.imported", world.goal().id)
    assert world.goal().revision == revision + 1


def test_the_same_again_has_no_row_no_event_and_no_new_revision(app, stored):
    before = everything(app)
    assert "Inget är nytt" in stored()
    assert everything(app) == before


def test_a_new_date_of_the_page_is_a_change(app, stored):
    stored(updated="2024-06-01")
    assert exported(app, 2024)["goals"][0]["updated"] == "2024-06-01"


def test_a_list_of_goals_takes_nothing_from_the_goals_it_names(app, world, tmp_path, stored):
    before = exported(app, 2024)["goals"][0]
    listing = (
        f"Kommunfullmäktiges mål 2024\n\nMål: Näringsliv och tillväxt. {FIRST.statement}\n\n"
        "Mål: Infrastruktur. I Östersunds kommun finns vägar.\n\nSidan uppdaterad 2024-01-18\n"
    )
    take_in(app, tmp_path, listing)
    goals = exported(app, 2024)["goals"]
    assert goals[0] == before
    assert (goals[1]["title"], goals[1]["statement"]) == (
        "Infrastruktur",
        "I Östersunds kommun finns vägar.",
    )


def test_a_document_of_one_year_leaves_the_goals_of_another_alone(app, world, tmp_path, stored):
    before = exported(app, 2024)
    take_in(app, tmp_path, sample("budget_2023.txt"))
    assert exported(app, 2024) == before
    assert db.session.scalar(select(func.count()).select_from(Goal).where(Goal.year == 2023)) == 8


def english() -> list[str | None]:
    goal = db.session.scalars(select(Goal).where(Goal.year == 2024)).one()
    return [goal.title_en, *(one.title_en for one in goal.assignments)]


def dropped() -> list[int]:
    """How many English titles each import of the goal of 2024 took away, as the log says."""
    rows = db.session.scalars(select(Event).where(Event.kind == "plan.imported").order_by(Event.id))
    told = (row.details.get("english_titles_dropped") for row in rows)  # not by what was loaded, and not read
    return [number for number in told if number is not None]


def test_an_english_title_goes_when_the_swedish_comes_to_say_something_else(app, world, tmp_path):
    by_council = [one for one in world.goal().assignments if one.origin == Origin.COUNCIL]
    tasks = tuple(Task(one.title) for one in by_council)
    as_shipped = replace(FIRST, tasks=tasks)
    assert all(english())
    take_in(app, tmp_path, str(as_shipped))
    # A full stop more or less doesn't make it another title.
    punctuated = (Task(tasks[0].title.rstrip(".")), *tasks[1:])
    take_in(app, tmp_path, str(replace(as_shipped, tasks=punctuated)))
    assert all(english())
    assert dropped() == [0, 0]
    reworded = replace(tasks[1], title=tasks[1].title.replace("Säkerställ", "Se till att få"))
    said = take_in(app, tmp_path, str(replace(as_shipped, tasks=(tasks[0], reworded, *tasks[2:]))))
    assert [title is None for title in english()[:3]] == [False, False, True]
    assert dropped() == [0, 0, 1]
    assert "Engelska titlar som tagits bort, eftersom de svenska har ändrats: 1." in said
    visitor = app.test_client()
    assert "Se till att få" in visitor.get(f"/en{GOAL_2024}").text


def test_the_english_title_of_a_goal_goes_with_its_swedish(app, world, tmp_path):
    take_in(app, tmp_path, str(replace(FIRST, title="Näringsliv och tillväxt i kommunen")))
    assert english()[0] is None
    assert dropped() == [1]


def test_texts_are_compared_before_anybody_has_to_wait(stored, app, tmp_path, monkeypatch):
    """What compares is asked for every pair of texts outside the transaction; inside it the answers are known."""
    inside, compare = [], likeness.SequenceMatcher

    def watched(*words, **options):
        inside.append(bool(db.session().info.get("writing")))
        return compare(*words, **options)

    monkeypatch.setattr(likeness, "SequenceMatcher", watched)
    likeness._likeness.cache_clear()
    likeness._paired.cache_clear()
    task = replace(FIRST.tasks[0], clarification=CLARIFICATION.replace("redovisas", "redogöras"))
    text = (ROADS_REWORDED, SCHOOLS.replace("sjön", "ån"), LIBRARY)
    take_in(app, tmp_path, str(replace(FIRST, text=text, tasks=(task, FIRST.tasks[1]))))
    assert inside
    assert not any(inside)


def test_many_reworded_paragraphs_are_found_with_few_long_comparisons(monkeypatch):
    chance = random.Random(1)
    words = ["".join(chance.choices("aeiordlnstkm", k=chance.randint(2, 9))) for _ in range(2000)]
    old = [" ".join(chance.choices(words, k=60)) for _ in range(100)]
    new = [f"Numera {text} Tillagt." for text in chance.sample(old, 100)]
    compared, compare = [], likeness._likeness
    monkeypatch.setattr(likeness, "_likeness", lambda *texts: compared.append(texts) or compare(*texts))
    pairs = likeness.pair(old, new, 0.5)
    assert len(pairs) == 100
    assert all(new[index] == f"Numera {old[number]} Tillagt." for index, number in pairs.items())
    assert len(compared) < 500
