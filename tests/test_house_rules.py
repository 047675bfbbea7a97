"""The rules that hold for every route, template and module. Each failure says where, and what to do."""

import importlib
import pkgutil
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

import dialog
from dialog import create_app, kept
from dialog.conversation.models import Comment
from dialog.db import db
from dialog.dialogues.rules import DialogueState
from dialog.errors import LONG_TEXTS
from dialog.events import Event
from dialog.fields import Form, TextField
from dialog.following.tokens import token_of_end
from dialog.moderation.watching_rules import WatchKind
from dialog.permissions import PERMISSIONS
from dialog.plan.queries import wording_of
from dialog.plan.rules import Period
from dialog.response.models import Response
from dialog.web import SAFE_METHODS, SECURITY_HEADERS
from tests.databases import SECRET
from tests.world import GOAL_2024

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))

EVERYBODY = {
    "visitor", "gun", "rut", "nils", "vera", "mona", "max", "olle", "eva", "tore", "rikard", "karin", "adam",
}  # fmt: skip
SIGNED_IN = EVERYBODY - {"visitor"}
MODERATORS = {"mona", "max"}
OFFICERS_OF_KS = {"olle", "eva"}
EDITORS_OF_KS = {"eva"}
ADMINISTRATORS = {"adam"}
CONFIRM_ORGANISATIONS = {"karin", "adam"}
CUSTOMER_CENTRE = {"karin"}
REGISTRARS = {"rikard"}

RECEPTION = GOAL_2024.replace("/mal/", "/kundcenter/")

