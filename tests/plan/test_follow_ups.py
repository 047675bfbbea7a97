"""`plan follow-ups`: what surely fits stands under its assignment, the rest is kept and asked about."""

import pytest
from sqlalchemy import select

from dialog.db import db
from dialog.plan.models import FollowUp
from tests.plan.commands import empty, everything, run, take_in
from tests.plan.samples.reading import document

PLAN = """Mål: Fritid

Östersund har fritid.

Ett stycke om fritid.

Uppdrag från fullmäktige 2024

Rusta badplatsen vid Storsjön så att fler kan bada. KFN

Badplatsen ska vara klar till sommaren.

Bygg en cykelväg till Brunflo längs järnvägen. TN

Vägen ska vara säker.

Bygg en cykelväg till Brunflo längs järnväg. TN

Vägen ska vara vacker.
"""
HEADER = "Nämnd T1 2024 Uppdrag Kommentar T1 2024\n"
BATHING = "Rusta badplatsen vid Storsjön så att fler kan bada"
CYCLING = "Bygg cykelväg till Brunflo längs järnvägen"


def row(committee: str, assignment: str, commentary: str = "Arbetet pågår.") -> str:
    return f"({committee}) .\n{assignment}\n\n{commentary}\n\n"


def kept() -> list[FollowUp]:
    return list(
        db.session.scalars(select(FollowUp).where(FollowUp.replaced_at.is_(None)).order_by(FollowUp.id))
    )


def read(app, folder, words: str, *options: str):
    path = folder / "follow-ups.txt"
    path.write_text(words, encoding="utf-8")
    return run(app, "plan", "follow-ups", path, *options)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def planned(app, tmp_path):
    empty(app)
    take_in(app, tmp_path, PLAN)
    return app


CERTAIN = {
    "the same words": ("Kultur- och fritidsnämnden", BATHING + ".", True),
    "small differences in wording": (
        "Kultur- och fritidsnämnden",
        "Rusta badplats vid Storsjön, så fler kan bada.",
        True,
    ),
    "the same words at another committee": ("Tekniska nämnden", BATHING, False),
    "close to two": ("Tekniska nämnden", CYCLING, False),
    "close to none": ("Valnämnden", "Ordna allmänna val.", False),
    "a committee nobody knows": ("Månnämnden", BATHING, False),
}


@pytest.mark.parametrize(("committee", "words", "placed"), CERTAIN.values(), ids=CERTAIN.keys())
def test_a_row_is_placed_only_where_it_surely_belongs(planned, tmp_path, committee, words, placed):
    result = read(planned, tmp_path, HEADER + row(committee, words))
    assert result.exit_code == 0, result.stderr
    (one,) = kept()
    assert (one.assignment_id is not None) == placed
    assert ("Rad 2" in result.stdout) == (not placed)


FORMS = {
    "CSV from Excel": "\ufeffNämnd;Uppdrag;Kommentar T1 2024\r\n"
    f'(KFN);{BATHING};"Det pågår; snart klart."\r\nKFN;Bara två\r\n',
    "CSV with commas": "Nämnd,Uppdrag,Kommentar T1 2024\n"
    f'KFN,{BATHING},"Det pågår, snart klart."\nKFN,Bara två\n',
    "an HTML table": "<!doctype html><table><tr><th>Nämnd</th><th>Uppdrag</th><th>Kommentar T1 2024</th></tr>\n"
    f"<tr><td>KFN</td><td>{BATHING}</td><td>Det pågår.</td></tr>\n<tr><td>KFN</td><td>Bara två</td></tr></table>",
}


@pytest.mark.parametrize("words", FORMS.values(), ids=FORMS.keys())
def test_every_form_gives_the_same_row_and_names_the_line_it_could_not_place(planned, tmp_path, words):
    result = read(planned, tmp_path, words)
    (one,) = kept()
    assert one.assignment_id and one.commentary.startswith("Det pågår")
    assert "3: KFN | Bara två" in result.stdout


def test_the_same_file_again_changes_nothing_and_a_changed_commentary_is_a_new_version(planned, tmp_path):
    words = HEADER + row("KFN", BATHING)
    read(planned, tmp_path, words)
    before = everything(planned)
    read(planned, tmp_path, words)
    assert everything(planned) == before
    read(planned, tmp_path, HEADER + row("KFN", BATHING, "Det är klart."))
    assert [one.commentary for one in kept()] == ["Det är klart."]
    assert len(list(db.session.scalars(select(FollowUp)))) == 2


REFUSED = {
    "no row": (HEADER, "det finns ingen rad ur en uppföljning i filen"),
    "no period": (row("KFN", BATHING), "det står inte i filen vilket år och vilken period den gäller"),
    "empty": ("", "filen är tom"),
}


@pytest.mark.parametrize(("words", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_without_follow_ups_is_refused_and_nothing_is_kept(planned, tmp_path, words, sentence):
    result = read(planned, tmp_path, words)
    assert result.exit_code == 2 and sentence in result.stderr
    assert not kept()


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_files_all_are_read_or_none(planned, tmp_path, order):
    files = []
    for name, words in (("good", HEADER + row("KFN", BATHING)), ("bad", HEADER)):
        files.append(tmp_path / f"{name}.txt")
        files[-1].write_text(words, encoding="utf-8")
    before = everything(planned)
    result = run(planned, "plan", "follow-ups", *files[::order])
    assert (result.exit_code, "Inget har lästs in" in result.stderr) == (2, True)
    assert everything(planned) == before
    files[1].write_text(HEADER + row("TN", "Ordna något annat."), encoding="utf-8")
    assert run(planned, "plan", "follow-ups", *files[::order]).exit_code == 0
    assert len(kept()) == 2


def test_another_place_is_asked_about_and_the_assignment_named(planned, tmp_path):
    result = read(planned, tmp_path, HEADER + row("KFN", BATHING.replace("Storsjön", "Locknesjön")))
    (one,) = kept()
    assert one.assignment_id is None
    assert f"Kanske: {BATHING}" in result.stdout


def test_a_dry_run_keeps_nothing(planned, tmp_path):
    assert read(planned, tmp_path, HEADER + row("KFN", BATHING), "--dry-run").exit_code == 0
    assert not kept()


def test_the_published_extract_is_kept_and_asked_about(app, tmp_path):
    path = tmp_path / "follow-ups.txt"
    path.write_text(document("uppfoljning-t1-2024-utdrag.txt"))
    result = run(app, "plan", "follow-ups", path)
    assert result.exit_code == 0, result.stderr
    assert [one.assignment_id for one in kept()] == [None, None]
    assert "Rad 2" in result.stdout and "Rad 7" in result.stdout
