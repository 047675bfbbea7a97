"""What people do with their own accounts, and how they sign in."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update

from dialog import attempts, events
from dialog.db import changed, db
from dialog.people import queries
from dialog.people.models import (
    Identity,
    Notice,
    NoticeAcknowledgement,
    Person,
    RoleGrant,
    SignedIn,
    SignInAttempt,
    SignInLink,
)
from dialog.people.rules import (
    MOST_SIGN_IN_ATTEMPTS,
    SIGN_IN_ATTEMPTS_WITHIN,
    SIGN_IN_LINK_HOLDS,
    SIGN_IN_LINKS_PER_ADDRESS,
    SIGNED_IN_HOLDS,
    Proof,
    Role,
    Step,
    hash_of,
)
from dialog.plan.models import Committee


class LinkNotUsable(Exception):
    """The sign-in link has been used, or has expired."""


def note_attempt(network: str, *, now: datetime) -> None:
    """Keep that a link was asked for from `network` (see rules.network_of). Raises attempts.TooManyAttempts."""
    attempts.note_attempt(
        SignInAttempt, network, most=MOST_SIGN_IN_ATTEMPTS, within=SIGN_IN_ATTEMPTS_WITHIN, now=now
    )


def request_sign_in(email: str, *, language: str, next_path: str | None, now: datetime) -> None:
    """Make a link for `email` (already checked and normalised); the letter with it follows from the event.

    Does nothing when the address has several unused links waiting, so that nobody's mailbox can be flooded.
    What the asker sees is the same in every case.
    """
    waiting = db.session.scalar(
        select(func.count())
        .select_from(SignInLink)
        .where(SignInLink.email == email, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    )
    if (waiting or 0) >= SIGN_IN_LINKS_PER_ADDRESS:
        return
    link = SignInLink(
        email=email,
        language=language,
        next_path=next_path,
        created_at=now,
        expires_at=now + SIGN_IN_LINK_HOLDS,
    )
    db.session.add(link)
    db.session.flush()
    events.record("sign_in.requested", link, actor_id=None, now=now)


def use_sign_in_link(
    link: SignInLink, *, now: datetime, instead_of: str | None = None, browser: str | None = None
) -> tuple[Person, str]:
    """Sign in whoever holds `link`: gives the person (made at the first time) and the browser's secret key.

    `instead_of` and `browser` are as in `open_browser`.

    Raises LinkNotUsable when it has expired or somebody has used it.
    """
    statement = (
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
    )
    if not changed(statement):
        raise LinkNotUsable
    person = _person_with(link.email, language=link.language, now=now)
    return person, open_browser(person, now=now, instead_of=instead_of, browser=browser)


def open_browser(
    person: Person, *, now: datetime, instead_of: str | None = None, browser: str | None = None
) -> str:
    """Sign `person` in in one more browser; gives the secret key its cookie is to hold.

    `instead_of` is the key the same browser held before, if any: it opens nothing any more. `browser` is its kind
    (see rules.kind_of_browser).
    """
    if instead_of is not None:
        close_browser(instead_of, now=now)
    key = secrets.token_urlsafe(24)
    signed_in = SignedIn(
        key_hash=hash_of(key),
        person_id=person.id,
        created_at=now,
        expires_at=now + SIGNED_IN_HOLDS,
        browser=browser,
    )
    db.session.add(signed_in)
    db.session.flush()
    events.record("person.signed_in", person, actor_id=person.id, now=now)
    return key


def close_browser(key: str, *, now: datetime) -> None:
    """Sign out the browser that holds `key`. Doing it twice changes nothing."""
    signed_in = db.session.scalar(select(SignedIn).where(SignedIn.key_hash == hash_of(key)))
    if signed_in is not None:
        end_browser(signed_in, now=now)


def end_browser(signed_in: SignedIn, *, now: datetime) -> None:
    """Sign out one of a person's browsers, on their own word. Doing it twice changes nothing."""
    _end(signed_in.person, now, {"signed_in_id": signed_in.id}, SignedIn.id == signed_in.id)


def end_browsers(person: Person, *, now: datetime, but: str | None = None) -> None:
    """Sign `person` out everywhere, `but` in the browser that holds this key. Doing it twice changes nothing."""
    kept = [SignedIn.key_hash != hash_of(but)] if but else []
    _end(person, now, {"everywhere": True}, SignedIn.person_id == person.id, *kept)


def _end(person: Person, now: datetime, details: dict[str, Any], *which: ColumnElement[bool]) -> None:
    ended = changed(update(SignedIn).where(SignedIn.ended_at.is_(None), *which).values(ended_at=now))
    if ended:
        events.record("person.signed_out", person, actor_id=person.id, now=now, details=details)


class NotThisStep(Exception):
    """What was to be done with a proof of who somebody is can't be done any more, or never could."""


def link_identity(person: Person, proof: Proof, *, now: datetime) -> None:
    """Keep that `person` has proved who they are. Raises NotThisStep where it is somebody else, or they have before."""
    if queries.step_with(proof, person) != Step.LINK:
        raise NotThisStep
    db.session.add(Identity(person_id=person.id, key=proof.identity, verified_at=now, name=proof.name))
    events.record("person.verified", person, actor_id=person.id, now=now)


