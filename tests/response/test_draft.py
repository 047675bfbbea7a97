"""Starting an answer and saving its draft: nothing lost, nothing silently changed."""

import re

import pytest
from sqlalchemy import func, select

from dialog.db import clock, db, transaction
from dialog.people.operations import give_role
from dialog.people.rules import Role
from dialog.response.models import Response
from dialog.response.operations import Draft, publish, save_draft
from dialog.response.rules import Outcome, ResponseState
from dialog.states import Stale
from tests.world import ANSWER

INBOX, START = "/namnd/ks/inkorg", "/namnd/ks/svar"
WORDS = {
    "you_said": "Ni säger att bussen går för sällan.",
    "we_decided": "Vi utökar trafiken.",
    "because": "Fler reser nu.",
    "outcome": "partly",
    "decided_on": "2026-03-03",
    "decision_reference": "§ 42",
}


@pytest.fixture
def olle(world, client):
    """The browser of an officer of KS."""
    world.sign_in(client, world.olle)
    return client


def start(client, *matters):
    return client.send(INBOX, {"matter": [matter.id for matter in matters]}, to=START)


def save(client, response, *matters, **changes):
    form = {**WORDS, "seen": response.version, "matter": [matter.id for matter in matters], **changes}
    return client.send("/konto", form, to=f"{START}/{response.id}")


def responses() -> int:
    return db.session.scalar(select(func.count()).select_from(Response))


def covered(response) -> list[str]:
    db.session.expire_all()
    return [one.comment.number for one in db.session.get(Response, response.id).coverage]


def test_an_officer_starts_an_answer_to_the_comments_ticked(world, olle):
    comments = [world.published(text=f"Inlägg {n} som nämnden ska svara på.") for n in range(3)]
    sent = start(olle, *world.matters("KS", *comments[:2]))
    (response,) = db.session.scalars(select(Response)).all()
    assert (sent.status_code, sent.location) == (303, f"{START}/{response.id}")
    assert covered(response) == [one.number for one in comments[:2]]
    assert (response.state, response.drafted_by_id) == (ResponseState.DRAFT, world.olle.id)
    page = olle.get(sent.location).text
    assert page.count(" checked>") == 2
    assert all(one.number in page for one in comments)


def test_nothing_ticked_is_said_and_nothing_started(world, olle):
    world.published()
    sent = start(olle)
    assert sent.status_code == 422
    assert "Välj minst ett inlägg att svara på." in sent.text
    assert responses() == 0


def test_comments_on_several_goals_are_refused_and_stay_ticked(world, olle):
    here = world.published(text="Ett inlägg om målet från 2024.")
    there = world.published(text="Ett inlägg om ett mål från 2023.", goal=world.goal("1-1", 2023))
    sent = start(olle, *world.matters("KS", here, there))
    assert sent.status_code == 422
    assert "Ett svar hör till ett mål." in sent.text
    assert sent.text.count(" checked>") == 2
    assert responses() == 0


def foreign(world):
    return world.matters("SAN", world.published(assignment=world.assignment(3)))


def answered(world):
    comment = world.published()
    matters = world.matters("KS", comment)
    world.answered(comment)
    return matters


def hidden(world):
    comment = world.published()
    matters = world.matters("KS", comment)
    world.decide(comment, "hide")
    return matters


@pytest.mark.parametrize("made", [foreign, answered, hidden])
def test_what_is_not_the_committees_to_answer_is_left_out(world, olle, made):
    out = made(world)
    before = responses()
    assert start(olle, *out).status_code == 422
    assert responses() == before
    own = world.published(world.rut, "Ett inlägg som väntar hos nämnden.")
    assert start(olle, *world.matters("KS", own), *out).status_code == 303
    newest = db.session.scalars(select(Response).order_by(Response.id.desc())).first()
    assert covered(newest) == [own.number]


def test_a_matter_that_does_not_exist_is_nothing_ticked(world, olle):
    world.published()
    for value in ("0", "-1", "x", "", "999999", "9" * 30, "\x00"):
        assert olle.send(INBOX, {"matter": value}, to=START).status_code == 422, value
    assert responses() == 0


