"""The page for taking personal data out: proposing, looking at the result, deciding; and what is refused in words."""

import pytest

from dialog.db import clock, db, transaction
from dialog.moderation.operations import claim_comment
from tests.moderation.deciding import HX, QUEUE, decisions

TEXT = "Ring grannen Berit Ås på 063-12 34 56 om bussen till Häggenås."
WHY = "Du skrev ut vem det handlar om."


@pytest.fixture
def mona(world, client):
    world.sign_in(client, world.mona)
    return client


@pytest.fixture
def comment(world):
    return world.published(text=TEXT)


def address(comment, **query) -> str:
    return f"{QUEUE}/{comment.number}/maskera" + (
        "?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""
    )


def filled(comment, **changes) -> dict[str, str]:
    return {"seen": str(comment.version), "passages": "Berit Ås\n063-12 34 56", "reasons": WHY, **changes}


def looked(client, comment, **changes) -> dict[str, str]:
    """The form as it is after the moderator has looked at the result."""
    page = client.send(address(comment), filled(comment, **changes))
    assert page.status_code == 200
    mark = page.text.split('name="looked_at" value="')[1].split('"')[0]
    return {**filled(comment, **changes), "looked_at": mark, "decide": "1"}


def test_what_a_program_can_see_is_proposed_and_the_reasons_are_begun(mona, comment):
    page = mona.get(address(comment)).text
    assert "063-12 34 56</textarea>" in page.replace("\r", "")
    assert "Ditt inlägg innehöll personuppgifter om någon" in page
    assert f'href="{address(comment)}"' in mona.get(f"/inlagg/{comment.number}").text


def test_the_result_is_looked_at_before_anything_is_decided(world, mona, comment):
    world.published(world.rut, "Jag känner Berit Ås.", parent=comment)
    page = mona.send(address(comment), filled(comment)).text
    assert "Ring grannen [personuppgift borttagen] på [personuppgift borttagen] om bussen" in page
    assert "Finns också i" in page and "Så här kommer alla att läsa det" in page
    assert decisions(comment)[-1].act == "publish"
    # A press of the last button with other words than those that were looked at shows the new result.
    page = mona.send(address(comment), {**looked(mona, comment), "passages": "Berit Ås"})
    assert page.status_code == 200 and "på 063-12 34 56 om bussen" in page.text
    assert decisions(comment)[-1].act == "publish"


def test_deciding_leads_to_the_comment_or_back_to_the_place_in_the_queue(world, mona, comment):
    response = mona.send(address(comment), looked(mona, comment))
    assert response.status_code == 303
    page = mona.get(response.headers["Location"]).text
    assert "visas utan personuppgifterna" in page and "Berit" not in page
    other = world.say(text=TEXT)
    response = mona.send(address(other, skal="forsta-inlagget"), looked(mona, other))
    assert (
        "/moderering?" in response.headers["Location"]
        and "skal=forsta-inlagget" in response.headers["Location"]
    )
    assert "visas utan personuppgifterna" in mona.get(response.headers["Location"]).text


def test_twice_is_once(mona, comment):
    form = looked(mona, comment)
    first, second = mona.send(address(comment), form), mona.send(address(comment), form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert [one.act for one in decisions(comment)] == ["publish", "mask"]


def test_what_was_changed_meanwhile_is_refused_kindly(world, mona, comment):
    form = looked(mona, comment)
    world.masked(comment, "Häggenås", by=world.max)
    for sent in (form, {**form, "decide": ""}, filled(comment, seen="1")):
        response = mona.send(address(comment), {k: v for k, v in sent.items() if v})
        assert response.status_code == 409 and "Personuppgifter togs bort ur det" in response.text


BAD_INPUT = [
    ({"passages": ""}, "passages-error", "Skriv orden som ska tas bort."),
    ({"passages": " \n "}, "passages-error", "Skriv orden som ska tas bort."),
    ({"passages": "Berit Ås\nAdam"}, "passages-error", "Det här står inte i inlägget: ”Adam”."),
    ({"passages": "R"}, "passages-error", "Varje rad ska ha 2 till 200 tecken"),
    ({"passages": "\n".join(f"{n} ord" for n in range(21))}, "passages-error", "Skriv högst 20 ställen"),
    ({"passages": TEXT}, "passages-error", "Då skulle inget vara kvar."),
    ({"reasons": ""}, "reasons-error", "Skriv varför de tas bort."),
    ({"reasons": "x" * 2001}, "reasons-error", "Skriv högst 2"),
    ({"seen": ""}, "", "Något i formuläret gick förlorat"),
    ({"seen": "x"}, "", "Något i formuläret gick förlorat"),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), BAD_INPUT)
def test_bad_input_is_told_at_the_field_and_what_was_typed_stays(mona, comment, changes, field, sentence):
    response = mona.send(address(comment), filled(comment, **changes))
    assert response.status_code == 422
    assert sentence in response.text and field in response.text
    assert WHY in response.text or "reasons" in changes
    assert len(decisions(comment)) == 1


def test_a_personal_identity_number_can_be_taken_out(world, mona):
    """It can't be typed in a comment; where one stands all the same it is found, and may be written here."""
    comment = world.published(text="Hon har numret 19890201-3286 och bor i Lit.")
    assert "19890201-3286</textarea>" in mona.get(address(comment)).text
    assert mona.send(address(comment), looked(mona, comment, passages="19890201-3286")).status_code == 303
    assert "3286" not in mona.get(f"/inlagg/{comment.number}").text


def test_another_who_looks_at_it_is_no_hindrance(world, mona):
    comment = world.say(text=TEXT)
    with transaction():
        claim = claim_comment(comment, moderator=world.max, now=clock.now())
    assert address(comment) in mona.get(QUEUE).text
    assert mona.send(address(comment), looked(mona, comment)).status_code == 303
    db.session.expire_all()
    assert claim.until == clock.now()


@pytest.mark.parametrize(("name", "status"), [("rut", 403), ("nils", 403), ("rikard", 403), ("adam", 403)])
def test_others_are_refused(world, app, comment, name, status):
    client = app.test_client()
    world.sign_in(client, world.people[name])
    assert client.get(address(comment)).status_code == status
    assert client.send("/logga-in", filled(comment), to=address(comment)).status_code == status


def test_what_is_withdrawn_offers_nothing_and_what_there_is_not_is_404(world, mona, comment):
    world.withdraw(comment)
    assert "maskera" not in mona.get(f"/inlagg/{comment.number}").text
    assert mona.get(address(comment)).status_code == 409
    assert mona.get(f"{QUEUE}/2026-999999/maskera").status_code == 404
    assert mona.get(f"{QUEUE}/2026-999999/maskera", headers=HX).status_code == 404