# Who may come in by which door. A route that isn't here fails `test_every_route_stands_in_the_table`.
# A path may name {number}, {receipt}, {assignment}, {answer}, {draft}, {letter}: things of `stage` below.
DOORS: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("GET", "static"): ("/static/dialog.css", EVERYBODY),
    ("GET", "public.overview"): ("/", EVERYBODY),
    ("GET", "public.year"): ("/mal/2023", EVERYBODY),
    ("GET", "public.goal"): (GOAL_2024, EVERYBODY),
    ("GET", "public.changes"): (f"{GOAL_2024}/andringar", EVERYBODY),
    ("GET", "public.assignment"): ("/uppdrag/{assignment}", EVERYBODY),
    ("GET", "public.committees"): ("/namnd", EVERYBODY),
    ("GET", "public.committee"): ("/namnd/ks", EVERYBODY),
    ("GET", "public.comment"): ("/inlagg/{number}", EVERYBODY),
    ("GET", "public.receipt"): ("/kvitto/{receipt}", EVERYBODY),
    ("GET", "public.receipt_code"): ("/kvitto/{receipt}/qr.svg", EVERYBODY),
    ("GET", "response.verdict"): ("/kvitto/{receipt}/svar/{answer}/omdome", EVERYBODY),
    ("POST", "response.judge"): ("/kvitto/{receipt}/svar/{answer}/omdome", EVERYBODY),
    ("GET", "public.answer"): ("/svar/{answer}", EVERYBODY),
    ("GET", "public.log"): ("/moderering/logg", EVERYBODY),
    ("GET", "public.about"): ("/om", EVERYBODY),
    ("GET", "public.own_comments"): ("/mina-inlagg", SIGNED_IN),
    ("GET", "people.sign_in"): ("/logga-in", EVERYBODY),
    ("POST", "people.request_link"): ("/logga-in", EVERYBODY),
    ("GET", "people.link_sent"): ("/logga-in/skickat", EVERYBODY),
    ("GET", "people.open_link"): ("/logga-in/inte-en-lank", EVERYBODY),
    ("POST", "people.use_link"): ("/logga-in/inte-en-lank", EVERYBODY),
    ("POST", "people.sign_out"): ("/logga-ut", SIGNED_IN),
    ("GET", "people.notice"): ("/fore-du-skriver", EVERYBODY),
    ("POST", "people.acknowledge_notice"): ("/fore-du-skriver", SIGNED_IN),
    ("GET", "people.account"): ("/konto", SIGNED_IN),
    ("POST", "people.edit_account"): ("/konto", SIGNED_IN),
    ("POST", "people.edit_letters"): ("/konto/brev", SIGNED_IN),
    ("POST", "people.show_real_name"): ("/konto/namn", SIGNED_IN),
    ("POST", "people.unlink_identity"): ("/konto/e-legitimation/koppla-fran", SIGNED_IN),
    ("GET", "people.go_to_provider"): ("/logga-in/e-legitimation", EVERYBODY),
    ("GET", "people.provider_answers"): ("/logga-in/e-legitimation/svar", EVERYBODY),
    ("GET", "people.proven"): ("/logga-in/e-legitimation/klar", EVERYBODY),
    ("POST", "people.use_proof"): ("/logga-in/e-legitimation/klar", EVERYBODY),
    ("POST", "people.ask_for_address"): ("/logga-in/e-legitimation/adress", EVERYBODY),
    ("POST", "people.end_browser"): ("/konto/webblasare/0", SIGNED_IN),
    ("POST", "people.end_other_browsers"): ("/konto/webblasare", SIGNED_IN),
    ("POST", "people.sign_out_everywhere"): ("/konto/logga-ut-overallt", SIGNED_IN),
    ("GET", "following.button"): ("/folj/uppdrag/{assignment}", SIGNED_IN),
    ("POST", "following.follow"): ("/folj/uppdrag/{assignment}", SIGNED_IN),
    ("POST", "following.unfollow"): ("/folj/uppdrag/{assignment}/sluta", SIGNED_IN),
    ("GET", "following.follows"): ("/konto/foljer", SIGNED_IN),
    ("GET", "following.news"): ("/konto/nytt", SIGNED_IN),
    ("POST", "following.read"): ("/konto/nytt", SIGNED_IN),
    ("POST", "following.choose_letters"): ("/konto/brev/hur-ofta", SIGNED_IN),
    ("GET", "following.ask_unsubscribe"): ("/brev/avsluta/{end}", EVERYBODY),
    ("POST", "following.unsubscribe"): ("/brev/avsluta/{end}", EVERYBODY),
    ("GET", "stances.stance"): ("/inlagg/{number}/stallning", SIGNED_IN),
    ("POST", "stances.take"): ("/inlagg/{number}/stallning", SIGNED_IN),
    ("GET", "conversation.write"): (f"{GOAL_2024}/skriv", SIGNED_IN),
    ("POST", "conversation.submit"): (f"{GOAL_2024}/skriv", SIGNED_IN),
    ("POST", "search.similar"): (f"{GOAL_2024}/liknande", SIGNED_IN),
    ("GET", "conversation.write_reply"): ("/inlagg/{number}/svara", SIGNED_IN),
    ("POST", "conversation.reply"): ("/inlagg/{number}/svara", SIGNED_IN),
    ("GET", "conversation.edit"): ("/inlagg/{number}/andra", {"nils"}),
    ("POST", "conversation.save_edit"): ("/inlagg/{number}/andra", {"nils"}),
    ("GET", "conversation.ask_withdraw"): ("/inlagg/{number}/dra-tillbaka", {"nils"}),
    ("POST", "conversation.withdraw"): ("/inlagg/{number}/dra-tillbaka", {"nils"}),
    ("GET", "reports.write"): ("/inlagg/{number}/anmal", EVERYBODY),
    ("POST", "reports.report"): ("/inlagg/{number}/anmal", EVERYBODY - {"nils"}),  # who has written it
    ("GET", "reports.receipt"): ("/anmalan/{report}", EVERYBODY),
    ("GET", "reports.ask_confirm"): ("/anmalan/bekrafta/{confirmation}", EVERYBODY),
    ("POST", "reports.confirm"): ("/anmalan/bekrafta/{confirmation}", EVERYBODY),
    ("GET", "reports.threshold"): ("/forvaltning/anmalningar", ADMINISTRATORS),
    ("POST", "reports.set_threshold"): ("/forvaltning/anmalningar", ADMINISTRATORS),
    ("GET", "reception.choose"): ("/kundcenter", CUSTOMER_CENTRE),
    ("GET", "reception.write"): (RECEPTION, CUSTOMER_CENTRE),
    ("POST", "reception.register"): (RECEPTION, CUSTOMER_CENTRE),
    ("GET", "reception.open_sitting"): ("/kundcenter/moten/ny", CUSTOMER_CENTRE),
    ("POST", "reception.record_sitting"): ("/kundcenter/moten/ny", CUSTOMER_CENTRE),
    ("GET", "reception.sitting"): ("/kundcenter/moten/{sitting}", CUSTOMER_CENTRE),
    ("POST", "reception.add_to_sitting"): ("/kundcenter/moten/{sitting}", CUSTOMER_CENTRE),
    ("GET", "reception.correct"): ("/kundcenter/inlagg/{heard}/ratta", CUSTOMER_CENTRE),
    ("POST", "reception.save_correction"): ("/kundcenter/inlagg/{heard}/ratta", CUSTOMER_CENTRE),
    ("GET", "public.sitting"): ("/moten/{sitting}", EVERYBODY),
    ("GET", "moderation.queue"): ("/moderering", MODERATORS),
    ("POST", "moderation.decide"): ("/moderering/{number}", MODERATORS),
    ("GET", "moderation.supervision"): ("/moderering/tillsyn", MODERATORS | ADMINISTRATORS),
    ("POST", "moderation.note_gone_through"): ("/moderering/tillsyn", MODERATORS),
    ("POST", "moderation.decide_several"): ("/moderering/flera", MODERATORS),
    ("POST", "moderation.settle_proposal"): (
        "/moderering/{proposed}/forslag",
        {"max"},
    ),  # Mona has proposed it
    ("POST", "moderation.fill"): ("/moderering/{number}/mall", MODERATORS),
    ("POST", "moderation.fill_several"): ("/moderering/flera/mall", MODERATORS),
    ("GET", "moderation.reason_texts"): ("/forvaltning/motiveringar", ADMINISTRATORS),
    ("GET", "moderation.reason_text"): ("/forvaltning/motiveringar/reklam", ADMINISTRATORS),
    ("POST", "moderation.edit_reason_text"): ("/forvaltning/motiveringar/reklam", ADMINISTRATORS),
    ("GET", "moderation.where_to_move"): ("/moderering/{moved}/flytta", MODERATORS),
    ("POST", "moderation.move"): ("/moderering/{moved}/flytta", MODERATORS),
    ("GET", "moderation.watch_rules"): ("/forvaltning/regler", ADMINISTRATORS),
    ("GET", "moderation.write_watch_rule"): ("/forvaltning/regler/ny/ord", ADMINISTRATORS),
    ("POST", "moderation.add_watch_rule"): ("/forvaltning/regler/ny/ord", ADMINISTRATORS),
    ("GET", "moderation.watch_rule"): ("/forvaltning/regler/{rule}", ADMINISTRATORS),
    ("POST", "moderation.change_watch_rule"): ("/forvaltning/regler/{rule}", ADMINISTRATORS),
    ("POST", "moderation.switch_watch_rule"): ("/forvaltning/regler/{rule}/av", ADMINISTRATORS),
    ("GET", "moderation.prepare_masking"): ("/moderering/{number}/maskera", MODERATORS),
    ("POST", "moderation.mask"): ("/moderering/{number}/maskera", MODERATORS),
    ("POST", "moderation.claim"): ("/moderering/{number}/ta", MODERATORS),
    ("POST", "moderation.release"): ("/moderering/{number}/slapp", MODERATORS),
    ("GET", "appeals.write"): ("/kvitto/{receipt}/ny-provning", EVERYBODY),
    ("POST", "appeals.send"): ("/kvitto/{receipt}/ny-provning", EVERYBODY),
    ("GET", "appeals.appeals"): ("/moderering/provningar", MODERATORS),
    ("POST", "appeals.settle"): ("/moderering/provningar/{appeal}", {"max"}),
    ("GET", "response.committees_of"): ("/moderering/{number}/namnder", MODERATORS),
    ("POST", "response.share"): ("/moderering/{number}/namnder", MODERATORS),
    ("POST", "response.take_away"): ("/moderering/{number}/namnder/ks/ta-bort", MODERATORS),
    ("GET", "response.inbox"): ("/namnd/ks/inkorg", OFFICERS_OF_KS),
    ("GET", "meetings.annex"): ("/namnd/ks/bilaga", OFFICERS_OF_KS),
    ("GET", "meetings.annex_pdf"): ("/namnd/ks/bilaga.pdf", OFFICERS_OF_KS),
    ("GET", "meetings.annex_odt"): ("/namnd/ks/bilaga.odt", OFFICERS_OF_KS),
    ("GET", "meetings.annex_csv"): ("/namnd/ks/bilaga.csv", OFFICERS_OF_KS),
    ("GET", "meetings.prepare_meeting"): ("/namnd/ks/sammantrade", EDITORS_OF_KS),
    ("POST", "meetings.record"): ("/namnd/ks/sammantrade", EDITORS_OF_KS),
    ("GET", "response.prepare_forwarding"): ("/namnd/ks/arende/{matter}/lamna-vidare", OFFICERS_OF_KS),
    ("POST", "response.forward"): ("/namnd/ks/arende/{matter}/lamna-vidare", OFFICERS_OF_KS),
    ("GET", "response.matter"): ("/namnd/ks/arende/{matter}", OFFICERS_OF_KS),
    ("POST", "response.take"): ("/namnd/ks/arende/{matter}/ta", OFFICERS_OF_KS),
    ("POST", "response.let_go"): ("/namnd/ks/arende/{matter}/slapp", OFFICERS_OF_KS),
    ("POST", "response.note"): ("/namnd/ks/arende/{matter}/anteckningar", OFFICERS_OF_KS),
    ("GET", "response.groups"): ("/namnd/ks/inkorg/liknande", OFFICERS_OF_KS),
    ("GET", "response.group"): ("/namnd/ks/inkorg/liknande/{matter}", OFFICERS_OF_KS),
    ("POST", "response.put_together"): (
        "/namnd/ks/inkorg/liknande/{matter}/lagg-ihop/{matter}",
        OFFICERS_OF_KS,
    ),
    ("POST", "response.take_out"): ("/namnd/ks/inkorg/liknande/{matter}/ta-ut/{matter}", OFFICERS_OF_KS),
    ("GET", "response.pauses"): ("/namnd/ks/uppehall", EDITORS_OF_KS),
    ("POST", "response.announce_pause"): ("/namnd/ks/uppehall", EDITORS_OF_KS),
    ("POST", "response.call_off_pause"): ("/namnd/ks/uppehall/{pause}/stall-in", EDITORS_OF_KS),
    ("POST", "response.end_pause"): ("/namnd/ks/uppehall/{pause}/avsluta", EDITORS_OF_KS),
    ("POST", "response.explain_delay"): ("/namnd/ks/arende/{matter}/drojer", OFFICERS_OF_KS),
    ("GET", "plan.follow_ups"): ("/namnd/ks/uppfoljning", OFFICERS_OF_KS),
    ("GET", "plan.follow_up"): ("/namnd/ks/uppfoljning/{follow_up}", OFFICERS_OF_KS),
    ("POST", "plan.place_follow_up"): ("/namnd/ks/uppfoljning/{follow_up}", OFFICERS_OF_KS),
    ("GET", "plan.account"): ("/namnd/ks/uppfoljning/uppdrag/{assignment}", OFFICERS_OF_KS),
    ("POST", "plan.give_account"): ("/namnd/ks/uppfoljning/uppdrag/{assignment}", OFFICERS_OF_KS),
    ("GET", "commitments.commitments"): ("/namnd/ks/ataganden", EVERYBODY),
    ("GET", "commitments.prepare"): ("/namnd/ks/svar/{answer}/atagande", EDITORS_OF_KS),
    ("POST", "commitments.commit"): ("/namnd/ks/svar/{answer}/atagande", EDITORS_OF_KS),
    ("GET", "commitments.prepare_settling"): ("/namnd/ks/ataganden/{commitment}", EDITORS_OF_KS),
    ("POST", "commitments.settle"): ("/namnd/ks/ataganden/{commitment}", EDITORS_OF_KS),
    ("POST", "commitments.correct"): ("/namnd/ks/ataganden/{commitment}/rattelse", EDITORS_OF_KS),
    ("POST", "response.start_answer"): ("/namnd/ks/svar", OFFICERS_OF_KS),
    ("GET", "response.editor"): ("/namnd/ks/svar/{draft}", OFFICERS_OF_KS),
    ("POST", "response.save_answer"): ("/namnd/ks/svar/{draft}", OFFICERS_OF_KS),
    ("GET", "response.templates"): ("/namnd/ks/svarsmallar", EDITORS_OF_KS),
    ("POST", "response.add_template"): ("/namnd/ks/svarsmallar", EDITORS_OF_KS),
    ("GET", "response.template"): ("/namnd/ks/svarsmallar/{template}", EDITORS_OF_KS),
    ("POST", "response.edit_template"): ("/namnd/ks/svarsmallar/{template}", EDITORS_OF_KS),
    ("POST", "response.insert_template"): ("/namnd/ks/svar/{draft}/mall", OFFICERS_OF_KS),
    # After the others: it takes away what they ask for.
    ("POST", "response.remove_template"): ("/namnd/ks/svarsmallar/{template}/ta-bort", EDITORS_OF_KS),
    ("GET", "response.arrived"): ("/namnd/ks/svar/{draft}/nya", OFFICERS_OF_KS),
    ("POST", "response.check_language"): ("/namnd/ks/svar/{draft}/klarsprak", OFFICERS_OF_KS),
    ("POST", "response.send_to_review"): ("/namnd/ks/svar/{draft}/granskning", OFFICERS_OF_KS),
    ("POST", "response.send_back"): ("/namnd/ks/svar/{draft}/tillbaka", OFFICERS_OF_KS),
    ("POST", "response.schedule"): ("/namnd/ks/svar/{draft}/tid", EDITORS_OF_KS),
    ("GET", "response.translations"): ("/namnd/ks/svar/{answer}/sprak", EDITORS_OF_KS),
    ("GET", "response.translation"): ("/namnd/ks/svar/{answer}/sprak/en", EDITORS_OF_KS),
    ("POST", "response.translate"): ("/namnd/ks/svar/{answer}/sprak/en", EDITORS_OF_KS),
    ("GET", "response.prepare_revision"): ("/namnd/ks/svar/{answer}/andra", EDITORS_OF_KS),
    ("POST", "response.revise"): ("/namnd/ks/svar/{answer}/andra", EDITORS_OF_KS),
    ("POST", "response.publish_answer"): ("/namnd/ks/svar/{draft}/publicera", EDITORS_OF_KS),
    ("GET", "dialogues.dialogues"): ("/namnd/ks/dialoger", OFFICERS_OF_KS),
    ("POST", "dialogues.start_dialogue"): ("/namnd/ks/dialoger", OFFICERS_OF_KS),
    ("GET", "dialogues.dialogue"): ("/namnd/ks/dialoger/{dialogue}", OFFICERS_OF_KS),
    ("POST", "dialogues.save_dialogue"): ("/namnd/ks/dialoger/{dialogue}", OFFICERS_OF_KS),
    ("GET", "dialogues.all_dialogues"): ("/dialoger", EVERYBODY),
    ("GET", "dialogues.shown"): ("/dialoger/{closed}", EVERYBODY),
    ("GET", "dialogues.report"): ("/namnd/ks/dialoger/{closed}/aterkoppling", OFFICERS_OF_KS),
    ("POST", "dialogues.save_report"): ("/namnd/ks/dialoger/{closed}/aterkoppling", OFFICERS_OF_KS),
    ("GET", "dialogues.prepare_revision"): (
        "/namnd/ks/dialoger/{reported}/aterkoppling/andra",
        EDITORS_OF_KS,
    ),
    ("POST", "dialogues.revise"): ("/namnd/ks/dialoger/{reported}/aterkoppling/andra", EDITORS_OF_KS),
    ("POST", "dialogues.report_back"): ("/namnd/ks/dialoger/{closed}/aterkoppling/publicera", EDITORS_OF_KS),
    ("POST", "dialogues.move_dialogue"): ("/namnd/ks/dialoger/{dialogue}/oppna", EDITORS_OF_KS),
    ("GET", "organisations.organisations"): ("/organisationer", EVERYBODY),
    ("GET", "organisations.write"): ("/organisationer/ny", SIGNED_IN),
    ("POST", "organisations.found_organisation"): ("/organisationer/ny", SIGNED_IN),
    ("GET", "organisations.proposals"): ("/organisationer/granska", CONFIRM_ORGANISATIONS),
    ("GET", "organisations.proposal"): ("/organisationer/granska/lockne-byalag", CONFIRM_ORGANISATIONS),
    ("POST", "organisations.judge"): ("/organisationer/granska/lockne-byalag", CONFIRM_ORGANISATIONS),
    ("GET", "organisations.edit"): ("/organisation/lockne-byalag/andra", {"vera"}),
    ("POST", "organisations.save_edit"): ("/organisation/lockne-byalag/andra", {"vera"}),
    ("GET", "organisations.mandates"): (
        "/organisation/lockne-byalag/mandat",
        {"vera", *CONFIRM_ORGANISATIONS},
    ),
    ("POST", "organisations.offer"): ("/organisation/lockne-byalag/mandat", {"vera", *CONFIRM_ORGANISATIONS}),
    ("POST", "organisations.renew"): ("/organisation/lockne-byalag/mandat/fornya", {"vera"}),
    ("POST", "organisations.withdraw_offer"): (
        "/organisation/lockne-byalag/erbjudande/{offer}/ta-tillbaka",
        {"vera", *CONFIRM_ORGANISATIONS},
    ),
    # Another's offer does not exist: 404.
    ("GET", "organisations.offered"): ("/mandat/{offer}", SIGNED_IN),
    ("POST", "organisations.answer_offer"): ("/mandat/{offer}/nej", SIGNED_IN),
    ("GET", "public.organisation"): ("/organisation/lockne-byalag", EVERYBODY),
    # After the others: it takes from Vera what they ask of her.
    ("POST", "organisations.end"): (
        "/organisation/lockne-byalag/mandat/{mandate}/avsluta",
        {"vera", *CONFIRM_ORGANISATIONS},
    ),
    ("GET", "records.sealed"): ("/registrator/forseglat", REGISTRARS),
    ("GET", "records.sealed_comment"): ("/registrator/forseglat/{sealed}", REGISTRARS),
    ("POST", "records.open_sealed"): ("/registrator/forseglat/{sealed}", REGISTRARS),
    ("GET", "search.search"): ("/sok?q=inlägg*", EVERYBODY),
    ("GET", "plan.register"): ("/forvaltning/register", ADMINISTRATORS),
    ("GET", "plan.committee"): ("/forvaltning/namnder/ks", ADMINISTRATORS),
    ("POST", "plan.edit_committee"): ("/forvaltning/namnder/ks", ADMINISTRATORS),
    ("GET", "plan.area"): ("/forvaltning/omraden/lit", ADMINISTRATORS),
    ("POST", "plan.edit_area"): ("/forvaltning/omraden/lit", ADMINISTRATORS),
    ("GET", "texts.page"): ("/husregler", EVERYBODY),
    ("GET", "texts.statement"): ("/tillganglighet", EVERYBODY),
    ("GET", "texts.all_versions"): ("/texter/husregler", EVERYBODY),
    ("GET", "texts.one_version"): ("/texter/tillganglighet/1", EVERYBODY),
    ("GET", "faults.write"): ("/tillganglighet/anmal", EVERYBODY),
    ("POST", "faults.report"): ("/tillganglighet/anmal", EVERYBODY),
    ("GET", "faults.receipt"): ("/tillganglighet/arende/{fault_receipt}", EVERYBODY),
    ("GET", "faults.cases"): ("/forvaltning/brister", ADMINISTRATORS),
    ("GET", "faults.case"): ("/forvaltning/brister/{fault}", ADMINISTRATORS),
    ("POST", "faults.answer"): ("/forvaltning/brister/{fault}", ADMINISTRATORS),
    ("GET", "texts.texts"): ("/forvaltning/texter", ADMINISTRATORS),
    ("GET", "texts.write"): ("/forvaltning/texter/tillganglighet", ADMINISTRATORS),
    ("POST", "texts.preview"): ("/forvaltning/texter/tillganglighet/forhandsgranska", ADMINISTRATORS),
    ("POST", "texts.publish_text"): ("/forvaltning/texter/tillganglighet", ADMINISTRATORS),
    ("GET", "demo.choose"): ("/demo", EVERYBODY),
    ("POST", "demo.play"): ("/demo/finns-inte", EVERYBODY),
    ("GET", "demo.design"): ("/design", EVERYBODY),
    ("GET", "demo.letters"): ("/demo/brev", EVERYBODY),
    ("GET", "demo.letter"): ("/demo/brev/{letter}", EVERYBODY),
}

