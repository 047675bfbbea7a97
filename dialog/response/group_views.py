"""Where a committee's officers see what is about the same together, and say what belongs together."""

from collections.abc import Callable

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.permissions import permitted
from dialog.plan.models import Committee
from dialog.response import groups as grouping
from dialog.response.likeness import MOST_COMPARED, Group
from dialog.response.views import blueprint, committee_of
from dialog.web import found, render, see, someone, whole_number


def _assignment() -> int | None:
    """The id of the assignment that the groups are narrowed to."""
    return whole_number(request.args.get("uppdrag"))


@blueprint.get("/namnd/<slug>/inkorg/liknande")
@permitted("see_inbox")
def groups(slug: str) -> Response:
    return _show_all(committee_of(slug))


def _show_all(committee: Committee, status: int = 200) -> Response:
    waiting = grouping.sorted_at(committee, _assignment())
    shown, after = waiting.page(whole_number(request.args.get("efter")))
    return render(
        "response/groups.html",
        status,
        committee=committee,
        waiting=waiting,
        groups=shown,
        after=after,
        matters=grouping.matters_in([one for group in shown for one in group.ids[: grouping.SHOWN_OF_EACH]]),
        shown_of_each=grouping.SHOWN_OF_EACH,
        most=MOST_COMPARED,
        assignment_id=_assignment(),
        is_stale=status == 409,
        today=clock.today(),
    )


@blueprint.get("/namnd/<slug>/inkorg/liknande/<int:matter_id>")
@permitted("see_inbox")
def group(slug: str, matter_id: int) -> Response:
    committee = committee_of(slug)
    waiting = grouping.sorted_at(committee, _assignment())
    return _show(committee, waiting, found(waiting.holding(matter_id)))


@blueprint.post("/namnd/<slug>/inkorg/liknande/<int:matter_id>/lagg-ihop/<int:other_id>")
@permitted("group_matters")
def put_together(slug: str, matter_id: int, other_id: int) -> AnyResponse:
    committee = committee_of(slug)
    return _decide(
        committee,
        matter_id,
        lambda: grouping.put_together(
            committee,
            matter_id,
            other_id,
            seen=_seen(),
            assignment_id=_assignment(),
            officer=someone(),
            now=clock.now(),
        ),
    )


@blueprint.post("/namnd/<slug>/inkorg/liknande/<int:matter_id>/ta-ut/<int:other_id>")
@permitted("group_matters")
def take_out(slug: str, matter_id: int, other_id: int) -> AnyResponse:
    committee = committee_of(slug)
    return _decide(
        committee,
        matter_id,
        lambda: grouping.take_out(
            committee,
            other_id,
            seen=_seen(),
            assignment_id=_assignment(),
            officer=someone(),
            now=clock.now(),
        ),
    )


def _seen() -> list[int]:
    """The ids of the matters that stood on the page as the group."""
    return [number for one in request.form.getlist("group") if (number := whole_number(one))]


def _decide(committee: Committee, matter_id: int, decide: Callable[[], bool]) -> AnyResponse:
    try:
        with transaction():
            decide()
    except grouping.Regrouped:
        waiting = grouping.sorted_at(committee, _assignment())
        group = waiting.holding(matter_id)
        return _show(committee, waiting, group, 409) if group else _show_all(committee, 409)
    return see("response.group", slug=committee.slug, matter_id=matter_id, uppdrag=_assignment(), sparat=1)


def _show(committee: Committee, waiting: grouping.Sorted, group: Group, status: int = 200) -> Response:
    like = waiting.like(group)
    return render(
        "response/group.html",
        status,
        committee=committee,
        group=group,
        about=waiting.about(group),
        like=like,
        matters=grouping.matters_in({*group.ids, *(one.ids[0] for one in like)}),
        chosen=set(group.ids),
        is_stale=status == 409,
        is_saved="sparat" in request.args,
        assignment_id=_assignment(),
        today=clock.today(),
    )
