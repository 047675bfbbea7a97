"""The register of committees and areas: an administrator changes it, and every page shows it at once."""

import re

import pytest
from sqlalchemy import func, select

from dialog.alphabet import alphabetical
from dialog.db import db, transaction
from dialog.events import Event
from dialog.plan.models import Area, Committee, Goal
from dialog.plan.rules import Settlement
from tests.world import GOAL_2024

KS, LIT = "/forvaltning/namnder/ks", "/forvaltning/omraden/lit"
COMMITTEE = {
    "name_sv": "Kommunens styrelse",
    "name_en": "The Board",
    "remit_sv": "Sköter det mesta.",
    "remit_en": "Runs most things.",
    "email": "ks@example.org",
    "answer_days": "15",
}
AREA = {"name": "Lits kommundel", "population": "3 012", "settlement": "town"}


@pytest.fixture
def adam(world, client):
    """The administrator's browser."""
    world.sign_in(client, world.adam)
    return client


def ks() -> Committee:
    return db.session.scalars(select(Committee).where(Committee.code == "KS")).one()


def lit() -> Area:
    return db.session.scalars(select(Area).where(Area.slug == "lit")).one()


def events() -> int:
    return db.session.scalar(select(func.count()).where(Event.kind == "register.changed"))


def test_the_register_shows_every_committee_and_area(adam):
    page = adam.get("/forvaltning/register").text
    assert all(one.name_sv in page for one in db.session.scalars(select(Committee)))
    assert all(one.name in page for one in db.session.scalars(select(Area)))
    assert "29\u00a0738" in page


def test_an_administrator_changes_a_committee(adam):
    response = adam.send(KS, COMMITTEE)
    assert (response.status_code, response.location) == (303, "/forvaltning/register?sparat=1")
    assert (ks().name_sv, ks().email, ks().answer_days) == ("Kommunens styrelse", "ks@example.org", 15)
    shown = adam.get(response.location).text
    assert "Kommunens styrelse" in shown
    assert "Ändringen är sparad." in shown
    assert "sparad" not in adam.get("/forvaltning/register").text
    assert events() == 1


def test_an_administrator_changes_an_area(adam):
    assert adam.send(LIT, AREA).status_code == 303
    assert (lit().name, lit().population, lit().settlement) == ("Lits kommundel", 3012, Settlement.TOWN)
    assert events() == 1


def changes() -> list[tuple[str, list[str]]]:
    """What the log says was changed: the thing and its fields."""
    rows = db.session.scalars(select(Event).where(Event.kind == "register.changed").order_by(Event.id))
    return [(row.subject_type, row.details["fields"]) for row in rows]


def revisions() -> dict[int, int]:
    return dict(db.session.execute(select(Goal.id, Goal.revision)).all())


def test_what_is_saved_as_it_stands_is_no_change(adam):
    adam.send(KS, COMMITTEE)
    adam.send(LIT, AREA)
    before, kept = changes(), revisions()
    assert adam.send(KS, COMMITTEE).status_code == adam.send(LIT, AREA).status_code == 303
    # Sent a second time from the same page, which by then shows an earlier version.
    assert adam.send(KS, {**COMMITTEE, "version": "1"}).status_code == 303
    assert (changes(), revisions()) == (before, kept)


def test_the_log_names_what_was_changed_and_nothing_else(adam):
    adam.send(KS, COMMITTEE)
    adam.send(KS, {**COMMITTEE, "answer_days": "20"})
    adam.send(LIT, AREA)
    assert changes() == [
        ("committee", sorted(COMMITTEE)),
        ("committee", ["answer_days"]),
        ("area", ["name", "population", "settlement"]),
    ]


