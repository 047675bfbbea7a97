"""Commands about people: publish the notice, give and take roles."""

import tomllib
from pathlib import Path

import click
from email_validator import EmailNotValidError
from flask.cli import AppGroup
from flask_babel import gettext

from dialog.db import clock, db, transaction
from dialog.people import operations
from dialog.people.forms import normal_address
from dialog.people.models import Notice
from dialog.people.rules import COMMITTEE_ROLES, Role
from dialog.people.words import ROLES
from dialog.plan.queries import committee_at

FOLDER = Path(__file__).parent / "data"

people = AppGroup("people", help="People and their roles.")


def load_notices() -> int:
    """Add the shipped versions of the notice that aren't there yet; gives how many."""
    added = 0
    for path in sorted(FOLDER.glob("notice-*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        version, published_on = content.pop("version"), content.pop("published")
        if db.session.get(Notice, version) is None:
            db.session.add(Notice(version=version, published_on=published_on, content=content))
            added += 1
    db.session.flush()
    return added


@people.command()
def load() -> None:
    """Load the notice that is shown before the first comment."""
    with transaction():
        added = load_notices()
    click.echo(gettext("New versions of the notice: %(added)d.", added=added))


@people.command("give-role")
@click.argument("email")
@click.argument("role", type=click.Choice([str(role) for role in Role]))
@click.option("--committee", help="The committee's short name, such as ks, for an officer or an editor.")
def give_role(email: str, role: str, committee: str | None) -> None:
    """Give the person with this e-mail address a role. The first administrator is made this way."""
    body = committee_at(committee.lower()) if committee else None
    unknown = bool(committee) and body is None
    if unknown or (Role(role) in COMMITTEE_ROLES) != (body is not None):
        raise click.UsageError(
            gettext("An officer and an editor need --committee with a known short name; others none.")
        )
    try:
        address = normal_address(email)
    except EmailNotValidError:
        raise click.UsageError(
            gettext("This doesn't look like an e-mail address. Write it as name@example.com.")
        ) from None
    with transaction():
        operations.give_role(address, Role(role), body, now=clock.now())
    click.echo(gettext("%(email)s now has the role: %(role)s.", email=address, role=ROLES[Role(role)]))
