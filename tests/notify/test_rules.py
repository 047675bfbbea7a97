"""When digests are due, and what whoever chooses otherwise counts as told of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dialog.db import STOCKHOLM
from dialog.following.rules import HowOften, told_from
from dialog.notify.rules import newest_period

AT_ONCE, DAILY, WEEKLY, NEVER = HowOften


@pytest.mark.parametrize(
    ("utc", "daily", "weekly"),
    [
        # Winter: seven in Sweden is six. A Wednesday.
        ("2026-03-11T05:59", "2026-03-10", "2026-03-09"),
        ("2026-03-11T06:00", "2026-03-11", "2026-03-09"),
        # A Monday.
        ("2026-03-09T05:59", "2026-03-08", "2026-03-02"),
        ("2026-03-09T06:00", "2026-03-09", "2026-03-09"),
        # The clock goes forward on Sunday 29 March: seven is five.
        ("2026-03-28T06:00", "2026-03-28", "2026-03-23"),
        ("2026-03-29T04:59", "2026-03-28", "2026-03-23"),
        ("2026-03-29T05:00", "2026-03-29", "2026-03-23"),
        ("2026-03-30T05:00", "2026-03-30", "2026-03-30"),
        # It goes back on Sunday 25 October: seven is six again.
        ("2026-10-24T05:00", "2026-10-24", "2026-10-19"),
        ("2026-10-25T05:59", "2026-10-24", "2026-10-19"),
        ("2026-10-25T06:00", "2026-10-25", "2026-10-19"),
        ("2026-10-26T06:00", "2026-10-26", "2026-10-26"),
    ],
)
def test_a_digest_is_due_from_seven_in_sweden(utc, daily, weekly):
    local = datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(STOCKHOLM)
    assert newest_period(DAILY, local) == date.fromisoformat(daily)
    assert newest_period(WEEKLY, local) == date.fromisoformat(weekly)


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_over_a_clock_change_every_day_has_one_digest(change):
    minutes = [change - timedelta(days=2) + timedelta(minutes=minute) for minute in range(4 * 24 * 60)]
    due = [newest_period(DAILY, minute.astimezone(STOCKHOLM)) for minute in minutes]
    days = sorted(set(due))
    assert due == sorted(due)
    assert [day - days[0] for day in days] == [timedelta(days=number) for number in range(len(days))]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        # Between digests nothing is lost.
        (DAILY, WEEKLY, "told"),
        (WEEKLY, DAILY, "told"),
        # What no letter at once had been queued about comes in the digest.
        (AT_ONCE, DAILY, "passed"),
        (AT_ONCE, WEEKLY, "passed"),
        # From now on.
        (DAILY, AT_ONCE, "end"),
        (WEEKLY, AT_ONCE, "end"),
        (NEVER, AT_ONCE, "end"),
        (NEVER, DAILY, "end"),
        (NEVER, WEEKLY, "end"),
        (AT_ONCE, NEVER, "end"),
        (DAILY, NEVER, "end"),
        (WEEKLY, NEVER, "end"),
    ],
)
def test_what_whoever_chooses_otherwise_counts_as_told_of(before, after, told):
    values = {"told": 1, "passed": 2, "end": 3}
    assert told_from(before, after, **values) == values[told]
