"""Commands about the plan: read documents in, write a year out, load what the service ships with."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import click
from flask_babel import gettext

from dialog.commands import Commands
from dialog.db import clock, transaction
from dialog.plan import follow_ups, importing, queries, shipped
from dialog.plan.importing import ReadGoal, ReadPlan, Refusal, UnreadableDocument
from dialog.plan.importing.follow_ups import ReadFollowUps, read_follow_ups
from dialog.plan.rules import Period
from dialog.plan.storing import Changes, compare_ahead, store_plan

YEAR = click.IntRange(1990, 2100)

plan = Commands("plan", help="The municipality's plan: goals, assignments, committees, areas.")


@plan.command()
def load() -> None:
    """Load the register and the shipped plans. What is there already stays as it is; what is empty is filled in."""
    with transaction():
        entries = shipped.load_register()
        goals = shipped.load_plans(now=clock.now())
    click.echo(
        gettext(
            "New entries in the register: %(entries)d. New or completed goals: %(goals)d.",
            entries=entries,
            goals=goals,
        )
    )


class _OnlyLooking(Exception):
    """Undoes a transaction whose result was only to be shown."""


@plan.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=YEAR, help="The plan's year, if the document doesn't say.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
def import_files(files: tuple[Path, ...], year: int | None, dry_run: bool) -> None:
    """Read the municipality's own publications: web pages, text, HTML or PDF. All of them, or none."""
    names = {**shipped.names_of_committees(), **queries.names_of_committees()}
    documents = [(path, _read(path, names, year)) for path in _one_by_one(files)]
    click.echo(gettext("Comparing with what is there already …"))
    for _, read in documents:
        compare_ahead(
            read
        )  # slow as the reading is, so outside the transaction too: it would stop all others
    try:
        with transaction():
            shipped.load_register()
            for path, read in documents:
                _take_in(path, read)
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        click.echo(gettext("This was a dry run: nothing has been saved."))


@plan.command("follow-ups")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=YEAR, help="The year, if the file doesn't say.")
@click.option("--period", type=click.Choice([one.value for one in Period], case_sensitive=False))
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
def import_follow_ups(files: tuple[Path, ...], year: int | None, period: str | None, dry_run: bool) -> None:
    """Read published follow-ups of the assignments: text, CSV or HTML. All of them, or none."""
    names = {**shipped.names_of_committees(), **queries.names_of_committees()}
    stated = Period(period) if period else None
    documents = [(path, _read_follow_ups(path, names, year, stated)) for path in _one_by_one(files)]
    try:
        with transaction():
            for path, read in documents:
                click.echo(
                    gettext(
                        "%(file)s: follow-up of %(year)d, %(period)s",
                        file=path,
                        year=read.year,
                        period=read.period.value.upper(),
                    )
                )
                _show_left_out(read)
                _show_outcome(follow_ups.store(read, path.name, now=clock.now()))
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        click.echo(gettext("This was a dry run: nothing has been saved."))


def _one_by_one(files: Sequence[Path]) -> Iterator[Path]:
    """The files, each named as its turn comes: reading a large one takes a while, and silence looks like a fault."""
    for number, path in enumerate(files, start=1):
        told = gettext("Reading %(file)s (%(number)d of %(all)d) …", file=path, number=number, all=len(files))
        click.echo(told)
        yield path


def _read_follow_ups(
    path: Path, names: dict[str, str], year: int | None, period: Period | None
) -> ReadFollowUps:
    try:
        return read_follow_ups(_content(path), names, year, period)
    except UnreadableDocument as refusal:
        _refuse(path, _sentence(refusal))


def _show_outcome(outcome: follow_ups.Outcome) -> None:
    click.echo(
        "  "
        + gettext(
            "Rows: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.",
            new=outcome.counts["new"],
            changed=outcome.counts["changed"],
            unchanged=outcome.counts["unchanged"],
        )
    )
    for row, candidates in outcome.asked_about:
        click.echo(
            "  "
            + gettext(
                "Line %(line)d is kept, but belongs to no assignment for certain: %(words)s",
                line=row.line,
                words=row.assignment,
            )
        )
        for candidate in candidates:
            click.echo("    " + gettext("Perhaps: %(title)s", title=candidate.title))


def _read(path: Path, names: dict[str, str], year: int | None) -> ReadPlan:
    try:
        return importing.read_document(_content(path), names, year)
    except UnreadableDocument as refusal:
        _refuse(path, _sentence(refusal))