@pytest.mark.parametrize("name", ["rut", "mona", "tore", "adam"])
def test_nobody_else_starts_or_saves_an_answer(world, client, name):
    comment = world.published()
    response = world.drafted(comment)
    world.sign_in(client, world.people[name])
    form = {**WORDS, "seen": response.version, "matter": world.matters("KS", comment)[0].id}
    assert client.send("/konto", form, to=START).status_code == 403
    assert client.send("/konto", form, to=f"{START}/{response.id}").status_code == 403
    assert client.get(f"{START}/{response.id}").status_code == 403
    assert responses() == 1
    assert db.session.get(Response, response.id).you_said == ANSWER.you_said


def test_a_visitor_starts_nothing(world, client):
    matters = world.matters("KS", world.published())
    assert client.send("/logga-in", {"matter": matters[0].id}, to=START).status_code == 401
    assert responses() == 0


def test_a_committees_draft_is_at_no_other_committee(world, client):
    response = world.drafted(world.published())
    world.sign_in(client, world.tore)
    assert client.get(f"/namnd/tn/svar/{response.id}").status_code == 404
    assert client.send("/konto", WORDS, to=f"/namnd/tn/svar/{response.id}").status_code == 404
    assert client.send("/konto", WORDS, to=f"/namnd/tn/svar/{response.id}/publicera").status_code == 404


def test_a_draft_is_saved_with_its_words_and_its_comments(world, olle):
    first, second = (world.published(text=f"Inlägg {n} som nämnden ska svara på.") for n in range(2))
    response = world.drafted(first)
    sent = save(olle, response, *world.matters("KS", second))
    assert sent.status_code == 303
    page = olle.get(sent.location).text
    assert "Utkastet är sparat." in page
    assert all(word in page for name, word in WORDS.items() if name != "outcome")
    assert '<option value="partly" selected>' in page
    assert covered(response) == [second.number]


def test_a_draft_can_be_saved_before_anything_is_written(world, olle):
    response = world.drafted(world.published())
    empty = dict.fromkeys(WORDS, "")
    assert save(olle, response, **empty).status_code == 303
    assert covered(response) == []
    assert db.session.get(Response, response.id).outcome is None


def test_a_draft_that_somebody_else_has_saved_is_not_overwritten_and_the_words_stay(world, olle):
    comment = world.published()
    response = world.drafted(comment)
    seen = response.version
    with transaction():
        colleagues = Draft(you_said="Kollegans ord.", because=WORDS["because"])
        matters = world.matters("KS", comment)
        save_draft(response, colleagues, matters, seen=seen, officer=world.eva, now=clock.now())
    sent = save(olle, response, *world.matters("KS", comment), seen=seen)
    assert sent.status_code == 409
    assert all(word in sent.text for name, word in WORDS.items() if name != "outcome")
    db.session.expire_all()
    assert db.session.get(Response, response.id).you_said == "Kollegans ord."


def saved_by(world, officer, *, version: int, response, **words):
    """The draft as it is once the officer has saved these words over it."""
    with transaction():
        covered = world.matters("KS")
        save_draft(response, Draft(**words), covered, seen=version, officer=officer, now=clock.now())


def test_after_a_colleague_has_saved_the_page_says_who_when_and_what(world, olle):
    comment = world.published()
    response = world.drafted(comment)
    seen = response.version
    saved_by(world, world.eva, version=seen, response=response, you_said="Hennes.", because=WORDS["because"])
    page = save(olle, response, *world.matters("KS", comment), seen=seen).text
    assert "En handläggare sparade utkastet den 11 mars klockan 10:00" in page
    assert world.eva.name not in page[page.index("<main") :]
    assert "Sparat nu: Ni sa" in page
    assert "Hennes." in page
    assert "Sparat nu: Vi beslutade" in page
    assert "Sparat nu: Därför" not in page, "What is the same in both needs no comparing."


