"""Founding an organisation, confirming it, and the mandates to speak for it."""

from flask import Blueprint, Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, transaction
from dialog.languages import language
from dialog.organisations import operations, queries
from dialog.organisations.forms import (
    AnswerForm,
    EndForm,
    FoundForm,
    JudgementForm,
    OfferForm,
    ProfileForm,
    TermForm,
)
from dialog.organisations.models import Mandate, MandateOffer, Organisation
from dialog.organisations.rules import ORGANISATION_MOVES, SHORTEST_REASONS, Judgement
from dialog.permissions import permitted
from dialog.states import Stale
from dialog.text import shown_length
from dialog.transitions import moves_from
from dialog.web import found, person, render, require, see, someone

blueprint = Blueprint("organisations", __name__)


def _organisation(slug: str) -> Organisation:
    """The organisation at this address, for whoever may do what the route declares to it."""
    organisation: Organisation = found(queries.organisation_at(slug, person()))
    require(organisation)
    return organisation


@blueprint.get("/organisationer")
@permitted("read")
def organisations() -> Response:
    listed = queries.confirmed_organisations(after=request.args.get("efter"))
    return render("organisations/organisations.html", listed=listed)


@blueprint.get("/organisationer/ny")
@permitted("prepare_organisation")
def write() -> Response:
    return _show_founding(FoundForm(formdata=None))


@blueprint.post("/organisationer/ny")
@permitted("found_organisation")
def found_organisation() -> AnyResponse:
    form = FoundForm()
    if not form.validate():
        return _show_founding(form, 422)
    try:
        with transaction():
            organisation = operations.found_organisation(
                form.profile(), form.term(), founder=someone(), now=clock.now()
            )
    except operations.NumberTaken as error:
        form.number.errors = [_taken(error.organisation)]
        return _show_founding(form, 409)
    except operations.TooMany:
        form.name.errors = [gettext("You have put forward many that wait. Wait until they are answered.")]
        return _show_founding(form, 409)
    return see("public.organisation", slug=organisation.slug, gjort="grundad")


def _taken(other: Organisation) -> str:
    if not other.is_public:
        return gettext("Somebody has put forward an organisation with this number already.")
    return gettext(
        "%(name)s has this number already. Ask somebody who speaks for it to give you a mandate.",
        name=other.name,
    )


def _show_founding(form: FoundForm, status: int = 200) -> Response:
    return render("organisations/found.html", status, form=form)


@blueprint.get("/organisation/<slug>/andra")
@permitted("see_representation")
def edit(slug: str) -> Response:
    organisation = _organisation(slug)
    said = {name: getattr(organisation, name) for name in ("name", "kind", "number", "purpose")}
    data = {**said, "area": organisation.area_id, "seen": organisation.version}
    return _show_edit(organisation, ProfileForm(formdata=None, data=data))


@blueprint.post("/organisation/<slug>/andra")
@permitted("represent")
def save_edit(slug: str) -> AnyResponse:
    organisation, form = _organisation(slug), ProfileForm()
    if not form.validate():
        return _show_edit(organisation, form, 422)
    try:
        with transaction():
            operations.edit_organisation(
                organisation, form.profile(), seen=form.seen.data, editor=someone(), now=clock.now()
            )
    except operations.NumberTaken as error:
        form.number.errors = [_taken(error.organisation)]
        return _show_edit(organisation, form, 409)
    except Stale:
        form.seen.data = organisation.version
        return _show_edit(organisation, form, 409, is_stale=True)
    return see("public.organisation", slug=slug, gjort="andrad")


def _show_edit(
    organisation: Organisation, form: ProfileForm, status: int = 200, *, is_stale: bool = False
) -> Response:
    return render("organisations/edit.html", status, organisation=organisation, form=form, is_stale=is_stale)


@blueprint.get("/organisationer/granska")
@permitted("see_proposals")
def proposals() -> Response:
    return render(
        "organisations/proposals.html",
        proposals=queries.proposals(),
        edited=queries.edited_lately(clock.now()),
    )


@blueprint.get("/organisationer/granska/<slug>")
@permitted("see_proposals")
def proposal(slug: str) -> Response:
    return _show_proposal(found(queries.organisation_at(slug, person())), JudgementForm(formdata=None))


@blueprint.post("/organisationer/granska/<slug>")
@permitted("judge_organisation")
def judge(slug: str) -> AnyResponse:
    organisation, form = _organisation(slug), JudgementForm()
    if not form.validate():
        return _show_proposal(organisation, form, 422)
    with transaction():
        operations.judge_organisation(
            organisation,
            form.act.data,
            official=someone(),
            seen=form.seen.data,
            now=clock.now(),
            reasons=form.reasons.data,
        )
    return see("organisations.proposal", slug=slug, gjort="1")


def _show_proposal(organisation: Organisation, form: JudgementForm, status: int = 200) -> Response:
    acts = {one.act for one in moves_from(ORGANISATION_MOVES, organisation.state).values()}
    return render(
        "organisations/proposal.html",
        status,
        organisation=organisation,
        founder=queries.founder_of(organisation),
        namesakes=queries.namesakes_of(organisation),
        form=form,
        acts=[act for act in Judgement if act in acts],
        today=clock.today(),
        done=request.args.get("gjort"),
    )


