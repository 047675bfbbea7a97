"""What every page shares: errors that lose nobody's words, the way to the municipality, the menus."""

import html
import io
import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from dialog import kept as parts_kept
from dialog.conversation.models import Comment
from dialog.db import clock, db, transaction
from dialog.formats import day
from dialog.people.models import SignedIn, SignInLink
from dialog.people.rules import MOST_SIGN_IN_ATTEMPTS
from dialog.permissions import permitted
from tests.client import _inspect_html
from tests.conversation.test_submit import FORM
from tests.world import GOAL_2024

TYPED = 'Bussen </textarea><script>alert(1)</script> & "tåget"\n\nborde gå på kvällen.'
ADDRESS = "rut@example.org"
PART = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{FORM}?uppdrag=1"}


@pytest.fixture
def writing(world, client):
    """Nils has the form open: what it would send when he presses the button."""
    world.sign_in(client, world.nils)
    page = client.get(FORM).text
    hidden = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', page))
    return {**hidden, "kind": "proposal", "text": TYPED, "area": "", "language": "sv"}


def sign_out(client, how: str) -> None:
    if how == "in another window":
        client.send("/konto", to="/logga-ut")
    else:
        with transaction():
            db.session.execute(update(SignedIn).values(ended_at=clock.now()))


def kept(page: str) -> str | None:
    """What stands in the box to copy from."""
    box = re.search(r'<textarea[^>]* id="skrivet"[^>]* readonly[^>]*>\n(.*?)</textarea>', page, re.S)
    return html.unescape(box.group(1)) if box else None


@pytest.mark.parametrize("how", ["in another window", "by the end of its time"])
def test_whoever_was_signed_out_while_writing_is_told_so_and_keeps_the_text(client, writing, how):
    sign_out(client, how)
    refused = client.post(
        f"{FORM}?uppdrag=1", data=writing, headers={"Referer": f"http://localhost{FORM}?uppdrag=1"}
    )
    assert refused.status_code == 401
    assert "inte längre inloggad" in refused.text
    assert kept(refused.text) == TYPED
    assert "<script>alert" not in refused.text
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
    way = re.search(r'href="(/logga-in\?[^"]*)" target="_blank"', refused.text).group(1)
    assert f"{FORM}?uppdrag=1" in client.get(way).text.replace("%3F", "?").replace("%3D", "=")


@pytest.mark.parametrize("how", ["in another window", "by the end of its time"])
def test_a_part_of_a_page_says_the_same_and_leaves_what_was_typed_where_it_is(client, writing, how):
    sign_out(client, how)
    refused = client.post(FORM, data=writing, headers=PART)
    assert refused.status_code == 401
    assert refused.headers["HX-Retarget"] == "#fel"
    assert "inte längre inloggad" in refused.text
    assert "<html" not in refused.text and kept(refused.text) is None
    assert "next=" in re.search(r'href="(/logga-in[^"]*)"', refused.text).group(1)


def test_in_english_the_way_back_is_in_english(world, client, writing):
    sign_out(client, "by the end of its time")
    refused = client.post(f"/en{FORM}", data=writing)
    assert "no longer signed in" in refused.text
    assert re.search(rf'href="/en/logga-in\?next=/en{FORM}"', refused.text)


def test_a_token_of_another_time_keeps_the_text_of_whoever_is_signed_in(world, client, writing):
    world.sign_in(client, world.nils)  # anew, in another window
    refused = client.post(FORM, data=writing)
    assert refused.status_code == 400
    assert kept(refused.text) == TYPED
    assert f'href="{FORM}">Öppna sidan igen' in refused.text


def form_to_send_again(page: str) -> tuple[str, dict]:
    """Where the form on an error's page leads, and what it sends."""
    form = re.search(r'<form class="form" method="post" action="([^"]+)">(.*?)</form>', page, re.S)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form.group(2))
    return html.unescape(form.group(1)), {name: html.unescape(value) for name, value in fields}


