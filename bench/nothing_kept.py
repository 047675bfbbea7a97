"""Our application for the rows in which nothing is kept: every look for a page or a part of one finds nothing.

The product has no switch for this. All else is as on the very first visit: the revision is looked up, the page and
each of its parts made, and what is done to keep them is done.
"""

from dialog.kept import Kept
from wsgi import app


class Forgetful(Kept[object]):
    """Keeps, and never finds."""

    def get(self, key: object) -> None:
        super().get(key)  # type: ignore[arg-type]


app.extensions["pages"] = Forgetful(1024 * 1024, len)  # type: ignore[arg-type]
app.extensions["pieces"] = Forgetful(1000, lambda piece: 1)

__all__ = ["app"]
