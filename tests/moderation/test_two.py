"""Hiding what criticises the municipality takes two: one proposes, and another says yes or no."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dialog.appeals.operations import MayNotSettle
from dialog.appeals.queries import waiting_for
from dialog.conversation.models import Comment
from dialog.conversation.rules import Act, CommentState, ReviewReason
from dialog.db import clock, db, transaction
from dialog.events import Event
from dialog.moderation.log import figures
from dialog.moderation.models import Claim, Decision, Proposal
from dialog.moderation.operations import Held, MayNotDecide, claim_comment, decide
from dialog.moderation.queries import queue
from dialog.moderation.rules import (
    GROUND_SOURCES,
    Ground,
    HowToHide,
    ProposalState,
    Source,
    acts_on,
    asks_whether_it_criticises,
    how_to_hide,
)
from dialog.moderation.seconding import settle_proposal
from dialog.notify.letters import write
from dialog.notify.models import Letter
from dialog.people.models import Person
from dialog.people.operations import give_role
from dialog.people.rules import Role
from dialog.reports.rules import ReportState
from dialog.states import ReasonMissing, Stale, UnlistedMove
from tests import counts
from tests.threads import at_once

QUEUE = "/moderering"
REASONS = "Du skriver om personen och inte om saken."
HX = {"HX-Request": "true"}
RECEIVED, PUBLISHED, HIDDEN = CommentState.RECEIVED, CommentState.PUBLISHED, CommentState.HIDDEN
AT_ONCE, BY_TWO, NOT_SAID = HowToHide.AT_ONCE, HowToHide.BY_TWO, HowToHide.NOT_SAID
OPEN, CONFIRMED = ProposalState.OPEN, ProposalState.CONFIRMED
DECLINED, LAPSED = ProposalState.DECLINED, ProposalState.LAPSED

# What the law forbids, what is secret and personal data are hidden at once by one. On any other house rule it is to be
# said whether the comment criticises the municipality: if it does, it takes two; if it doesn't, one hides it. Once
# somebody has said of a wording that it does, another's no, or silence, doesn't undo that.
HOW = {
    # (asked of the ground, criticises, was said to): what it takes
    (False, None, False): AT_ONCE,
    (False, True, False): AT_ONCE,
    (False, False, False): AT_ONCE,
    (False, None, True): AT_ONCE,
    (False, True, True): AT_ONCE,
    (False, False, True): AT_ONCE,
    (True, None, False): NOT_SAID,
    (True, False, False): AT_ONCE,
    (True, True, False): BY_TWO,
    (True, None, True): BY_TWO,
    (True, False, True): BY_TWO,
    (True, True, True): BY_TWO,
}
ASKED = {Ground.DEFAMATION, Ground.PERSONAL_ATTACK, Ground.OFF_TOPIC, Ground.ADVERTISING}


@pytest.mark.parametrize("ground", list(Ground))
def test_what_it_takes_to_hide_on_each_ground(ground):
    assert asks_whether_it_criticises(ground) == (ground in ASKED)
    for (is_asked, criticises, was_said_to), how in HOW.items():
        if is_asked == (ground in ASKED):
            assert how_to_hide(ground, criticises, was_said_to=was_said_to) == how


def test_every_house_rule_but_personal_data_is_asked_about_and_nothing_else_is():
    house_rules = {ground for ground, source in GROUND_SOURCES.items() if source == Source.HOUSE_RULE}
    assert house_rules - ASKED == {Ground.PERSONAL_DATA}
    assert house_rules >= ASKED
    assert not asks_whether_it_criticises(None)


def log(comment: Comment) -> list[str]:
    kinds = select(Event.kind).where(Event.subject_type == "comment", Event.subject_id == comment.id)
    return list(db.session.scalars(kinds.order_by(Event.id)))


def decisions(comment: Comment) -> list[Decision]:
    found = select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id)
    return list(db.session.scalars(found))


def hide(comment: Comment, moderator, ground=Ground.OFF_TOPIC, criticises=None, seen=None):
    with transaction():
        return decide(
            comment,
            Act.HIDE,
            moderator=moderator,
            seen=comment.version if seen is None else seen,
            now=clock.now(),
            ground=ground,
            reasons=REASONS,
            criticises=criticises,
        )


def waiting(world) -> Comment:
    return world.say(world.nils, "Kommunens tjänstemän gör inte sitt jobb.")


def shown(world) -> Comment:
    """One that everybody can read, and that a moderator has looked at."""
    return world.published(world.nils, "Kommunens tjänstemän gör inte sitt jobb.")


def held(world) -> Comment:
    """One that a rule has taken out of view, since several have reported it before a moderator had read it."""
    world.trusted(world.nils)
    return world.held(world.say(world.nils, "Kommunens tjänstemän gör inte sitt jobb."))


@pytest.mark.parametrize(
    ("found", "state", "reason"),
    [
        (waiting, RECEIVED, ReviewReason.SECOND_LOOK),
        (shown, PUBLISHED, ReviewReason.SECOND_LOOK),
        # Nobody can read it until somebody has decided, so it goes on standing first of all.
        (held, RECEIVED, ReviewReason.PENDING),
    ],
)
def test_what_is_proposed_stays_as_it_is_and_waits(world, found, state, reason):
    comment = found(world)
    since, before = comment.review_since, len(decisions(comment))
    clock.forward(hours=1)
    proposal = world.proposed(comment)
    assert (comment.state, comment.review_reason) == (state, reason)
    assert comment.review_since == (since or clock.now())
    assert (proposal.state, proposal.ground, proposal.wording) == (OPEN, Ground.PERSONAL_ATTACK, 1)
    assert len(decisions(comment)) == before
    assert log(comment)[-1] == "comment.proposed"


@pytest.mark.parametrize("found", [waiting, shown, held])
def test_another_moderators_yes_hides_it_with_both_on_record(world, found):
    comment = found(world)
    waited_because = comment.review_reason
    proposal = world.proposed(comment)
    clock.forward(minutes=5)
    decision = world.seconded(proposal, "confirmed")
    assert (comment.state, comment.review_since, comment.review_reason) == (HIDDEN, None, None)
    assert (decision.act, decision.ground, decision.reasons) == (
        Act.HIDE,
        proposal.ground,
        proposal.reasons,
    )
    assert decision.takers == {world.mona.id, world.max.id}
    assert decision.waited_because == (str(waited_because) if waited_because else None)
    assert (proposal.state, proposal.settled_by_id, proposal.decision_id) == (
        CONFIRMED,
        world.max.id,
        decision.id,
    )
    assert log(comment)[-1] == "comment.hidden"
    counts.assert_right()


@pytest.mark.parametrize(("found", "act"), [(waiting, Act.PUBLISH), (shown, Act.LOOK), (held, Act.PUBLISH)])
def test_another_moderators_no_shows_it_and_the_log_says_so(world, found, act):
    comment = found(world)
    proposal = world.proposed(comment)
    decision = world.seconded(proposal, "declined")
    assert (comment.state, comment.review_since) == (PUBLISHED, None)
    assert (decision.act, decision.decided_by_id, decision.ground) == (act, world.max.id, None)
    assert (proposal.state, proposal.words) == (DECLINED, "Det är hård kritik, och den ska få synas.")
    assert "comment.proposal_declined" in log(comment)[-2:]
    counts.assert_right()


def test_what_was_held_by_a_rule_is_said_to_be_shown_again(world):
    comment = held(world)
    world.seconded(world.proposed(comment), "declined")
    event = db.session.scalars(
        select(Event).order_by(Event.id.desc()).where(Event.kind == "comment.published")
    ).first()
    assert event.details["held"]
    report = db.session.execute(select(Comment.report_count).where(Comment.id == comment.id)).scalar_one()
    assert report == 0


@pytest.mark.parametrize(
    ("to", "outcome"), [("confirmed", ReportState.UPHELD), ("declined", ReportState.DISMISSED)]
)
def test_what_was_reported_is_settled_by_the_second(world, to, outcome):
    comment = shown(world)
    voice = world.reported(comment, world.rut)
    proposal = world.proposed(comment)
    assert voice.report.state == ReportState.OPEN
    world.seconded(proposal, to)
    db.session.refresh(voice.report)
    assert voice.report.state == outcome


# A proposal is settled by another moderator who neither wrote the comment nor put it on record. Nobody says yes or no
# to their own proposal, and nobody else than moderators to any.
WHO_SETTLES = {"max": True, "mona": False, "rut": False, "nils": False, "adam": False, "karin": False}


@pytest.mark.parametrize("to", ["confirmed", "declined"])
@pytest.mark.parametrize(("name", "may"), WHO_SETTLES.items())
def test_who_may_settle_a_proposal(world, name, may, to):
    comment = shown(world)
    proposal, before = world.proposed(comment), log(comment)
    if may:
        assert world.seconded(proposal, to, world.people[name]) is not None
    else:
        with pytest.raises(MayNotDecide):
            world.seconded(proposal, to, world.people[name])
        db.session.refresh(proposal)
        assert (proposal.state, log(comment), comment.state) == (OPEN, before, PUBLISHED)


def test_nobody_settles_what_is_proposed_of_their_own(world):
    comment = world.published(world.max, "Jag som moderator tycker att kommunen gör fel.")
    with pytest.raises(MayNotDecide):
        world.seconded(world.proposed(comment), "declined", world.max)


def test_the_database_refuses_one_person_as_both(world):
    proposal = world.proposed(shown(world))
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(
            Proposal.__table__.update().values(
                state="confirmed", settled_by_id=proposal.proposed_by_id, settled_at=clock.now()
            )
        )


def test_to_decline_takes_words(world, client):
    comment = shown(world)
    proposal = world.proposed(comment)
    with pytest.raises(ReasonMissing), transaction():
        settle_proposal(proposal, DECLINED, "", moderator=world.max, seen=comment.version, now=clock.now())
    world.sign_in(client, world.max)
    for words in ("", "kort"):
        answer = settle(client, comment, "declined", words=words)
        assert answer.status_code == 422
        assert f'id="words-{comment.number}-error"' in answer.text
    assert settle(client, comment, "").status_code == 422
    assert proposal_now(comment).state == OPEN


def proposal_now(comment: Comment) -> Proposal:
    found = select(Proposal).where(Proposal.comment_id == comment.id).order_by(Proposal.id.desc()).limit(1)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def settle(client, comment: Comment, outcome: str, headers=None, **changes):
    db.session.refresh(comment)
    filled = {"seen": str(comment.version), "outcome": outcome, "words": "", **changes}
    data = {"csrf_token": client.token("/logga-in"), **filled}
    return client.post(f"{QUEUE}/{comment.number}/forslag", data=data, headers=headers)


def test_a_second_who_declines_in_other_words_is_told_and_loses_none(world, client):
    comment = shown(world)
    seen = world.proposed(comment).comment.version
    world.sign_in(client, world.max)
    words = "Det är kritik mot kommunen, och den får stå."
    settle(client, comment, "declined", words=words, seen=seen)
    assert settle(client, comment, "declined", words=words, seen=seen).status_code == 303
    refused = settle(client, comment, "declined", words="Kritik får stå kvar här.", seen=seen)
    assert refused.status_code == 409 and "Kritik får stå kvar här." in refused.text
    assert proposal_now(comment).words == words


def test_a_statutory_ground_secrecy_and_personal_data_never_wait_for_two(world):
    for ground in set(Ground) - ASKED:
        comment = world.published(world.rut, f"Ett inlägg som kritiserar kommunen ({ground}).")
        made = hide(comment, world.mona, ground, criticises=True)
        assert isinstance(made, Decision) and comment.state == HIDDEN
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == 0


def test_it_must_be_said_on_a_house_rule(world):
    comment = shown(world)
    with pytest.raises(ReasonMissing):
        hide(comment, world.mona)
    assert hide(comment, world.mona, criticises=False).act == Act.HIDE
    assert comment.state == HIDDEN


def test_a_no_does_not_pass_by_a_moderator_who_said_yes_about_the_same_words(world):
    comment = shown(world)
    world.seconded(world.proposed(comment), "declined")
    again = hide(comment, world.max, criticises=False)
    assert isinstance(again, Proposal) and comment.state == PUBLISHED
    world.edit(comment, "Helt andra ord, som inte handlar om någonting alls.")
    assert isinstance(hide(comment, world.max, criticises=False), Decision)


def test_the_same_proposal_twice_is_one(world):
    comment = shown(world)
    seen = comment.version
    first = world.proposed(comment, seen=seen)
    before = log(comment)
    assert world.proposed(comment, seen=seen).id == first.id == world.proposed(comment).id
    assert log(comment) == before
    world.seconded(first, "confirmed")
    assert world.seconded(first, "confirmed") is None
    assert hide(comment, world.mona, first.ground, criticises=True) is None
    with pytest.raises(Stale):
        world.seconded(first, "declined")
    assert log(comment)[-1] == "comment.hidden"
    assert len(decisions(comment)) == 2


def test_another_proposal_than_the_one_there_is_is_refused(world):
    comment = shown(world)
    proposal = world.proposed(comment)
    for moderator, ground in ((world.max, proposal.ground), (world.mona, Ground.OFF_TOPIC)):
        with pytest.raises(Stale):
            hide(comment, moderator, ground, criticises=True)
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == 1


def test_a_stale_page_is_told_so_kindly(world, client):
    comment = shown(world)
    seen = comment.version
    proposal = world.proposed(comment)
    world.sign_in(client, world.max)
    data = {"csrf_token": client.token("/logga-in"), "seen": seen, "act": "hide", "ground": "off_topic"}
    answer = client.post(f"{QUEUE}/{comment.number}", data={**data, "reasons": REASONS, "criticises": "no"})
    assert answer.status_code == 409
    assert "En moderator föreslog" in answer.text and REASONS in answer.text
    assert settle(client, comment, "confirmed", seen=seen).status_code == 409
    assert proposal_now(comment).state == OPEN
    assert proposal.comment.state == PUBLISHED


@pytest.mark.parametrize("act", [Act.PUBLISH, Act.LOOK])
def test_nobody_lets_it_through_past_the_question(world, act):
    comment = waiting(world) if act == Act.PUBLISH else shown(world)
    world.proposed(comment)
    for moderator in (world.mona, world.max):
        with pytest.raises(UnlistedMove):
            world.decide(comment, act, moderator)
    assert acts_on(comment.state, waits=True, is_proposed=True) == [Act.HIDE]


@pytest.mark.parametrize("found", [waiting, shown])
def test_other_words_let_the_proposal_lapse_and_the_comment_wait_as_it_did(world, found):
    comment = found(world)
    reason = comment.review_reason
    proposal = world.proposed(comment)
    world.edit(comment, "Jag menar bara att kommunen borde plöja tidigare.")
    db.session.refresh(proposal)
    assert proposal.state == LAPSED
    assert comment.review_reason == (reason if found is waiting else ReviewReason.EDITED)
    assert log(comment)[-2:] == ["comment.edited", "comment.proposal_lapsed"]
    with pytest.raises(Stale):
        world.seconded(proposal, "confirmed")
    assert comment.state == (RECEIVED if found is waiting else PUBLISHED)


def test_withdrawing_masking_and_hiding_at_once_let_it_lapse(world):
    def withdraw(comment):
        world.withdraw(comment)

    def mask(comment):
        world.masked(comment, "flera sätt")

    def by_law(comment):
        hide(comment, world.mona, Ground.THREAT)

    for goes_on in (withdraw, mask, by_law):
        comment = world.published(
            world.nils, f"Kommunen gör fel, och det på flera sätt ({goes_on.__name__})."
        )
        proposal = world.proposed(comment)
        goes_on(comment)
        db.session.refresh(proposal)
        assert (proposal.state, proposal.decision_id) == (LAPSED, None)
        assert log(comment)[-1] == "comment.proposal_lapsed"
        assert comment.review_reason is None


def test_a_report_meanwhile_does_not_end_it(world):
    comment = shown(world)
    proposal = world.proposed(comment)
    world.reported(comment, world.rut)
    with pytest.raises(UnlistedMove):
        world.decide(comment, "look", world.max)
    world.seconded(proposal, "confirmed")
    assert comment.state == HIDDEN


def test_proposing_ends_ones_own_claim_and_waits_for_anothers(world):
    mine, others = waiting(world), world.say(world.rut, "Ett annat inlägg om kommunens tjänstemän.")
    with transaction():
        claim_comment(mine, moderator=world.mona, now=clock.now())
        claim_comment(others, moderator=world.max, now=clock.now())
    proposal = world.proposed(mine)
    assert (
        db.session.scalar(select(func.count()).where(Claim.comment_id == mine.id, Claim.until > clock.now()))
        == 0
    )
    with pytest.raises(Held):
        world.proposed(others)
    assert hide(others, world.mona, Ground.THREAT).act == Act.HIDE
    with transaction():
        claim_comment(mine, moderator=world.max, now=clock.now())
    assert world.seconded(proposal, "confirmed").act == Act.HIDE


def test_it_waits_for_the_others_and_not_for_whoever_proposed_it(world):
    comment = waiting(world)
    proposal = world.proposed(comment)
    of_mona, of_max = (queue(one, now=clock.now()) for one in (world.mona, world.max))
    assert (of_mona.comments, of_mona.waiting, of_mona.own) == ([], 0, 1)
    assert ([one.id for one in of_max.comments], of_max.waiting, of_max.own) == ([comment.id], 1, 0)
    assert of_max.background.proposals == {comment.id: proposal}


def test_the_appeal_is_settled_by_somebody_who_was_neither(world, client):
    comment = shown(world)
    world.seconded(world.proposed(comment), "confirmed")
    appeal = world.appealed(comment)
    for moderator in (world.mona, world.max):
        with pytest.raises(MayNotSettle):
            world.settle(appeal, "granted", moderator)
        assert list(waiting_for(moderator).appeals) == [] and list(waiting_for(moderator).others) == [appeal]
    with transaction():
        give_role(world.gun.email, Role.MODERATOR, None, now=clock.now())
    db.session.expire_all()
    assert list(waiting_for(world.gun).appeals) == [appeal]
    world.settle(appeal, "granted", world.gun)
    assert comment.state == PUBLISHED
    told = select(Letter.person_id).where(Letter.kind == "appeal_settled").order_by(Letter.person_id)
    assert db.session.scalars(told).all() == sorted([world.mona.id, world.max.id])


def test_the_author_hears_of_it_when_two_have_decided_and_not_before(world, app):
    comment = shown(world)
    receipt, visitor = f"/kvitto/{comment.receipt_key}", app.test_client()
    letters = select(Letter).where(Letter.subject_id == comment.id).order_by(Letter.id.desc())
    before = len(db.session.scalars(letters).all())
    proposal = world.proposed(comment)
    assert len(db.session.scalars(letters).all()) == before
    for page in (receipt, f"/inlagg/{comment.number}"):
        assert REASONS not in visitor.get(page).text
    world.seconded(proposal, "confirmed")
    told = write(db.session.scalars(letters).first()).body
    assert "Två moderatorer har beslutat" in told and "som inte har varit med om beslutet" in told
    text = visitor.get(receipt).text
    assert "Två moderatorer beslutade" in text and REASONS in text
    assert "Det var två människor som bestämde" in text


def test_the_public_log_shows_both_outcomes_and_the_years_sums_hold(world, app):
    first, second = (
        shown(world),
        world.published(world.rut, "Kommunens politiker lyssnar inte på landsbygden."),
    )
    world.seconded(world.proposed(first), "confirmed")
    world.seconded(world.proposed(second), "declined")
    text = app.test_client().get("/moderering/logg").text
    assert text.count("Två moderatorer beslutade: en föreslog och en annan höll med.") == 1
    assert text.count("En moderator hade föreslagit att dölja det.") == 1
    assert "hård kritik" not in text and REASONS not in text
    assert figures(2026).decisions == 4


def send(client, comment: Comment, headers=None, **changes):
    filled = {"seen": str(comment.version), "act": "hide", "ground": "personal_attack", "reasons": REASONS}
    data = {"csrf_token": client.token("/logga-in"), **filled, **changes}
    return client.post(f"{QUEUE}/{comment.number}", data=data, headers=headers)


@pytest.mark.parametrize("headers", [None, HX])
def test_a_moderator_proposes_and_another_agrees_from_the_queue(world, client, headers):
    comment = waiting(world)
    world.sign_in(client, world.mona)
    assert send(client, comment, headers=headers).status_code == 422
    answer = send(client, comment, criticises="yes", headers=headers)
    text = (client.get(answer.location) if not headers else answer).text
    assert f"{comment.number}</a> är föreslaget att döljas. En annan moderator ska titta på det." in text
    assert "föreslagit att dölja, väntar på en annan moderator" in text
    world.sign_in(client, world.max)
    page = client.get(QUEUE).text
    assert "Mona (moderator) föreslog" in page and REASONS in page
    assert re.findall(r'name="outcome" value="(\w+)"', page) == ["declined", "confirmed"]
    assert re.findall(r'<input type="hidden" name="act" value="(\w+)"', page) == ["hide"]
    answer = settle(client, comment, "confirmed", headers=headers)
    assert answer.status_code == (200 if headers else 303)
    assert proposal_now(comment).state == CONFIRMED


def test_whoever_proposed_it_finds_no_buttons_for_it_on_its_page(world, client):
    comment = shown(world)
    world.proposed(comment)
    page = f"/inlagg/{comment.number}"
    world.sign_in(client, world.mona)
    text = client.get(page).text
    assert "Ingen säger ja till sitt eget förslag." in text and 'name="outcome"' not in text
    assert settle(client, comment, "confirmed").status_code == 403
    world.sign_in(client, world.max)
    text = client.get(page).text
    assert 'name="outcome"' in text and 'name="on_its_page"' in text
    answer = settle(client, comment, "declined", words="Kritiken ska få synas här.", on_its_page="1")
    assert answer.location == f"{page}?beslut=declined"
    assert "Kritiken ska få synas här." in client.get(answer.location).text
    world.sign_in(client, world.rut)
    assert "Kritiken ska få synas här." not in client.get(page).text


def test_settling_where_nothing_is_proposed_and_by_others(world, client):
    comment = shown(world)
    world.sign_in(client, world.max)
    assert settle(client, comment, "confirmed").status_code == 404
    world.proposed(comment)
    for person in (world.rut, world.adam, world.eva):
        world.sign_in(client, person)
        assert settle(client, comment, "confirmed").status_code == 403
    assert proposal_now(comment).state == OPEN


def test_hiding_several_asks_the_same_and_tells_how_many_wait_for_another(world, client):
    comments = [waiting(world), world.published(world.rut, "Kommunens politiker lyssnar inte alls.")]
    world.sign_in(client, world.mona)
    data = {
        "csrf_token": client.token("/logga-in"),
        "chosen": [f"{one.number}.{one.version}" for one in comments],
        "act": "hide",
        "ground": "personal_attack",
        "reasons": REASONS,
    }
    assert client.post(f"{QUEUE}/flera", data=data).status_code == 422
    answer = client.post(f"{QUEUE}/flera", data={**data, "criticises": "yes"})
    assert answer.location == f"{QUEUE}?klara=2&foreslagna=2"
    assert "2 av dem väntar på att en annan moderator håller med." in client.get(answer.location).text
    assert [proposal_now(one).state for one in comments] == [OPEN, OPEN]
    world.sign_in(client, world.max)
    data |= {"act": "publish", "chosen": [f"{one.number}.{one.version + 1}" for one in comments]}
    answer = client.post(f"{QUEUE}/flera", data={**data, "csrf_token": client.token("/logga-in")})
    left = client.get(answer.location).text
    assert "2 inlägg är som de var" in left and "en annan ska titta på det" in left


def test_two_moderators_who_answer_at_the_same_moment_make_one_decision(world):
    comment = shown(world)
    proposal_id, now = world.proposed(comment).id, clock.now()
    seen, moderators, outcomes = comment.version, world.max.id, ("confirmed", "declined")

    def answer(n: int) -> str:
        proposal = db.session.get_one(Proposal, proposal_id)
        moderator = db.session.get_one(Person, moderators)
        try:
            with transaction():
                settle_proposal(
                    proposal,
                    ProposalState(outcomes[n]),
                    "Jag har läst det noga.",
                    moderator=moderator,
                    seen=seen,
                    now=now,
                )
        except Stale:
            return "stale"
        return "done"

    assert sorted(at_once(world.app, 2, answer)) == ["done", "stale"]
    assert len(decisions(comment)) == 2