@pytest.mark.parametrize("how", ["in another window", "by the end of its time"])
def test_what_was_written_is_sent_from_the_page_that_refused_it_once_its_writer_has_signed_in(
    world, client, writing, how
):
    sign_out(client, how)
    address, form = form_to_send_again(
        client.post(f"{FORM}?uppdrag={world.assignment(1).id}", data=writing).text
    )
    assert {name: form[name] for name in ("text", "kind", "form_key")} == {
        name: writing[name] for name in ("text", "kind", "form_key")
    }
    refused = client.post(address, data=form)
    assert refused.status_code == 401, "The button was pressed too early, and nothing is lost by that."
    world.sign_in(client, world.nils)
    refused = client.post(address, data=form_to_send_again(refused.text)[1])
    assert refused.status_code == 400
    assert "Du har loggat in sedan du öppnade formuläret." in refused.text
    assert kept(refused.text) == TYPED
    sent = [client.post(address, data=form_to_send_again(refused.text)[1]) for _ in range(2)]
    assert [response.status_code for response in sent] == [303, 303]
    comment = db.session.scalars(select(Comment)).one()
    assert (comment.words.text, comment.assignment_id) == (TYPED, world.assignment(1).id)


def test_a_save_that_failed_leaves_a_form_to_send_again(world, client, writing, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr("dialog.conversation.views.submit_comment", locked)
        refused = client.post(FORM, data=writing)
        part = client.post(FORM, data=writing, headers=PART)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert "Det du skrev finns kvar här nedanför." in part.text
    assert "<form" not in part.text
    address, form = form_to_send_again(refused.text)
    assert client.post(address, data=form).status_code == 303
    assert db.session.scalars(select(Comment)).one().words.text == TYPED


def test_a_page_that_could_not_be_read_asks_nobody_to_send_anything_again(world, client, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setitem(client.application.view_functions, "public.about", permitted("read")(locked))
    refused = client.get("/om")
    assert refused.status_code == 503
    assert "Vänta en halv minut" in refused.text
    assert "Inget sparades" not in refused.text


def test_whoever_finds_no_page_is_shown_where_to_search(client):
    page = client.get("/finns-inte")
    assert 'href="/sok"' in page.text.split("<main")[1]
    assert "Fel 404" in page.text


def test_whoever_has_to_wait_is_told_for_how_long(client):
    for _ in range(MOST_SIGN_IN_ATTEMPTS):
        client.send("/logga-in", {"email": "rut@example.org"})
    clock.forward(seconds=90)
    refused = client.send("/logga-in", {"email": "rut@example.org"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "210")
    assert "Vänta 4 minuter och försök igen." in refused.text


def test_an_answer_that_could_not_be_sent_is_kept_whole(world, client):
    world.sign_in(client, world.olle)
    words = {
        "you_said": "Ni sa ett.",
        "we_decided": "Vi beslutade två.",
        "because": "Därför tre.",
        "outcome": "hemligt",
    }
    refused = client.post("/namnd/ks/svar/1", data=words)
    assert kept(refused.text) == "Ni sa ett.\n\nVi beslutade två.\n\nDärför tre."
    assert form_to_send_again(refused.text)[1]["outcome"] == "hemligt"


def test_another_site_gets_none_of_its_words_onto_ours(client, writing):
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for data in ({"text": TYPED}, writing):
            refused = client.post(FORM, data=data, headers=headers).text
            assert kept(refused) is None
            assert "alert(1)" not in refused


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/x", "http://[::1", "http://localhost//elsewhere.example", ""]
)
def test_the_way_back_is_never_to_another_site(world, client, writing, referer):
    sign_out(client, "by the end of its time")
    refused = client.post(FORM, data=writing, headers={"Referer": referer})
    assert f'href="/logga-in?next={FORM}"' in refused.text
    assert "elsewhere" not in refused.text


def test_signing_in_with_a_lost_token_is_no_matter_of_being_signed_out(client):
    refused = client.post("/logga-in", data={"email": "rut@example.org"})
    assert refused.status_code == 400
    assert "inloggad" not in refused.text
    assert kept(refused.text) is None


def test_too_much_to_read_is_said_and_no_fault_of_ours(client):
    assert client.post("/finns-inte", data={"text": "x" * 2_000_000}).status_code in {404, 413}
    assert client.post("/logga-in", data={"text": "x" * 2_000_000}).status_code == 413


def reachable(app, monkeypatch, email: str | None, phone: str | None) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "contact_email", email)
    monkeypatch.setitem(app.jinja_env.globals, "contact_phone", phone)


def test_every_page_says_how_the_municipality_is_reached(world, app, client, monkeypatch):
    assert "Kontakta kommunen" not in client.get("/om").text
    app.jinja_env.cache.clear()  # a macro keeps the names it was made with
    parts_kept.set_up(app)  # and the foot of a page is kept
    reachable(app, monkeypatch, "kundcenter@example.se", "063-14 30 00")
    try:
        page = client.get("/om").text
        assert 'href="mailto:kundcenter@example.se"' in page
        assert 'href="tel:063143000"' in page
        world.sign_in(client, world.rut)
        refused = client.get("/moderering").text
        assert refused.count('href="mailto:kundcenter@example.se"') == 2  # beside the words, and at the foot
    finally:
        app.jinja_env.cache.clear()


@pytest.mark.parametrize(
    ("name", "page", "entry", "mark"),
    [
        ("rut", GOAL_2024, "/", "true"),
        ("rut", "/inlagg/{number}", "/", "true"),
        ("rut", "/svar/{answer}", "/", "true"),
        ("rut", FORM, "/", "true"),
        ("rut", "/konto", "/konto", "page"),
        ("eva", "/namnd/ks/inkorg", "/namnd/ks/inkorg", "page"),
        ("eva", "/namnd/ks/svar/{draft}", "/namnd/ks/inkorg", "true"),
        ("eva", "/namnd/ks/dialoger", "/namnd/ks/inkorg", "true"),
        ("eva", "/namnd/ks/bilaga", "/namnd/ks/inkorg", "true"),
        ("eva", "/namnd/ks/uppfoljning", "/namnd/ks/inkorg", "true"),
    ],
)
def test_the_menu_shows_where_one_is(world, client, name, page, entry, mark):
    answered = world.published(world.nils)
    names = {
        "number": answered.number,
        "answer": world.answered(answered).id,
        "draft": world.drafted(world.published(world.rut, "Ett inlägg som väntar på svar.")).id,
    }
    world.sign_in(client, world.people[name])
    menus = "".join(
        re.findall(r"<nav.*?</nav>", client.get(page.format(**names)).text.split("<main")[0], re.S)
    )
    assert re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', menus) == [(entry, mark)]


def test_an_officer_has_one_inbox_for_each_committee(world, client):
    world.sign_in(client, world.eva)  # both officer and editor of the same one
    header = client.get("/konto").text.split("<main")[0]
    assert re.findall(r'href="(/namnd/\w+/inkorg)"', header) == ["/namnd/ks/inkorg"]


CSS = "/static/dialog.css"


def test_a_file_the_browser_has_already_is_not_sent_again(client):
    first = client.get(CSS)
    again = client.get(CSS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(CSS, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0", None),
        ("br", None),
        ("", None),
    ],
)
def test_a_file_is_compressed_for_those_who_can_read_it(client, accepts, encoding):
    response = client.get(CSS, headers={"Accept-Encoding": accepts})
    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.vary
    assert response.data.startswith(b"\x1f\x8b" if encoding else b"/*")


@pytest.mark.parametrize(
    "number",
    [
        "-1",
        "-99999999999999999999",
        "+1",
        "%201",
        "1%20",
        "1_0",
        "9_999_999_999",
        "3000000000",
        "9" * 5000,
        "²",
        "٣",
        "",
    ],
)
def test_what_is_no_number_is_no_fault_of_ours(world, client, number):
    world.sign_in(client, world.eva)
    for name in ("uppdrag", "stycke"):
        assert client.get(f"{FORM}?{name}={number}").status_code == 404
    assert client.get(f"/namnd/ks/inkorg?efter={number}").status_code == 200
    assert client.get(f"/sok?q=bussen&ar={number}&omrade={number}&sida={number}").status_code == 200


def test_what_is_no_matter_is_not_ticked(world, client):
    world.sign_in(client, world.eva)
    refused = client.send("/namnd/ks/inkorg", {"matter": ["-1", "1_0", "9" * 5000, "x"]}, to="/namnd/ks/svar")
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"email": "rut@example.org"}', "application/json"),
        ("[]", "application/json"),
        ("{", "application/json"),
        ("<a/>", "text/xml"),
        ("email=rut@example.org", "text/plain"),
    ],
)
def test_only_forms_are_read(world, client, body, kind):
    token = client.token("/logga-in")
    for headers in ({}, {"X-CSRFToken": token}):
        refused = client.post("/logga-in", data=body, content_type=kind, headers=headers)
        assert refused.status_code == 415
        assert "själva formuläret" in refused.text
    assert db.session.scalar(select(func.count()).select_from(SignInLink)) == 0


