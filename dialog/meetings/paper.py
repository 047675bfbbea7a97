"""What an annex says, in its reader's language: words and tables alone, for each kind of file to set in its own way.

It holds only what everybody may read, as the pages show it: nothing of notes, drafts, or what was said of answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from flask import current_app
from flask_babel import gettext, ngettext

from dialog.conversation.models import Comment
from dialog.conversation.rules import Channel, Kind
from dialog.formats import day_in_words, excerpt, heading, in_language, number
from dialog.languages import locale
from dialog.meetings.queries import Annex, Item, LateMatter, Sum
from dialog.plan.models import Assignment, Goal
from dialog.response.models import Response
from dialog.response.rules import Foretold, MatterState
from dialog.stances.queries import Shown
from dialog.stances.rules import Stance
from dialog.text import PARAGRAPH_END
from dialog.web import address, word
from dialog.workdays import working_days_between

Words = list[list[str]]  # paragraphs, each of lines


@dataclass(frozen=True)
class Table:
    title: str
    head: list[str]
    rows: list[list[str]]  # the first cell of each says what the row is about


@dataclass(frozen=True)
class Said:
    """One comment: its heading, who said it and when, in which language, its words, and where it stands."""

    title: str
    facts: list[str]
    language: str
    words: Words
    standing: list[str]
    address: str
    number: str


@dataclass(frozen=True)
class Section:
    title: str
    said: list[Said]


@dataclass(frozen=True)
class Chapter:
    title: str
    sections: list[Section]


@dataclass(frozen=True)
class Part:
    label: str
    words: Words


@dataclass(frozen=True)
class Answer:
    title: str
    facts: list[str]
    parts: list[Part]


@dataclass(frozen=True)
class Paper:
    """A whole annex. `notes` stand under its title; `labels` are the headings of what follows."""

    language: str
    title: str
    subtitle: str
    publisher: str
    notes: list[str]
    labels: dict[str, str]
    tables: list[Table] = field(default_factory=list)
    late: Table | None = None
    chapters: list[Chapter] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def paper_of(annex: Annex) -> Paper:
    """The words of an annex in the language of the page that is asked for."""
    responses = _numbered(annex.items)
    committee, period = in_language(annex.committee, "name"), annex.period
    return Paper(
        language=locale(),
        title=gettext("Annex to the meeting of the %(committee)s", committee=committee),
        subtitle=gettext(
            "What was said and answered from %(since)s to %(until)s",
            since=day_in_words(period.since),
            until=day_in_words(period.until),
        ),
        publisher=current_app.config["SETTINGS"].municipality,
        notes=_notes(annex),
        labels={
            "sums": gettext("In short"),
            "late": gettext("Late now"),
            "nothing_late": gettext("Nothing is late."),
            "comments": gettext("The comments, word for word"),
            "no_comments": gettext("Nothing reached the committee or was answered by it in this period."),
            "answers": gettext("The answers"),
            "page": gettext("Page"),
            "of": gettext("of"),
            "on_the_web": gettext("On the web"),
        },
        tables=tables_of(annex.sums),
        late=_late_table(annex.late, annex.today) if annex.late else None,
        chapters=[
            Chapter(_goal_title(goal), [_section(about, some, annex, responses) for about, some in parts])
            for goal, parts in _by_subject(annex.items)
        ],
        answers=[_answer(response, place) for response, place in responses.items()],
    )


def _notes(annex: Annex) -> list[str]:
    notes = [
        gettext(
            "%(municipality)s, as of %(day)s. Only what everybody can read on the web stands here: nothing that is "
            "hidden, withdrawn or waits for a moderator. What people wrote stands as they wrote it.",
            municipality=current_app.config["SETTINGS"].municipality,
            day=day_in_words(annex.today),
        )
    ]
    if annex.left_out:
        notes.append(
            ngettext(
                "There is room for %(most)s comments. The oldest, %(num)d, isn't here: it is in the CSV file, or in "
                "an annex for a shorter period. The sums are of all.",
                "There is room for %(most)s comments. The %(num)d oldest are not here: they are in the CSV file, or "
                "in an annex for a shorter period. The sums are of all.",
                annex.left_out,
                most=number(len(annex.items)),
            )
        )
    return notes


def tables_of(sums: Sequence[Sum]) -> list[Table]:
    """The sums of an annex as tables: of all, by kind of comment, and by goal and assignment."""
    if not sums:
        return []
    counted = [
        gettext("Came in"),
        gettext("Answered"),
        gettext("Wait now"),
        gettext("Late"),
        gettext("Very late"),
    ]
    whose = {False: gettext("Persons"), True: gettext("Organisations")}
    all_of_them = [
        _row(whose[who], [one for one in sums if one.by_organisations == who]) for who in whose
    ] + [_row(gettext("Together"), sums)]
    by_kind = [_row(word(kind), [one for one in sums if one.kind == kind]) for kind in _kinds(sums)]
    by_subject = [
        _row(_subject(goal, assignment), list(some))
        for (goal, assignment), some in groupby(sums, lambda one: (one.goal, one.assignment))
    ]
    return [
        Table(gettext("Persons and organisations"), [gettext("Who wrote"), *counted], all_of_them),
        Table(gettext("By kind"), [gettext("Kind"), *counted], by_kind),
        Table(gettext("By goal and assignment"), [gettext("What it is about"), *counted], by_subject),
    ]


def _kinds(sums: Iterable[Sum]) -> list[Kind]:
    present = {one.kind for one in sums}
    return [kind for kind in Kind if kind in present]


def _row(title: str, sums: Iterable[Sum]) -> list[str]:
    some = list(sums)
    return [title, *(number(sum(getattr(one, name) for one in some)) for name in Sum._fields[4:])]


def _subject(goal: Goal, assignment: Assignment | None) -> str:
    title = f"{goal.year}: {heading(in_language(goal, 'title'))}"
    return f"{title} – {heading(in_language(assignment, 'title'))}" if assignment else title


def _goal_title(goal: Goal) -> str:
    return gettext("Goal %(year)s: %(title)s", year=goal.year, title=heading(in_language(goal, "title")))


def _late_table(late: Sequence[LateMatter], today: date) -> Table:
    rows = [
        [
            one.number,
            _subject(one.goal, None),
            one.due_on.isoformat(),
            str(working_days_between(one.due_on, today)),
            gettext("Very late") if one.very_late_on < today else gettext("Late"),
        ]
        for one in late
    ]
    head = [
        gettext("Number"),
        gettext("Goal"),
        gettext("Was due"),
        gettext("Working days late"),
        gettext("How late"),
    ]
    return Table(gettext("Late now"), head, rows)


Parts = list[tuple[Assignment | None, list[Item]]]


def _by_subject(items: Iterable[Item]) -> list[tuple[Goal, Parts]]:
    return [
        (
            goal,
            [(about, list(part)) for about, part in groupby(some, lambda one: one.matter.comment.assignment)],
        )
        for goal, some in groupby(items, lambda one: one.matter.comment.goal)
    ]


def _numbered(items: Iterable[Item]) -> dict[Response, int]:
    """The public answers to the comments, the first coming first, with the numbers they are referred to by."""
    found = {response.id: response for item in items for response in item.standing.responses}
    return {found[one]: place for place, one in enumerate(sorted(found), 1)}


def _section(
    assignment: Assignment | None, items: Iterable[Item], annex: Annex, responses: dict[Response, int]
) -> Section:
    title = (
        gettext("Assignment: %(title)s", title=heading(in_language(assignment, "title")))
        if assignment
        else gettext("The goal as a whole")
    )
    return Section(title, [_said(item, annex, responses) for item in items])


def _said(item: Item, annex: Annex, responses: dict[Response, int]) -> Said:
    comment = item.matter.comment
    given = [
        gettext(
            "Answer %(place)d, from the %(committee)s: %(outcome)s",
            place=responses[one],
            committee=in_language(one.committee, "name"),
            outcome=word(one.outcome) if one.outcome else "",
        )
        for one in item.standing.responses
    ]
    return Said(
        title=f"{comment.number} · {word(comment.kind)} · {speaker(comment)}",
        facts=[" · ".join(_facts(comment)), *_about(comment)],
        language=comment.language,
        words=words_of(comment.words.text),
        standing=[stand_of(item, annex.today), *given, *_stances(item.stances)],
        address=current_app.config["SETTINGS"].address + address("public.comment", number=comment.number),
        number=comment.number,
    )


def speaker(comment: Comment) -> str:
    """Who said it, as everybody sees it."""
    if comment.organisation is not None:
        return f"{comment.organisation.name} ({word(comment.organisation.kind).lower()})"
    return comment.author.name or gettext("Resident")


def basis(comment: Comment) -> str:
    """For an organisation: through whom it spoke, and by which decision of its own."""
    if comment.mandate is None:
        return ""
    if comment.author.name:
        return gettext("through %(name)s, %(basis)s", name=comment.author.name, basis=comment.mandate.basis)
    return comment.mandate.basis


def came(comment: Comment) -> str:
    """By which way it came, where that wasn't the web."""
    if comment.sitting is not None:
        sitting = comment.sitting
        return ngettext(
            "From a meeting: %(place)s, %(day)s, %(num)d attending",
            "From a meeting: %(place)s, %(day)s, %(num)d attending",
            sitting.attending,
            place=sitting.place,
            day=day_in_words(sitting.held_on),
        )
    return "" if comment.channel == Channel.WEB else word(comment.channel)


