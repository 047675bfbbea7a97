"""Roles given to the municipality's staff."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from dialog.db import db, transaction
from dialog.events import Event
from dialog.people.models import Person, RoleGrant
from dialog.people.rules import COMMITTEE_ROLES, Role

EMAIL = "ny@ostersund.se"


@pytest.fixture
def give(world):
    runner = world.app.test_cli_runner()
    return lambda *words: runner.invoke(args=["people", "give-role", *map(str, words)])


def roles(email: str = EMAIL) -> list[tuple[Role, str | None]]:
    db.session.rollback()
    db.session.expire_all()
    person = db.session.scalar(select(Person).where(Person.email == email))
    if person is None:
        return []
    return sorted((grant.role, grant.committee.code if grant.committee else None) for grant in person.grants)


@pytest.mark.parametrize("role", sorted(set(Role) - COMMITTEE_ROLES))
def test_a_role_is_given_by_a_command(give, role):
    result = give(EMAIL, role)
    assert result.exit_code == 0
    assert EMAIL in result.output
    assert roles() == [(role, None)]


@pytest.mark.parametrize("role", sorted(COMMITTEE_ROLES))
def test_a_role_at_a_committee_is_given_by_a_command(give, role):
    assert give(EMAIL, role, "--committee", "ks").exit_code == 0
    assert give(EMAIL, role, "--committee", "tn").exit_code == 0
    assert roles() == [(role, "KS"), (role, "TN")]


def test_giving_a_role_twice_changes_nothing(give):
    for _ in range(2):
        assert give(EMAIL, "moderator").exit_code == 0
        assert give("NY@ostersund.se", "officer", "--committee", "ks").exit_code == 0
    assert roles() == [("moderator", None), ("officer", "KS")]
    given = select(func.count()).where(Event.kind == "person.given_role", Event.actor_id.is_(None))
    before = db.session.scalar(given)
    give(EMAIL, "moderator")
    assert db.session.scalar(given) == before


def test_a_role_is_added_to_somebody_who_is_here_already(give, world):
    give("eva@example.org", "moderator")
    assert roles("eva@example.org") == [("editor", "KS"), ("moderator", None), ("officer", "KS")]


@pytest.mark.parametrize(
    "words",
    [
        (EMAIL, "officer"),
        (EMAIL, "editor"),
        (EMAIL, "officer", "--committee", "finns-inte"),
        (EMAIL, "officer", "--committee", ""),
        (EMAIL, "moderator", "--committee", "ks"),
        (EMAIL, "moderator", "--committee", "finns-inte"),
        (EMAIL, "king"),
        (EMAIL,),
        ("inte en adress", "moderator"),
        ("", "moderator"),
    ],
)
def test_a_command_that_cannot_be_followed_says_so_and_gives_nothing(give, words):
    people = db.session.scalar(select(func.count()).select_from(Person))
    result = give(*words)
    assert result.exit_code == 2
    assert "Error:" in result.output
    assert "Traceback" not in result.output
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Person)) == people


@pytest.fixture
def command(world):
    return lambda *words: world.app.test_cli_runner().invoke(args=["people", *words])


def test_a_role_is_taken_away_and_nothing_else(give, command):
    give(EMAIL, "moderator")
    give(EMAIL, "officer", "--committee", "ks")
    give(EMAIL, "officer", "--committee", "tn")
    assert command("take-role", "NY@ostersund.se", "officer", "--committee", "ks").exit_code == 0
    assert roles() == [("moderator", None), ("officer", "TN")]
    assert command("take-role", EMAIL, "moderator").exit_code == 0
    assert roles() == [("officer", "TN")]
    taken = db.session.scalars(
        select(Event).where(Event.kind == "person.taken_role").order_by(Event.id)
    ).all()
    assert [event.details["role"] for event in taken] == ["officer", "moderator"]


@pytest.mark.parametrize(
    "words",
    [
        (EMAIL, "editor", "--committee", "ks"),
        (EMAIL, "officer", "--committee", "tn"),
        ("ingen@ostersund.se", "moderator"),
    ],
)
def test_a_role_that_nobody_has_cannot_be_taken(give, command, words):
    give(EMAIL, "officer", "--committee", "ks")
    result = command("take-role", *words)
    assert result.exit_code == 1
    assert "Error:" in result.output
    assert roles() == [("officer", "KS")]
    assert roles("ingen@ostersund.se") == []


def test_a_moderator_without_the_role_no_longer_sees_the_queue(world, client, command):
    world.sign_in(client, world.mona)
    assert client.get("/moderering").status_code == 200
    assert command("take-role", world.mona.email, "moderator").exit_code == 0
    assert client.get("/moderering").status_code in (403, 404)


def test_everybody_with_a_role_is_listed(give, command):
    give(EMAIL, "moderator")
    give(EMAIL, "officer", "--committee", "ks")
    lines = command("list").output.splitlines()
    assert [line for line in lines if line.startswith(EMAIL)] == [
        f"{EMAIL}\tmoderator",
        f"{EMAIL}\tofficer\tks",
    ]
    assert "eva@example.org\teditor\tks" in lines
    assert not any(line.startswith("rut@example.org") for line in lines)


# A role is held at a committee if, and only if, it is an officer's or an editor's.
@pytest.mark.parametrize("role", sorted(Role))
@pytest.mark.parametrize("committee", [None, "KS"])
def test_the_database_refuses_roles_that_cannot_be(world, role, committee):
    body = world.committee(committee)
    grant = RoleGrant(person_id=world.rut.id, role=role, committee_id=body.id if body else None)

    def add() -> None:
        with transaction():
            db.session.add(grant)

    if (role in COMMITTEE_ROLES) == (committee is not None):
        add()
        assert roles("rut@example.org") == [(role, committee)]
    else:
        with pytest.raises(IntegrityError, match="committee_if_needed"):
            add()


@pytest.mark.parametrize("values", [{"role": "king"}, {"person_id": 99999}, {"committee_id": 99999}])
def test_the_database_refuses_roles_of_nobody_and_nowhere(world, values):
    row = {"person_id": world.rut.id, "role": "officer", "committee_id": world.committee("KS").id, **values}
    columns = ", ".join(row)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(
            text(f"INSERT INTO role_grant ({columns}) VALUES (:{', :'.join(row)})"),
            row,
        )


def test_the_database_refuses_the_same_role_at_the_same_committee_twice(world):
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            RoleGrant(person_id=world.olle.id, role=Role.OFFICER, committee_id=world.committee("KS").id)
        )
