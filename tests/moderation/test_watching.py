"""Rules ask moderators for a look: on arrival and when something is changed, and what is decided measures them."""

import pytest
from sqlalchemy import func, select

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState, ReviewReason
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.models import Flag, WatchRule
from dialog.moderation.queries import queue
from dialog.moderation.rules import Choice
from dialog.moderation.watching import (
    Exists,
    MayNotWatch,
    add_rule,
    change_rule,
    load_shipped,
    switch_rule,
)
from dialog.moderation.watching_rules import Effect, FlagState, WatchKind, WatchTerms
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.response.models import Matter
from tests import counts

THREAT = "Jag ska döda dig om bussen inte går på kvällen."
CALM = "Bussen borde gå på kvällen också, tycker jag."
RECEIVED, PUBLISHED = CommentState.RECEIVED, CommentState.PUBLISHED


@pytest.fixture
def known(world):
    """Rut, whose comments are shown at once."""
    world.trusted(world.rut)
    return world.rut


def now_of(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id, populate_existing=True)


def flags(comment: Comment) -> list[FlagState]:
    of_comment = select(Flag.state).where(Flag.comment_id == comment.id).order_by(Flag.id)
    return list(db.session.scalars(of_comment))


def test_what_a_rule_singles_out_is_shown_and_waits_with_that_reason(world, known):
    rule = world.watching(WatchKind.WORDS, words="döda dig")
    comment = world.say(known, THREAT)
    assert (comment.state, comment.review_reason) == (PUBLISHED, ReviewReason.WATCHED)
    assert flags(comment) == [FlagState.OPEN]
    submitted = db.session.scalars(
        select(Event).where(Event.kind == "comment.submitted", Event.subject_id == comment.id)
    ).one()
    assert submitted.details["watched"] == [rule.id]
    assert world.say(known, CALM).review_reason == ReviewReason.NEW_COMMENT
    counts.assert_right()


def test_what_a_rule_has_wait_is_shown_to_nobody_until_a_moderator_decides(world, client, known):
    world.watching(WatchKind.WORDS, Effect.HOLD, words="döda dig")
    comment = world.say(known, THREAT)
    assert (comment.state, comment.review_reason) == (RECEIVED, ReviewReason.WATCHED)
    assert client.get(f"/inlagg/{comment.number}").status_code == 404
    assert db.session.scalar(select(func.count()).where(Matter.comment_id == comment.id)) == 0
    assert "En regel i programmet har uppmärksammat" in client.get(f"/kvitto/{comment.receipt_key}").text
    [letter] = [
        one
        for one in db.session.scalars(select(Letter).where(Letter.kind == LetterKind.RECEIPT))
        if one.subject_id == comment.id
    ]
    assert "En regel i programmet har uppmärksammat" in write(letter).body
    world.decide(comment, "publish")
    assert now_of(comment).state == PUBLISHED and flags(comment) == [FlagState.OVERRULED]
    counts.assert_right()


def test_a_first_comment_waits_as_such_and_is_found_among_what_rules_single_out(world):
    world.watching(WatchKind.WORDS, words="döda dig")
    comment = world.say(world.nils, THREAT)
    assert (comment.state, comment.review_reason) == (RECEIVED, ReviewReason.FIRST_COMMENT)
    chosen = queue(world.mona, now=clock.now(), choice=Choice(reason=ReviewReason.WATCHED))
    assert [one.id for one in chosen.comments] == [comment.id]


@pytest.mark.parametrize(
    ("act", "state"),
    [("hide", FlagState.UPHELD), ("look", FlagState.OVERRULED)],
)
def test_what_a_moderator_decides_measures_the_rule(world, known, act, state):
    world.watching(WatchKind.WORDS, words="döda dig")
    comment = world.say(known, THREAT)
    world.decide(comment, act)
    assert flags(comment) == [state]
    counts.assert_right()


def test_what_is_decided_last_is_what_counts(world, known):
    world.watching(WatchKind.WORDS, words="döda dig")
    comment = world.say(known, THREAT)
    world.decide(comment, "hide")
    world.decide(now_of(comment), "restore", world.max)
    assert flags(comment) == [FlagState.OVERRULED]
    counts.assert_right()


def test_withdrawn_or_changed_before_anybody_looked_it_measures_nothing(world, known):
    world.watching(WatchKind.WORDS, words="döda dig")
    changed, withdrawn = world.say(known, THREAT), world.say(known, f"{THREAT} Nu.")
    world.edit(changed, CALM)
    assert (now_of(changed).review_reason, flags(changed)) == (ReviewReason.EDITED, [FlagState.LAPSED])
    world.withdraw(withdrawn)
    assert flags(withdrawn) == [FlagState.LAPSED]
    counts.assert_right()