def test_a_file_never_takes_the_place_of_a_text(client, writing):
    file = (io.BytesIO(TYPED.encode()), "inlagg.txt")
    refused = client.post(FORM, data={**writing, "text": file}, content_type="multipart/form-data")
    assert refused.status_code == 415
    assert client.post(FORM, data=writing, content_type="multipart/form-data").status_code == 303


def test_an_origin_that_is_no_address_is_a_foreign_one(client, writing):
    assert client.post(FORM, data=writing, headers={"Origin": "http://["}).status_code == 403


def test_a_page_whose_address_cannot_be_read_is_not_led_back_to(world, client, writing):
    sign_out(client, "by the end of its time")
    refused = client.post(FORM, data=writing, headers={"HX-Request": "true", "HX-Current-URL": "http://["})
    assert refused.status_code == 401
    assert "http://[" not in refused.text


def test_what_the_log_says_of_a_fault_holds_nobodys_key(app, client, monkeypatch):
    told = []

    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("dialog.people.queries.link_of_token", fail)
    monkeypatch.setattr(
        "dialog.errors.log.exception", lambda *words, **more: told.append((words, more)), raising=False
    )
    monkeypatch.setattr(app, "testing", False)
    assert client.get("/logga-in/a-secret-token").status_code == 500
    assert "people.open_link" in str(told)
    assert "a-secret-token" not in str(told)


