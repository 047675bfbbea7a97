"""Founding organisations, confirming them, and giving, renewing and ending the mandates to speak for them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime

from sqlalchemy import func, select, update

from dialog import events, states
from dialog.db import changed, db, local_day
from dialog.organisations.models import Mandate, MandateOffer, Organisation
from dialog.organisations.queries import open_offers, with_number
from dialog.organisations.rules import (
    LONGEST_MANDATE,
    MOST_OPEN_OFFERS,
    MOST_PROPOSALS,
    NEED_REASONS,
    OFFER_MOVES,
    OFFERS_WITHIN,
    ORGANISATION_MOVES,
    STATE_AFTER,
    End,
    Judgement,
    OfferState,
    OrganisationKind,
    OrganisationState,
    mandate_flaws,
)
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.plan.slugs import slug_of


@dataclass(frozen=True)
class Profile:
    """What an organisation says of itself."""

    name: str
    kind: OrganisationKind
    number: str | None
    area_id: int | None
    purpose: str


@dataclass(frozen=True)
class Term:
    """On what basis somebody may speak, decided when, and until when."""

    basis: str
    dated: date
    expires_on: date


class NumberTaken(Exception):
    """Another organisation has this number already; `organisation` is that one."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(organisation.slug)
        self.organisation = organisation


class TooMany(Exception):
    """So much waits to be answered, or has been asked today, that more isn't taken."""


class MayNot(Exception):
    """The person may not do this to this organisation, mandate or offer."""


class NotConfirmed(Exception):
    """Nobody is written to in the name of an organisation that the municipality hasn't confirmed."""


def found_organisation(profile: Profile, term: Term, *, founder: Person, now: datetime) -> Organisation:
    """Put an organisation forward to be confirmed, with its founder as the first who may speak for it.

    The same sent twice is one. Raises NumberTaken, TooMany, and ValueError for a term that breaks the rules (see
    rules.mandate_flaws).
    """
    _refuse_flawed(term, now)
    waiting = db.session.scalars(
        select(Organisation).where(
            Organisation.founded_by_id == founder.id, Organisation.state == OrganisationState.PROPOSED
        )
    ).all()
    if sent_already := next((one for one in waiting if _profile_of(one) == profile), None):
        return sent_already
    _refuse_taken(profile.number)
    if len(waiting) >= MOST_PROPOSALS:
        raise TooMany
    organisation = Organisation(
        slug=_free_slug(profile.name), founded_by_id=founder.id, founded_at=now, **asdict(profile)
    )
    db.session.add(organisation)
    db.session.flush()
    events.record("organisation.proposed", organisation, actor_id=founder.id, now=now)
    _give(organisation, founder, term, actor=founder, now=now)
    return organisation


def _profile_of(organisation: Organisation) -> Profile:
    return Profile(**{field.name: getattr(organisation, field.name) for field in fields(Profile)})


def edit_organisation(
    organisation: Organisation, profile: Profile, *, seen: int, editor: Person, now: datetime
) -> None:
    """Change what an organisation seen at version `seen` says of itself; one that was declined waits again.

    Once it is confirmed its representatives change its area and its purpose alone: what was confirmed stays.
    Raises MayNot, NumberTaken and states.Stale.
    """
    if not allowed("represent", editor, organisation):
        raise MayNot
    if organisation.is_public:
        kept = {name: getattr(organisation, name) for name in ("name", "kind", "number")}
        profile = replace(profile, **kept)
    _refuse_taken(profile.number, but=organisation)
    if organisation.state == OrganisationState.DECLINED:
        states.move(
            organisation,
            ORGANISATION_MOVES,
            OrganisationState.PROPOSED,
            seen=seen,
            reasons=None,
            **asdict(profile),
        )
        events.record("organisation.proposed", organisation, actor_id=editor.id, now=now)
    else:
        states.change(organisation, seen=seen, **asdict(profile))
        events.record("organisation.edited", organisation, actor_id=editor.id, now=now)


def judge_organisation(
    organisation: Organisation,
    act: Judgement,
    *,
    official: Person,
    seen: int,
    now: datetime,
    reasons: str | None = None,
) -> bool:
    """Confirm or decline what was put forward, or let it rest and wake it. False when that was done already.

    Raises MayNot (among others for who carries it), states.Stale, states.UnlistedMove and states.ReasonMissing.
    """
    if not allowed("judge_organisation", official, organisation):
        raise MayNot
    to = STATE_AFTER[act]
    kept = reasons if act in NEED_REASONS else None
    confirmed_at = organisation.confirmed_at or (now if to == OrganisationState.CONFIRMED else None)
    moved = states.move(
        organisation,
        ORGANISATION_MOVES,
        to,
        seen=seen,
        has_reason=bool(kept),
        reasons=kept,
        confirmed_at=confirmed_at,
    )
    if moved is None:
        return False
    events.record(f"organisation.{to}", organisation, actor_id=official.id, now=now)
    return True