def _take_in(path: Path, read: ReadPlan) -> None:
    click.echo(gettext("%(file)s: plan of %(year)d", file=path, year=read.year))
    for goal in read.goals:
        _show_goal(goal)
    _show_left_out(read)
    _show_changes(store_plan(read, now=clock.now()))


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > importing.MAXIMUM_BYTES:
            _refuse(path, _too_large())
        with path.open("rb") as file:
            content = file.read(importing.MAXIMUM_BYTES + 1)  # a device or a pipe doesn't tell its size
    except OSError as error:
        _refuse(path, gettext("the file can't be read (%(reason)s)", reason=error.strerror or error))
    if len(content) > importing.MAXIMUM_BYTES:
        _refuse(path, _too_large())
    return content


def _refuse(path: Path, sentence: str) -> NoReturn:
    click.echo(
        gettext("%(file)s: %(sentence)s. Nothing has been imported.", file=path, sentence=sentence), err=True
    )
    raise SystemExit(2)


def _sentence(refusal: UnreadableDocument) -> str:
    return {
        Refusal.EMPTY: gettext("the file is empty"),
        Refusal.TOO_LARGE: _too_large(),
        Refusal.NOT_TEXT: gettext("the file is neither text, HTML nor PDF"),
        Refusal.BROKEN_PDF: gettext("the PDF is damaged and can't be opened"),
        Refusal.LOCKED_PDF: gettext("the PDF is locked with a password"),
        Refusal.PDF_WITHOUT_TEXT: gettext(
            "the PDF holds pictures of text but no text; save it with text recognition"
        ),
        Refusal.NO_GOAL: gettext("there is no goal in the file, so it is hardly a plan"),
        Refusal.NO_ROW: gettext("there is no row of a follow-up in the file"),
        Refusal.NO_PERIOD: gettext(
            "the file doesn't say which year and period it is about; add --year and --period"
        ),
        Refusal.NO_YEAR: gettext("the file doesn't say which year it is about; add --year"),
    }[refusal.reason]


def _too_large() -> str:
    megabytes = importing.MAXIMUM_BYTES // 1024 // 1024
    return gettext(
        "the file is larger than a plan can be (at the most %(megabytes)d MB, %(pages)d pages in a PDF, "
        "%(millions)d million characters on a web page)",
        megabytes=megabytes,
        pages=importing.MAXIMUM_PAGES,
        millions=importing.MAXIMUM_CHARACTERS // 1_000_000,
    )


def _show_goal(goal: ReadGoal) -> None:
    click.echo(f"  {goal.number or '–'}  {goal.title}")
    click.echo(
        "     "
        + gettext(
            "%(paragraphs)d paragraphs, %(indicators)d indicators, %(investments)d investments, "
            "%(achievements)d achievements",
            paragraphs=len(goal.text),
            indicators=len(goal.indicators),
            investments=len(goal.investments),
            achievements=len(goal.achievements),
        )
    )
    for assignment in goal.assignments:
        money = "".join(f", {one.committee} {one.amount_tkr} tkr" for one in assignment.fundings)
        click.echo(f"     – {assignment.title} [{', '.join(assignment.committees)}{money}]")


def _show_left_out(read: ReadPlan | ReadFollowUps) -> None:
    if not read.left_out:
        return click.echo("  " + gettext("Every line found its place."))
    click.echo("  " + gettext("Lines that could not be placed (%(count)d):", count=len(read.left_out)))
    for line in read.left_out:
        click.echo(f"    {line.line:>5}: {line.text}")


def _show_changes(changes: Changes) -> None:
    if not changes.total():
        return click.echo("  " + gettext("Nothing in it is new: the plan is unchanged."))
    click.echo(
        "  "
        + gettext(
            "New goals: %(goals)d. New assignments: %(assignments)d, withdrawn: %(withdrawn)d. "
            "Paragraphs: %(added)d new, %(reworded)d reworded, %(gone)d withdrawn. Other changes: %(details)d.",
            goals=changes.goals_added,
            assignments=changes.assignments_added,
            withdrawn=changes.assignments_withdrawn,
            added=changes.paragraphs_added,
            reworded=changes.paragraphs_reworded,
            gone=changes.paragraphs_withdrawn,
            details=changes.details_changed,
        )
    )
    if dropped := changes.english_dropped.total():
        click.echo(
            "  "
            + gettext(
                "English titles taken away, since what they translated has changed: %(count)d.", count=dropped
            )
        )


@plan.command()
@click.option("--year", type=YEAR, required=True)
def export(year: int) -> None:
    """Write a year's plan as JSON."""
    exported = queries.export_year(year)
    if exported is None:
        click.echo(gettext("There is no plan for %(year)d.", year=year), err=True)
        raise SystemExit(2)
    click.echo(json.dumps(exported, ensure_ascii=False, indent=2))
