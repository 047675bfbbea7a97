"""The rules that ask moderators for a look: keeping them, and looking through what is sent by those that are on."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import bindparam, func, select, true
from sqlalchemy.orm import joinedload

from dialog import events, states
from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import NOT_WATCHED, Watched
from dialog.conversation.watching import Sent
from dialog.db import ask, constant, db
from dialog.moderation.models import WatchRule
from dialog.moderation.watching_rules import (
    MOST_HOURS,
    MOST_TIMES,
    Before,
    Effect,
    Said,
    WatchKind,
    WatchTerms,
    asks_for_a_look,
)
from dialog.people.models import Person
from dialog.permissions import allowed
from dialog.stems import fingerprint, stem, words_of

_SHIPPED = Path(__file__).parent / "data" / "watch.toml"


class MayNotWatch(Exception):
    """Only administrators write the rules."""


class Exists(Exception):
    """There is a rule already that says the same; `rule` is it."""

    def __init__(self, rule: WatchRule) -> None:
        super().__init__(f"Rule {rule.id} says the same.")
        self.rule = rule


def add_rule(terms: WatchTerms, *, administrator: Person, now: datetime) -> WatchRule:
    """Have moderators asked for a look by one more rule, from now on. Raises MayNotWatch and Exists."""
    _refuse(administrator)
    if there_is := _saying(terms):
        raise Exists(there_is)
    return _add(terms, administrator, now)


def change_rule(
    rule: WatchRule, terms: WatchTerms, *, seen: int, administrator: Person, now: datetime
) -> WatchRule:
    """Put another rule in the place of one seen at version `seen`, which is switched off and keeps its counts.

    The same terms change nothing. Raises MayNotWatch, Exists and, where it was changed meanwhile, states.Stale.
    """
    _refuse(administrator)
    db.session.refresh(rule)
    if rule.terms == terms:
        return rule
    if is_replaced(rule):
        raise states.Stale(rule)
    if (there_is := _saying(terms)) and there_is.id != rule.id:
        raise Exists(there_is)
    states.change(rule, seen=seen, is_on=False, switched_at=now)
    return _add(terms, administrator, now, replaces=rule)


def switch_rule(rule: WatchRule, *, on: bool, seen: int, administrator: Person, now: datetime) -> bool:
    """Switch a rule seen at version `seen` on or off. False when it was so already.

    Raises MayNotWatch and, where it was changed meanwhile, states.Stale.
    """
    _refuse(administrator)
    db.session.refresh(rule)
    if rule.is_on == on:
        return False
    if is_replaced(rule):
        raise states.Stale(rule)
    states.change(rule, seen=seen, is_on=on, switched_at=now)
    kind = "watch_rule.switched_on" if on else "watch_rule.switched_off"
    events.record(kind, rule, actor_id=administrator.id, now=now)
    return True


def _refuse(administrator: Person) -> None:
    if not allowed("edit_watch_rules", administrator):
        raise MayNotWatch


def is_replaced(rule: WatchRule) -> bool:
    """Whether another rule has taken the place of one, which then stays off."""
    return db.session.scalar(select(WatchRule.id).where(WatchRule.replaces_id == rule.id)) is not None


def _saying(terms: WatchTerms) -> WatchRule | None:
    """A rule that looks for the same and has the same done, and is on."""
    of_kind = db.session.scalars(select(WatchRule).where(WatchRule.kind == terms.kind, WatchRule.is_on))
    return next((rule for rule in of_kind if _same(rule.terms) == _same(terms)), None)


def _same(terms: WatchTerms) -> tuple[Any, ...]:
    words = tuple(words_of(terms.words or ""))
    return (terms.effect, words, terms.exactly, terms.days, terms.times, terms.hours, terms.by_one)


def _add(
    terms: WatchTerms, administrator: Person | None, now: datetime, replaces: WatchRule | None = None
) -> WatchRule:
    rule = WatchRule(
        kind=terms.kind,
        effect=terms.effect,
        note=terms.note,
        words=terms.words,
        exactly=terms.exactly,
        days=terms.days,
        times=terms.times,
        hours=terms.hours,
        by_one=terms.by_one,
        made_by_id=administrator.id if administrator else None,
        made_at=now,
        replaces_id=replaces.id if replaces else None,
    )
    db.session.add(rule)
    db.session.flush()
    details = {"kind": str(terms.kind), "effect": str(terms.effect)}
    if replaces is not None:
        details["replaces"] = str(replaces.id)
    actor_id = administrator.id if administrator else None
    events.record("watch_rule.added", rule, actor_id=actor_id, now=now, details=details)
    return rule


def load_shipped(*, now: datetime) -> int:
    """Add the rules that the service ships with and that were never here; gives how many. None of them hides."""
    there_are = {
        rule.terms for rule in db.session.scalars(select(WatchRule).where(WatchRule.made_by_id.is_(None)))
    }
    rows = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))["rule"]
    shipped = [
        WatchTerms(**row | {"kind": WatchKind(row["kind"]), "effect": Effect(row["effect"])}) for row in rows
    ]
    new = [terms for terms in shipped if terms not in there_are]
    for terms in new:
        _add(terms, None, now)
    return len(new)


@dataclass(frozen=True)
class _InForce:
    """The rules that are on, as of a revision of them all: kept by each process."""

    revision: int = 0
    rules: tuple[tuple[int, WatchTerms], ...] = ()


def set_up(app: Flask) -> None:
    app.extensions["watch_rules"] = _InForce()


_rule, _wording, _comment = WatchRule.__table__.c, CommentWording.__table__.c, Comment.__table__.c
_REVISION = select(func.coalesce(func.sum(_rule.version), 0).label("revision")).subquery("rules")
_SAME_TEXT = (
    select(_wording.written_at, _comment.author_id)
    .join(Comment.__table__, _comment.id == _wording.comment_id)
    .where(
        _wording.fingerprint == bindparam("fingerprint"),
        _wording.written_at > bindparam("since", type_=_wording.written_at.type),
        _comment.id != bindparam("edited"),
    )
    .order_by(_wording.written_at.desc())
    .limit(constant(MOST_TIMES))
    .subquery("same")
)
# One question, whatever rules there are: this is asked of everything that is sent.
_ASKED = select(_REVISION, _SAME_TEXT).select_from(_REVISION.outerjoin(_SAME_TEXT, true()))


def look_through(sent: Sent) -> Watched:
    """Which of the rules that are on ask for a look at some words, and whether one of them has the words wait."""
    rows = ask(
        _ASKED,
        fingerprint=fingerprint(sent.text),
        since=sent.at - timedelta(hours=MOST_HOURS),
        edited=sent.edited.id if sent.edited else 0,
    ).all()
    rules = _rules_in_force(rows[0].revision)
    if not rules:
        return NOT_WATCHED
    own = sent.author.id if sent.author else None
    words = words_of(sent.text)
    said = Said(
        words=words,
        stems=[stem(word) for word in words],
        has_links='<a href="' in sent.html,
        age=sent.at - sent.author.created_at if sent.author else None,
        at=sent.at,
        before=[Before(row.written_at, row.author_id == own) for row in rows if row.written_at],
    )
    asking = [(rule_id, terms) for rule_id, terms in rules if asks_for_a_look(terms, said)]
    return Watched(
        tuple(rule_id for rule_id, _ in asking), any(terms.effect == Effect.HOLD for _, terms in asking)
    )


def _rules_in_force(revision: int) -> tuple[tuple[int, WatchTerms], ...]:
    kept: _InForce = current_app.extensions["watch_rules"]
    if kept.revision != revision:
        on = db.session.scalars(select(WatchRule).where(WatchRule.is_on).order_by(WatchRule.id))
        kept = _InForce(revision, tuple((rule.id, rule.terms) for rule in on))
        current_app.extensions["watch_rules"] = kept
    return kept.rules


def all_rules() -> list[WatchRule]:
    """Every rule there has been: those that are on first, then the newest first."""
    rules = select(WatchRule).order_by(WatchRule.is_on.desc(), WatchRule.id.desc())
    return list(db.session.scalars(rules.options(joinedload(WatchRule.made_by).lazyload(Person.grants))))
