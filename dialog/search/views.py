"""The page for searching."""

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Response, current_app, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from dialog.conversation.queries import comment_by_number
from dialog.conversation.rules import LONGEST_COMMENT, is_registration_number
from dialog.db import clock
from dialog.kept import piece
from dialog.permissions import permitted
from dialog.plan.queries import area_names, goal_alone, register_revision, years
from dialog.search import queries
from dialog.search.hits import hits
from dialog.search.queries import Filters
from dialog.search.rules import LONGEST_QUERY, EntryKind, Order
from dialog.search.similar import similar_to
from dialog.search.words import ENTRY_KINDS, ORDERS
from dialog.text import clean, clean_line
from dialog.web import found as found_or_404
from dialog.web import person, render, see, someone, whole_number

blueprint = Blueprint("search", __name__)
Member = TypeVar("Member", bound=StrEnum)
NARROWING = ("typ", "ar", "omrade", "organisation", "besvarat", "ordning")
_YES_NO = {"ja": True, "nej": False}


@blueprint.get("/sok")
@permitted("read")
def search() -> AnyResponse:
    query = clean_line(request.args.get("q", ""))[:LONGEST_QUERY]
    if is_registration_number(query) and comment_by_number(query, person()) is not None:
        return see("public.comment", number=query)
    narrowed = {name: value for name, value in request.args.items() if name in NARROWING and value}
    found = queries.search(query, _filters(), order=_order(), page=_page())
    return render(
        "search/search.html",
        query=query,
        found=found,
        hits=hits(found.things, found.parts),
        narrowing=_narrowing(narrowed),
        narrowed=narrowed,
    )


@blueprint.post("/mal/<int:year>/<slug>/liknande")
@permitted("compare_comment")
def similar(year: int, slug: str) -> Response:
    """What is like the words that are being written. They are read, and neither stored nor logged."""
    goal, writer = found_or_404(goal_alone(year, slug)), someone()
    if not current_app.extensions["pace_of_comparing"].allows(writer.id, clock.now()):
        raise TooManyRequests(retry_after=60)
    words = clean(request.form.get("text", ""))[:LONGEST_COMMENT]
    return render(
        "search/similar.html",
        fragment="search/_answered.html",
        goal=goal,
        similar=similar_to(words, goal, writer),
    )


def _narrowing(narrowed: dict[str, str]) -> Markup:
    """What a search is narrowed by; where nothing is chosen it is the same for all, and made once."""

    def make() -> Markup:
        page = render_template(
            "search/_narrowing.html",
            chosen=narrowed,
            kinds=ENTRY_KINDS,
            orders=ORDERS,
            narrowed=narrowed,
            areas=area_names(),
            years=years(),
        )
        return Markup(page)  # noqa: S704 - a template of ours has escaped what it shows

    return make() if narrowed else piece(("narrowing", *register_revision()), make)


def _filters() -> Filters:
    """What the address narrows the search with; what can't be read is left open."""
    return Filters(
        kind=_member(EntryKind, request.args.get("typ")),
        year=whole_number(request.args.get("ar")),
        area_id=whole_number(request.args.get("omrade")),
        by_organisation=_YES_NO.get(request.args.get("organisation", "")),
        is_answered=_YES_NO.get(request.args.get("besvarat", "")),
    )


def _order() -> Order:
    return _member(Order, request.args.get("ordning")) or Order.BEST


def _page() -> int:
    return max(1, min(whole_number(request.args.get("sida")) or 1, 100))


def _member(of: type[Member], value: str | None) -> Member | None:
    return of(value) if value in list(of) else None
