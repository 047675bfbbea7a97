"""What the administrators' rules look for, and what is shown of how they have done: pure."""

from datetime import UTC, datetime, timedelta

import pytest

from dialog.conversation.rules import (
    CommentState,
    Level,
    Place,
    ReviewReason,
    Speaker,
    Watched,
    reason_when_edited,
    state_on_arrival,
)
from dialog.dialogues.rules import Phase, Ruling
from dialog.moderation.rules import Share
from dialog.moderation.watching_rules import (
    FLAG_MOVES,
    FLAGS_SETTLED_BY,
    Before,
    Effect,
    FlagState,
    Measured,
    Said,
    WatchKind,
    WatchTerms,
    asks_for_a_look,
    measured,
    words_watched,
)
from dialog.stems import fingerprint, stem, words_of

NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)
WORDS, LINKS, REPEATED = WatchKind.WORDS, WatchKind.LINKS, WatchKind.REPEATED


def rule(kind, **looked_for) -> WatchTerms:
    return WatchTerms(kind, Effect.FLAG, "Varför regeln finns.", **looked_for)


def said(text="Det här är ett inlägg.", **more) -> Said:
    words = words_of(text)
    known = {"has_links": False, "age": timedelta(days=90), "at": NOW, **more}
    return Said(words, [stem(word) for word in words], **known)


# A word or a phrase is found in any form, or exactly so; its words next to each other and in that order; never as a
# part of a longer word.
@pytest.mark.parametrize(
    ("words", "exactly", "text", "found"),
    [
        ("buss", False, "Bussarna går för sällan.", ["Bussarna"]),
        ("buss", True, "Bussarna går för sällan.", []),
        ("buss", True, "Ta en BUSS eller en buss till.", ["BUSS", "buss"]),
        ("döda dig", False, "Jag ska  döda\ndig!", ["döda dig"]),
        ("döda dig", False, "Han dödar dig.", ["dödar dig"]),
        ("döda dig", False, "Dig ska ingen döda.", []),
        ("döda dig", False, "döda tiden åt dig", []),
        ("hot", False, "Hotellet är fullt.", []),
        ("mal", False, "Ett mål.", []),
    ],
)
def test_words_that_are_watched_are_found_as_they_stand(words, exactly, text, found):
    terms = rule(WORDS, words=words, exactly=exactly)
    assert words_watched(terms, text) == found
    assert asks_for_a_look(terms, said(text)) is bool(found)


# A link asks for a look from an account that is newer than so many days; none from one that is older, and none where
# there is no account, as when the customer centre hears somebody.
@pytest.mark.parametrize(
    ("has_links", "age", "asks"),
    [(True, 6, True), (True, 7, False), (False, 1, False), (True, None, False)],
)
def test_links_are_looked_at_from_new_accounts(has_links, age, asks):
    account = None if age is None else timedelta(days=age)
    assert asks_for_a_look(rule(LINKS, days=7), said(has_links=has_links, age=account)) is asks


# The same text is looked at from the third time within a day, this time counted; by one person where the rule says so.
@pytest.mark.parametrize(
    ("by_one", "before", "asks"),
    [
        (False, [], False),
        (False, [(1, True), (2, False)], True),
        (False, [(1, False), (2, False)], True),
        (False, [(1, True), (24, True)], False),
        (True, [(1, True), (2, False)], False),
        (True, [(1, True), (2, True)], True),
    ],
)
def test_the_same_text_is_looked_at_when_it_comes_again_and_again(by_one, before, asks):
    sent = [Before(NOW - timedelta(hours=hours), is_own) for hours, is_own in before]
    assert asks_for_a_look(rule(REPEATED, times=3, hours=24, by_one=by_one), said(before=sent)) is asks


def test_texts_are_the_same_but_for_case_punctuation_and_space():
    assert fingerprint("Köp nu!\n\nBilligt.") == fingerprint("köp  NU billigt")
    assert fingerprint("Köp nu billigt") != fingerprint("Köp billigt nu")


OPEN_RULING = Ruling(Phase.OPEN, Level.CONSULTATION)
FLAGGED, HELD = Watched((1,)), Watched((1, 2), waits=True)
PUBLISHED, RECEIVED = CommentState.PUBLISHED, CommentState.RECEIVED


# What a rule singles out is shown at once all the same, or waits where the rule says so; somebody's first comment waits
# for that reason, whatever a rule says.
@pytest.mark.parametrize(
    ("watched", "is_known", "pre_moderated", "arrives"),
    [
        (Watched(), True, False, (PUBLISHED, ReviewReason.NEW_COMMENT)),
        (FLAGGED, True, False, (PUBLISHED, ReviewReason.WATCHED)),
        (HELD, True, False, (RECEIVED, ReviewReason.WATCHED)),
        (FLAGGED, True, True, (RECEIVED, ReviewReason.WATCHED)),
        (FLAGGED, False, False, (RECEIVED, ReviewReason.FIRST_COMMENT)),
        (HELD, False, True, (RECEIVED, ReviewReason.FIRST_COMMENT)),
    ],
)
def test_how_what_a_rule_singles_out_arrives(watched, is_known, pre_moderated, arrives):
    ruling = Ruling(Phase.OPEN, Level.CONSULTATION, pre_moderated)
    assert state_on_arrival(Place(ruling=ruling), Speaker(True, is_known), watched) == arrives


# With other words a comment waits for what those give reason for: what many have reported goes before what a rule says,
# and what nobody's rule asks for any longer is only changed.
@pytest.mark.parametrize(
    ("state", "reason", "reported", "watched", "then"),
    [
        (PUBLISHED, None, False, False, ReviewReason.EDITED),
        (PUBLISHED, None, False, True, ReviewReason.WATCHED),
        (PUBLISHED, ReviewReason.REPORTED, True, True, ReviewReason.REPORTED),
        (RECEIVED, ReviewReason.FIRST_COMMENT, False, True, ReviewReason.FIRST_COMMENT),
        (RECEIVED, ReviewReason.PENDING, True, True, ReviewReason.PENDING),
        (RECEIVED, ReviewReason.SENT_AGAIN, False, False, ReviewReason.SENT_AGAIN),
        (RECEIVED, ReviewReason.SENT_AGAIN, False, True, ReviewReason.WATCHED),
        (RECEIVED, ReviewReason.WATCHED, False, False, ReviewReason.EDITED),
    ],
)
def test_what_an_edited_comment_waits_for(state, reason, reported, watched, then):
    assert reason_when_edited(state, reason, is_reported=reported, is_watched=watched) == then


# No count under five is shown, nor one that would give it away; the share is of what was decided.
@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((0, 0, 0), Measured(0, 0, 0, Share(None))),
        ((4, 0, 4), Measured(None, 0, None, Share(None))),
        ((40, 10, 30), Measured(40, 10, 30, Share(75))),
        ((40, 2, 38), Measured(40, None, None, Share(None))),
        ((45, 10, 30), Measured(45, 10, 30, Share(75))),
        ((42, 10, 30), Measured(42, None, 30, Share(75))),
    ],
)
def test_what_is_shown_of_a_rules_figures(counts, shown):
    assert measured(*counts) == shown


def test_whatever_settles_a_flag_is_a_move_of_its_table():
    for to in FLAGS_SETTLED_BY.values():
        assert (FlagState.OPEN, to) in FLAG_MOVES
