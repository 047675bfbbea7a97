"""What a committee's answers can begin with: written by editors, put in by officers, never over what is typed."""

import pytest
from sqlalchemy import func, select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.response.models import AnswerTemplate, Response
from dialog.response.rules import filled, in_the_way
from dialog.response.templates import TemplateWords, change_template, templates_of
from dialog.states import Stale
from tests.response.test_publish import WORDS

PAGE = "/namnd/ks/svarsmallar"
FORM = {"name": "Tack", "you_said": "Ni har rätt.", "we_decided": "Det är gjort.", "because": "", "seen": "0"}
NOTHING = {"you_said": "", "we_decided": "", "because": ""}
TEMPLATE = {"you_said": "Mallens ord.", "we_decided": "Mallens beslut.", "because": ""}


# A template fills what is empty. It takes the place of what is typed only if it is told to.
@pytest.mark.parametrize(
    ("typed", "replaces", "becomes", "kept"),
    [
        (NOTHING, False, TEMPLATE, []),
        (NOTHING | {"because": "Mina skäl."}, False, TEMPLATE | {"because": "Mina skäl."}, []),
        (NOTHING | {"you_said": "Mitt."}, False, TEMPLATE | {"you_said": "Mitt."}, ["you_said"]),
        (NOTHING | {"you_said": "Mitt."}, True, TEMPLATE, ["you_said"]),
        (NOTHING | {"because": "Mina skäl."}, True, TEMPLATE | {"because": "Mina skäl."}, []),
        (TEMPLATE, False, TEMPLATE, []),
    ],
)
def test_what_a_template_does_to_what_is_typed(typed, replaces, becomes, kept):
    assert filled(typed, TEMPLATE, replaces=replaces) == becomes
    assert in_the_way(typed, TEMPLATE) == kept


@pytest.fixture
def eva(world, client):
    """The browser of an editor of KS."""
    world.sign_in(client, world.eva)
    return client


@pytest.fixture
def olle(world, client):
    """The browser of an officer of KS."""
    world.sign_in(client, world.olle)
    return client


@pytest.fixture
def response(world):
    return world.drafted(world.published())


def put_in(client, response, template_id, **typed):
    form = {"seen": response.version, "template": template_id, **typed}
    return client.send("/konto", form, to=f"/namnd/ks/svar/{response.id}/mall")


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(AnswerTemplate))


def test_an_editor_writes_one_and_changes_it_and_takes_it_away(world, eva):
    assert eva.send(PAGE, FORM).location == f"{PAGE}?sparat=1"
    [template] = templates_of(world.committee("KS"))
    address = f"{PAGE}/{template.id}"
    assert "Tack" in eva.get(PAGE).text
    changed = FORM | {"we_decided": "Det blir gjort.", "seen": template.version}
    assert eva.send(address, changed).status_code == 303
    assert "Det blir gjort." in eva.get(address).text
    for _ in range(2):
        assert eva.send(PAGE, {}, to=f"{address}/ta-bort").status_code == 303
    assert not templates_of(world.committee("KS"))
    assert eva.get(address).status_code == 404
    kinds = db.session.scalars(
        select(Event.kind).where(Event.subject_type == "answer_template").order_by(Event.id)
    ).all()
    assert kinds == ["answer_template.written", "answer_template.written", "answer_template.removed"]


def test_sent_twice_is_one_template(eva):
    for _ in range(2):
        assert eva.send(PAGE, FORM).status_code == 303
    assert count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"you_said": "", "we_decided": ""}, "because"),
        ({"you_said": "x" * 5001}, "you_said"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_with_what_was_typed(world, eva, changes, field):
    template = world.templated()
    for address in (PAGE, f"{PAGE}/{template.id}"):
        sent = eva.send(address, FORM | changes)
        assert sent.status_code == 422
        assert f'id="{field}-error"' in sent.text
    assert count() == 1


def test_what_somebody_changed_meanwhile_is_shown_and_nothing_is_saved(world, eva):
    template = world.templated()
    seen = template.version
    with transaction():
        change_template(template, TemplateWords("Annat"), seen=seen, editor=world.eva, now=clock.now())
    sent = eva.send(f"{PAGE}/{template.id}", FORM | {"seen": seen})
    assert sent.status_code == 409
    assert FORM["we_decided"] in sent.text
    assert "Sparat nu: Annat" in sent.text
    with pytest.raises(Stale), transaction():
        change_template(template, TemplateWords("Mitt"), seen=seen, editor=world.eva, now=clock.now())


def test_it_is_put_into_an_empty_answer_and_nothing_is_saved(world, olle, response):
    sent = put_in(olle, response, world.templated().id)
    assert sent.status_code == 200
    for said in ("Vi gör det inte nu.", "Pengarna räcker inte.", "Inget är sparat än."):
        assert said in sent.text
    db.session.expire_all()
    assert db.session.get(Response, response.id).we_decided != "Vi gör det inte nu."


def test_what_is_typed_stays_until_the_writer_says_otherwise(world, olle, response):
    template = world.templated()
    typed = {"we_decided": WORDS["we_decided"]}
    sent = put_in(olle, response, template.id, **typed)
    assert WORDS["we_decided"] in sent.text
    assert "Vi gör det inte nu." not in sent.text
    assert "Du har redan skrivit något i: Vi beslutade." in sent.text
    assert "Pengarna räcker inte." in sent.text, "What was empty is filled."
    sent = put_in(olle, response, template.id, replace="1", **typed)
    assert WORDS["we_decided"] not in sent.text
    assert "Vi gör det inte nu." in sent.text


@pytest.mark.parametrize("chosen", ["", "x", "999999"])
def test_without_a_template_nothing_changes(world, olle, response, chosen):
    world.templated()
    sent = put_in(olle, response, chosen, we_decided=WORDS["we_decided"])
    assert sent.status_code == 422
    assert "Välj en mall först." in sent.text
    assert WORDS["we_decided"] in sent.text


def test_another_committees_template_is_not_there(world, client, response):
    theirs = world.templated("Deras mall", committee="TN")
    world.sign_in(client, world.olle)
    assert put_in(client, response, theirs.id).status_code == 422
    assert "Deras mall" not in client.get(f"/namnd/ks/svar/{response.id}").text
    world.sign_in(client, world.eva)
    for address, to in ((PAGE, f"{PAGE}/{theirs.id}"), (PAGE, f"{PAGE}/{theirs.id}/ta-bort")):
        assert client.send(address, FORM, to=to).status_code == 404


@pytest.mark.parametrize("name", ["olle", "tore", "rut", "mona"])
def test_nobody_but_the_committees_editors_writes_them(world, client, name):
    template = world.templated()
    world.sign_in(client, world.people[name])
    assert client.get(PAGE).status_code == 403
    for to in (PAGE, f"{PAGE}/{template.id}", f"{PAGE}/{template.id}/ta-bort"):
        assert client.send("/konto", FORM, to=to).status_code == 403
    assert [one.name for one in templates_of(world.committee("KS"))] == ["Avslag"]


def test_templates_stand_in_the_order_of_the_swedish_alphabet(world, eva):
    for name in ("Österut", "Zon", "Ärende", "Åter"):
        eva.send(PAGE, FORM | {"name": name})
    assert [one.name for one in templates_of(world.committee("KS"))] == ["Zon", "Åter", "Ärende", "Österut"]
