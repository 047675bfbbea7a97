"""The secret part of the address by which a letter about what one follows is ended, without signing in."""

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from dialog.following.rules import Thing


@dataclass(frozen=True)
class End:
    """What an address ends: letters about everything a person follows, or their following of one thing."""

    person_id: int
    thing: Thing | None = None
    thing_id: int | None = None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="end-of-letters")


def token_of_end(person_id: int, thing: Thing | None = None, thing_id: int | None = None) -> str:
    """The token that ends a person's letters about what they follow, or their following of one thing."""
    what = [person_id] if thing is None else [person_id, str(thing), thing_id]
    return str(_signer().dumps(what))


def end_of_token(token: str) -> End | None:
    """What a token of ours ends; None if it isn't ours. It holds for ever, as the letter does."""
    try:
        person_id, *rest = _signer().loads(token)
    except BadSignature:
        return None
    return End(person_id, Thing(rest[0]), rest[1]) if rest else End(person_id)