def _facts(comment: Comment) -> list[str]:
    area = comment.area.name if comment.area else ""
    on = day_in_words(comment.published_at or comment.submitted_at)
    changed = gettext("changed") if comment.wording > 1 and not comment.is_masked else ""
    return [one for one in (basis(comment), came(comment), area, on, changed) if one]


def _about(comment: Comment) -> list[str]:
    told = []
    if comment.paragraph:
        told.append(f"{gettext('About the paragraph')}: ”{excerpt(comment.paragraph.text)}”")
    if comment.is_masked:
        told.append(
            gettext(
                "A moderator took personal data out of the comment on %(day)s. The rest stands as it was written.",
                day=day_in_words(comment.words.written_at),
            )
        )
    return told


def stand_of(item: Item, today: date) -> str:
    """Where the comment stands at the committee, and why the answer takes longer where it has said so."""
    stands = item.matter.foretold(item.delay.promised_on, today) if item.delay else Foretold.NOT_LATER
    if item.delay is None or stands == Foretold.NOT_LATER:
        return _stand_of(item, today)
    days = {
        "day": day_in_words(item.delay.said_at),
        "promised": day_in_words(item.delay.promised_on),
    }
    said = (
        gettext(
            "The committee said on %(day)s that the answer would come by %(promised)s. That day has passed too. "
            "Why, as it said then:",
            **days,
        )
        if stands == Foretold.PASSED
        else gettext("The committee said on %(day)s that the answer comes by %(promised)s, and why:", **days)
    )
    return f"{_stand_of(item, today)}. {said} {item.delay.reason}"