def unlink_identity(person: Person, *, now: datetime) -> None:
    """Forget how `person` has proved who they are: from now on they sign in by e-mail alone. Twice is once."""
    if (identity := queries.identity_of(person)) is None:
        return
    db.session.delete(identity)
    db.session.flush()
    events.record("person.unlinked", person, actor_id=person.id, now=now)


def use_proof(
    proof: Proof,
    *,
    language: str,
    now: datetime,
    browser: str | None = None,
) -> tuple[Person, str]:
    """Sign in whoever has proved who they are: gives the person and the browser's secret key.

    The person is made at the first time, if an address of theirs came with the proof. Raises NotThisStep.
    """
    step = queries.step_with(proof, None)
    person = queries.person_with_identity(proof.identity)
    if step == Step.SIGN_UP and proof.email:
        person = _person_with(proof.email, language=language, now=now)
        link_identity(person, proof, now=now)
    if person is None:
        raise NotThisStep
    return person, open_browser(person, now=now, browser=browser)


def acknowledge_notice(person: Person, notice: Notice, *, now: datetime) -> None:
    """Keep that `person` has read `notice`. Doing it twice changes nothing."""
    if db.session.get(NoticeAcknowledgement, (person.id, notice.version)):
        return
    db.session.add(NoticeAcknowledgement(person_id=person.id, version=notice.version, acknowledged_at=now))
    events.record(
        "notice.acknowledged", person, actor_id=person.id, now=now, details={"version": notice.version}
    )


def edit_account(
    person: Person,
    *,
    name: str,
    area_id: int | None,
    language: str,
    now: datetime,
    name_is_real: bool | None = None,
) -> None:
    """Set what `person` shows of themselves and the language letters come in.

    `name_is_real` is whether they say that the name is their own; None if they weren't asked, and then what they said
    of it before holds for as long as the name is the same.
    """
    real = and_(Person.name_is_real, Person.name == name) if name_is_real is None else name_is_real
    changed(
        update(Person)
        .where(Person.id == person.id)
        .values(name=name, area_id=area_id, language=language, name_is_real=real)
    )
    db.session.refresh(person)
    events.record("person.edited", person, actor_id=person.id, now=now)


def state_real_name(person: Person, *, now: datetime) -> None:
    """Keep that `person` says the name they show is their own. Doing it twice changes nothing."""
    if changed(update(Person).where(Person.id == person.id, ~Person.name_is_real).values(name_is_real=True)):
        events.record("person.stated_real_name", person, actor_id=person.id, now=now)


def choose_language(person: Person, language: str, *, now: datetime) -> None:
    """Set the language that `person`'s letters come in."""
    changed(update(Person).where(Person.id == person.id).values(language=language))
    db.session.refresh(person)
    events.record("person.edited", person, actor_id=person.id, now=now)


def give_role(email: str, role: Role, committee: Committee | None, *, now: datetime) -> Person:
    """Give the person with this address a role, at a committee where the role needs one.

    The person is made if there is none yet. Doing it twice changes nothing.
    """
    person = _person_with(email, language="sv", now=now)
    committee_id = committee.id if committee else None
    if any(grant.role == role and grant.committee_id == committee_id for grant in person.grants):
        return person
    person.grants.append(RoleGrant(role=role, committee_id=committee_id))
    db.session.flush()
    details = {"role": str(role), "committee_id": committee_id}
    events.record("person.given_role", person, actor_id=None, now=now, details=details)
    return person


def take_role(email: str, role: Role, committee: Committee | None, *, now: datetime) -> bool:
    """Take a role from the person with this address; gives whether the person had it."""
    committee_id = committee.id if committee else None
    person = db.session.scalar(select(Person).where(Person.email == email))
    grants = person.grants if person else []
    grant = next((one for one in grants if one.role == role and one.committee_id == committee_id), None)
    if person is None or grant is None:
        return False
    db.session.delete(grant)
    db.session.flush()
    db.session.expire(person, ["grants"])
    details = {"role": str(role), "committee_id": committee_id}
    events.record("person.taken_role", person, actor_id=None, now=now, details=details)
    return True


def hear(name: str | None, *, official: Person, now: datetime) -> Person:
    """Put on record somebody without an account, whom `official` heard; `name` is as it is shown, None if withheld."""
    person = Person(name=name, language="sv", created_at=now, grants=[])
    db.session.add(person)
    db.session.flush()
    events.record("person.created", person, actor_id=official.id, now=now)
    return person


def note_told(person: Person, notice: Notice, *, official: Person, now: datetime) -> None:
    """Keep that `official` has told `person`, who has no account, what `notice` says (BBS-lagen 3 §)."""
    events.record("notice.told", person, actor_id=official.id, now=now, details={"version": notice.version})


def _person_with(email: str, *, language: str, now: datetime) -> Person:
    person = db.session.scalar(select(Person).where(Person.email == email))
    if person is None:
        person = Person(email=email, language=language, created_at=now, grants=[])
        db.session.add(person)
        db.session.flush()
        events.record("person.created", person, actor_id=person.id, now=now)
    return person