def confirm_group(name: str, kind: OrganisationKind, *, official: Person, now: datetime) -> Organisation:
    """Put a group without an account on record as an organisation that the municipality has confirmed."""
    group = Organisation(
        slug=_free_slug(name),
        name=name,
        kind=kind,
        purpose="",
        state=OrganisationState.CONFIRMED,
        confirmed_at=now,
    )
    db.session.add(group)
    db.session.flush()
    events.record("organisation.confirmed", group, actor_id=official.id, now=now)
    return group


def offer_mandate(
    organisation: Organisation,
    email: str,
    term: Term,
    *,
    language: str,
    actor: Person,
    now: datetime,
    hands_over: Mandate | None = None,
) -> MandateOffer:
    """Ask whoever has the address `email` to speak for an organisation; the letter follows from the event.

    `hands_over` is the mandate of the one who asks, where it is to end when the offer is accepted. An offer to the
    same address that nobody has answered is taken back for this one, unless it is the very same.
    Raises MayNot, NotConfirmed, TooMany, and ValueError for a term that breaks the rules.
    """
    if not allowed("appoint", actor, organisation):
        raise MayNot
    if organisation.state != OrganisationState.CONFIRMED:
        raise NotConfirmed
    _refuse_flawed(term, now)
    hands_over_id = hands_over.id if hands_over else None
    waiting = {offer.email: offer for offer in open_offers(organisation)}
    if earlier := waiting.pop(email, None):
        if _terms_of(earlier) == (term, hands_over_id) and earlier.can_be_accepted(local_day(now)):
            return earlier
        states.move(earlier, OFFER_MOVES, OfferState.WITHDRAWN, seen=earlier.version)
    if (
        len(waiting) >= MOST_OPEN_OFFERS
        or _offered_since(organisation, now - OFFERS_WITHIN) >= MOST_OPEN_OFFERS
    ):
        raise TooMany
    offer = MandateOffer(
        organisation_id=organisation.id,
        email=email,
        language=language,
        offered_by_id=actor.id,
        offered_at=now,
        hands_over_id=hands_over_id,
        **asdict(term),
    )
    db.session.add(offer)
    db.session.flush()
    events.record("mandate.offered", offer, actor_id=actor.id, now=now)
    return offer


def _terms_of(offer: MandateOffer) -> tuple[Term, int | None]:
    return Term(offer.basis, offer.dated, offer.expires_on), offer.hands_over_id


def _offered_since(organisation: Organisation, since: datetime) -> int:
    """How many letters with an offer the organisation has had sent since then."""
    sent = select(func.count()).where(
        MandateOffer.organisation_id == organisation.id, MandateOffer.offered_at > since
    )
    return db.session.scalar(sent) or 0


def answer_offer(
    offer: MandateOffer, *, accepts: bool, person: Person, seen: int, now: datetime
) -> Mandate | None:
    """Accept or decline an offer seen at version `seen`; gives the mandate, None where there is none (any longer).

    Raises MayNot for anybody else than the one it was made to, states.Stale and states.UnlistedMove.
    """
    if not allowed("answer_offer", person, offer):
        raise MayNot
    if accepts and offer.state == OfferState.OPEN and not offer.can_be_accepted(local_day(now)):
        raise states.Stale(offer)
    to = OfferState.ACCEPTED if accepts else OfferState.DECLINED
    if states.move(offer, OFFER_MOVES, to, seen=seen) is None:
        return None
    events.record(f"mandate_offer.{to}", offer, actor_id=person.id, now=now)
    if not accepts:
        return None
    if offer.hands_over is not None:
        # Not that mandate alone: it may have been renewed since.
        for held in _held_by(offer.hands_over.person_id, offer.organisation):
            _end(held, End.HANDED_OVER, actor=person, now=now)
    term = Term(offer.basis, offer.dated, offer.expires_on)
    return _give(offer.organisation, person, term, actor=person, now=now)


