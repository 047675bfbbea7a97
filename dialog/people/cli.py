"""Commands about people: publish the notice, give and take roles."""

import click
from email_validator import EmailNotValidError
from flask_babel import gettext

from dialog.commands import Commands
from dialog.db import clock, transaction
from dialog.fields import NOT_AN_ADDRESS, normal_address
from dialog.people import operations, queries
from dialog.people.rules import COMMITTEE_ROLES, Role
from dialog.people.shipped import load_notices
from dialog.people.words import ROLES
from dialog.plan.models import Committee
from dialog.plan.queries import committee_at

people = Commands("people", help="People and their roles.")


@people.command()
def load() -> None:
    """Load the notice that is shown before the first comment."""
    with transaction():
        added = load_notices()
    click.echo(gettext("New versions of the notice: %(added)d.", added=added))


_ROLE = click.Choice([str(role) for role in Role])
_COMMITTEE = click.option(
    "--committee", help="The committee's short name, such as ks, for an officer or an editor."
)


@people.command("give-role")
@click.argument("email")
@click.argument("role", type=_ROLE)
@_COMMITTEE
def give_role(email: str, role: str, committee: str | None) -> None:
    """Give the person with this e-mail address a role. The first administrator is made this way."""
    address, body = _address(email), _body(role, committee)
    with transaction():
        operations.give_role(address, Role(role), body, now=clock.now())
    click.echo(gettext("%(email)s now has the role: %(role)s.", email=address, role=ROLES[Role(role)]))


@people.command("take-role")
@click.argument("email")
@click.argument("role", type=_ROLE)
@_COMMITTEE
def take_role(email: str, role: str, committee: str | None) -> None:
    """Take a role from the person with this e-mail address; it holds from the person's next page on."""
    address, body = _address(email), _body(role, committee)
    with transaction():
        taken = operations.take_role(address, Role(role), body, now=clock.now())
    if not taken:
        sentence = gettext(
            "%(email)s doesn't have the role: %(role)s.", email=address, role=ROLES[Role(role)]
        )
        raise click.ClickException(sentence)
    click.echo(gettext("%(email)s no longer has the role: %(role)s.", email=address, role=ROLES[Role(role)]))


@people.command("list")
def list_roles() -> None:
    """List everybody who has a role: one a line, with tabs between the address, the role and the committee."""
    for grant in queries.role_grants():
        committee = grant.committee.slug if grant.committee else ""
        click.echo(f"{grant.person.email}\t{grant.role}\t{committee}".rstrip())


def _address(email: str) -> str:
    try:
        return normal_address(email)
    except EmailNotValidError:
        raise click.UsageError(str(NOT_AN_ADDRESS)) from None


def _body(role: str, committee: str | None) -> Committee | None:
    """The committee that was named. Raises UsageError where it is unknown, missing, or one too many."""
    body = committee_at(committee.lower()) if committee else None
    unknown = bool(committee) and body is None
    if unknown or (Role(role) in COMMITTEE_ROLES) != (body is not None):
        raise click.UsageError(
            gettext("An officer and an editor need --committee with a known short name; others none.")
        )
    return body
