"""`plan import` and `plan export` as commands: dry runs, all or nothing, and every refusal."""

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from dialog.plan.importing import MAXIMUM_BYTES
from tests.databases import SECRET
from tests.plan.commands import WEB_PAGE, empty, everything, exported, run, take_in
from tests.plan.samples.reading import document, pdf, sample

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_A_YEAR = "Mål: Fritid\n\nÖstersund har fritid.\n\nEtt stycke om fritid.\n"
NO_PLAN = "Protokoll från möte\n\nOrdföranden öppnade mötet.\n\nMötet avslutades.\n"


def a_file(folder: Path, content: bytes) -> Path:
    path = folder / "document.txt"
    path.write_bytes(content)
    return path


def a_sparse_file(folder: Path) -> Path:
    path = folder / "large.txt"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    return path


def a_dangling_link(folder: Path) -> Path:
    path = folder / "link.txt"
    path.symlink_to(folder / "gone.txt")
    return path


TOO_LARGE = (
    "filen är större än en plan kan vara "
    "(högst 20\u00a0MB, 2000\u00a0sidor i en pdf och 4\u00a0miljoner tecken på en webbsida)"
)
# What is wrong with the file: how to make it, and what the command says about it.
REFUSED = {
    "missing": (lambda folder: folder / "missing.txt", "filen går inte att läsa"),
    "a link to nothing": (a_dangling_link, "filen går inte att läsa"),
    "a directory": (lambda folder: folder, "filen går inte att läsa"),
    "empty": (lambda folder: a_file(folder, b""), "filen är tom"),
    "blank": (lambda folder: a_file(folder, b" \n\t\r\n"), "filen är tom"),
    "binary": (
        lambda folder: a_file(folder, b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)))),
        "filen är varken text, html eller pdf",
    ),
    "with NUL": (
        lambda folder: a_file(folder, sample("web_page_2024.txt").encode() + b"\x00"),
        "filen är varken text, html eller pdf",
    ),
    "of 100 MB": (a_sparse_file, TOO_LARGE),
    "endless": (lambda folder: Path("/dev/zero"), TOO_LARGE),
    "a broken PDF": (
        lambda folder: a_file(folder, pdf([["Mål: Fritid"]])[:200]),
        "pdf-filen är skadad och går inte att öppna",
    ),
    "no plan": (lambda folder: a_file(folder, NO_PLAN.encode()), "det finns inget mål i filen"),
    "without a year": (
        lambda folder: a_file(folder, WITHOUT_A_YEAR.encode()),
        "det står inte i filen vilket år den gäller; lägg till --year",
    ),
}


