"""What was said of a commitment by mistake is put right in public: it is followed again, and nobody is left misled."""

from datetime import date

import pytest
from sqlalchemy import select

from dialog.commitments.models import Commitment, CommitmentCorrection
from dialog.commitments.rules import CommitmentState, Promise
from dialog.db import clock, db, transaction
from dialog.following.operations import choose_letters, follow
from dialog.following.rules import HowOften, Thing
from dialog.notify.models import Letter
from dialog.notify.rules import LetterKind
from dialog.notify.sending import send_waiting
from dialog.notify.telling import tell_followers
from dialog.states import ReasonMissing, Stale, UnlistedMove
from tests import counts
from tests.commitments.test_settle import answer, eva, now, page, promised
from tests.notify.conftest import recorder
from tests.test_house_rules import EVERYBODY
from tests.world import GOAL_2024

__all__ = ["answer", "eva", "promised", "recorder"]
SAID = "Turen har gått sedan i måndags."
REASON = "Turen är inställd än så länge."


def send(client, commitment, reason=REASON, seen=None):
    form = {"reason": reason, "seen": commitment.version if seen is None else seen}
    return client.send("/konto", form, to=f"{page(commitment)}/rattelse")


def test_it_is_followed_again_and_what_was_said_stays_with_the_reason(world, eva, app, answer, promised):
    world.settled(promised)
    assert (
        page(promised) in eva.get(f"/svar/{answer.id}").text
        and page(promised) in eva.get("/namnd/ks/ataganden").text
    )
    assert "Sades det av misstag?" in eva.get(page(promised)).text
    sent = send(eva, promised)
    assert sent.location == f"/svar/{answer.id}?gjort=atagande#ataganden"
    assert (now(promised).state, now(promised).words) == (CommitmentState.OPEN, None)
    visitor = app.test_client()
    assert promised.text in visitor.get(GOAL_2024).text
    for shown in (f"/svar/{answer.id}", "/namnd/ks/ataganden"):
        text = visitor.get(shown).text
        assert REASON in text and SAID in text and "Rättat den" in text, shown
    counts.assert_right()
    world.settled(now(promised), "not_kept", "Det fanns inga pengar kvar i år.")
    text = visitor.get(f"/svar/{answer.id}").text
    assert text.index("Det fanns inga pengar kvar") < text.index(REASON), "What holds stands first."
    assert send(eva, now(promised), "Pengarna räckte ändå till.").status_code == 303
    assert counts.count(CommitmentCorrection) == 2
    counts.assert_right()


def test_the_same_people_are_told_as_were_told_before(world, promised, recorder):
    with transaction():
        for person in (world.nils, world.rut):
            follow(person, Thing.GOAL, world.goal().id, now=clock.now())
            choose_letters(person, HowOften.AT_ONCE, now=clock.now())
    world.settled(promised)
    tell_followers()
    send_waiting(recorder)
    recorder.sent.clear()
    world.corrected(promised)
    tell_followers()
    send_waiting(recorder)
    [(own, message), (followed, news)] = recorder.sent
    assert (own.kind, own.address) == (LetterKind.COMMITMENT_SETTLED, world.rut.email)
    assert message.subject == "Kommunstyrelsen har rättat vad den sade om ett åtagande"
    assert REASON in message.body and "Hållet" in message.body.title() and promised.text in message.body
    assert (followed.kind, followed.address) == (LetterKind.FOLLOWED, world.nils.email)
    assert "Ett åtagande följs upp igen" in news.subject


@pytest.mark.parametrize("how_often", ["at_once", "daily"])
def test_nobody_is_told_what_was_put_right_before_they_were(world, promised, recorder, how_often):
    with transaction():
        follow(world.nils, Thing.GOAL, world.goal().id, now=clock.now())
        choose_letters(world.nils, HowOften(how_often), now=clock.now())
    world.settled(promised)
    world.corrected(promised)
    clock.forward(days=1)
    tell_followers()
    send_waiting(recorder)
    assert not any(SAID in message.body for _, message in recorder.sent)
    told = select(Letter.last_error).where(Letter.kind == LetterKind.COMMITMENT_SETTLED).order_by(Letter.id)
    assert db.session.scalars(told).all() == ["something else has been said of it since", None]


def test_twice_is_once_and_what_another_said_meanwhile_stands(world, eva, promised):
    world.settled(promised)
    seen = promised.version
    assert [send(eva, promised, seen=seen).status_code for _ in range(2)] == [303, 303]
    assert counts.count(CommitmentCorrection) == 1
    world.settled(now(promised), "not_kept", "Det fanns inga pengar kvar i år.")
    sent = send(eva, promised, "Mina egna ord om varför det var fel.", seen=seen)
    assert (sent.status_code, "Mina egna ord" in sent.text) == (409, True)
    assert now(promised).state == CommitmentState.NOT_KEPT
    with pytest.raises(Stale):
        world.corrected(promised, seen=seen)
    counts.assert_right()


@pytest.mark.parametrize("reason", ["", "fel", "x" * 1001])
def test_without_a_reason_nothing_is_taken_back(world, eva, promised, reason):
    world.settled(promised)
    sent = send(eva, promised, reason)
    assert sent.status_code == 422 and sent.text.count('class="field-error"') == 1 and reason in sent.text
    assert now(promised).state == CommitmentState.KEPT
    with pytest.raises(ReasonMissing):
        world.corrected(promised, "")


def test_what_something_else_is_promised_instead_of_is_changed_by_that(world, eva, promised):
    world.settled(promised, "changed", instead=Promise("Vi kör på fredagar.", "Enheten", date(2026, 9, 1)))
    shown = eva.get(page(promised)).text
    assert "/rattelse" not in shown and "Det som lovas i stället följs nu." in shown
    assert send(eva, promised).status_code == 409
    with pytest.raises(UnlistedMove):
        world.corrected(promised)


def test_only_the_committees_editors_put_it_right(world, app, promised):
    world.settled(promised)
    for name in sorted(EVERYBODY - {"visitor", "eva"}):
        client = app.test_client()
        world.sign_in(client, world.people[name])
        assert send(client, promised).status_code == 403, name
    assert now(promised).state == CommitmentState.KEPT


def test_it_is_reminded_of_anew(world, promised):
    world.settled(promised)
    clock.forward(days=120)  # its day has passed
    world.corrected(promised)
    assert db.session.get_one(Commitment, promised.id).remind_on > clock.today()