# Writes that need neither a form's token nor to come from this site, each with what proves the right to them instead.
PROVEN_BY_THE_ADDRESS = {
    "following.unsubscribe": "Mail programs end letters with one click (RFC 8058); its token is signed.",
}

MOST_QUERIES = {"public.goal": 12}
MOST_QUERIES_ELSEWHERE = 15


@pytest.fixture
def stage(world):
    return one_of_each(world)


def one_of_each(world) -> dict[str, object]:
    """One of each thing that an address can name."""
    from dialog.notify.models import Letter
    from tests.dialogues.test_report_back import closed, report_back

    rule = world.watching(WatchKind.WORDS, words="döljs")
    answered = world.published(world.nils, "Ett inlägg som nämnden har svarat på.")
    response = world.answered(answered)
    waiting = world.published(world.rut, "Ett inlägg som väntar på svar från nämnden.")
    world.published(world.rut, "Ett inlägg om uppdraget, som väntar på svar.", assignment=world.assignment(1))
    about = wording_of(world.goal()).summary[0]
    world.published(world.rut, "Ett inlägg om ett stycke i målets text.", paragraph=about)
    world.published(world.rut, "En replik till inlägget som har fått svar.", parent=answered)
    hidden = world.published(world.rut, "Ett inlägg som döljs sedan någon har svarat på det.")
    world.published(world.nils, "En replik till ett inlägg som döljs.", parent=hidden)
    world.decide(hidden, "hide")
    appeal = world.appealed(hidden)
    proposed = world.published(world.rut, "Ett inlägg som en moderator har föreslagit att dölja.")
    world.proposed(proposed)
    moved = world.published(world.rut, "Ett inlägg som flyttas till det uppdrag det handlar om.")
    world.published(world.nils, "En replik som följer med när det flyttas.", parent=moved)
    world.moved(moved, assignment=world.assignment(1))
    sealed = world.masked(world.published(world.nils, "Ett inlägg om en person som heter Eva."), "Eva")
    voice = world.reported(answered, email="anmalare@example.org")
    return {
        "number": answered.number,
        "report": voice.key,
        "sealed": sealed.number,
        "fault": (fault := world.faulted()).id,
        "fault_receipt": fault.key,
        "confirmation": voice.confirm_key,
        "receipt": answered.receipt_key,
        "appeal": appeal.id,
        "rule": rule.id,
        "pause": world.paused().id,
        "template": world.templated().id,
        "moved": moved.number,
        "proposed": proposed.number,
        "assignment": world.assignment(1).id,
        "answer": response.id,
        "follow_up": world.read_follow_up("Ordna något som inte står i planen.").id,
        "commitment": world.promised(response).id,
        "draft": world.drafted(waiting).id,
        "matter": world.matters("KS", waiting)[0].id,
        "dialogue": world.asked().id,
        "closed": world.moved_on(world.opened(assignment=world.assignment(2)), DialogueState.CLOSED).id,
        "reported": report_back(world, closed(world, assignment=world.assignment(4))).id,
        "mandate": world.mandate.id,
        "offer": world.offered(world.nils.email).id,
        "sitting": (sitting := world.met()).id,
        "heard": world.heard(sitting=sitting).number,
        "end": token_of_end(world.rut.id),
        "letter": db.session.scalar(select(func.min(Letter.id))),
    }


