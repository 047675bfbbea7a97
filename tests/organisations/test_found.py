"""Putting an organisation forward, and the municipality's answer."""

import pytest
from sqlalchemy import select

from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.organisations.models import Mandate, Organisation
from dialog.organisations.operations import (
    MayNot,
    NumberTaken,
    Profile,
    Term,
    TooMany,
    found_organisation,
    judge_organisation,
)
from dialog.organisations.queries import mandates_of
from dialog.organisations.rules import MOST_PROPOSALS, Judgement, OrganisationKind, OrganisationState
from dialog.people.models import Person
from dialog.states import ReasonMissing, Stale
from tests.counts import count
from tests.threads import at_once

NEW, QUEUE = "/organisationer/ny", "/organisationer/granska"
FORM = {
    "name": "Häggenås hembygdsförening",
    "kind": "association",
    "number": "",
    "area": "",
    "purpose": "Vi vårdar bygdens hus och berättelser.",
    "basis": "styrelsebeslut",
    "dated": "2026-02-01",
    "expires_on": "2027-02-01",
}
PAGE = "/organisation/haggenas-hembygdsforening"
REASONS = "Vi hittar ingen förening med det namnet."


def organisation(slug: str = "haggenas-hembygdsforening") -> Organisation:
    db.session.expire_all()
    return db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def founded(world, founder=None, **changes) -> Organisation:
    values = {**FORM, **changes}
    profile = Profile(
        values["name"], OrganisationKind(values["kind"]), values["number"] or None, None, values["purpose"]
    )
    term = Term("styrelsebeslut", clock.today(), clock.today().replace(year=2027))
    with transaction():
        return found_organisation(profile, term, founder=founder or world.nils, now=clock.now())


def judged(one: Organisation, act: Judgement, official, **more) -> bool:
    with transaction():
        return judge_organisation(one, act, official=official, seen=one.version, now=clock.now(), **more)


def judgement(client, slug: str = "haggenas-hembygdsforening", **data):
    return client.send(f"{QUEUE}/{slug}", {"seen": "1", "reasons": "", **data})


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_from_put_forward_to_confirmed_and_able_to_speak(world, client, app, prefix):
    world.sign_in(client, world.nils)
    sent = client.send(f"{prefix}{NEW}", FORM)
    assert (sent.status_code, sent.location) == (303, f"{prefix}{PAGE}?gjort=grundad")
    assert ("is put forward" if prefix else "är anmäld") in client.get(sent.location).text
    assert mandates_of(world.nils, clock.today()) == []
    official = app.test_client()
    world.sign_in(official, world.karin)
    assert "Häggenås hembygdsförening" in official.get(f"{prefix}{QUEUE}").text
    assert judgement(official, act="confirm").status_code == 303
    assert [one.organisation.name for one in mandates_of(world.nils, clock.today())] == [FORM["name"]]
    assert FORM["name"] in app.test_client().get("/organisationer").text
    events = db.session.scalars(
        select(Event.kind).where(Event.subject_type == "organisation").order_by(Event.id)
    ).all()
    assert events == ["organisation.proposed", "organisation.confirmed"]


def test_nobody_but_its_founder_and_the_municipality_sees_it_before_it_is_confirmed(world, app):
    founded(world)
    for name, status in {"nils": 200, "karin": 200, "adam": 200, "rut": 404, "mona": 404}.items():
        client = app.test_client()
        world.sign_in(client, world.people[name])
        assert client.get(PAGE).status_code == status, name
    assert app.test_client().get(PAGE).status_code == 404
    assert FORM["name"] not in app.test_client().get("/organisationer").text


def test_declined_it_is_told_with_reasons_changed_and_put_forward_again(world, client):
    one = founded(world)
    with pytest.raises(ReasonMissing):
        judged(one, Judgement.DECLINE, world.karin)
    assert judged(one, Judgement.DECLINE, world.karin, reasons=REASONS)
    letter = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.ORGANISATION_JUDGED)).one()
    assert letter.address == world.nils.email
    assert REASONS in write(letter).body
    world.sign_in(client, world.nils)
    assert REASONS in client.get(f"{PAGE}/andra").text
    changed = {**FORM, "seen": one.version, "name": "Häggenås hembygdsförening, nybildad"}
    assert client.send(f"{PAGE}/andra", changed).status_code == 303
    assert (organisation().state, organisation().reasons) == (OrganisationState.PROPOSED, None)
    assert organisation().name == "Häggenås hembygdsförening, nybildad"
    with pytest.raises(NotWanted):
        write(letter)


