"""Somebody who is heard by the customer centre speaks for an organisation, or for a group without an account."""

from datetime import date

import pytest
from sqlalchemy import select, update

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import changed, clock, db, transaction
from dialog.events import Event
from dialog.organisations.models import Mandate, Organisation
from dialog.organisations.rules import OrganisationKind, OrganisationState
from dialog.reception.operations import Spoken
from tests.counts import count
from tests.reception.test_register import fill_in

BASIS = "brev från styrelsen 2026-03-01"


@pytest.fixture
def karin(world, client):
    """The customer centre's browser."""
    world.sign_in(client, world.karin)
    return client


def test_what_is_said_for_an_organisation_stands_under_its_name_on_a_mandate_of_that_day(world, karin):
    assert fill_in(karin, speaks_for=str(world.group.id), basis=BASIS).status_code == 303
    comment = db.session.scalars(select(Comment)).one()
    mandate = comment.mandate
    assert (comment.organisation_id, mandate.person_id) == (world.group.id, comment.author_id)
    assert (mandate.basis, mandate.dated, mandate.expires_on) == (BASIS, date(2026, 3, 10), date(2026, 3, 10))
    assert not mandate.holds(clock.today())
    assert comment.state == CommentState.RECEIVED
    card = karin.get(f"/inlagg/{world.publish_comment(comment).number}").text
    assert "Lockne byalag" in card and BASIS in card and "None" not in card


def test_a_group_without_an_account_is_put_on_record_and_confirmed_by_the_same_act(world, karin):
    group = {"speaks_for": "ny", "group_name": "Lits byautvecklingsgrupp", "group_kind": "village_group"}
    assert fill_in(karin, basis=BASIS, **group).status_code == 303
    made = db.session.scalars(select(Organisation).where(Organisation.id != world.group.id)).one()
    assert (made.name, made.slug, made.kind) == (
        "Lits byautvecklingsgrupp",
        "lits-byautvecklingsgrupp",
        OrganisationKind.VILLAGE_GROUP,
    )
    assert made.confirmed_at == clock.now()
    kinds = db.session.scalars(select(Event.kind).where(Event.actor_id == world.karin.id)).all()
    assert {"organisation.confirmed", "mandate.recorded"} <= set(kinds)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"speaks_for": "99999", "basis": BASIS}, "speaks_for"),
        ({"speaks_for": "1"}, "basis"),
        ({"speaks_for": "1", "basis": "x" * 121}, "basis"),
        ({"speaks_for": "ny", "basis": BASIS, "group_kind": "other"}, "group_name"),
        (
            {"speaks_for": "ny", "basis": BASIS, "group_name": "lockne BYALAG", "group_kind": "other"},
            "group_name",
        ),
        ({"speaks_for": "ny", "basis": BASIS, "group_name": "Lits grupp"}, "group_kind"),
        ({"speaks_for": "ny", "basis": BASIS, "group_name": "Lits grupp", "group_kind": "x"}, "group_kind"),
    ],
)
def test_half_an_organisation_is_refused_at_the_field(world, karin, changes, field):
    sent = fill_in(karin, **changes)
    assert sent.status_code == 422
    assert f'id="{field}-error"' in sent.text
    assert count(Comment) == 0
    assert (count(Organisation), count(Mandate)) == (1, 1)


def test_an_organisation_that_is_not_confirmed_can_not_be_chosen(world, karin):
    organisation_id = world.group.id
    with transaction():
        changed(update(Organisation).values(confirmed_at=None, state=OrganisationState.PROPOSED))
    assert fill_in(karin, speaks_for=str(organisation_id), basis=BASIS).status_code == 422


def test_the_same_form_sent_twice_makes_one_group_and_two_groups_of_one_name_have_addresses_of_their_own(
    world,
):
    spoken = Spoken(BASIS, None, "Lits grupp", OrganisationKind.OTHER)
    first = world.heard(spoken=spoken, form_key="pressed twice")
    assert world.heard(spoken=spoken, form_key="pressed twice").id == first.id
    world.heard("Den andra gruppen säger något annat.", spoken=spoken)
    slugs = db.session.scalars(select(Organisation.slug).order_by(Organisation.id)).all()
    assert slugs == ["lockne-byalag", "lits-grupp", "lits-grupp-2"]
    assert count(Mandate) == 3


def test_a_slip_of_the_pen_is_put_right_though_the_mandate_was_of_one_day(world, client):
    comment = world.heard(spoken=Spoken(BASIS, world.group), received_on=date(2026, 3, 1))
    world.sign_in(client, world.karin)
    right = "Bussen till Häggenås borde gå också på kvällarna."
    page = f"/kundcenter/inlagg/{comment.number}/ratta"
    assert client.send(page, {"seen": comment.version, "text": right}).status_code == 303
    db.session.refresh(comment)
    assert comment.words.text == right
