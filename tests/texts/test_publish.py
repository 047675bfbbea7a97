"""An administrator publishes a text: it holds from then on, and everybody can read what it said before."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from sqlalchemy import func, select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.people.models import Notice
from dialog.people.queries import is_prepared
from dialog.texts.models import OwnedText
from dialog.texts.operations import Changed, DoesNotFit, MayNotPublish, Words, publish
from dialog.texts.queries import in_force, shipped, versions
from dialog.texts.rules import Compliance, KnownFault, TextKey

SV, EN = "Var snäll mot dem du skriver till.", "Be kind to those whom you write to."
RULES = "/forvaltning/texter/husregler"
STATEMENT = "/forvaltning/texter/tillganglighet"
FAULT = KnownFault(
    what_sv="Kartan går inte att höra.",
    what_en="The map can't be heard.",
    why_sv="Vi byter den.",
    why_en="We change it.",
    by=date(2027, 3, 1),
)


def published(world, key=TextKey.HOUSE_RULES, sv=SV, en=EN, seen=1, by=None, statement=None):
    with transaction():
        words = Words(sv, en, statement)
        return publish(key, words, seen=seen, administrator=by or world.adam, now=clock.now())


def statement(**changes):
    return replace(shipped(TextKey.ACCESSIBILITY).statement, **changes)


def test_what_is_published_holds_and_every_version_stays_even_the_shipped_one(world):
    before = shipped(TextKey.HOUSE_RULES)
    assert in_force(TextKey.HOUSE_RULES) == before and versions(TextKey.HOUSE_RULES) == [before]
    assert published(world).version == 2
    published(world, sv="Andra ord om samma sak.", seen=2)
    every = versions(TextKey.HOUSE_RULES)
    assert [(one.version, one.sv) for one in every] == [
        (3, "Andra ord om samma sak."),
        (2, SV),
        (1, before.sv),
    ]
    assert in_force(TextKey.HOUSE_RULES) == every[0]
    assert in_force(TextKey.ABOUT) == shipped(TextKey.ABOUT)
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (event.kind, event.actor_id) == ("text.published", world.adam.id)
    assert event.details == {"text": "house_rules", "version": 3}


def test_a_statement_comes_back_as_it_was_published(world):
    said = statement(faults=[FAULT, replace(FAULT, by=None)], compliance=Compliance.NOT)
    published(world, TextKey.ACCESSIBILITY, statement=said)
    assert in_force(TextKey.ACCESSIBILITY).statement == said
    assert versions(TextKey.ACCESSIBILITY)[1].statement == shipped(TextKey.ACCESSIBILITY).statement


def test_a_statement_that_contradicts_itself_is_refused(world):
    with pytest.raises(DoesNotFit):
        published(world, TextKey.ACCESSIBILITY, statement=statement(compliance=Compliance.FULLY))
    assert db.session.scalar(select(func.count()).select_from(OwnedText)) == 0


def test_a_new_notice_is_to_be_read_anew(world):
    assert is_prepared(world.rut)
    assert published(world, TextKey.NOTICE).version == 2
    assert not is_prepared(world.rut)
    old, new = db.session.scalars(select(Notice).order_by(Notice.version)).all()
    assert new.published_on == clock.today() and (new.words("sv"), new.words("en")) == (SV, EN)
    assert old.words("sv").startswith("## ") and [one.version for one in versions(TextKey.NOTICE)] == [2, 1]
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (event.kind, event.subject_type, event.subject_id) == ("text.published", "notice", 2)


def test_publishing_what_it_says_already_changes_nothing(world):
    published(world)
    assert published(world, seen=1).version == 2
    assert len(versions(TextKey.HOUSE_RULES)) == 2


def test_the_second_of_two_administrators_is_told(world):
    published(world)
    with pytest.raises(Changed) as told:
        published(world, sv="Andra ord om samma sak.")
    assert told.value.version.sv == SV


@pytest.mark.parametrize("name", ["mona", "rut", "eva", "karin", "rikard"])
def test_only_administrators_publish(world, name):
    with pytest.raises(MayNotPublish):
        published(world, by=world.people[name])


def fields_of(page: str) -> dict[str, str]:
    """What the form of a page holds, as a browser would send it."""
    form = page[page.index('<form class="form"') :]
    values = dict(re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"(?![^>]*type="radio")', form))
    values |= dict(re.findall(r'type="radio"[^>]*name="([^"]+)" value="([^"]*)" checked', form))
    values |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S))
    return {name: unescape(value) for name, value in values.items()}


def send(client, address=RULES, to="", **changes):
    return client.post(address + to, data={**fields_of(client.get(address).text), **changes})


def test_an_administrator_previews_publishes_and_everybody_reads_it(world, client, app):
    visitor = app.test_client()
    before = visitor.get("/husregler")
    assert visitor.get("/husregler", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    world.sign_in(client, world.adam)
    shown = send(client, to="/forhandsgranska", sv=f"## Rubrik\n\n{SV}", en=EN)
    assert shown.status_code == 200 and "<h2>Rubrik</h2>" in shown.text
    assert fields_of(shown.text)["sv"] == f"## Rubrik\n\n{SV}"
    assert in_force(TextKey.HOUSE_RULES).version == 1
    answer = send(client, sv=SV, en=EN)
    assert (answer.status_code, answer.location) == (303, "/forvaltning/texter?sparat=husregler")
    assert "Publicerat: Husregler." in client.get(answer.location).text
    after = visitor.get("/husregler", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200 and SV in after.text and "Version 2" in after.text
    assert EN in visitor.get("/en/husregler").text
    assert "Version 1" in visitor.get("/texter/husregler").text
    assert "gäller inte längre" in visitor.get("/texter/husregler/1").text
    assert visitor.get("/texter/husregler/2").location == "/husregler"
    assert visitor.get("/texter/husregler/3").status_code == visitor.get("/texter/annat").status_code == 404


def test_the_texts_that_stand_on_other_pages_are_shown_there(world, client):
    published(world, TextKey.ABOUT)
    published(world, TextKey.NOTICE)
    for address in ("/om", "/fore-du-skriver"):
        assert SV in client.get(address).text and EN in client.get(f"/en{address}").text


def test_two_administrators_at_once_see_both_and_the_next_press_keeps_ones_own(world, client):
    world.sign_in(client, world.adam)
    mine = {
        **fields_of(client.get(RULES).text),
        "sv": "Andra ord om samma sak.",
        "en": "Other words on the matter.",
    }
    published(world)
    answer = client.post(RULES, data=mine)
    assert answer.status_code == 409
    assert "Andra ord om samma sak." in answer.text and SV in answer.text
    assert client.post(RULES, data=fields_of(answer.text)).status_code == 303
    assert in_force(TextKey.HOUSE_RULES).sv == "Andra ord om samma sak."


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"sv": ""}, {"sv"}),
        ({"en": "kort"}, {"en"}),
        ({"sv": "Läs [reglerna](reglerna) innan du skriver."}, {"sv"}),
        ({"sv": "x" * 20_001}, {"sv"}),
        ({"version": "x"}, set()),
    ],
)
@pytest.mark.parametrize("to", ["", "/forhandsgranska"])
def test_bad_input_is_refused_at_the_field(world, client, changes, fields, to):
    world.sign_in(client, world.adam)
    answer = send(client, to=to, **changes)
    assert answer.status_code == 422
    assert set(re.findall(r'id="([\w-]+)-error"', answer.text)) == fields
    assert in_force(TextKey.HOUSE_RULES).version == 1


DAY = {"fault-0-by": "2027-03-01"}
# What is changed in the shipped statement, and where it is refused. A fault that is begun is asked for whole, and
# the shipped one has no day.
INCOMPLETE = [
    ({}, {"fault-0-by"}),
    ({**DAY, "who": ""}, {"who"}),
    ({**DAY, "service_sv": "", "service_en": ""}, {"service_sv", "service_en"}),
    ({**DAY, "compliance": ""}, {"compliance"}),
    ({**DAY, "compliance": "fully"}, {"compliance"}),
    ({**DAY, "assessed_on": ""}, {"assessed_on"}),
    ({**DAY, "assessed_on": "i går"}, {"assessed_on"}),
    ({**DAY, "method_sv": "", "method_en": ""}, {"method_sv", "method_en"}),
    ({**DAY, "complaints": "javascript:x"}, {"complaints"}),
    ({**DAY, "fault-0-why_sv": ""}, {"fault-0-why_sv"}),
    (
        {**DAY, "fault-1-what_sv": "Nytt."},
        {"fault-1-what_en", "fault-1-why_sv", "fault-1-why_en", "fault-1-by"},
    ),
    ({f"fault-0-{name}": "" for name in ("what_sv", "what_en", "why_sv", "why_en")}, {"compliance"}),
]


@pytest.mark.parametrize(("changes", "fields"), INCOMPLETE)
def test_a_statement_is_published_whole_or_not_at_all(world, client, changes, fields):
    world.sign_in(client, world.adam)
    answer = send(client, STATEMENT, **changes)
    assert answer.status_code == 422
    assert set(re.findall(r'id="([\w-]+)-error"', answer.text)) == fields
    assert in_force(TextKey.ACCESSIBILITY).version == 1


def test_a_statement_says_all_it_must_on_its_page_and_a_preview_gives_room_for_more(world, client, app):
    world.sign_in(client, world.adam)
    new = {f"fault-1-{name}": value for name, value in vars(replace(FAULT, by="2027-05-01")).items()}
    shown = send(client, STATEMENT, "/forhandsgranska", **DAY, **new)
    assert shown.status_code == 200 and "fault-3-by" in shown.text
    assert client.post(STATEMENT, data=fields_of(shown.text)).status_code == 303
    for prefix, words in (("", "sv"), ("/en", "en")):
        page = app.test_client().get(f"{prefix}/tillganglighet").text
        said = in_force(TextKey.ACCESSIBILITY).statement
        assert len(said.faults) == 2
        for part in ("service", "method"):
            assert getattr(said, f"{part}_{words}") in page
        for fault in said.faults:
            assert getattr(fault, f"what_{words}").replace("'", "&#39;") in page
            assert getattr(fault, f"why_{words}") in page
            assert f'datetime="{fault.by}"' in page
        assert "Östersunds kommun" in page and f'datetime="{said.assessed_on}"' in page
        assert 'href="https://www.digg.se/tdosanmalan"' in page
    assert 'href="/tillganglighet"' in app.test_client().get("/").text
