"""Commands before there is a database: a sentence, and not the database's own words."""

import pytest

from dialog import create_app
from dialog.db import Base, db


@pytest.mark.parametrize(
    "words",
    [
        ("people", "give-role", "ny@ostersund.se", "moderator"),
        ("people", "list"),
        ("people", "load"),
        ("plan", "load"),
        ("plan", "export", "--year", "2024"),
    ],
)
def test_a_command_that_finds_no_tables_names_the_cure(tmp_path, words):
    app = create_app({"DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": "s" * 32})
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "prepare" in result.output


def test_another_fault_of_the_database_is_not_explained_away(tmp_path):
    app = create_app({"DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": "s" * 32})
    with app.app_context(), db.engine.begin() as connection:
        Base.metadata.tables["committee"].create(connection)
    result = app.test_cli_runner().invoke(args=["people", "list"])
    assert "no such table" in str(result.exception)
