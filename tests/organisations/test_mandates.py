"""Offering, accepting, renewing, handing over, giving up and revoking the right to speak for an organisation."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dialog.conversation.models import Comment
from dialog.conversation.rules import Refusal
from dialog.conversation.submitting import NotAccepted
from dialog.db import clock, db, transaction
from dialog.notify.letters import NotWanted, write
from dialog.notify.models import Letter
from dialog.organisations.models import Mandate, MandateOffer
from dialog.organisations.operations import (
    MayNot,
    Term,
    answer_offer,
    end_mandate,
    offer_mandate,
    renew_mandate,
)
from dialog.organisations.queries import mandates_of
from dialog.organisations.rules import MOST_OPEN_OFFERS, End, OfferState, OrganisationState
from dialog.states import ReasonMissing, Stale
from tests.counts import count
from tests.world import GOAL_2024

PAGE = "/organisation/lockne-byalag/mandat"
OFFER = {
    "email": "nils@example.org",
    "basis": "styrelsebeslut 2026-03-01",
    "dated": "2026-03-01",
    "expires_on": "2027-03-01",
}
REASONS = "Du sitter inte längre i styrelsen."
TERM = Term("årsmötet 2026-03-10", date(2026, 3, 10), date(2028, 3, 1))


def holders() -> set[str]:
    db.session.expire_all()
    mandates = db.session.scalars(select(Mandate)).all()
    return {one.person.name for one in mandates if one.holds(clock.today())}


def letters(kind: str) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def answer(offer: MandateOffer, person, *, accepts: bool = True) -> Mandate | None:
    with transaction():
        return answer_offer(offer, accepts=accepts, person=person, seen=offer.version, now=clock.now())


def end(mandate: Mandate, actor, reasons: str | None = None) -> bool:
    with transaction():
        return end_mandate(mandate, actor=actor, now=clock.now(), reasons=reasons)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_from_the_offer_by_letter_to_speaking_for_it(world, client, app, prefix):
    world.sign_in(client, world.vera)
    sent = client.send(f"{prefix}{PAGE}", OFFER)
    assert sent.status_code == 303
    assert "nils@example.org" in client.get(sent.location).text
    [letter] = letters("mandate_offered")
    assert letter.address == "nils@example.org"
    other = app.test_client()
    world.sign_in(other, world.nils)
    offer = db.session.scalars(select(MandateOffer)).one()
    assert f"/mandat/{offer.id}" in write(letter).body
    assert "Den som frågar: Vera\n" in write(letter).body or prefix
    assert "Lockne byalag" in other.get(f"{prefix}/konto").text
    assert (
        other.send(f"{prefix}/mandat/{offer.id}", {"seen": "1"}, to=f"/mandat/{offer.id}/ja").status_code
        == 303
    )
    assert holders() == {"Vera", "Nils"}
    assert 'value="' in other.get(f"{GOAL_2024}/skriv").text
    assert "Lockne byalag" in other.get(f"{GOAL_2024}/skriv").text


def test_an_offer_says_the_same_whether_the_address_is_known_or_not(world, client):
    world.sign_in(client, world.vera)
    answers = []
    for address in ("nils@example.org", "ingen.alls@example.org"):
        sent = client.send(PAGE, {**OFFER, "email": address})
        answers.append((sent.status_code, sent.location, client.get(sent.location).text.count(address) > 0))
    assert answers[0] == answers[1]


def test_only_the_one_who_was_asked_sees_it_and_answers(world, app):
    offer = world.offered("nils@example.org")
    for name in ("rut", "vera", "karin", "adam"):
        client = app.test_client()
        world.sign_in(client, world.people[name])
        assert client.get(f"/mandat/{offer.id}").status_code == 404
        assert client.send("/logga-in", {"seen": "1"}, to=f"/mandat/{offer.id}/ja").status_code == 404
        with pytest.raises(MayNot):
            answer(offer, world.people[name])
    assert holders() == {"Vera"}


def test_declined_it_gives_nothing_and_a_second_answer_changes_nothing(world):
    offer = world.offered("nils@example.org")
    assert answer(offer, world.nils, accepts=False) is None
    assert answer(offer, world.nils, accepts=False) is None
    with pytest.raises(Stale), transaction():
        answer_offer(offer, accepts=True, person=world.nils, seen=1, now=clock.now())
    assert holders() == {"Vera"}


def test_an_offer_taken_back_too_old_or_replaced_can_not_be_accepted(world, client):
    first = world.offered("nils@example.org")
    second = world.offered("nils@example.org", hands_over=world.mandate)
    db.session.refresh(first)
    assert first.state == OfferState.WITHDRAWN
    with pytest.raises(Stale), transaction():
        answer_offer(first, accepts=True, person=world.nils, seen=1, now=clock.now())
    clock.forward(days=31)
    with pytest.raises(Stale):
        answer(second, world.nils)
    with pytest.raises(NotWanted):
        write(letters("mandate_offered")[1])
    world.sign_in(client, world.nils)
    assert "gäller inte längre" in client.get(f"/mandat/{second.id}").text
    clock.forward(days=-31)
    world.sign_in(client, world.vera)
    taken = f"/organisation/lockne-byalag/erbjudande/{second.id}/ta-tillbaka"
    assert client.send(PAGE, to=taken).status_code == 303
    db.session.refresh(second)
    assert second.state == OfferState.WITHDRAWN


def test_handing_over_ends_ones_own_when_the_other_accepts_and_not_before(world, client):
    world.sign_in(client, world.vera)
    assert client.send(PAGE, {**OFFER, "hands_over": "1"}).status_code == 303
    assert holders() == {"Vera"}
    answer(db.session.scalars(select(MandateOffer)).one(), world.nils)
    assert holders() == {"Nils"}
    db.session.refresh(world.mandate)
    assert world.mandate.ended_because == End.HANDED_OVER


def test_given_up_without_a_word_and_what_was_said_stays(world, client):
    said = world.published(world.trusted(world.vera), "Byalagets ord om bron.", mandate=world.mandate)
    world.sign_in(client, world.vera)
    sent = client.send(PAGE, to=f"{PAGE}/{world.mandate.id}/avsluta")
    assert sent.location == "/konto?mandat=1"
    assert "Du har lämnat mandatet" in client.get(sent.location).text
    assert holders() == set()
    assert letters("mandate_ended") == []
    assert "årsmötet 2026-02-01" in client.get(f"/inlagg/{said.number}").text
    assert client.get(PAGE).status_code == 403


def test_revoked_with_reasons_that_the_one_who_held_it_is_told(world, client):
    mandate = answer(world.offered("nils@example.org"), world.nils)
    with pytest.raises(ReasonMissing):
        end(mandate, world.vera)
    world.sign_in(client, world.vera)
    address = f"{PAGE}/{mandate.id}/avsluta"
    refused = client.send(PAGE, {"reasons": "Kort"}, to=address)
    assert refused.status_code == 422
    assert f'id="reasons-{mandate.id}-error"' in refused.text
    assert "Kort" in refused.text
    assert client.send(PAGE, {"reasons": REASONS}, to=address).status_code == 303
    [letter] = letters("mandate_ended")
    assert (letter.address, REASONS in write(letter).body) == ("nils@example.org", True)
    assert holders() == {"Vera"}
    assert not end(mandate, world.vera, REASONS)


@pytest.mark.parametrize("name", ["karin", "adam"])
def test_the_municipality_may_revoke_and_appoint_where_nobody_is_left(world, client, name):
    world.sign_in(client, world.people[name])
    assert client.send(PAGE, {"reasons": REASONS}, to=f"{PAGE}/{world.mandate.id}/avsluta").status_code == 303
    assert holders() == set()
    assert client.send(PAGE, OFFER).status_code == 303
    assert "Den som frågar: Östersunds kommun\n" in write(letters("mandate_offered")[0]).body
    answer(db.session.scalars(select(MandateOffer)).one(), world.nils)
    assert holders() == {"Nils"}


@pytest.mark.parametrize("name", ["rut", "mona", "eva", "rikard"])
def test_others_neither_see_nor_change_the_mandates(world, client, name):
    person = world.people[name]
    world.sign_in(client, person)
    assert client.get(PAGE).status_code == 403
    assert client.send("/logga-in", OFFER, to=PAGE).status_code == 403
    with pytest.raises(MayNot), transaction():
        offer_mandate(world.group, "x@example.org", TERM, language="sv", actor=person, now=clock.now())
    with pytest.raises(MayNot):
        end(world.mandate, person, REASONS)
    with pytest.raises(MayNot), transaction():
        renew_mandate(world.mandate, TERM, person=person, now=clock.now())


def test_renewed_it_goes_on_upon_a_newer_basis_and_what_was_said_keeps_its_own(world, client):
    said = world.published(world.trusted(world.vera), "Byalagets ord om bryggan.", mandate=world.mandate)
    world.sign_in(client, world.vera)
    terms = {"basis": TERM.basis, "dated": str(TERM.dated), "expires_on": "2028-03-01"}
    assert client.send(PAGE, terms, to=f"{PAGE}/fornya").status_code == 303
    [mandate] = mandates_of(world.vera, clock.today())
    assert (mandate.basis, mandate.expires_on) == (TERM.basis, date(2028, 3, 1))
    assert "årsmötet 2026-02-01" in client.get(f"/inlagg/{said.number}").text
    clock.set(datetime(2027, 6, 1, tzinfo=UTC))
    assert holders() == {"Vera"}


def test_a_mistake_in_renewing_is_led_to_where_it_is(world, client):
    world.sign_in(client, world.vera)
    terms = {"basis": TERM.basis, "dated": str(TERM.dated), "expires_on": "2030-01-01"}
    sent = client.send(PAGE, terms, to=f"{PAGE}/fornya")
    assert sent.status_code == 422
    assert 'href="#expires_on-fornya"' in sent.text
    assert 'id="expires_on-fornya"' in sent.text


def test_a_mandate_runs_out_by_itself(world, client):
    clock.set(datetime(2027, 2, 2, tzinfo=UTC))
    world.sign_in(client, world.vera)
    assert holders() == set()
    assert client.get(PAGE).status_code == 403
    assert "Ditt mandat gick ut den" in client.get("/konto").text
    clock.forward(days=180)
    world.sign_in(client, world.vera)
    assert "Ditt mandat gick ut den" not in client.get("/konto").text


def test_signed_in_with_another_address_one_is_told_which_and_nothing_of_the_offer(world, client):
    offer = world.offered("nils@example.org")
    world.sign_in(client, world.rut)
    pages = [client.get(f"/mandat/{number}") for number in (offer.id, 99999)]
    assert [page.status_code for page in pages] == [404, 404]
    assert all("rut@example.org" in page.text and "Lockne" not in page.text for page in pages)


def test_a_comment_sent_just_after_the_mandate_ended_is_refused_and_the_text_kept(world, client):
    world.sign_in(client, world.vera)
    mandate = mandates_of(world.vera, clock.today())[0]
    end(db.session.get_one(Mandate, mandate.id), world.vera)
    with pytest.raises(NotAccepted) as refusal:
        world.say(world.vera, "Byalagets sista ord i frågan.", mandate=mandate)
    assert refusal.value.refusal == Refusal.NO_MANDATE
    form = {"form_key": "k", "kind": "question", "text": "Byalagets sista ord i frågan.", "language": "sv"}
    sent = client.send(f"{GOAL_2024}/skriv", {**form, "speaks_for": str(mandate.id)})
    assert sent.status_code == 422
    assert "Byalagets sista ord i frågan." in sent.text
    assert db.session.scalar(select(Comment.id)) is None


BAD = [
    ({"email": "inte en adress"}, "email"),
    ({"basis": "kort"}, "basis"),
    ({"dated": "2026-03-12"}, "dated"),
    ({"dated": "2020-01-01"}, "dated"),
    ({"expires_on": "2026-03-01"}, "expires_on"),
    ({"expires_on": "9999-99-99"}, "expires_on"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_bad_input_is_said_at_the_field(world, client, changes, field):
    world.sign_in(client, world.vera)
    sent = client.send(PAGE, {**OFFER, **changes})
    assert sent.status_code == 422
    assert f'id="{field}-error"' in sent.text
    assert db.session.scalar(select(MandateOffer.id)) is None


def test_an_organisation_does_not_flood_mailboxes(world, client):
    for number in range(MOST_OPEN_OFFERS):
        world.offered(f"granne-{number}@example.org")
    world.sign_in(client, world.vera)
    assert client.send(PAGE, OFFER).status_code == 409


def test_the_same_offer_sent_again_is_one_letter(world, client):
    world.sign_in(client, world.vera)
    assert [client.send(PAGE, OFFER).status_code for _ in range(3)] == [303, 303, 303]
    assert len(letters("mandate_offered")) == 1


def test_nor_does_it_flood_one_mailbox_by_taking_back_and_sending_anew(world, client):
    world.sign_in(client, world.vera)
    for number in range(MOST_OPEN_OFFERS):
        assert client.send(PAGE, {**OFFER, "basis": f"styrelsebeslut {number}"}).status_code == 303
    assert client.send(PAGE, OFFER).status_code == 409
    assert len(letters("mandate_offered")) == MOST_OPEN_OFFERS
    clock.forward(days=1, seconds=1)
    assert client.send(PAGE, OFFER).status_code == 303


@pytest.mark.parametrize("state", [OrganisationState.PROPOSED, OrganisationState.RESTING])
def test_nobody_is_asked_to_speak_for_one_that_is_not_confirmed(world, client, state):
    with transaction():
        world.group.state = state
        world.group.founded_by_id = world.vera.id
        world.group.confirmed_at = clock.now() if state == OrganisationState.RESTING else None
        world.group.reasons = REASONS if state == OrganisationState.RESTING else None
    world.sign_in(client, world.vera)
    assert "Skicka erbjudandet" not in client.get(PAGE).text
    assert client.send(PAGE, OFFER).status_code == 409
    assert letters("mandate_offered") == []


def test_what_a_revoked_representative_has_offered_is_taken_back_with_the_mandate(world):
    mandate = answer(world.offered("nils@example.org"), world.nils)
    with transaction():
        theirs = offer_mandate(
            world.group, "rut@example.org", TERM, language="sv", actor=world.nils, now=clock.now()
        )
    others = world.offered("gun@example.org")
    end(mandate, world.vera, REASONS)
    db.session.expire_all()
    assert (theirs.state, others.state) == (OfferState.WITHDRAWN, OfferState.OPEN)


def test_handing_over_ends_also_a_mandate_that_was_renewed_meanwhile(world):
    offer = world.offered("nils@example.org", hands_over=world.mandate)
    with transaction():
        renew_mandate(world.mandate, TERM, person=world.vera, now=clock.now())
    answer(offer, world.nils)
    assert holders() == {"Nils"}


def test_renewed_twice_with_the_same_form_it_is_renewed_once(world, client):
    world.sign_in(client, world.vera)
    terms = {"basis": TERM.basis, "dated": str(TERM.dated), "expires_on": str(TERM.expires_on)}
    assert [client.send(PAGE, terms, to=f"{PAGE}/fornya").status_code for _ in range(2)] == [303, 303]
    assert count(Mandate, Mandate.person_id == world.vera.id) == 2


@pytest.mark.parametrize("page", [f"{PAGE}/99999/avsluta", "/organisation/finns-inte/mandat"])
def test_what_does_not_exist_is_not_found(world, client, page):
    world.sign_in(client, world.vera)
    assert client.send(PAGE, {**OFFER, "reasons": REASONS}, to=page).status_code == 404


def test_the_database_refuses_a_mandate_that_ends_before_it_begins_or_for_no_cause(world):
    held = {
        "person_id": world.vera.id,
        "organisation_id": world.group.id,
        "basis": "x",
        "dated": date(2026, 2, 1),
    }
    for wrong in (
        {"expires_on": date(2026, 1, 1)},
        {"expires_on": date(2027, 1, 1), "ended_at": clock.now()},
        {"expires_on": date(2027, 1, 1), "ended_at": clock.now(), "ended_because": End.REVOKED},
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(Mandate(**held, **wrong))
