"""Until when a decision can be asked to be looked at again, and which decisions can."""

from datetime import date

import pytest

from dialog.appeals.rules import APPEAL_MOVES, OUTCOMES, AppealState, Refusal, refusal
from dialog.conversation.rules import CommentState, ReviewReason
from dialog.moderation.rules import GROUND_SOURCES, Ground, Source, appeal_until
from dialog.moderation.words import GROUND_TEXTS, SOURCE_TEXTS, WHY_READ


@pytest.mark.parametrize(
    ("decided", "until"),
    [
        (date(2026, 3, 1), date(2026, 9, 1)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 6, 15)),
    ],
)
def test_six_months_end_on_the_same_day_or_the_last_of_the_month(decided, until):
    assert appeal_until(decided) == until


DECIDED, LAST, AFTER = date(2026, 3, 1), date(2026, 9, 1), date(2026, 9, 2)


@pytest.mark.parametrize("state", CommentState)
@pytest.mark.parametrize(("today", "in_time"), [(DECIDED, True), (LAST, True), (AFTER, False)])
def test_only_what_is_hidden_or_shown_without_something_is_looked_at_again_and_only_in_time(
    state, today, in_time
):
    expected = None if in_time else Refusal.TOO_LATE
    for is_masked in (False, True):
        is_out_of_view = state == CommentState.HIDDEN or (state == CommentState.PUBLISHED and is_masked)
        why = refusal(state, DECIDED, today, is_masked=is_masked)
        assert why == (expected if is_out_of_view else Refusal.NOT_HIDDEN)


def test_what_nobody_has_decided_is_not_looked_at_again():
    assert refusal(CommentState.HIDDEN, None, DECIDED) == Refusal.NOT_HIDDEN


def test_an_appeal_goes_from_open_once_and_what_is_decided_has_reasons():
    assert {start for start, _ in APPEAL_MOVES} == {AppealState.OPEN}
    assert {to for _, to in APPEAL_MOVES} == set(AppealState) - {AppealState.OPEN}
    needing = {to for (_, to), move in APPEAL_MOVES.items() if move.needs_reason}
    assert needing == set(OUTCOMES)


def test_every_ground_is_told_in_plain_words_with_the_paragraph_of_the_law_where_there_is_one():
    assert set(GROUND_TEXTS) == set(Ground) and set(SOURCE_TEXTS) == set(Source)
    for ground in (ground for ground, source in GROUND_SOURCES.items() if source == Source.BBS_LAW):
        text = GROUND_TEXTS[ground]._args[0]
        assert "criminal code" in text or "act (" in text, ground
    assert "section 5" in SOURCE_TEXTS[Source.BBS_LAW]._args[0]


def test_it_is_said_why_each_sort_of_comment_was_read():
    assert set(WHY_READ) == set(ReviewReason)