def _stand_of(item: Item, today: date) -> str:
    matter = item.matter
    if matter.state == MatterState.FORWARDED and matter.forwarded_to is not None:
        return gettext(
            "Passed on to the %(other)s: %(reason)s",
            other=in_language(matter.forwarded_to, "name"),
            reason=matter.forward_reason,
        )
    if matter.answered_at is not None:
        return gettext("Answered on %(day)s", day=day_in_words(matter.answered_at))
    how_late = matter.lateness(today)
    if how_late.is_late:
        return ngettext(
            "%(late)s: was due on %(day)s, %(num)d working day ago",
            "%(late)s: was due on %(day)s, %(num)d working days ago",
            working_days_between(matter.due_on, today),
            late=word(how_late),
            day=day_in_words(matter.due_on),
        )
    return gettext("To be answered by %(day)s", day=day_in_words(matter.due_on))


def _stances(shown: Shown) -> list[str]:
    """What people think of it, in sums that give nobody away; nothing where none is shown."""
    told = [
        f"{word(stance)}: {number(count)}" for stance, count in zip(Stance, shown.sums, strict=True) if count
    ]
    return [", ".join(told)] if shown.is_shown and told else []


def _answer(response: Response, place: int) -> Answer:
    committee = in_language(response.committee, "name")
    facts = [
        word(response.outcome) if response.outcome else "",
        day_in_words(response.published_at or response.drafted_at),
    ]
    decided = [
        day_in_words(response.decided_on) if response.decided_on else "",
        response.decision_reference or "",
    ]
    if decision := ", ".join(one for one in decided if one):
        facts.append(f"{gettext('Decision')}: {decision}")
    return Answer(
        title=gettext("Answer %(place)d, from the %(committee)s", place=place, committee=committee),
        facts=[" · ".join(one for one in facts if one)],
        parts=[
            Part(gettext("You said"), words_of(response.you_said)),
            Part(gettext("We decided"), words_of(response.we_decided)),
            Part(gettext("Because"), words_of(response.because)),
        ],
    )


def words_of(text: str) -> Words:
    """A person's text as paragraphs of lines, nothing of it changed."""
    return [paragraph.split("\n") for paragraph in PARAGRAPH_END.split(text)]
