"""How often a person may press: a limit against scripts, kept in memory alone."""

from collections import Counter
from datetime import datetime
from threading import Lock


class Pace:
    """Counts what each person presses in the minute that is, up to a most.

    In the memory of each web process, and forgotten with the minute: a row of it would say who pressed when.
    """

    def __init__(self, most_a_minute: int) -> None:
        self._most = most_a_minute
        self._minute: datetime | None = None
        self._pressed: Counter[int] = Counter()
        self._lock = Lock()

    def allows(self, person_id: int, now: datetime) -> bool:
        """Whether the person may press once more, which is counted."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute, self._pressed = minute, Counter()
            self._pressed[person_id] += 1
            return self._pressed[person_id] <= self._most
