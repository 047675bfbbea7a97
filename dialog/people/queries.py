"""Reading about people: oneself, the notice, who has which role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from dialog.db import ask, db
from dialog.people.models import (
    Identity,
    Notice,
    NoticeAcknowledgement,
    Person,
    RoleGrant,
    SignedIn,
    SignInLink,
)
from dialog.people.rules import BROWSERS_LISTED, Address, Owner, Proof, Step, hash_of, step_of

_SIGNED_IN = (
    select(Person)
    .join(SignedIn, SignedIn.person_id == Person.id)
    .where(
        SignedIn.key_hash == bindparam("key_hash"),
        SignedIn.ended_at.is_(None),
        SignedIn.expires_at > bindparam("now"),
    )
    .options(joinedload(Person.grants))
)


def person_signed_in(key: str, now: datetime) -> Person | None:
    """The person whose browser holds `key`, if it is still signed in."""
    return db.session.scalars(_SIGNED_IN, {"key_hash": hash_of(key), "now": now}).unique().first()


@dataclass(frozen=True)
class Browsers:
    """Where a person is signed in: this browser first, then the newest; `others` counts all but this one."""

    listed: Sequence[SignedIn]
    others: int


_BROWSERS = (
    select(SignedIn, func.count().over().label("all"))
    .where(
        SignedIn.person_id == bindparam("person_id"),
        SignedIn.ended_at.is_(None),
        SignedIn.expires_at > bindparam("now"),
    )
    .order_by((SignedIn.key_hash == bindparam("key_hash")).desc(), SignedIn.id.desc())
    .limit(BROWSERS_LISTED)
)


def browsers_of(person: Person, now: datetime) -> Browsers:
    """The browsers in which `person`, who holds one of them, is signed in."""
    values = {"person_id": person.id, "now": now, "key_hash": hash_of(person.get_id())}
    rows = db.session.execute(_BROWSERS, values).all()
    return Browsers([row.SignedIn for row in rows], others=rows[0].all - 1 if rows else 0)


def browser_of(person: Person, signed_in_id: int) -> SignedIn | None:
    """The browser with this id in which `person` is, or has been, signed in; None if it is somebody else's."""
    return db.session.scalar(
        select(SignedIn).where(SignedIn.id == signed_in_id, SignedIn.person_id == person.id)
    )


def identity_of(person: Person) -> Identity | None:
    """How `person` has proved who they are, if they have."""
    return db.session.get(Identity, person.id)


def real_name_of(person: Person) -> str | None:
    """The name that the provider of their e-legitimation has given, if any."""
    identity = identity_of(person)
    return identity.name if identity else None


def person_with_identity(key: str) -> Person | None:
    """The person to whom an identity belongs (see rules.identity_of)."""
    return db.session.scalar(
        select(Person).join(Identity, Identity.person_id == Person.id).where(Identity.key == key)
    )


def step_with(proof: Proof, reader: Person | None) -> Step:
    """What `reader`, or the visitor, can do with `proof`."""
    owner_id = db.session.scalar(select(Identity.person_id).where(Identity.key == proof.identity))
    owner = Owner.NOBODY if owner_id is None else Owner.SOMEBODY
    if reader is not None and owner_id == reader.id:
        owner = Owner.READER
    known = proof.email and db.session.scalar(select(Person.id).where(Person.email == proof.email))
    return step_of(
        is_signed_in=reader is not None,
        owner=owner,
        has_identity=reader is not None and identity_of(reader) is not None,
        address=Address.TAKEN if known else Address.FREE if proof.email else Address.NONE,
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="sign-in-link")


def token_of(link: SignInLink) -> str:
    """The secret part of a sign-in link's address. The database alone isn't enough to make one."""
    return str(_signer().dumps(link.key))


def link_of_token(token: str, now: datetime) -> SignInLink | None:
    """The sign-in link a token was made for; None if it is not ours, has been used, or has expired."""
    try:
        key = str(_signer().loads(token))
    except BadSignature:
        return None
    return db.session.scalar(
        select(SignInLink).where(
            SignInLink.key == key, SignInLink.used_at.is_(None), SignInLink.expires_at > now
        )
    )


def notice_in_force() -> Notice | None:
    """The newest version of the notice."""
    return db.session.scalar(select(Notice).order_by(Notice.version.desc()).limit(1))


_newest = select(func.max(Notice.version)).scalar_subquery()
_person = Person.__table__.c
_acknowledged = exists().where(
    NoticeAcknowledgement.person_id == _person.id, NoticeAcknowledgement.version == _newest
)
# The condition that a person has chosen a name and read the notice in force, if there is one.
PREPARED = and_(func.coalesce(_person.name, "") != "", or_(_newest.is_(None), _acknowledged))
# The condition that the name a person shows is their own: as they say, or as their e-legitimation does.
NAME_IS_REAL = or_(
    _person.name_is_real, exists().where(Identity.person_id == _person.id, Identity.name == _person.name)
)
_NAME_IS_REAL = select(NAME_IS_REAL).where(_person.id == bindparam("person_id"))
_IS_PREPARED = select(PREPARED).where(_person.id == bindparam("person_id"))


def is_prepared(person: Person) -> bool:
    """Whether the person may begin to write: has chosen a name and read the notice in force."""
    return bool(ask(_IS_PREPARED, person_id=person.id).scalar())


def name_is_real(person: Person) -> bool:
    """Whether the person has said, or proved, that the name they show is their own."""
    return bool(ask(_NAME_IS_REAL, person_id=person.id).scalar())


def role_grants() -> Sequence[RoleGrant]:
    """Every role that somebody has, by the person's address."""
    statement = select(RoleGrant).join(RoleGrant.person).options(contains_eager(RoleGrant.person))
    return db.session.scalars(statement.order_by(Person.email, RoleGrant.role, RoleGrant.id)).all()