def routes(app):
    """Every method of every route, but the ones Flask adds by itself."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, rule.endpoint


def test_every_route_declares_its_act(app):
    for _, endpoint in routes(app):
        view = app.view_functions[endpoint]
        act = getattr(view, "act", None)
        assert act in PERMISSIONS, (
            f"{view.__module__}.{view.__name__} declares no act: put @permitted(…) on it, "
            "with an act from dialog/permissions.py."
        )


def test_every_route_stands_in_the_table(app):
    missing = set(routes(app)) - set(DOORS)
    assert not missing, f"Add to DOORS in tests/test_house_rules.py who may use: {sorted(missing)}"
    gone = set(DOORS) - set(routes(app))
    assert not gone, f"Take out of DOORS what is no longer there: {sorted(gone)}"


def test_reading_and_writing_never_share_a_permission(app):
    for method, endpoint in routes(app):
        act = app.view_functions[endpoint].act
        assert PERMISSIONS[act].writes == (method not in SAFE_METHODS), f"{endpoint} ({method}) uses {act}"


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_each_role_comes_in_by_exactly_the_doors_that_are_theirs(world, stage, name):
    client = None
    for (method, _), (path, who) in sorted(DOORS.items(), key=lambda door: door[0][0]):
        client = client or world.browser_of(name)
        address = path.format(**stage)
        response = client.get(address) if method == "GET" else client.send("/logga-in", to=address)
        refused = response.status_code in {401, 403} or "/logga-in?" in response.headers.get("Location", "")
        assert refused == (name not in who), f"{name}: {method} {address} gave {response.status_code}"
        assert response.status_code < 500, f"{name}: {method} {address} gave {response.status_code}"
        if refused and method == "GET" and name == "visitor":
            assert response.status_code == 303, "A visitor is shown the way to sign in."
        if method == "POST" and not refused:  # it may have signed out
            client = None


def test_every_other_method_is_refused(world, stage, app):
    client = app.test_client()
    world.sign_in(client, world.adam)
    token = client.token("/logga-in")
    for path in {path for path, _ in DOORS.values()}:
        known = {method for (method, _), (other, _) in DOORS.items() if other == path}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
            response = client.open(path.format(**stage), method=method, headers={"X-CSRFToken": token})
            assert response.status_code in {404, 405, 410}, f"{method} {path} gave {response.status_code}"


def test_only_what_is_named_here_is_taken_without_a_token(app):
    exempt = {name for _, name in routes(app) if hasattr(app.view_functions[name], "proven_by_its_address")}
    assert exempt == set(PROVEN_BY_THE_ADDRESS)


def test_all_that_people_write_at_length_is_shown_again_where_a_form_is_not_taken():
    for module in pkgutil.walk_packages(dialog.__path__, "dialog."):
        importlib.import_module(module.name)
    for form in _forms(Form):
        for name, field in vars(form).items():
            if issubclass(getattr(field, "field_class", object), TextField):
                assert name in LONG_TEXTS, f"Add {name!r} of {form.__name__} to errors.LONG_TEXTS."


def _forms(form):
    for one in form.__subclasses__():
        yield from (one, *_forms(one))


def test_a_write_without_a_token_or_from_a_foreign_site_is_refused(world, stage):
    browsers = {name: world.browser_of(name) for name in EVERYBODY}
    for (method, endpoint), (path, who) in DOORS.items():
        if method == "GET" or endpoint in PROVEN_BY_THE_ADDRESS:
            continue
        client = browsers[min(who)]
        before = db.session.scalar(select(func.count()).select_from(Event))
        address = path.format(**stage)
        assert client.post(address).status_code == 400, f"{address} took a write without a token."
        token = {"csrf_token": client.token("/logga-in")}
        for foreign in (
            {"Origin": "https://elsewhere.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "null"},
        ):
            response = client.post(address, data=token, headers=foreign)
            assert response.status_code == 403, f"{address} took a write with {foreign}."
        after = db.session.scalar(select(func.count()).select_from(Event))
        assert after == before, f"{address} wrote something down."


def test_reading_uses_a_connection_that_cannot_write(context):
    from sqlalchemy import text

    with pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE committee SET name_sv = 'x'"))
    db.session.rollback()


def test_every_answer_carries_the_same_security_headers(world, stage, app):
    # The client asserts it for each answer; here are the doors that other tests may not pass.
    client = app.test_client()
    for address in (
        "/finns-inte",
        "/static/finns-inte.css",
        "/en/finns-inte",
        "/moderering",
        GOAL_2024,
        GOAL_2024,
    ):
        response = client.get(address)
        assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert "Strict-Transport-Security" not in response.headers
    assert client.post("/logga-in", data={"email": "x" * 2_000_000}).status_code == 413


def test_over_https_the_browser_is_told_to_stay_there(tmp_path):
    environ = {
        "DIALOG_INSTANCE": str(tmp_path),
        "SECRET_KEY": SECRET,
        "DIALOG_ADDRESS": "https://dialog.example",
    }
    response = create_app(environ).test_client().get("/static/dialog.css")
    assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_the_headers_are_the_ones_that_were_decided():
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    sources = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert sources.pop("default-src") == "'none'"
    assert {name: value for name, value in sources.items() if value not in {"'self'", "'none'"}} == {}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_no_inline_script_style_or_handler(template):
    source = template.read_text(encoding="utf-8")
    found = re.findall(r"<style|\sstyle=|\son[a-z]+=|<script>|hx-on|javascript:|https?://", source)
    assert not found, f"{template} holds {found}: put it in static/ instead."


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_visible_string_of_a_template_can_be_translated(template):
    source = template.read_text(encoding="utf-8")
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source, flags=re.S)
    for attribute in re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', source):
        assert not re.search(r"[^\W\d_]{2,}", re.sub(r"\{\{.*?\}\}", "", attribute, flags=re.S)), (
            f"wrap {attribute!r}"
        )
    source = re.sub(r'\s[a-z-]+="[^"]*"', "", re.sub(r"\{\{.*?\}\}", "", source, flags=re.S))
    text = re.sub(r"<[^>]*>", " ", source, flags=re.S)
    words = set(re.findall(r"[^\W\d_]{2,}", text)) - {"Dialog", "nbsp", "amp"}
    assert not words, f"{template}: wrap in _(…): {sorted(words)}"


def test_every_string_is_translated_into_swedish():
    with (ROOT / "dialog/translations/sv/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue: Catalog = read_po(file, locale="sv")
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = []
    for folder, method in (("dialog", [("**.py", "python")]), ("templates", [("**.*", "jinja2")])):
        for name, line, message, *_ in extract_from_dir(ROOT / folder, method, keywords=keywords):
            key = message[0] if isinstance(message, tuple) else message
            entry = catalogue.get(key)
            words = entry.string if entry else None
            complete = all(words) if isinstance(words, tuple | list) else bool(words)
            if not complete or entry.fuzzy:
                found.append(f"{folder}/{name}:{line} {key!r}")
    assert not found, "Run `make messages` and translate in messages.po:\n" + "\n".join(found)


def test_translations_keep_their_placeholders():
    with (ROOT / "dialog/translations/sv/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="sv")
    for entry in catalogue:
        for string in entry.string if isinstance(entry.string, tuple) else [entry.string]:
            ids = entry.id if isinstance(entry.id, tuple) else [entry.id]
            wanted = {name for one in ids for name in re.findall(r"%\(\w+\)[sd]", one)}
            given = set(re.findall(r"%\(\w+\)[sd]", string or ""))
            assert given == wanted or not entry.id, f"{entry.id!r} → {string!r}"


def queries_of(app, client, address: str) -> list[str]:
    statements: list[str] = []

    def note(connection, cursor, statement, *_):
        statements.append(statement)

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    try:
        response = client.get(address)
        assert response.status_code == 200, f"{address} gave {response.status_code}"
    finally:
        for engine in engines:
            sqlalchemy_event.remove(engine, "before_cursor_execute", note)
    return [one for one in statements if not one.startswith("BEGIN")]


@dataclass(frozen=True)
class Reader:
    name: str
    endpoints: tuple[str, ...]


@pytest.mark.parametrize(
    "reader",
    [
        Reader("visitor", ("public.overview", "public.year", "public.goal", "public.changes", "public.assignment",
                           "public.committees", "public.committee", "public.comment", "public.receipt",
                           "public.receipt_code", "public.sitting", "public.answer", "public.log", "public.about",
                           "dialogues.all_dialogues", "dialogues.shown",
                           "reports.write", "reports.receipt", "reports.ask_confirm",
                           "commitments.commitments", "search.search", "demo.choose", "demo.letters")),
        Reader("nils", ("public.goal", "public.own_comments", "conversation.write", "conversation.write_reply",
                        "conversation.edit", "conversation.ask_withdraw", "people.account", "following.button",
                        "stances.stance", "public.comment",
                        "following.follows", "following.news")),
        Reader("mona", ("moderation.queue", "moderation.prepare_masking", "appeals.appeals", "public.goal",
                        "public.comment")),
        Reader("eva", ("response.inbox", "response.editor", "dialogues.dialogues", "dialogues.dialogue",
                       "dialogues.report", "dialogues.prepare_revision",
                       "meetings.annex", "meetings.annex_pdf", "meetings.annex_odt", "meetings.annex_csv",
                       "meetings.prepare_meeting",
                       "plan.follow_ups", "plan.follow_up", "plan.account",
                       "commitments.commitments", "commitments.prepare", "commitments.prepare_settling",
                       "public.answer")),
        Reader("karin", ("reception.choose", "reception.write", "reception.open_sitting", "reception.sitting",
                         "reception.correct")),
        Reader("adam", ("plan.register", "plan.committee", "plan.area", "reports.threshold", "moderation.watch_rules",
                        "faults.cases", "texts.texts")),
    ],
    ids=lambda reader: reader.name,
)  # fmt: skip
def test_a_page_asks_a_constant_number_of_queries(world, stage, app, reader):
    def measure() -> dict[str, int]:
        kept.set_up(app)  # nothing kept from before
        client = world.browser_of(reader.name)
        return {
            endpoint: len(queries_of(app, client, DOORS["GET", endpoint][0].format(**stage)))
            for endpoint in reader.endpoints
        }

    few = measure()
    for number in range(12):
        world.published(world.nils, f"Inlägg nummer {number} om målet, för mängdens skull.")
        task = world.published(
            world.rut, f"Inlägg nummer {number} om uppdraget.", assignment=world.assignment(1)
        )
        world.published(world.nils, f"Replik nummer {number} till inlägget om uppdraget.", parent=task)
        world.published(world.vera, f"Replik nummer {number}.", parent=db.session.get(Comment, 1))
        answer = world.answered(
            world.published(world.vera, f"Inlägg {number} av byalaget.", mandate=world.mandate)
        )
        for about in (answer, db.session.get(Response, stage["answer"])):
            world.settled(world.promised(about, f"Vi gör sak {number}, som utlovat."))
            world.promised(about, f"Vi gör en sak till, nummer {number}.")
        world.read_follow_up(f"Ordna en sak till som inte står i planen, nummer {number}.")
        world.accounted(world.assignment(number % 4 + 1), period=list(Period)[number % 3])
        world.reported(task, email=f"{number}@example.com")
        world.faulted(f"Knapp nummer {number} går inte att läsa upp.")
        world.reported(db.session.get(Comment, 1), email=f"{number}@example.org")
    many = measure()
    assert many == few, (
        "The number of queries grows with the number of rows: load what belongs together at once."
    )
    for endpoint, queries in many.items():
        most = MOST_QUERIES.get(endpoint, MOST_QUERIES_ELSEWHERE)
        assert queries <= most, f"{endpoint} asks {queries} queries, {most} at the most."
