"""Who counts as different people, and when reports take a comment out of view: each rule in words above its rows."""

import pytest

from dialog.moderation.rules import GROUND_SOURCES, Ground, Source
from dialog.reports.rules import (
    REASONS,
    REPORT_MOVES,
    SETTLED_BY,
    Reason,
    ReportState,
    Said,
    different_people,
    is_held,
    is_threshold,
    is_unlawful,
    network_at,
)
from dialog.reports.words import REASON_WORDS, REPORT_STATES


def said(address="a@example.org", network="one", reason=Reason.THREAT, **more) -> Said:
    return Said(reason, address, network, **more)


PEOPLE = [
    # Nobody has reported anything.
    ([], 0),
    # Three who are known, each from a network of their own, are three.
    ([said("a@x.se", "one"), said("b@x.se", "two"), said("c@x.se", "three")], 3),
    # Whoever nobody knows weighs nothing, however many they are and wherever they come from.
    ([said(None, "one"), said(None, "two"), said(None, "three")], 0),
    # Three browsers on one network are one, though each has another address.
    ([said("a@x.se", "one"), said("b@x.se", "one"), said("c@x.se", "one")], 1),
    # One address on three networks is one: by an account and by a letter, or written otherwise.
    ([said("a@x.se", "one"), said("a@x.se", "two"), said("A@X.se", "three")], 1),
    # What stands after a plus in an address is the same mailbox.
    ([said("a+1@x.se", "one"), said("a+2@x.se", "two"), said("a@x.se", "three")], 1),
    # The same name with another host is somebody else.
    ([said("a@x.se", "one"), said("a@y.se", "two")], 2),
    # Whoever shares a network with somebody who doesn't count loses nothing by it.
    ([said(None, "one"), said("a@x.se", "one")], 1),
    ([said("a@x.se", "one", Reason.OFF_TOPIC), said("b@x.se", "one")], 1),
    # Where the network isn't known, the address alone tells people apart.
    ([said("a@x.se", None), said("b@x.se", None)], 2),
    # A house rule, or something else, takes nothing out of view.
    ([said("a@x.se", "one", Reason.ATTACK), said("b@x.se", "two", Reason.OTHER)], 0),
    # What has been changed since is not what they reported.
    ([said("a@x.se", "one", of_this_wording=False), said("b@x.se", "two")], 1),
]


@pytest.mark.parametrize(("reports", "people"), PEOPLE)
def test_who_are_different_people(reports, people):
    assert different_people(reports) == people


@pytest.mark.parametrize(
    ("people", "threshold", "judged", "held"),
    [
        # As many as the rule says, or more, take it out of view; fewer don't.
        (3, 3, False, True),
        (4, 3, False, True),
        (2, 3, False, False),
        (2, 2, False, True),
        (0, 3, False, False),
        # Never where a moderator has read these words and let them stand.
        (3, 3, True, False),
        (100, 3, True, False),
        # Never where the rule is off.
        (0, 0, False, False),
        (100, 0, False, False),
    ],
)
def test_when_the_software_takes_a_comment_out_of_view(people, threshold, judged, held):
    assert is_held(people, threshold, has_been_judged=judged) == held


@pytest.mark.parametrize(
    ("number", "may"), [(0, True), (1, False), (2, True), (3, True), (100, True), (101, False), (-1, False)]
)
def test_nobody_takes_down_anothers_words_alone(number, may):
    assert is_threshold(number) == may


def test_every_ground_of_the_law_can_be_reported_and_counts():
    by_law = {ground for ground, source in GROUND_SOURCES.items() if source == Source.BBS_LAW}
    assert {REASONS[reason].ground for reason in Reason if is_unlawful(reason)} == by_law
    assert {rule.ground for rule in REASONS.values() if rule.ground} == set(Ground) - {Ground.SECRECY}
    assert set(REASONS) == set(Reason) == set(REASON_WORDS)


def test_whatever_settles_a_report_is_a_move_of_its_table():
    assert {(ReportState.OPEN, to) for to in SETTLED_BY.values()} == set(REPORT_MOVES)
    assert set(REPORT_STATES) == set(ReportState)


def test_what_is_kept_of_a_network_is_another_for_each_comment():
    assert network_at("secret", 1) == network_at("secret", 1)
    assert network_at("secret", 1) != network_at("secret", 2)
    assert "secret" not in network_at("secret", 1)
