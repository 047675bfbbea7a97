"""Templates are compiled once: what is kept is used, and never when words or code have changed."""

import os
import sys
from pathlib import Path

import pytest
from flask import Flask

from dialog import compiled


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of templates and one of code, each with a file in it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(compiled, "OURS", tmp_path / "code")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "filters.py").write_text("")
    (tmp_path / "page.html").write_text("Hej {{ 'du' | twice }}")
    return tmp_path


def shown(folder: Path, twice=lambda words: words * 2) -> str:
    """The page as a new process shows it, whose filter is `twice`."""
    app = Flask("dialog", template_folder=folder)
    app.jinja_env.filters["twice"] = twice
    compiled.set_up(app, folder)
    return app.jinja_env.get_template("page.html").render()


def kept(folder: Path) -> list[Path]:
    return list((folder / "__pycache__").glob("*.pyc"))


def test_what_one_process_compiled_the_next_one_reads(folder, monkeypatch):
    assert shown(folder) == "Hej dudu"
    assert len(kept(folder)) == 1
    monkeypatch.setattr("jinja2.Environment.compile", lambda *_: pytest.fail("compiled a second time"))
    (folder / "other.html").write_text("")
    nothing_kept = Flask("dialog", template_folder=folder).jinja_env
    with pytest.raises(pytest.fail.Exception):
        nothing_kept.get_template("other.html")
    assert shown(folder) == "Hej dudu"


def test_changed_words_are_shown(folder):
    shown(folder)
    (folder / "page.html").write_text("Hej alla")
    assert shown(folder) == "Hej alla"
    assert len(kept(folder)) == 1


def test_words_compiled_with_other_code_are_compiled_anew(folder):
    """A filter on words that never change is applied once and for all, when they are compiled."""
    shown(folder)
    filters = folder / "code" / "filters.py"
    os.utime(filters, ns=(filters.stat().st_mtime_ns + 1,) * 2)
    assert shown(folder, twice=lambda words: words.upper()) == "Hej DU"


def test_a_page_is_shown_where_nothing_can_be_kept(folder):
    (folder / "__pycache__").write_text("a file where the folder would be")
    assert shown(folder) == "Hej dudu"


def test_nothing_is_kept_where_python_keeps_nothing(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert shown(folder) == "Hej dudu"
    assert not (folder / "__pycache__").exists()


def test_every_template_has_the_names_that_all_know_and_its_own_beside_them(app):
    known = app.jinja_env.globals
    assert app.jinja_env.get_template("layout.html").globals is known
    assert app.jinja_env.make_globals({"own": 1}) == {**known, "own": 1}
    assert "own" not in known
