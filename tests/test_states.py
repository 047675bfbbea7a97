"""The one door for states: what moves, what is refused, what is a no-op."""

from enum import StrEnum

import pytest
from sqlalchemy import update

from dialog.conversation.models import Comment
from dialog.conversation.rules import COMMENT_MOVES, CommentState
from dialog.db import db, transaction
from dialog.notify.rules import LETTER_MOVES
from dialog.response.rules import MATTER_MOVES, RESPONSE_MOVES
from dialog.states import ReasonMissing, Stale, UnlistedMove, change, find, move
from dialog.transitions import moves_from

RECEIVED, PUBLISHED, HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN
WITHDRAWN = CommentState.WITHDRAWN


def meanwhile(comment: Comment, **values) -> None:
    """Change the row as another process would, past the objects this one has loaded."""
    with transaction():
        statement = update(Comment).where(Comment.id == comment.id).values(**values)
        db.session.execute(statement.execution_options(synchronize_session=False))


def moved(comment: Comment, to: CommentState, **values):
    with transaction():
        return move(comment, COMMENT_MOVES, to, has_reason=True, **values)


def row(comment: Comment) -> tuple:
    db.session.refresh(comment)
    return comment.state, comment.version


# A move is made when it is listed and the thing is as it was seen. When the thing already is where it was to go,
# nothing happens. When it is anything else than what was seen, the move is refused as stale.
MOVES = [
    (RECEIVED, 1, 1, PUBLISHED, "moved"),
    (RECEIVED, 7, 7, HIDDEN, "moved"),
    (PUBLISHED, 2, 2, HIDDEN, "moved"),
    (HIDDEN, 2, 2, PUBLISHED, "moved"),
    (PUBLISHED, 2, 1, PUBLISHED, "nothing"),
    (PUBLISHED, 2, 2, PUBLISHED, "nothing"),
    (PUBLISHED, 2, 9, PUBLISHED, "nothing"),
    (HIDDEN, 2, 1, PUBLISHED, "stale"),
    (PUBLISHED, 4, 2, HIDDEN, "stale"),
    (RECEIVED, 1, 2, PUBLISHED, "stale"),
    (RECEIVED, 1, 10**30, PUBLISHED, "stale"),
    (HIDDEN, 3, 3, WITHDRAWN, "unlisted"),
    (WITHDRAWN, 3, 3, PUBLISHED, "unlisted"),
]


@pytest.mark.parametrize(("is_now", "version", "seen", "to", "outcome"), MOVES)
def test_a_move_by_state_and_version(world, is_now, version, seen, to, outcome):
    comment = world.say(world.nils)
    meanwhile(comment, state=is_now, version=version)
    db.session.refresh(comment)
    if outcome == "moved":
        assert moved(comment, to, seen=seen) is COMMENT_MOVES[is_now, to]
        assert row(comment) == (to, version + 1)
        return
    if outcome == "nothing":
        assert moved(comment, to, seen=seen) is None
    else:
        with pytest.raises(Stale if outcome == "stale" else UnlistedMove):
            moved(comment, to, seen=seen)
    assert row(comment) == (is_now, version)


@pytest.mark.parametrize(
    ("is_now", "to", "outcome"),
    [
        (PUBLISHED, PUBLISHED, "nothing"),
        (HIDDEN, PUBLISHED, "stale"),
        (PUBLISHED, HIDDEN, "stale"),
        (WITHDRAWN, HIDDEN, "stale"),
    ],
)
def test_a_move_finds_what_another_process_did_after_the_thing_was_loaded(world, is_now, to, outcome):
    comment = world.say(world.nils)
    meanwhile(comment, state=is_now, version=2)
    assert (comment.state, comment.version) == (RECEIVED, 1)
    if outcome == "nothing":
        assert moved(comment, to, seen=1) is None
    else:
        with pytest.raises(Stale):
            moved(comment, to, seen=1)
    assert row(comment) == (is_now, 2)


def test_a_stale_move_says_what_the_thing_has_become(world):
    comment = world.say(world.nils)
    meanwhile(comment, state=HIDDEN, version=2)
    with pytest.raises(Stale, match="hidden, version 2") as refusal:
        moved(comment, PUBLISHED, seen=1)
    assert refusal.value.thing.state == HIDDEN


def test_the_values_of_a_move_are_set_with_it_or_not_at_all(world):
    comment = world.say(world.nils)
    moved(comment, HIDDEN, seen=1, review_since=None)
    assert comment.review_since is None
    meanwhile(comment, language="en")
    assert moved(comment, HIDDEN, seen=1, language="fi") is None
    assert row(comment) == (HIDDEN, 2)
    assert comment.language == "en"


@pytest.mark.parametrize(("start", "to"), [ends for ends, one in COMMENT_MOVES.items() if one.needs_reason])
def test_a_move_that_needs_a_reason_is_refused_without_one(world, start, to):
    comment = world.say(world.nils)
    meanwhile(comment, state=start)
    db.session.refresh(comment)
    with pytest.raises(ReasonMissing), transaction():
        move(comment, COMMENT_MOVES, to, seen=1)
    assert row(comment) == (start, 1)


def test_of_two_who_saw_the_same_only_the_first_moves_it(world):
    comment = world.say(world.nils)
    moved(comment, PUBLISHED, seen=1)
    with pytest.raises(Stale):
        moved(comment, HIDDEN, seen=1)
    assert row(comment) == (PUBLISHED, 2)


def changed_to(comment: Comment, seen: int, **values) -> None:
    with transaction():
        change(comment, seen=seen, **values)


def test_a_change_without_a_move_raises_the_version(world):
    comment = world.say(world.nils)
    changed_to(comment, 1, language="en")
    assert row(comment) == (RECEIVED, 2)
    assert comment.language == "en"


@pytest.mark.parametrize("seen", [0, 2, 9, -1, 10**30])
def test_a_change_of_what_has_changed_since_is_refused(world, seen):
    comment = world.say(world.nils)
    with pytest.raises(Stale):
        changed_to(comment, seen, language="en")
    assert row(comment) == (RECEIVED, 1)
    assert comment.language == "sv"


def test_a_change_is_refused_when_another_process_was_first(world):
    comment = world.say(world.nils)
    meanwhile(comment, version=2, language="fi")
    with pytest.raises(Stale):
        changed_to(comment, 1, language="en")
    assert comment.language == "fi"


def test_a_move_that_is_not_listed_names_both_ends():
    with pytest.raises(UnlistedMove, match="from hidden to withdrawn"):
        find(COMMENT_MOVES, HIDDEN, WITHDRAWN)


def test_what_a_thing_can_become_is_read_from_the_table():
    assert set(moves_from(COMMENT_MOVES, RECEIVED)) == {PUBLISHED, HIDDEN, WITHDRAWN}
    assert moves_from(COMMENT_MOVES, WITHDRAWN) == {}


@pytest.mark.parametrize("table", [COMMENT_MOVES, LETTER_MOVES, MATTER_MOVES, RESPONSE_MOVES])
def test_a_table_moves_between_states_of_one_kind_and_never_nowhere(table):
    kinds = {type(state) for pair in table for state in pair}
    assert len(kinds) == 1
    assert issubclass(kinds.pop(), StrEnum)
    assert all(start != to for start, to in table)
