"""Who may take a stance, what of the sums is shown and when, and how far up a comment stands by them. Pure.

A stance on a municipality's goals tells of political views, so nobody may learn what another person thinks: not from
a sum, not from the difference of two sums, and not from the same sum at two moments. Somebody who tries can read the
page as often as they like, can know when somebody else presses (they sit beside them), and has an account of their own,
or a few. What is shown follows these rules, each against one attack:

1. A renewal waits until at least `STEP` persons more have come, changed or left since the last. Against reading the sum
   before and after somebody pressed.
2. A person counts as one of them once, however often they press, and not at all once back where they were. Against
   pressing to and fro until the sums are renewed, right after somebody else.
3. Whether a renewal comes depends on how many wait, never on what they think. Against reading a stance from the moment.
4. `ASIDE` of those who wait are left out, drawn by lot, until a later renewal. Against knowing exactly whom a renewal
   is about: where all who pressed in between think the same, each of them would be given away, and so would all there
   are where everybody on a comment thinks the same.
5. A sum under `FEWEST_SHOWN` isn't shown, and a zero is under it too: that nobody disagrees tells what each one thinks.
6. No total is shown. Against having a hidden sum as what the others leave of it; so no second one need be hidden.
7. A sum that is shown stays as it is until it can move by at least `STEP`. Against a count under five as the
   difference of two moments, such as one more who disagrees.

It doesn't hold against whoever has as many accounts as `STEP` and presses with all of them around somebody else, as no
exact count can; each account takes an address of its own.
"""

import hashlib
import hmac
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from dialog.conversation.rules import CommentState
from dialog.intervals import wilson
from dialog.small_numbers import FEWEST_SHOWN


class Stance(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105 - has no view, or doesn't want to say


class Refusal(StrEnum):
    """Why a stance isn't taken, changed or taken back."""

    NOT_SHOWN = "not_shown"
    A_REPLY = "a_reply"
    OWN = "own"
    OVER = "over"


MOST_A_MINUTE = 120  # presses by one person: more than anybody can read, let alone think about
STEP = FEWEST_SHOWN
ASIDE = 2


def refusal(state: CommentState, *, is_reply: bool, is_own: bool, is_open: bool) -> Refusal | None:
    """Why somebody may not take a stance on a comment in `state`, or None where they may.

    Nobody does on their own: what they think stands there already, and the first of few stances would be known to be
    theirs. `is_open` says whether what the comment is about can be commented on; after that the sums are what the
    decision is taken on, so nothing of them is changed or taken back.
    """
    if state != CommentState.PUBLISHED:
        return Refusal.NOT_SHOWN
    if is_reply:
        return Refusal.A_REPLY
    if not is_open:
        return Refusal.OVER
    return Refusal.OWN if is_own else None


def holder_of(person_id: int, goal_id: int, secret: str) -> str:
    """What is stored in a person's place: the same on all that is said about one goal, another on every other goal.

    The goal and not the dialogue, which can open after the first stances; a goal's assignments are with it. Whoever
    doesn't have the secret can neither tell whose it is nor find the same person on another goal.
    """
    key = hmac.digest(secret.encode(), f"dialog: stances on goal {goal_id}".encode(), "sha256")
    return hmac.new(key, str(person_id).encode(), hashlib.sha256).hexdigest()


class Sums(NamedTuple):
    """How many take each stance; None where that isn't shown."""

    agree: int | None = None
    disagree: int | None = None
    passed: int | None = None


NOTHING = Sums()


def is_due(waiting: int) -> bool:
    """Whether the sums are to be renewed: `waiting` persons take another stance than the one counted for them."""
    return waiting >= STEP + ASIDE


def shown(counted: Sequence[int], before: Sums) -> Sums:
    """The sums to show, of those `counted`, in the place of `before`."""
    return Sums(*(_shown(now, then) for now, then in zip(counted, before, strict=True)))


def _shown(now: int, then: int | None) -> int | None:
    if now < FEWEST_SHOWN:
        return None
    return now if then is None or abs(now - then) >= STEP else then


PER = 10_000


def support(sums: Sums) -> int:
    """How far up a comment stands, in ten-thousandths: the share of those with a view who agree, at the least.

    The lower bound of Wilson's interval, so that five of five don't stand above ninety of a hundred. Worked out
    from what is shown alone: where it isn't shown how many disagree, they are taken to be as many as they can be, and
    where it isn't shown how many agree, there is no support.
    """
    if sums.agree is None:
        return 0
    against = FEWEST_SHOWN - 1 if sums.disagree is None else sums.disagree
    return int(PER * wilson(sums.agree, sums.agree + against).low)