@pytest.mark.parametrize(("make", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_no_plan_is_refused_with_a_sentence_and_status_2(app, tmp_path, make, sentence):
    path, before = make(tmp_path), everything(app)
    result = run(app, "plan", "import", path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}: {sentence}")
    assert result.stderr.endswith("Inget har lästs in.\n")
    assert len(result.stderr.splitlines()) == 1
    assert everything(app) == before


def test_a_large_file_is_refused_without_being_opened(app, tmp_path, monkeypatch):
    path = a_sparse_file(tmp_path)
    assert path.stat().st_size > MAXIMUM_BYTES
    open_file = Path.open

    def refuse_to_open(self, *arguments, **named):
        assert self != path
        return open_file(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuse_to_open)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("the file was read"))
    assert run(app, "plan", "import", path).exit_code == 2


def test_a_refusal_on_nothing_leaves_nothing(app, tmp_path):
    empty(app)
    assert run(app, "plan", "import", a_file(tmp_path, NO_PLAN.encode())).exit_code == 2
    assert not any(everything(app).values())


@pytest.mark.parametrize("place", [0, 1, 2])
def test_several_files_are_taken_in_together_or_not_at_all(app, tmp_path, place):
    empty(app)
    files = []
    for name in ("web_page_2024.txt", "budget_2023.txt"):
        files.append(tmp_path / name)
        files[-1].write_text(sample(name), encoding="utf-8")
    bad = a_file(tmp_path, NO_PLAN.encode())
    result = run(app, "plan", "import", *files[:place], bad, *files[place:])
    assert result.exit_code == 2
    assert str(bad) in result.stderr
    assert not any(everything(app).values())
    assert run(app, "plan", "import", *files).exit_code == 0
    assert len(exported(app, 2023)["goals"]) == 3
    assert len(exported(app, 2024)["goals"]) == 1


def test_a_fault_in_the_middle_leaves_nothing(app, tmp_path, monkeypatch):
    from dialog.plan import cli

    store, before = cli.store_plan, everything(app)

    def fail_at_the_second(read, *, now):
        if read.year == 2023:
            raise RuntimeError("the disk is full")
        return store(read, now=now)

    monkeypatch.setattr(cli, "store_plan", fail_at_the_second)
    with pytest.raises(RuntimeError, match="the disk is full"):
        take_in(app, tmp_path, sample("web_page_2024.txt"), sample("budget_2023.txt"))
    assert everything(app) == before


@pytest.mark.parametrize("start", [empty, lambda app: None], ids=["on nothing", "beside the shipped"])
def test_a_dry_run_shows_all_and_changes_nothing(app, tmp_path, start):
    start(app)
    before = everything(app)
    path = a_file(tmp_path, sample("web_page_2024.txt").encode())
    result = run(app, "plan", "import", path, "--dry-run")
    assert result.exit_code == 0
    assert "Näringsliv och tillväxt" in result.stdout
    assert "Nya stycken: " in result.stdout
    assert result.stdout.endswith("Det här var bara ett prov. Inget har sparats.\n")
    assert everything(app) == before


def test_a_dry_run_refuses_what_an_import_would(app, tmp_path):
    path = a_file(tmp_path, NO_PLAN.encode())
    assert run(app, "plan", "import", "--dry-run", path).exit_code == 2


def test_a_document_that_does_not_say_its_year_is_told_it(app, tmp_path):
    path = a_file(tmp_path, WITHOUT_A_YEAR.encode())
    assert run(app, "plan", "import", path, "--year", 2025).exit_code == 0
    assert [goal["title"] for goal in exported(app, 2025)["goals"]] == ["Fritid"]


@pytest.mark.parametrize("year", ["1989", "2101", "tjugotjugofyra", ""])
def test_an_impossible_year_is_refused(app, tmp_path, year):
    path, before = a_file(tmp_path, WITHOUT_A_YEAR.encode()), everything(app)
    assert run(app, "plan", "import", path, "--year", year).exit_code == 2
    assert everything(app) == before


def test_the_import_of_no_file_is_refused(app):
    assert run(app, "plan", "import").exit_code == 2


def test_the_export_of_an_unknown_year_is_refused(app):
    result = run(app, "plan", "export", "--year", 1999)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Det finns ingen plan för 1999.\n"


@pytest.mark.parametrize("arguments", [(), ("--year", "x"), ("--year", "2024", "--format", "xml")])
def test_an_export_of_what_cannot_be_is_refused(app, arguments):
    assert run(app, "plan", "export", *arguments).exit_code == 2


def test_the_export_has_exactly_the_fields_that_were_promised(app):
    plan = exported(app, 2024)
    assert list(plan) == ["year", "goals"]
    (goal,) = plan["goals"]
    assert set(goal) == {
        "number", "title", "statement", "text", "updated", "replaces", "assignments",
        "indicators", "investments", "achievements",
    }  # fmt: skip
    assert set(goal["assignments"][0]) == {"title", "clarification", "origin", "committees", "fundings"}
    assert set(goal["assignments"][0]["fundings"][0]) == {"kind", "year", "committee", "amount_tkr"}


def test_the_lists_under_a_goal_are_exported_and_shown(app, client, tmp_path):
    text = sample("web_page_2024.txt").replace("Nyckeltal 2024", "Nyckeltal 2024\n\nNöjda företagare")
    text = text.replace("Investeringar 2024\n\n-", "Investeringar 2024\n\nEn ny bro över ån")
    text = text.replace("bland annat:", "bland annat:\n\nöppnat ett bibliotek")
    take_in(app, tmp_path, text)
    (goal,) = exported(app, 2024)["goals"]
    lists = (goal["indicators"], goal["investments"], goal["achievements"])
    assert lists == (["Nöjda företagare"], ["En ny bro över ån"], ["öppnat ett bibliotek"])
    page = client.get("/mal/2024/naringsliv-och-tillvaxt").text
    assert all(item in page for (item,) in lists)


@pytest.mark.parametrize("source", ["theirs", "ours"])
def test_the_commands_do_the_same_from_a_shell_on_a_new_database(tmp_path, source):
    path = a_file(
        tmp_path, (document(WEB_PAGE) if source == "theirs" else sample("web_page_2024.txt")).encode()
    )

    def flask(*arguments: str) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": os.environ["PATH"], "DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": SECRET}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env={**environ, "PYTHONUTF8": "1"}, capture_output=True, text=True, timeout=120
        )

    assert flask("db", "upgrade").returncode == 0
    done = flask("plan", "import", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    plan = json.loads(flask("plan", "export", "--year", "2024").stdout)
    (goal,) = plan["goals"]
    owners = [["KS"], ["TN", "VoN", "SAN", "KS"], ["SAN"], ["KS"]]
    assert [one["committees"] for one in goal["assignments"]] == owners
    assert len(goal["text"]) == (7 if source == "theirs" else 2)
    refused = flask("plan", "import", str(tmp_path))
    assert refused.returncode == 2
    assert "Inget har lästs in." in refused.stderr
    assert "Traceback" not in refused.stderr


def test_each_file_is_named_when_its_turn_to_be_read_comes(app, tmp_path):
    path = a_file(tmp_path, sample("web_page_2024.txt").encode())
    told = run(app, "plan", "import", path, path).stdout.splitlines()
    assert told[:3] == [
        f"Läser {path} (1 av 2) …",
        f"Läser {path} (2 av 2) …",
        "Jämför med det som redan finns …",
    ]
