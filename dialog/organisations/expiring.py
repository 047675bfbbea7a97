"""Telling whoever speaks for an organisation that their mandate soon runs out: once, on a working day."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from dialog import events
from dialog.db import db, local_day
from dialog.organisations.models import Mandate, Organisation
from dialog.organisations.rules import TOLD_BEFORE, OrganisationState
from dialog.people.models import Person
from dialog.workdays import is_working_day


def is_any_mandate_running_out(now: datetime) -> bool:
    """Whether somebody is to be told at `now` that their mandate soon runs out."""
    today = local_day(now)
    return is_working_day(today) and bool(_running_out(today))


def notice_what_runs_out(now: datetime) -> None:
    """Put on record that each whose mandate soon runs out is told so; the letter follows from that."""
    for mandate in _running_out(local_day(now)):
        mandate.expiry_noticed_at = now
        events.record("mandate.runs_out", mandate, actor_id=None, now=now)


def _running_out(today: date) -> Sequence[Mandate]:
    """The mandates in force of those who have an address, for organisations that speak, with two weeks to go."""
    return db.session.scalars(
        select(Mandate)
        .join(Person, Person.id == Mandate.person_id)
        .join(Organisation, Organisation.id == Mandate.organisation_id)
        .where(
            Mandate.ended_at.is_(None),
            Mandate.expiry_noticed_at.is_(None),
            Mandate.expires_on >= today,
            Mandate.expires_on <= today + TOLD_BEFORE,
            Organisation.state == OrganisationState.CONFIRMED,
            Person.email.is_not(None),
        )
        .order_by(Mandate.id)
    ).all()
