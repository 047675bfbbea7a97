"""Our application for the rows in which nothing is cached: every look into the page cache finds nothing.

The product has no switch for this. All else is as on the first visit after a change: the revision is looked up,
the page made, and what is done to keep it is done.
"""

from dialog.public.cache import KeptPage, PageCache
from wsgi import app

_looked_up = PageCache.get


def _find_nothing(self: PageCache, key: tuple[object, ...]) -> KeptPage | None:
    _looked_up(self, key)
    return None


PageCache.get = _find_nothing  # type: ignore[method-assign]

__all__ = ["app"]
