"""A committee's annex to its meeting: what it holds, in three kinds of file, and who may make it."""

import csv
import io
import sys
import unicodedata
import zipfile
from datetime import timedelta

import pytest
import typst
from lxml import etree
from pypdf import PdfReader

from dialog.db import clock, transaction
from dialog.meetings.pdf import _WITHOUT_A_SHAPE
from dialog.response.delays import explain_delay
from tests.files import words_in
from tests.stances.test_sums import answered as think
from tests.stances.test_sums import seen
from tests.test_house_rules import queries_of

ANNEX = "/namnd/ks/bilaga"
KINDS = ("pdf", "odt", "csv")


@pytest.fixture
def olle(world, client):
    """The browser of an officer of KS."""
    world.sign_in(client, world.olle)
    return client


def annex(client, kind: str, address: str = ANNEX, asked: str = "") -> bytes:
    response = client.get(f"{address}.{kind}{asked}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith('attachment; filename="bilaga-ks-')
    return response.data


def rows(sheet: bytes) -> list[dict[str, str]]:
    text = sheet.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def tags(file: bytes) -> list[str]:
    """The kinds of all that a PDF is tagged with, in the order it is read."""
    found: list[str] = []

    def walk(node) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            found.extend([str(node["/S"])] if "/S" in node else [])
            walk(node.get("/K", []))

    walk(PdfReader(io.BytesIO(file)).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_the_page_shows_the_sums_and_leads_to_the_files(world, olle):
    world.answered(world.published(world.rut))
    world.published(world.vera, mandate=world.mandate)
    page = olle.get("/namnd/ks/inkorg")
    assert ANNEX in page.text
    page = olle.get(ANNEX)
    assert page.status_code == 200
    assert '<th scope="row">Organisationer</th><td>1</td><td>0</td><td>1</td>' in page.text
    assert '<th scope="row">Tillsammans</th><td>2</td><td>1</td><td>1</td>' in page.text
    for kind in KINDS:
        assert f"{ANNEX}.{kind}?fran=" in page.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pdf_is_tagged_and_its_headings_and_tables_are_in_order(world, olle, language):
    world.answered(world.published(world.rut, "Bussen går för sällan."))
    world.published(world.rut, "Skolan behöver fler vuxna.", assignment=world.assignment(1))
    clock.forward(days=25)
    file = annex(olle, "pdf", "/en/namnd/ks/bilaga" if language == "en" else ANNEX)
    root = PdfReader(io.BytesIO(file)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert world.committee("KS").name_sv in PdfReader(io.BytesIO(file)).metadata.title or language == "en"
    headings = [tag for tag in tags(file) if tag.startswith("/H") and tag[2:].isdigit()]
    assert headings[:7] == ["/H1", "/H2", "/H3", "/H3", "/H3", "/H2", "/H2"]  # title, sums, late, comments
    assert headings[7:] == [
        "/H3", "/H4", "/H5", "/H4", "/H5",  # the goal: as a whole, and an assignment of it
        "/H2", "/H3", "/H4", "/H4", "/H4",  # the answer: you said, we decided, because
    ]  # fmt: skip
    tables = [tag for tag in tags(file) if tag in ("/Table", "/TH")]
    assert tables == [*["/Table", *["/TH"] * 6] * 3, "/Table", *["/TH"] * 5]


def test_the_odt_has_headings_table_headers_language_and_title(world, olle):
    world.published(world.rut, "Bussen går för sällan.", language="sma")
    package = zipfile.ZipFile(io.BytesIO(annex(olle, "odt")))
    assert package.testzip() is None
    content = etree.fromstring(package.read("content.xml"))
    text = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    levels = [one.get(f"{text}outline-level") for one in content.iter(f"{text}h")]
    assert levels == ["1", "2", "3", "3", "3", "2", "2", "3", "4", "5"]
    heads = list(content.iter("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-header-rows"))
    assert len(heads) == 3 and all(len(one.getparent()) > 2 for one in heads)
    assert ["".join(cell.itertext()) for cell in heads[0][0]][:2] == ["Vem som skrev", "Kom in"]
    said = next(one for one in content.iter(f"{text}p") if "Bussen" in "".join(one.itertext()))
    style = said.get(f"{text}style-name")
    everything = package.read("styles.xml").decode() + package.read("content.xml").decode()
    assert f'style:name="{style}"' in everything and 'fo:language="sma"' in everything
    assert 'fo:language="fr"' not in everything
    assert "<dc:title>Bilaga till sammanträdet" in package.read("meta.xml").decode()


@pytest.mark.parametrize("kind", KINDS)
def test_each_file_holds_the_words_who_said_them_where_they_stand_and_the_answer(world, olle, kind):
    world.answered(
        world.published(world.vera, "Byn vill ha en gångväg.\n\nOch lampor.", mandate=world.mandate)
    )
    late = world.published(world.rut, "Bussen går för sällan.")
    clock.forward(days=25)
    words = " ".join(words_in(annex(olle, kind), kind).split())
    for said in (
        "Byn vill ha en gångväg.", "Och lampor.", "Lockne byalag", world.mandate.basis, "Bussen går för sällan.",
        late.number, "Rut", "Försenat", "Vi gör det",
    ):  # fmt: skip
        assert said in words, said


@pytest.mark.parametrize("kind", KINDS)
def test_why_an_answer_takes_longer_stands_there_while_it_is_owed(world, olle, kind):
    comment = world.published(world.rut)
    (matter,) = world.matters("KS", comment)
    with transaction():
        day = clock.today() + timedelta(days=40)
        explain_delay(matter, "Vi väntar på en mätning.", day, officer=world.olle, now=clock.now())
    assert "Vi väntar på en mätning." in words_in(annex(olle, kind), kind)
    world.answered(comment)
    assert "Vi väntar på en mätning." not in words_in(annex(olle, kind), kind)


def test_what_is_in_the_sheet_is_never_carried_out(world, olle):
    for beginning in "=+-@":
        world.published(world.rut, f"{beginning}SUMMA(A1:A9) är en formel i ett kalkylblad.")
    file = annex(olle, "csv")
    assert file.startswith("\ufeff".encode()) and b"\r\n" in file
    words = [row["Ord"] for row in rows(file)]
    assert len(words) == 4 and all(word.startswith("'") for word in words)


def test_a_sheet_has_a_row_for_each_comment_with_its_day_and_how_late_it_is(world, olle):
    comment = world.published(world.rut)
    clock.forward(days=21)
    (row,) = rows(annex(olle, "csv"))
    assert row["Nummer"] == comment.number
    assert row["Ska besvaras senast"] < clock.today().isoformat()
    assert int(row["Arbetsdagar försenat"]) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_longer_public_is_in_no_file_and_what_is_passed_on_is(world, olle, kind):
    hidden, withdrawn, passed_on = (
        world.published(world.rut, f"Ett {bird}inlägg om målet.")
        for bird in ("gulsparvs", "trast", "koltrast")
    )
    world.decide(hidden, "hide")
    world.withdraw(withdrawn)
    world.forwarded(world.matters("KS", passed_on)[0])
    words = " ".join(words_in(annex(olle, kind), kind).split())
    assert "Ett gulsparvs" not in words and "Ett trast" not in words
    assert "Ett koltrast" in words and "Lämnat vidare till Tekniska nämnden" in words


def test_only_what_came_or_was_answered_in_the_period_is_there(world, olle):
    world.published(world.rut, "Ett inlägg från i somras.")
    answered = world.published(world.nils, "Ett inlägg som besvaras senare.")
    clock.forward(days=60)
    world.answered(answered)
    world.published(world.rut, "Ett nytt inlägg från i dag.")
    today = clock.today()
    world.sign_in(olle, world.olle)
    words = words_in(annex(olle, "odt", asked=f"?fran={today}&till={today}"), "odt")
    assert "från i dag" in words and "besvaras senare" in words and "i somras" not in words


def test_of_stances_only_the_sums_that_all_see_are_there(world, olle):
    comment = world.published(world.rut)
    think(world, comment, (9, "agree"), (2, "disagree"))
    shown = seen(comment).sums
    (row,) = rows(annex(olle, "csv"))
    assert row["Håller med"] == str(shown.agree) and row["Håller inte med"] == ""
    assert f"Håller med: {shown.agree}\n" in words_in(annex(olle, "pdf"), "pdf")


AWKWARD = [
    "Åarjelsaemien gïele: gïjre, ïjje, öö, ŋ đ š ž ŧ",
    "Bra! 😀👍🏽 ❤️ 👨‍👩‍👧",
    "שלום עולם och مرحبا بالعالم",
    "你好，这是一个评论。",
    "#sys.inputs *fet* _kursiv_ $x^2$ @ref <etikett> \\ /* */ // `kod` [[ {{ ]] = Rubrik",
    "e\u0301\u0301 \u0e2a\u0e27\u0e31 \U0001f1f8\U0001f1ea \u2028 \u00ad \ue000 \U000e0041",
]


def test_words_of_any_kind_become_a_file(world, olle):
    for text in AWKWARD:
        world.published(world.rut, f"{text} är det som sägs här.")
    words = words_in(annex(olle, "pdf"), "pdf")
    assert "Åarjelsaemien gïele: gïjre, ïjje, öö, ŋ đ š ž ŧ" in words
    assert "[grinning face, thumbs up sign" in words
    assert "#sys.inputs *fet* _kursiv_ $x^2$ @ref <etikett>" in " ".join(words.split())
    assert "😀" in words_in(annex(olle, "odt"), "odt") and "你好" in words_in(annex(olle, "csv"), "csv")


def test_every_sign_that_is_said_to_have_a_shape_has_one():

    shown = [
        chr(one)
        for one in range(32, sys.maxunicode)
        if unicodedata.category(chr(one)) not in {"Cn", "Cs", "Cc", "Co"}
        and not _WITHOUT_A_SHAPE.match(chr(one))
    ]
    assert len(shown) > 2000
    source = b'#set document(title: "x")\n#text(sys.inputs.signs)'
    signs = " ".join(f"a{one}" if unicodedata.combining(one) else one for one in shown)
    typst.compile(
        source, sys_inputs={"signs": signs}, pdf_standards=["ua-1"], ignore_system_fonts=True, format="pdf"
    )


def test_more_comments_than_there_is_room_for_are_counted(world, olle, monkeypatch):
    monkeypatch.setattr("dialog.meetings.queries.MOST_COMMENTS", 2)
    for serial in range(5):
        world.published(world.rut, f"Inlägg nummer {serial} om bussarna.")
    words = " ".join(words_in(annex(olle, "pdf"), "pdf").split())
    assert "3 äldsta" in words and "nummer 4" in words and "nummer 0" not in words
    assert len(rows(annex(olle, "csv"))) == 5


@pytest.mark.parametrize("kind", ["", ".pdf", ".odt", ".csv"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("fran=i+fjol", "Skriv datumet som 2026-03-31."),
        ("till=0001-01-01", "Det måste vara fel på årtalet."),
        ("fran=2026-03-31&till=2026-03-01", "Sista dagen kan inte komma före den första."),
    ],
)
def test_a_wrong_day_is_told_at_its_field(world, olle, kind, asked, said):
    response = olle.get(f"{ANNEX}{kind}?{asked}")
    assert response.status_code == 422
    assert said in response.text


@pytest.mark.parametrize("kind", ["", ".pdf", ".odt", ".csv"])
def test_another_committees_officer_may_not_and_a_visitor_is_shown_the_way_in(world, app, kind):
    client = app.test_client()
    assert "/logga-in?" in client.get(ANNEX + kind).headers["Location"]
    world.sign_in(client, world.tore)
    assert client.get(ANNEX + kind).status_code == 403
    assert client.get(f"/namnd/finns-inte/bilaga{kind}").status_code == 404


def test_an_annex_of_nothing_says_so(world, olle):
    for kind in ("pdf", "odt"):
        assert "Inget har kommit till nämnden" in " ".join(words_in(annex(olle, kind), kind).split())
    assert rows(annex(olle, "csv")) == []


def test_the_files_ask_a_constant_number_of_queries(world, olle, app):
    def asked() -> list[int]:
        return [len(queries_of(app, olle, f"{ANNEX}.{kind}")) for kind in KINDS]

    world.answered(world.published(world.rut, "Ett första inlägg."))
    few = asked()
    for serial in range(8):
        world.answered(
            world.published(world.nils, f"Inlägg {serial} om målet.", assignment=world.assignment(1))
        )
        world.published(world.vera, f"Inlägg {serial} av byalaget.", mandate=world.mandate)
    assert asked() == few
    assert max(few) <= 15
