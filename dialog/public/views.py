"""The pages everybody can read: overview, goal, assignment, committee, comment, answer and receipt."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dialog.commitments.queries import commitments_in, kept_by
from dialog.conversation import queries as conversation_queries
from dialog.conversation.rules import Target, is_open
from dialog.db import clock
from dialog.dialogues.queries import dialogue_on, feedback_of, ruling_of
from dialog.kept import cached_page
from dialog.languages import language
from dialog.moderation.forms import DecisionForm, SettleProposalForm
from dialog.moderation.log import figures, log_page, log_revision
from dialog.moderation.looks import address_of_filling
from dialog.moderation.queries import newest_proposals
from dialog.moderation.rules import LOOK_WITHIN_DAYS
from dialog.notify.writing import address_of
from dialog.organisations.queries import organisation_at
from dialog.permissions import allowed, permitted
from dialog.plan import queries as plan_queries
from dialog.plan.queries import Outline
from dialog.public import codes
from dialog.public.cards import answer_cards, choices, goal_parts, promises, reply_cards, thread_cards
from dialog.public.queries import conversation, marks_of, way_of
from dialog.public.rules import View, cursor_of, is_worth_keeping, view_of, without_what_is_open
from dialog.public.threads import Listing, replies_to, threads
from dialog.response import queries as response_queries
from dialog.response.about_words import reworded_since
from dialog.response.clocks import pauses_to_come
from dialog.response.revising import earlier_answers
from dialog.response.translating import OTHER_LANGUAGES, translations_of
from dialog.response.waiting import record_of
from dialog.stances.queries import stances_on
from dialog.texts.queries import in_force
from dialog.texts.rules import TextKey
from dialog.web import found, person, render, someone, whole_number

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@permitted("read")
def overview() -> Response:
    return _show_year(max(plan_queries.years(), default=None))


@blueprint.get("/mal/<int:year>")
@permitted("read")
def year(year: int) -> Response:
    found(plan_queries.plan_of(year))
    return _show_year(year)


def _show_year(year: int | None) -> Response:
    years = plan_queries.years()
    return render(
        "public/overview.html",
        year=year,
        years=years,
        is_newest=year == max(years, default=None),
        answer_days=response_queries.longest_promise(),
        plan=plan_queries.plan_of(year) if year else None,
        responses=response_queries.latest_responses(year=year, limit=3),
        comments=conversation(conversation_queries.newest_comments(year, limit=4)),
        today=clock.today(),
    )


@blueprint.get("/mal/<int:year>/<slug>")
@permitted("read")
def goal(year: int, slug: str) -> AnyResponse:
    outline = found(plan_queries.outline_of(year, slug))
    if shorter := _shorter_address():
        return redirect(shorter, 303)
    return cached_page(outline.revision, lambda: _show_goal(outline), is_worth_keeping=is_worth_keeping)


def _shorter_address() -> str | None:
    """The address of what was chosen alone: a page that is kept is known by it, and it is what is passed on."""
    query = request.query_string.decode("latin-1")
    chosen = without_what_is_open(query)
    if chosen == query:
        return None
    page = url_for(request.endpoint or "", **(request.view_args or {}))
    return f"{page}?{chosen}" if chosen else page


def _show_goal(outline: Outline) -> Response:
    marks = marks_of(outline.id)
    view = view_of(request.args, areas=marks.areas, paragraphs=marks.paragraphs)
    cursor = cursor_of(request.args.get("efter"), view.order)
    page = threads(
        "goal_id",
        outline.id,
        view,
        cursor,
        clock.today(),
        came_to=[outline.id, *outline.moved_from],
        reader=person(),
    )
    parts = goal_parts(outline, marks)
    listing = Listing(view, marks.areas, page.next_cursor, is_first=cursor is None)
    return render(
        "public/goal.html",
        fragment="public/_comments.html",
        goal=outline,
        parts=parts,
        is_open=parts["is_open"],
        answers=answer_cards(marks.answers, outline.plan_revision),
        promises=promises(marks, outline.year),
        threads=thread_cards(page.threads, outline, is_open=parts["is_open"], reader=person()),
        choices=choices(listing, request.script_root + request.path),
        listing=listing,
    )


@blueprint.get("/uppdrag/<int:assignment_id>")
@permitted("read")
def assignment(assignment_id: int) -> AnyResponse:
    assignment = found(plan_queries.assignment_by_id(assignment_id))
    if shorter := _shorter_address():
        return redirect(shorter, 303)
    marks = marks_of(assignment.goal_id)
    view = view_of(request.args, areas=marks.areas, paragraphs=marks.paragraphs)
    cursor = cursor_of(request.args.get("efter"), view.order)
    page = threads(
        "assignment_id",
        assignment.id,
        view,
        cursor,
        clock.today(),
        came_to=[assignment.goal_id, *assignment.goal.moved_from],
        reader=person(),
    )
    dialogue = dialogue_on(assignment.goal, assignment)
    target = Target.WITHDRAWN if assignment.withdrawn_at else Target.IN_THE_PLAN
    open_today = is_open(target, ruling_of(dialogue, clock.today()))
    listing = Listing(view, marks.areas, page.next_cursor, is_first=cursor is None)
    return render(
        "public/assignment.html",
        fragment="public/_comments.html",
        assignment=assignment,
        wording=plan_queries.wording_of(assignment.goal, assignment),
        dialogue=dialogue,
        is_open=open_today,
        today=clock.today(),
        threads=thread_cards(
            page.threads, assignment.goal, is_open=open_today, reader=person(), beside_assignment=True
        ),
        choices=choices(listing, request.script_root + request.path),
        listing=listing,
    )


@blueprint.get("/namnd")
@permitted("read")
def committees() -> Response:
    return render(
        "public/committees.html",
        committees=plan_queries.committees(),
        workloads=response_queries.workloads(clock.today()),
    )


@blueprint.get("/namnd/<slug>")
@permitted("read")
def committee(slug: str) -> Response:
    committee = found(plan_queries.committee_at(slug))
    workload = response_queries.workload_of(committee, clock.today())
    return render(
        "public/committee.html",
        committee=committee,
        pauses=pauses_to_come(committee, clock.today()),
        workload=workload,
        record=record_of(committee, workload.late),
        kept=kept_by(committee, clock.today()),
        feedback=feedback_of(committee, clock.today()),
        goals=plan_queries.goals_of(committee),
        assignments=plan_queries.assignments_of(committee),
        responses=response_queries.latest_responses(committee=committee, limit=5),
        today=clock.today(),
    )


@blueprint.get("/organisation/<slug>")
@permitted("read")
def organisation(slug: str) -> Response:
    organisation = found(organisation_at(slug, person()))
    said = conversation_queries.public_comments_of(organisation, before=request.args.get("efter"))
    return render(
        "public/organisation.html",
        organisation=organisation,
        conversation=conversation(said),
        today=clock.today(),
        done=request.args.get("gjort"),
    )


@blueprint.get("/inlagg/<number>")
@permitted("read")
def comment(number: str) -> Response:
    reader = person()
    comment = conversation_queries.comment_by_number(number, reader)
    if comment is None:
        return _show_marker(found(conversation_queries.marker_at(number)))
    page = replies_to(comment.id, after=request.args.get("efter"))
    dialogue = dialogue_on(comment.goal, comment.assignment)
    decides = allowed("decide", reader, comment)
    shown, own = stances_on(comment, reader)
    return render(
        "public/comment.html",
        fragment="public/_replies.html",
        replies=reply_cards(page.keys, comment.goal.plan_revision),
        next_cursor=page.next_cursor,
        is_open=is_open(Target.COMMENT, ruling_of(dialogue, clock.today())),
        comment=comment,
        shown=shown,
        own=own,
        way=way_of(comment),
        earlier=conversation_queries.earlier_wordings(comment, person()),
        pins=response_queries.earlier_wordings_answered([comment]),
        now=clock.now(),
        today=clock.today(),
        done=request.args.get("gjort"),
        # Made for those alone who may use it: a form with a token in it sets a cookie.
        form=DecisionForm(formdata=None) if decides else None,
        proposal=newest_proposals([comment.id]).get(comment.id) if decides else None,
        filling=address_of_filling(comment.number) if decides else None,
        second=SettleProposalForm(formdata=None) if decides else None,
        decided=request.args.get("beslut"),
    )


def _show_marker(marker: conversation_queries.Marker) -> Response:
    page = replies_to(marker.id, after=request.args.get("efter"))
    return render(
        "public/withdrawn.html",
        fragment="public/_replies.html",
        marker=marker,
        replies=reply_cards(page.keys, marker.goal.plan_revision),
        next_cursor=page.next_cursor,
    )


@blueprint.get("/moten/<int:sitting_id>")
@permitted("read")
def sitting(sitting_id: int) -> Response:
    sitting = found(conversation_queries.sitting_by_id(sitting_id))
    view = View()
    cursor = cursor_of(request.args.get("efter"), view.order)
    page = threads(
        "sitting_id", sitting.id, view, cursor, clock.today(), came_to=[sitting.goal_id], reader=person()
    )
    return render(
        "public/sitting.html",
        fragment="public/_comments.html",
        sitting=sitting,
        # Replies are written on each comment's own page.
        threads=thread_cards(page.threads, sitting.goal, is_open=False, reader=person()),
        listing=Listing(view, {}, page.next_cursor, is_first=cursor is None),
    )


@blueprint.get("/kvitto/<key>")
@permitted("follow_receipt")
def receipt(key: str) -> Response:
    comment = found(conversation_queries.comment_by_receipt(key))
    return render(
        "public/receipt.html",
        comment=comment,
        address=_receipt_address(key),
        way=way_of(comment),
        verdicts=response_queries.verdicts_on(comment),
        done=request.args.get("gjort"),
        answer_days=max((days for _, days in response_queries.responsible_for(comment.id)), default=None),
        look_within=LOOK_WITHIN_DAYS,
        today=clock.today(),
    )


@blueprint.get("/kvitto/<key>/qr.svg")
@permitted("follow_receipt")
def receipt_code(key: str) -> Response:
    """The receipt's address as a picture, for a telephone to read from paper."""
    found(conversation_queries.comment_by_receipt(key))
    response = Response(codes.picture_of(_receipt_address(key)), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _receipt_address(key: str) -> str:
    return address_of("public.receipt", language(), key=key)


@blueprint.get("/svar/<int:response_id>")
@permitted("read")
def answer(response_id: int) -> Response:
    response = found(response_queries.public_response(response_id))
    covered = response_queries.comments_covered_by(response, before=request.args.get("efter"))
    told = None
    if request.args.get("publicerat") and allowed("publish_answer", person(), response.committee):
        told = response_queries.people_told(response)
    return render(
        "public/answer.html",
        response=response,
        covered=covered,
        commitments=commitments_in(response),
        done=request.args.get("gjort"),
        withdrawals=conversation_queries.withdrawals([comment.id for comment in covered.comments]),
        pins=response_queries.earlier_wordings_answered(covered.comments),
        lines=response_queries.lines_to(covered.comments),
        earlier=earlier_answers(response) if response.revised_at else [],
        reworded=reworded_since(response),
        translations=translations_of(response),
        languages=OTHER_LANGUAGES,
        is_revised=bool(request.args.get("andrat")),
        told=told,
        left_out=whole_number(request.args.get("utan")),
        today=clock.today(),
    )


@blueprint.get("/mina-inlagg")
@permitted("see_account")
def own_comments() -> Response:
    page = conversation_queries.comments_of(someone(), before=request.args.get("efter"))
    return render(
        "public/own_comments.html", conversation=conversation(page), now=clock.now(), today=clock.today()
    )


@blueprint.get("/moderering/logg")
@permitted("read")
def log() -> AnyResponse:
    return cached_page(log_revision(), _show_log, is_worth_keeping=lambda query: not query)


def _show_log() -> Response:
    before, year = whole_number(request.args.get("efter")), whole_number(request.args.get("ar"))
    return render(
        "public/log.html",
        log=log_page(before),
        is_later=before is not None,
        figures=figures(year or clock.today().year),
    )


@blueprint.get("/om")
@permitted("read")
def about() -> Response:
    return render(
        "public/about.html",
        version=in_force(TextKey.ABOUT),
        answer_days=response_queries.longest_promise(),
        look_within=LOOK_WITHIN_DAYS,
    )