def test_a_second_press_replaces_what_is_saved_knowingly(world, olle):
    comment = world.published()
    response = world.drafted(comment)
    seen = response.version
    saved_by(world, world.eva, version=seen, response=response, you_said="Hennes.")
    page = save(olle, response, *world.matters("KS", comment), seen=seen).text
    shown = re.search(r'name="seen" value="(\d+)"', page).group(1)
    assert save(olle, response, *world.matters("KS", comment), seen=shown).status_code == 303
    db.session.expire_all()
    assert db.session.get(Response, response.id).you_said == WORDS["you_said"]


def test_a_second_press_is_refused_again_when_there_is_something_newer_still(world, olle):
    comment = world.published()
    response = world.drafted(comment)
    seen = response.version
    saved_by(world, world.eva, version=seen, response=response, you_said="Först.")
    page = save(olle, response, *world.matters("KS", comment), seen=seen).text
    shown = int(re.search(r'name="seen" value="(\d+)"', page).group(1))
    saved_by(world, world.eva, version=shown, response=response, you_said="Sedan.")
    again = save(olle, response, *world.matters("KS", comment), seen=shown)
    assert again.status_code == 409
    assert "Sedan." in again.text


def test_who_saved_on_another_page_is_told_so(world, olle):
    comment = world.published()
    response = world.drafted(comment)
    seen = response.version
    saved_by(world, world.olle, version=seen, response=response, you_said="Mina egna ord.")
    page = save(olle, response, *world.matters("KS", comment), seen=seen).text
    assert "Du sparade utkastet på en annan sida den 11 mars klockan 10:00." in page
    assert "Mina egna ord." in page


def test_another_choice_of_comments_shows_too(world, olle):
    mine, hers = (world.published(text=f"Inlägg {n} som nämnden ska svara på.") for n in range(2))
    response = world.drafted(mine)
    seen = response.version
    with transaction():
        chosen = world.matters("KS", hers)
        save_draft(response, ANSWER, chosen, seen=seen, officer=world.eva, now=clock.now())
    page = save(olle, response, *world.matters("KS", mine), seen=seen).text
    assert page.count("Inte valt i det sparade utkastet") == 1
    assert page.count("Valt i det sparade utkastet") == 1


def test_pressed_twice_it_is_one_draft(world, olle):
    comments = [world.published(text=f"Inlägg {n} som nämnden ska svara på.") for n in range(2)]
    first, second = (start(olle, *world.matters("KS", *comments)) for _ in range(2))
    assert first.location == second.location
    assert responses() == 1


def test_another_choice_or_another_officer_makes_another_draft(world, olle, app):
    comments = [world.published(text=f"Inlägg {n} som nämnden ska svara på.") for n in range(2)]
    start(olle, *world.matters("KS", *comments))
    start(olle, *world.matters("KS", comments[0]))
    assert responses() == 2
    colleague = app.test_client()
    world.sign_in(colleague, world.eva)
    start(colleague, *world.matters("KS", comments[0]))
    assert responses() == 3


def test_the_comments_chosen_stand_first_and_the_others_are_kept_back(world, olle):
    other, chosen = (world.published(text=f"Inlägg {n} som nämnden ska svara på.") for n in range(2))
    page = olle.get(f"{START}/{world.drafted(chosen).id}").text
    assert page.index(chosen.number) < page.index("<details") < page.index(other.number)
    assert "Välj fler inlägg" in page


def test_a_published_answer_is_not_changed_by_saving_it(world, olle):
    comment = world.published()
    response = world.drafted(comment)
    with transaction():
        publish(response, seen=response.version, editor=world.eva, now=clock.now())
    for seen in (response.version, response.version - 1):
        assert save(olle, response, seen=seen).status_code == 409
    db.session.expire_all()
    kept = db.session.get(Response, response.id)
    assert (kept.you_said, kept.state) == (ANSWER.you_said, ResponseState.PUBLISHED)
    assert covered(response) == [comment.number]
    with pytest.raises(Stale), transaction():
        save_draft(kept, Draft(), [], seen=kept.version, officer=world.olle, now=clock.now())


