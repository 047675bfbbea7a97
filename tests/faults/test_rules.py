"""Where a reported fault can go from where it stands, and by when it is answered."""

from datetime import date
from itertools import product

import pytest

from dialog.faults.rules import FAULT_MOVES, OPEN, FaultState, answer_due_on, case_number

# From where to where a case can be moved, whether that takes words, and whether whoever reported it is written to.
# It is begun once, answered once, and can be fixed whenever: also after an answer that it isn't yet.
R, U, A, F = FaultState
MOVES = {
    (R, U): (False, False),
    (R, A): (True, True),
    (R, F): (True, True),
    (U, A): (True, True),
    (U, F): (True, True),
    (A, F): (True, True),
}


@pytest.mark.parametrize(("start", "to"), list(product(FaultState, FaultState)))
def test_a_case_moves_as_the_table_says(start, to):
    listed = FAULT_MOVES.get((start, to))
    assert (listed and (listed.needs_reason, listed.tells_author)) == MOVES.get((start, to))


def test_an_answer_is_owed_until_there_is_one():
    assert set(OPEN) == {R, U}


def test_an_answer_is_due_in_ten_working_days():
    assert answer_due_on(date(2026, 3, 2)) == date(2026, 3, 16)
    assert answer_due_on(date(2026, 4, 2)) == date(2026, 4, 20)  # Good Friday and Easter Monday don't count


def test_a_case_has_a_number_of_its_own():
    assert case_number(2026, 7) == "T-2026-7"
