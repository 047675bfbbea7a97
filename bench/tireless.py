"""Our application for the row in which a few people post all the comments: nobody has said enough for an hour.

The product has no switch for this. Whether somebody has is asked as ever, at the same cost; only the hour in which
comments are counted is over as soon as it has begun.
"""

from datetime import timedelta

from dialog.conversation import submitting
from wsgi import app

submitting.timedelta = lambda hours: timedelta(0)  # type: ignore[assignment, misc]

__all__ = ["app"]
