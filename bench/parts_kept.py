"""Our application as it is after each change of a page: the page is made anew, of the parts that are as they were."""

from bench.nothing_kept import Forgetful
from dialog.kept import set_up
from wsgi import app

set_up(app)
app.extensions["pages"] = Forgetful(1024 * 1024, len)  # type: ignore[arg-type]

__all__ = ["app"]