def test_an_error_of_the_database_repeats_nobodys_words(context):
    for bind in (None, "read"):
        with db.engines[bind].connect() as connection, pytest.raises(DBAPIError) as error:
            connection.execute(text("SELECT * FROM finns_inte WHERE email = :email"), {"email": ADDRESS})
        assert ADDRESS not in str(error.value)


def test_the_way_to_the_other_language_keeps_the_query_as_it_came(client):
    as_sent = "q=båt&ar=2024".encode().decode("latin-1")  # what a server makes of bytes that aren't escaped
    page = client.get("/sok", environ_overrides={"QUERY_STRING": as_sent}).text
    assert 'href="/en/sok?q=b%C3%A5t&amp;ar=2024"' in page
    page = client.get("/sok?q=b%C3%A5t%26s").text
    assert 'href="/en/sok?q=b%C3%A5t%26s"' in page


@pytest.mark.parametrize(
    "html",
    [
        "<ul><p>1</p></ul>",
        "<dl><span>1</span></dl>",
        "<a href='#'>1 <button>2</button></a>",
        "<span><div>1</div></span>",
        "<label>1 <h2>2</h2></label>",
        '<time datetime="2026-03-11T10:00:00.123456+00:00">11 mars</time>',
        '<time datetime="i går">i går</time>',
    ],
)
def test_a_page_with_something_where_it_cannot_stand_would_be_found(html):
    with pytest.raises(AssertionError, match=r"can't stand|is pressed itself|no day or moment"):
        _inspect_html(f"<div>{html}</div>", "/", english=False)


def test_a_moment_is_written_as_html_knows_it(app):
    with app.test_request_context("/"):
        assert 'datetime="2026-03-11T09:30:15+00:00"' in day(datetime(2026, 3, 11, 9, 30, 15, 123456, UTC))
        assert 'datetime="2026-03-11"' in day(date(2026, 3, 11))