def test_who_comes_second_sees_what_the_first_saved_and_may_save_again(adam):
    seen = str(ks().version)
    adam.send(KS, COMMITTEE)
    second = {**COMMITTEE, "name_sv": "Styrelsen <för> allt", "answer_days": "20", "version": seen}
    refused = adam.send(KS, second)
    assert refused.status_code == 409
    assert "Någon annan har ändrat" in refused.text
    assert 'value="Styrelsen &lt;för&gt; allt"' in refused.text
    assert "Nu står det: Kommunens styrelse" in refused.text
    assert "Nu står det: 15" in refused.text
    assert refused.text.count("Nu står det:") == 2
    assert (ks().name_sv, len(changes())) == ("Kommunens styrelse", 1)
    offered = re.search(r'name="version" value="(\d+)"', refused.text).group(1)
    assert adam.send(KS, {**second, "version": offered}).status_code == 303
    assert ks().name_sv == "Styrelsen <för> allt"
    assert changes()[1] == ("committee", ["answer_days", "name_sv"])


def test_the_second_to_change_an_area_reads_its_words_and_not_its_codes(adam):
    adam.send(LIT, {**AREA, "settlement": "town"})
    refused = adam.send(LIT, {**AREA, "settlement": "countryside", "version": "1"})
    assert refused.status_code == 409
    assert "Nu står det: Stad" in refused.text


def test_a_form_that_has_lost_its_version_is_refused(adam):
    assert adam.send(KS, {**COMMITTEE, "version": ""}).status_code == 422
    assert changes() == []


def test_a_committee_can_do_without_an_address(adam):
    adam.send(KS, COMMITTEE)
    assert adam.send(KS, {**COMMITTEE, "email": " "}).status_code == 303
    assert ks().email is None


BAD_COMMITTEES = [
    ({"name_sv": ""}, "name_sv"),
    ({"name_sv": "   "}, "name_sv"),
    ({"name_sv": "K"}, "name_sv"),
    ({"name_sv": "K" * 121}, "name_sv"),
    ({"name_sv": "Kommun\x00styrelsen"}, "name_sv"),
    ({"name_en": ""}, "name_en"),
    ({"remit_sv": ""}, "remit_sv"),
    ({"remit_en": "x" * 1001}, "remit_en"),
    ({"remit_sv": "Sköter\x00 det mesta."}, "remit_sv"),
    ({"email": "inte en adress"}, "email"),
    ({"email": "ks@"}, "email"),
    ({"email": "ks\x00@example.org"}, "email"),
    ({"answer_days": "0"}, "answer_days"),
    ({"answer_days": "61"}, "answer_days"),
    ({"answer_days": "-1"}, "answer_days"),
    ({"answer_days": "x"}, "answer_days"),
    ({"answer_days": "1\x00"}, "answer_days"),
    ({"answer_days": ""}, "answer_days"),
    ({"answer_days": "9" * 30}, "answer_days"),
    ({"answer_days": "１０"}, "answer_days"),
]


def test_bad_input_about_a_committee_is_refused_at_the_field_and_stays(adam):
    before = (ks().name_sv, ks().answer_days)
    for changes, field in BAD_COMMITTEES:
        response = adam.send(KS, {**COMMITTEE, **changes})
        assert response.status_code == 422, changes
        assert f'id="{field}-error"' in response.text, changes
        for value in {**COMMITTEE, **changes}.values():
            assert " ".join(value.replace("\x00", "").split()) in response.text, changes
    assert (ks().name_sv, ks().answer_days) == before
    assert events() == 0


BAD_AREAS = [
    ({"name": ""}, "name"),
    ({"name": "L\x00it"}, "name"),
    ({"population": "-1"}, "population"),
    ({"population": "många"}, "population"),
    ({"population": "10000001"}, "population"),
    ({"population": "\x00"}, "population"),
    ({"settlement": ""}, "settlement"),
    ({"settlement": "village"}, "settlement"),
]


def test_bad_input_about_an_area_is_refused_at_the_field_and_stays(adam):
    for changes, field in BAD_AREAS:
        response = adam.send(LIT, {**AREA, **changes})
        assert response.status_code == 422, changes
        assert f'id="{field}-error"' in response.text, changes
        assert {**AREA, **changes}["name"].replace("\x00", "") in response.text, changes
    assert lit().name == "Lit"
    assert events() == 0