def test_a_comment_on_another_goal_does_not_slip_into_a_draft(world, olle):
    response = world.drafted(world.published())
    other = world.published(text="Ett inlägg om ett mål från 2023.", goal=world.goal("1-1", 2023))
    assert save(olle, response, *world.matters("KS", other)).status_code == 303
    assert covered(response) == []


BAD = [
    ({"you_said": "å" * 5001}, "you_said"),
    ({"we_decided": "x" * 20000}, "we_decided"),
    ({"because": "Därför\x00 att det behövs."}, "because"),
    ({"because": "Därför \u202eatt det behövs."}, "because"),
    ({"outcome": "maybe"}, "outcome"),
    ({"decided_on": "3 mars"}, "decided_on"),
    ({"decided_on": "2026-02-30"}, "decided_on"),
    ({"decided_on": "2026-03-03\x00"}, "decided_on"),
    ({"decision_reference": "§" * 201}, "decision_reference"),
    ({"seen": ""}, None),
    ({"seen": "x"}, None),
]


def test_bad_input_is_refused_at_the_field_and_nothing_typed_is_lost(world, olle):
    comment = world.published()
    response = world.drafted(comment)
    version = response.version
    for changes, field in BAD:
        sent = save(olle, response, *world.matters("KS", comment), **changes)
        assert sent.status_code == 422, changes
        if field:
            assert f'id="{field}-error"' in sent.text, changes
        else:
            assert "Något i formuläret gick förlorat." in sent.text, changes
            assert "Not a valid" not in sent.text, changes
        for name, value in {**WORDS, **changes}.items():
            if name not in {"seen", "outcome"}:
                assert str(value).replace("\x00", "").replace("\u202e", "") in sent.text, changes
        assert sent.text.count(" checked>") == 1, changes
    assert db.session.get(Response, response.id).version == version


@pytest.mark.parametrize("seen", ["9" * 30, "-1", "0"])
def test_a_version_that_never_was_is_a_stale_one(world, olle, seen):
    comment = world.published()
    response = world.drafted(comment)
    sent = save(olle, response, *world.matters("KS", comment), seen=seen)
    assert sent.status_code == 409
    assert WORDS["because"] in sent.text
    assert db.session.get(Response, response.id).because == ANSWER.because


def test_the_longest_text_that_is_allowed_is_kept_whole(world, olle):
    response = world.drafted(world.published())
    longest = "å" * 5000
    assert save(olle, response, you_said=longest).status_code == 303
    db.session.expire_all()
    assert db.session.get(Response, response.id).you_said == longest


def test_a_draft_that_does_not_exist_is_missing(world, olle):
    assert olle.get(f"{START}/999").status_code == 404
    assert olle.send("/konto", WORDS, to=f"{START}/999").status_code == 404


def test_what_was_hidden_since_is_no_longer_beside_the_editor(world, olle):
    comment = world.published(text="Ett inlägg som snart döljs av en moderator.")
    response = world.drafted(comment)
    world.decide(comment, "hide")
    page = olle.get(f"{START}/{response.id}").text
    assert "Ett inlägg som snart döljs" not in page
    assert ANSWER.you_said in page


def test_who_is_only_an_officer_sees_no_button_to_publish(world, olle, app):
    response = world.drafted(world.published())
    assert "/publicera" not in olle.get(f"{START}/{response.id}").text
    editor = app.test_client()
    world.sign_in(editor, world.eva)
    assert "/publicera" in editor.get(f"{START}/{response.id}").text


def test_an_officer_of_two_committees_has_both(world, client):
    with transaction():
        give_role("olle@example.org", Role.OFFICER, world.committee("TN"), now=clock.now())
    world.sign_in(client, world.olle)
    assert client.get("/namnd/tn/inkorg").status_code == 200
    assert client.get(INBOX).status_code == 200


def test_outcomes_are_the_ones_that_were_decided():
    assert {str(one) for one in Outcome} == {
        "will_do", "already_done", "partly", "being_investigated", "will_not", "not_ours",
    }  # fmt: skip