def withdraw_offer(offer: MandateOffer, *, actor: Person, now: datetime) -> None:
    """Take back an offer that nobody has answered; nothing happens to one that was. Raises MayNot."""
    if not allowed("appoint", actor, offer.organisation):
        raise MayNot
    if offer.state == OfferState.OPEN:
        states.move(offer, OFFER_MOVES, OfferState.WITHDRAWN, seen=offer.version)
        events.record("mandate_offer.withdrawn", offer, actor_id=actor.id, now=now)


def renew_mandate(mandate: Mandate, term: Term, *, person: Person, now: datetime) -> Mandate:
    """Let a mandate go on, on a newer basis: another takes its place, so that what was said keeps its own.

    The same sent twice is one. Raises MayNot, and ValueError for a term that breaks the rules.
    """
    if mandate.person_id != person.id or not mandate.is_in_force(local_day(now)):
        raise MayNot
    _refuse_flawed(term, now)
    if Term(mandate.basis, mandate.dated, mandate.expires_on) == term:
        return mandate
    return _give(mandate.organisation, person, term, actor=person, now=now)


def end_mandate(mandate: Mandate, *, actor: Person, now: datetime, reasons: str | None = None) -> bool:
    """Give up one's own mandate, or revoke another's with reasons. False when it has ended already.

    What somebody whose mandate is revoked has offered to others and nobody has answered is taken back with it.
    Raises MayNot and states.ReasonMissing.
    """
    is_own = mandate.person_id == actor.id
    if not (is_own or allowed("appoint", actor, mandate.organisation)):
        raise MayNot
    if mandate.ended_at is not None:
        return False
    if not is_own and not reasons:
        raise states.ReasonMissing("To revoke needs a reason.")
    if is_own:
        return _end(mandate, End.GIVEN_UP, actor=actor, now=now)
    for offer in open_offers(mandate.organisation):
        if offer.offered_by_id == mandate.person_id:
            withdraw_offer(offer, actor=actor, now=now)
    return _end(mandate, End.REVOKED, actor=actor, now=now, reasons=reasons)


def _end(mandate: Mandate, because: End, *, actor: Person, now: datetime, reasons: str | None = None) -> bool:
    ended = changed(
        update(Mandate)
        .where(Mandate.id == mandate.id, Mandate.ended_at.is_(None))
        .values(ended_at=now, ended_because=because, end_reasons=reasons)
    )
    db.session.refresh(mandate)
    if ended:
        details = {"because": str(because)}
        events.record("mandate.ended", mandate, actor_id=actor.id, now=now, details=details)
    return bool(ended)


def _give(organisation: Organisation, person: Person, term: Term, *, actor: Person, now: datetime) -> Mandate:
    """Give a person a mandate; what they had for the same organisation ends with it."""
    for earlier in _held_by(person.id, organisation):
        _end(earlier, End.RENEWED, actor=actor, now=now)
    return _add_mandate("mandate.given", organisation, person, term, actor=actor, now=now)


def record_mandate(
    organisation: Organisation, person: Person, term: Term, *, official: Person, now: datetime
) -> Mandate:
    """Put on record that somebody without an account had a mandate when `official` heard them."""
    return _add_mandate("mandate.recorded", organisation, person, term, actor=official, now=now)


def _add_mandate(
    kind: str, organisation: Organisation, person: Person, term: Term, *, actor: Person, now: datetime
) -> Mandate:
    mandate = Mandate(person_id=person.id, organisation_id=organisation.id, **asdict(term))
    db.session.add(mandate)
    db.session.flush()
    db.session.expire(organisation, ["mandates"])
    events.record(kind, mandate, actor_id=actor.id, now=now)
    return mandate


def _held_by(person_id: int, organisation: Organisation) -> Sequence[Mandate]:
    held = select(Mandate).where(
        Mandate.organisation_id == organisation.id,
        Mandate.person_id == person_id,
        Mandate.ended_at.is_(None),
    )
    return db.session.scalars(held).all()


def _refuse_flawed(term: Term, now: datetime) -> None:
    if found := mandate_flaws(term.dated, term.expires_on, local_day(now)):
        raise ValueError(f"No mandate can have this term (at most {LONGEST_MANDATE.days} days): {found}")


def _refuse_taken(number: str | None, *, but: Organisation | None = None) -> None:
    if number and (other := with_number(number, but=but)):
        raise NumberTaken(other)


def _free_slug(name: str) -> str:
    """An address made of the name that no other organisation has."""
    wanted = slug_of(name)
    taken = set(db.session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(wanted))))
    free = (wanted, *(f"{wanted}-{count}" for count in range(2, len(taken) + 3)))
    return next(slug for slug in free if slug not in taken)