def test_a_form_without_its_fields_changes_nothing(adam):
    assert adam.send(KS, {}).status_code == 422
    assert adam.send(LIT, {}).status_code == 422
    assert (ks().name_sv, lit().name) == ("Kommunstyrelsen", "Lit")


def test_nobody_else_sees_or_changes_the_register(world, client):
    for name in ("rut", "mona", "eva", "rikard", "karin"):
        world.sign_in(client, world.people[name])
        for address, form in ((KS, COMMITTEE), (LIT, AREA)):
            assert client.get(address).status_code == 403, name
            assert client.send("/konto", form, to=address).status_code == 403, name
    assert (ks().name_sv, lit().name) == ("Kommunstyrelsen", "Lit")


def test_a_visitor_is_asked_to_sign_in(context, client):
    assert client.get(KS).status_code == 303
    assert client.send("/logga-in", COMMITTEE, to=KS).status_code == 401
    assert ks().name_sv == "Kommunstyrelsen"


@pytest.mark.parametrize("address", ["/forvaltning/namnder/finns-inte", "/forvaltning/omraden/finns-inte"])
def test_what_is_not_in_the_register_cannot_be_changed(adam, address):
    assert adam.get(address).status_code == 404
    assert adam.send(KS, COMMITTEE, to=address).status_code == 404


def test_a_change_shows_at_once_on_pages_that_were_kept(world, client, app):
    visitor = app.test_client()
    pages = (GOAL_2024, f"/uppdrag/{world.assignment(1).id}", "/namnd", "/namnd/ks", f"/en{GOAL_2024}")
    assert all("Kommunens styrelse" not in visitor.get(page).text for page in pages)
    revision = world.goal().revision
    world.sign_in(client, world.adam)
    client.send(KS, COMMITTEE)
    assert all("Kommunens styrelse" in visitor.get(page).text for page in pages[:4])
    assert "The Board" in visitor.get(pages[4]).text
    assert world.goal().revision == revision + 1


def test_a_change_of_an_area_shows_at_once_on_the_comments_about_it(world, client, app):
    world.published(area_id=lit().id)
    visitor = app.test_client()
    assert "Lits kommundel" not in visitor.get(GOAL_2024).text
    world.sign_in(client, world.adam)
    client.send(LIT, AREA)
    assert "Lits kommundel" in visitor.get(GOAL_2024).text


def test_a_new_promise_of_days_holds_for_comments_from_now_on(world, adam):
    before = world.published(text="Det här inlägget kom före ändringen.")
    adam.send(KS, COMMITTEE)
    after = world.published(world.rut, text="Det här inlägget kom efter ändringen.")
    (old,), (new,) = world.matters("KS", before), world.matters("KS", after)
    assert (str(old.due_on), str(new.due_on)) == ("2026-03-25", "2026-04-01")


def test_every_goal_page_is_made_anew(world, adam):
    before = dict(db.session.execute(select(Goal.id, Goal.revision)).all())
    adam.send(KS, COMMITTEE)
    after = dict(db.session.execute(select(Goal.id, Goal.revision)).all())
    assert after == {goal: revision + 1 for goal, revision in before.items()}


NAMES = {
    "KS": ("Östnämnden", "Zoo board"),
    "TN": ("Ängsnämnden", "Air board"),
    "KFN": ("Åsnämnden", "Mire board"),
}


@pytest.mark.parametrize(
    ("page", "ending"),
    [("/namnd", ("Åsnämnden", "Ängsnämnden", "Östnämnden")), ("/en/namnd", ("Zoo board",))],
)
def test_committees_stand_in_the_order_of_the_readers_alphabet(adam, page, ending):
    with transaction():
        for one in db.session.scalars(select(Committee).where(Committee.code.in_(NAMES))):
            one.name_sv, one.name_en = NAMES[one.code]
    named = re.findall(r"<h2><a [^>]*>([^<]*)</a> <span", adam.get(page).text)
    assert named == sorted(named, key=alphabetical)
    assert tuple(named[-len(ending) :]) == ending