def test_nobody_confirms_their_own(world, client):
    one = founded(world, founder=world.karin)
    with pytest.raises(MayNot):
        judged(one, Judgement.CONFIRM, world.karin)
    world.sign_in(client, world.karin)
    assert "så någon annan beslutar" in client.get(f"{QUEUE}/{one.slug}").text
    assert judgement(client, act="confirm").status_code == 403
    assert judged(one, Judgement.CONFIRM, world.adam)


@pytest.mark.parametrize("name", ["rut", "mona", "eva", "rikard"])
def test_others_neither_see_the_queue_nor_decide(world, client, name):
    one = founded(world)
    world.sign_in(client, world.people[name])
    assert client.get(QUEUE).status_code == 403
    assert client.send("/logga-in", {"act": "confirm"}, to=f"{QUEUE}/{one.slug}").status_code == 403
    with pytest.raises(MayNot):
        judged(one, Judgement.CONFIRM, world.people[name])


def test_whoever_confirms_is_told_of_others_with_the_same_name(world, client):
    first, alone = founded(world), founded(world, name="Häggenås byalag")
    second = founded(world, world.rut, name="Något helt annat", kind="village_group")
    with transaction():
        second.name = "HÄGGENÅS hembygdsförening!"  # as it can be renamed: its address stays
    world.sign_in(client, world.karin)
    for one, other in ((first, second), (second, first)):
        page = client.get(f"{QUEUE}/{one.slug}").text
        assert "Det finns en annan med samma namn" in page
        assert f'href="{QUEUE}/{other.slug}"' in page
    assert "samma namn" not in client.get(f"{QUEUE}/{alone.slug}").text


def test_the_same_decision_twice_is_one_and_another_on_what_has_changed_is_refused(world):
    one = founded(world)
    assert judged(one, Judgement.CONFIRM, world.karin)
    assert not judged(one, Judgement.CONFIRM, world.adam)
    with pytest.raises(Stale), transaction():
        judge_organisation(
            one, Judgement.DECLINE, official=world.adam, seen=1, now=clock.now(), reasons=REASONS
        )
    assert len(db.session.scalars(select(Letter).where(Letter.kind == "organisation_judged")).all()) == 1


def test_one_that_rests_says_nothing_more_and_what_it_has_said_stays(world, client):
    world.published(world.trusted(world.vera), "Byalagets ord om vägen hem.", mandate=world.mandate)
    judged(world.group, Judgement.REST, world.karin, reasons="Föreningen har upphört.")
    assert mandates_of(world.vera, clock.today()) == []
    page = client.get("/organisation/lockne-byalag").text
    assert "Byalagets ord om vägen hem." in page
    assert "Vilar" in page
    assert "Bygdens bästa." not in page
    assert "Föreningen har upphört." not in page
    [letter] = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.ORGANISATION_JUDGED))
    assert letter.address == world.vera.email
    assert "Föreningen har upphört." in write(letter).body
    judged(world.group, Judgement.WAKE, world.karin)
    assert len(mandates_of(world.vera, clock.today())) == 1


def test_a_representative_changes_area_and_purpose_but_not_what_was_confirmed(world, client):
    world.sign_in(client, world.vera)
    page = "/organisation/lockne-byalag/andra"
    sent = {
        **FORM,
        "name": "Ett annat namn",
        "seen": world.group.version,
        "purpose": "Bygdens bästa, i ord och handling.",
    }
    assert client.send(page, sent).status_code == 303
    group = organisation("lockne-byalag")
    assert (group.name, group.purpose) == ("Lockne byalag", "Bygdens bästa, i ord och handling.")
    stale = client.send(page, {**sent, "purpose": "Något helt annat än förut."})
    assert stale.status_code == 409
    assert "Något helt annat än förut." in stale.text
    assert organisation("lockne-byalag").purpose == "Bygdens bästa, i ord och handling."


def test_the_municipality_sees_what_a_confirmed_organisation_has_changed(world, client, app):
    official = app.test_client()
    world.sign_in(official, world.karin)
    assert "Ändrade av dem själva" not in official.get(QUEUE).text
    world.sign_in(client, world.vera)
    sent = {**FORM, "seen": world.group.version, "purpose": "Något som ingen har läst än."}
    assert client.send("/organisation/lockne-byalag/andra", sent).status_code == 303
    assert "Något som ingen har läst än." in official.get(QUEUE).text
    clock.forward(days=31)
    world.sign_in(official, world.karin)
    assert "Något som ingen har läst än." not in official.get(QUEUE).text


def test_the_form_for_changing_shows_all_that_it_says_now_so_that_saving_it_loses_nothing(world, client):
    with transaction():
        world.group.area_id = world.vera.area_id
    world.sign_in(client, world.vera)
    page = client.get("/organisation/lockne-byalag/andra").text
    assert f'<option value="{world.vera.area_id}" selected>Lockne</option>' in page
    assert "Bygdens bästa." in page