@blueprint.get("/organisation/<slug>/mandat")
@permitted("see_mandates")
def mandates(slug: str) -> Response:
    return _show_mandates(_organisation(slug))


@blueprint.post("/organisation/<slug>/mandat")
@permitted("appoint")
def offer(slug: str) -> AnyResponse:
    organisation, form = _organisation(slug), OfferForm()
    if not form.validate():
        return _show_mandates(organisation, offer=form, status=422)
    own = _own_mandate(organisation)
    try:
        with transaction():
            operations.offer_mandate(
                organisation,
                form.email.data,
                form.term(),
                language=language(),
                actor=someone(),
                now=clock.now(),
                hands_over=own if form.hands_over.data else None,
            )
    except operations.NotConfirmed:
        return _show_mandates(organisation, status=409)
    except operations.TooMany:
        form.email.errors = [
            gettext("Many have been asked already. Ask more tomorrow, or when they have answered.")
        ]
        return _show_mandates(organisation, offer=form, status=409)
    return see("organisations.mandates", slug=slug, gjort="erbjudet")


@blueprint.post("/organisation/<slug>/mandat/fornya")
@permitted("represent")
def renew(slug: str) -> AnyResponse:
    organisation, form = _organisation(slug), TermForm()
    own = found(_own_mandate(organisation))
    if not form.validate():
        return _show_mandates(organisation, renewal=form, status=422)
    with transaction():
        operations.renew_mandate(own, form.term(), person=someone(), now=clock.now())
    return see("organisations.mandates", slug=slug, gjort="fornyat")


@blueprint.post("/organisation/<slug>/mandat/<int:mandate_id>/avsluta")
@permitted("appoint")
def end(slug: str, mandate_id: int) -> AnyResponse:
    organisation, form = _organisation(slug), EndForm()
    mandate: Mandate = found(next((one for one in organisation.mandates if one.id == mandate_id), None))
    is_own = mandate.person_id == someone().id
    if not form.validate() or not (is_own or shown_length(form.reasons.data or "") >= SHORTEST_REASONS):
        form.say_reasons_are_missing()
        return _show_mandates(organisation, ending=(mandate.id, form), status=422)
    with transaction():
        operations.end_mandate(mandate, actor=someone(), now=clock.now(), reasons=form.reasons.data)
    if is_own:
        return see("people.account", mandat=1)
    return see("organisations.mandates", slug=slug, gjort="avslutat")


@blueprint.post("/organisation/<slug>/erbjudande/<int:offer_id>/ta-tillbaka")
@permitted("appoint")
def withdraw_offer(slug: str, offer_id: int) -> AnyResponse:
    organisation = _organisation(slug)
    offers = {one.id: one for one in queries.open_offers(organisation)}
    with transaction():
        operations.withdraw_offer(found(offers.get(offer_id)), actor=someone(), now=clock.now())
    return see("organisations.mandates", slug=slug, gjort="tillbakataget")


def _own_mandate(organisation: Organisation) -> Mandate | None:
    """The mandate that whoever asks holds today."""
    own = (one for one in organisation.mandates if one.person_id == someone().id)
    return next((one for one in own if one.is_in_force(clock.today())), None)


def _show_mandates(
    organisation: Organisation,
    *,
    status: int = 200,
    offer: OfferForm | None = None,
    renewal: TermForm | None = None,
    ending: tuple[int, EndForm] | None = None,
) -> Response:
    done = {
        "erbjudet": gettext("The offer is sent. It holds for 30 days."),
        "fornyat": gettext("Your mandate is renewed."),
        "avslutat": gettext("The mandate has ended."),
        "tillbakataget": gettext("The offer is taken back."),
    }
    return render(
        "organisations/mandates.html",
        status,
        organisation=organisation,
        own=_own_mandate(organisation),
        offers=queries.open_offers(organisation),
        offer=offer or OfferForm(formdata=None),
        renewal=renewal or TermForm(formdata=None),
        ending=ending,
        blank=EndForm(formdata=None),
        today=clock.today(),
        done=done.get(request.args.get("gjort", "")),
    )


@blueprint.get("/mandat/<int:offer_id>")
@permitted("see_offer")
def offered(offer_id: int) -> Response:
    offer = queries.offer_to(someone(), offer_id)
    if offer is None:  # perhaps there is none; perhaps it was made to another address of theirs
        return render("organisations/offer_missing.html", 404, address=someone().email)
    require(offer)
    return _show_offer(offer, AnswerForm(formdata=None))


@blueprint.post("/mandat/<int:offer_id>/<any(ja, nej):answer>")
@permitted("answer_offer")
def answer_offer(offer_id: int, answer: str) -> AnyResponse:
    offer, form = found(queries.offer_to(someone(), offer_id)), AnswerForm()
    require(offer)
    if not form.validate():
        return _show_offer(offer, form, 422)
    with transaction():
        operations.answer_offer(
            offer, accepts=answer == "ja", person=someone(), seen=form.seen.data, now=clock.now()
        )
    return see("organisations.offered", offer_id=offer_id)


def _show_offer(offer: MandateOffer, form: AnswerForm, status: int = 200) -> Response:
    return render(
        "organisations/offer.html",
        status,
        offer=offer,
        form=form,
        can_be_accepted=offer.can_be_accepted(clock.today()),
    )
