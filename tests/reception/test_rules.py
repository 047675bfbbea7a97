"""On which day something can have come: the rule in words stands above its rows."""

from datetime import date

import pytest

from dialog.conversation.rules import Channel
from dialog.reception.rules import CHANNELS, DayFlaw, day_flaw

TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("received_on", "expected"),
    [
        # Today and any day of the year before it.
        (TODAY, None),
        (date(2026, 3, 10), None),
        (date(2025, 3, 11), None),
        (date(2025, 3, 10), None),
        # There must be a day, it must have come, and it can't be further back.
        (None, DayFlaw.MISSING),
        (date(2026, 3, 12), DayFlaw.NOT_YET),
        (date(2025, 3, 9), DayFlaw.TOO_LONG_AGO),
    ],
)
def test_the_day_something_came(received_on, expected):
    assert day_flaw(received_on, TODAY) == expected


def test_everything_but_the_web_is_put_on_record_by_the_customer_centre():
    assert set(CHANNELS) == set(Channel) - {Channel.WEB}