BAD = [
    ({"name": ""}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"name": "🎉🎉"}, "name"),
    ({"kind": "kungadöme"}, "kind"),
    ({"kind": ""}, "kind"),
    ({"number": "212000-2529"}, "number"),
    ({"number": "121212-1212"}, "number"),
    ({"kind": "company"}, "number"),
    ({"area": "99999"}, "area"),
    ({"purpose": "Kort."}, "purpose"),
    ({"purpose": "x" * 1001}, "purpose"),
    ({"basis": ""}, "basis"),
    ({"dated": "i går"}, "dated"),
    ({"dated": "2026-03-12"}, "dated"),
    ({"expires_on": "2026-03-10"}, "expires_on"),
    ({"expires_on": "2029-01-01"}, "expires_on"),
    ({"expires_on": ""}, "expires_on"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_bad_input_is_said_at_the_field_and_what_was_typed_stays(world, client, changes, field):
    world.sign_in(client, world.nils)
    sent = client.send(NEW, {**FORM, "basis": "beslut på årsmötet i februari", **changes})
    assert sent.status_code == 422
    assert f'id="{field}-error"' in sent.text
    if field != "basis":
        assert "beslut på årsmötet i februari" in sent.text
    assert (
        db.session.scalar(select(Organisation.id).where(Organisation.founded_by_id == world.nils.id)) is None
    )


def test_the_letters_of_south_sami_are_kept_in_the_address_as_far_as_they_go(world):
    assert founded(world, name="Gærjah jïh Gøøleme").slug == "gaerjah-jih-gooleme"


@pytest.mark.parametrize("name", ["Jïengen 🚲 Gåetie", "جمعية القرية", "Åse & <b>Ö</b>"])
def test_any_name_in_any_letters_is_kept_and_shown_as_it_was_written(world, client, name):
    world.sign_in(client, world.nils)
    sent = client.send(NEW, {**FORM, "name": name})
    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page


def test_a_megabyte_is_too_much(world, client):
    world.sign_in(client, world.nils)
    assert client.send(NEW, {**FORM, "purpose": "x" * 1_100_000}).status_code == 413


def test_two_never_have_the_same_number(world, client):
    founded(world, number="212000-2528")
    with pytest.raises(NumberTaken):
        founded(world, founder=world.rut, number="212000-2528")
    world.sign_in(client, world.rut)
    sent = client.send(NEW, {**FORM, "number": "2120002528"})
    assert sent.status_code == 409
    assert "redan anmält" in sent.text
    judged(organisation(), Judgement.CONFIRM, world.karin)
    assert "har redan det här numret" in client.send(NEW, {**FORM, "number": "2120002528"}).text


def test_the_same_name_gets_an_address_of_its_own(world):
    assert [founded(world, purpose=f"Vi är den {number}:e.").slug for number in range(3)] == [
        "haggenas-hembygdsforening",
        "haggenas-hembygdsforening-2",
        "haggenas-hembygdsforening-3",
    ]


def test_one_person_does_not_flood_the_municipality(world):
    for number in range(MOST_PROPOSALS):
        founded(world, name=f"Förening {number}")
    with pytest.raises(TooMany):
        founded(world, name="Ännu en förening")


def test_the_form_sent_twice_puts_one_forward(world, client):
    world.sign_in(client, world.nils)
    form = {**FORM, "number": "212000-2528"}
    sent = [client.send(NEW, form) for _ in range(2)]
    assert [one.location for one in sent] == [f"{PAGE}?gjort=grundad"] * 2
    assert count(Organisation, Organisation.founded_by_id == world.nils.id) == 1
    assert count(Mandate, Mandate.person_id == world.nils.id) == 1


def test_many_officials_at_once_make_one_decision(world):
    one = founded(world)
    slug, officials = one.slug, [world.karin.id, world.adam.id]

    def confirm(number: int) -> bool:
        found = db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()
        official = db.session.get_one(Person, officials[number % 2])
        with transaction():
            return judge_organisation(found, Judgement.CONFIRM, official=official, seen=1, now=clock.now())

    made = at_once(world.app, 8, confirm)
    assert sum(made) == 1
    assert len(db.session.scalars(select(Event).where(Event.kind == "organisation.confirmed")).all()) == 1


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(NEW).location == f"/logga-in?next={NEW}"
    assert client.send("/logga-in", FORM, to=NEW).status_code == 401


def test_the_founder_holds_the_first_mandate(world):
    one = founded(world)
    mandate = db.session.scalars(select(Mandate).where(Mandate.organisation_id == one.id)).one()
    assert (mandate.person_id, mandate.basis) == (world.nils.id, "styrelsebeslut")