def test_an_edit_is_looked_through_too_and_is_no_way_past_the_rule(world, known):
    world.watching(WatchKind.WORDS, Effect.HOLD, words="döda dig")
    comment = world.say(known, CALM)
    assert comment.is_public
    world.edit(comment, THREAT)
    assert (now_of(comment).state, comment.review_reason) == (RECEIVED, ReviewReason.WATCHED)
    world.decide(comment, "hide")
    world.edit(now_of(comment), f"{THREAT} Kanske.")
    assert flags(comment) == [FlagState.UPHELD, FlagState.OPEN]
    counts.assert_right()


def test_links_from_new_accounts_and_repetition_single_out(world, known):
    world.watching(WatchKind.LINKS, days=7)
    world.watching(WatchKind.REPEATED, times=3, hours=24)
    link = world.say(known, "Titta på https://example.org/erbjudande innan det är för sent.")
    assert link.review_reason == ReviewReason.WATCHED
    for author in (world.nils, world.vera):
        assert flags(world.say(author, CALM)) == []
    assert flags(world.say(known, CALM.upper())) == [FlagState.OPEN]
    clock.forward(days=8)
    assert flags(world.say(known, "Titta på https://example.org/annat innan det är för sent.")) == []
    assert flags(world.say(known, CALM)) == []


def test_the_statement_of_reasons_says_that_a_rule_had_singled_it_out(world, client, known):
    world.watching(WatchKind.WORDS, words="döda dig")
    comment = world.say(known, THREAT)
    world.decide(comment, "hide")
    [letter] = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.HIDDEN))
    for said in (client.get(f"/kvitto/{comment.receipt_key}").text, write(letter).body):
        assert "En regel i programmet uppmärksammar vissa ord" in said
        assert "Regeln bestämde ingenting" in said
        assert "Ingen regel i programmet" not in said
    assert "En regel i programmet hade uppmärksammat det" in client.get("/moderering/logg").text


def test_moderators_see_which_rule_and_which_words_and_nobody_else_does(world, client, known):
    world.watching(WatchKind.WORDS, words="döda dig")
    comment = world.say(known, THREAT)
    world.sign_in(client, world.mona)
    for page in ("/moderering", "/moderering?skal=uppmarksammat-av-regel", f"/inlagg/{comment.number}"):
        text = client.get(page).text
        assert '<mark lang="sv">döda dig</mark>' in text and "Kan vara ett hot." in text
    world.sign_in(client, world.gun)
    assert "<mark" not in client.get(f"/inlagg/{comment.number}").text


def terms(**changes) -> WatchTerms:
    said = {"kind": WatchKind.WORDS, "effect": Effect.FLAG, "note": "Varför den finns.", "words": "hot"}
    return WatchTerms(**said | changes)


def test_a_changed_rule_is_a_new_one_and_the_old_one_keeps_its_figures(world, known):
    rule = world.watching(WatchKind.WORDS, words="döda dig")
    world.decide(world.say(known, THREAT), "look")
    with transaction():
        new = change_rule(rule, terms(words="skjuta dig"), seen=1, administrator=world.adam, now=clock.now())
    assert (new.replaces_id, new.is_on, rule.is_on) == (rule.id, True, False)
    assert flags(world.say(known, f"{THREAT} Igen.")) == []
    with transaction():  # the same again changes nothing
        assert change_rule(new, new.terms, seen=1, administrator=world.adam, now=clock.now()) is new
    counts.assert_right()


def test_a_rule_switched_off_singles_out_nothing_and_on_again_does(world, known):
    rule = world.watching(WatchKind.WORDS, words="döda dig")
    for number, on in enumerate((False, False, True)):
        with transaction():
            done = switch_rule(rule, on=on, seen=rule.version, administrator=world.adam, now=clock.now())
        assert done is (number != 1)
        assert bool(flags(world.say(known, f"{THREAT} Nummer {number}."))) is on


@pytest.mark.parametrize("name", ["mona", "rut", "eva", "karin", "rikard"])
def test_only_administrators_write_rules(world, name):
    rule = world.watching(WatchKind.WORDS, words="döda dig")
    who = {"administrator": world.people[name], "now": clock.now()}
    for write_it in (
        lambda: add_rule(terms(), **who),
        lambda: change_rule(rule, terms(), seen=1, **who),
        lambda: switch_rule(rule, on=False, seen=1, **who),
    ):
        with pytest.raises(MayNotWatch), transaction():
            write_it()


def test_the_same_rule_is_not_written_twice(world):
    world.watching(WatchKind.WORDS, words="Hot")
    with pytest.raises(Exists), transaction():
        add_rule(terms(), administrator=world.adam, now=clock.now())


def test_the_shipped_rules_are_few_hold_nothing_and_are_loaded_once(world):
    with transaction():
        assert load_shipped(now=clock.now()) > 0
    rules = db.session.scalars(select(WatchRule)).all()
    assert len(rules) <= 5 and {rule.effect for rule in rules} == {Effect.FLAG}
    with transaction():
        switch_rule(rules[0], on=False, seen=1, administrator=world.adam, now=clock.now())
    with transaction():
        assert load_shipped(now=clock.now()) == 0
