"""Things in every state that the parts of pages can show, for the page about the design. None is in the database."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from dialog.commitments.rules import CommitmentState
from dialog.conversation.rules import Channel, CommentState, Kind
from dialog.dialogues.rules import Level, Phase
from dialog.organisations.rules import OrganisationKind
from dialog.plan.rules import Period, Progress
from dialog.response.rules import Lateness, Outcome, foretold
from dialog.text import render

WORDS = "Bussen till Häggenås borde gå också på kvällen, så att den som arbetar sent kommer hem. (exempel)"
GOAL = SimpleNamespace(
    id=0, year=2024, slug="exempel", title_sv="Ett mål som exempel", title_en="An example of a goal"
)
_COMMITTEE = SimpleNamespace(slug="ks", name_sv="Kommunstyrelsen", name_en="Municipal executive board")
_OTHER = SimpleNamespace(slug="tn", name_sv="Tekniska nämnden", name_en="Technical committee")
_BASICS = {
    "channel": Channel.WEB,
    "sitting": None,
    "area": SimpleNamespace(name="Häggenås"),
    "organisation": None,
    "is_reply": False,
    "wording": 1,
    "is_masked": False,
    "language": "sv",
    "goal": GOAL,
    "paragraph": None,
    "assignment": None,
}


def comment(number: int, now: datetime, **changes: Any) -> SimpleNamespace:
    """A comment that is shown to everybody, but for what is said otherwise."""
    written = now - timedelta(days=3)
    state = changes.get("state", CommentState.PUBLISHED)
    about = {
        "number": f"0000-{number:06}",
        "kind": Kind.PROPOSAL,
        "state": state,
        "is_public": state == CommentState.PUBLISHED,
        "author": SimpleNamespace(name="Vera Vall (exempel)", email=None),
        "submitted_at": written,
        "published_at": written,
        "words": SimpleNamespace(html=render(WORDS), text=WORDS, written_at=written),
    }
    return SimpleNamespace(**(_BASICS | about | changes))


def comments(now: datetime) -> Iterator[SimpleNamespace]:
    """One of each look."""
    for number, kind in enumerate(Kind, start=1):
        yield comment(number, now, kind=kind)
    group = SimpleNamespace(slug="exempel", name="Exempelbyns byalag", kind=OrganisationKind.VILLAGE_GROUP)
    basis = SimpleNamespace(basis="årsmötet 2026-02-01")
    yield comment(11, now, organisation=group, mandate=basis)
    yield comment(12, now, channel=Channel.PHONE)
    yield comment(13, now, is_masked=True, wording=2)
    yield comment(14, now, wording=2)


def standings(now: datetime, today: date) -> Iterator[tuple[SimpleNamespace, SimpleNamespace]]:
    """A comment at each step of the loop, and where it stands there."""
    shown = comment(20, now)
    for state in (CommentState.RECEIVED, CommentState.HIDDEN, CommentState.WITHDRAWN):
        yield comment(21, now, state=state), _standing()
    yield shown, _standing()
    for lateness in Lateness:
        yield shown, _standing(owed=[_matter(today, lateness)])
    passed_on = SimpleNamespace(
        committee=_COMMITTEE, forwarded_to=_OTHER, forward_reason="De sköter vägarna."
    )
    yield shown, _standing(forwarded=[passed_on], owed=[_matter(today, Lateness.IN_TIME)])
    yield shown, _standing(owed=[_matter(today, Lateness.IN_TIME, reopened_at=now)])
    for away in (30, -7):
        anew = today + timedelta(days=away)
        yield shown, _standing(owed=[_matter(today, Lateness.LATE, promised_anew=anew)])
    for response in answers(now):
        yield shown, _standing(responses=[response])


def _standing(**parts: Any) -> SimpleNamespace:
    everything: dict[str, list[Any]] = {"responses": [], "forwarded": [], "owed": []} | parts
    return SimpleNamespace(**everything, answering=[*everything["owed"], *everything["forwarded"]])


def _matter(
    today: date,
    lateness: Lateness,
    *,
    reopened_at: datetime | None = None,
    promised_anew: date | None = None,
) -> SimpleNamespace:
    late = lateness.is_late
    due_on = today if lateness == Lateness.DUE_TODAY else today + timedelta(days=-21 if late else 7)
    return SimpleNamespace(
        committee=_COMMITTEE,
        due_on=due_on,
        reopened_at=reopened_at,
        promised_anew=promised_anew,
        lateness=lambda _today: lateness,
        foretold=lambda promised_on, day: foretold(promised_on, due_on, day),
    )


def answers(now: datetime) -> Iterator[SimpleNamespace]:
    """An answer with each outcome."""
    for number, outcome in enumerate(Outcome):
        yield SimpleNamespace(
            id=number,
            committee=_COMMITTEE,
            outcome=outcome,
            published_at=now - timedelta(days=1),
            revised_at=now if outcome == Outcome.PARTLY else None,
            you_said="Ni vill att bussen går på kvällen.",
            we_decided="Vi provar en kvällstur i höst.",
            because="Många har sagt att det behövs.",
            decided_on=None,
            decision_reference="§ 000 (exempel)",
        )


def promises(now: datetime, today: date) -> Iterator[SimpleNamespace]:
    """A promise that is open, one that is late, and one in each state it can end in."""
    days = [14, -14, *(-30 for _ in CommitmentState)]
    states = [CommitmentState.OPEN, *CommitmentState]
    for number, (state, away) in enumerate(zip(states, days, strict=False)):
        yield SimpleNamespace(
            id=number,
            state=state,
            text="En kvällstur provas från den första september.",
            owner="Trafikenheten",
            succeeds_id=None,
            due_on=today + timedelta(days=away),
            settled_at=now,
            words="Så här gick det, i korta ord.",
            corrections=[],
            may_be_corrected=False,
        )


def follow_ups(now: datetime) -> Iterator[SimpleNamespace]:
    """A follow-up of an assignment for each way it can go, the first one read from what is published."""
    for number, progress in enumerate((None, *Progress)):
        yield SimpleNamespace(
            id=number,
            progress=progress,
            period=Period.T1,
            year=2024,
            committee=_COMMITTEE,
            commentary="Så här går det, i korta ord.",
            written_by_id=number or None,
            source="uppfoljning (exempel)",
            imported_at=now,
        )


def dialogues(today: date) -> Iterator[SimpleNamespace]:
    """A dialogue in each phase, each on a step of its own of the ladder."""
    for number, (phase, level) in enumerate(zip(Phase, list(Level)[1:], strict=False)):
        yield SimpleNamespace(
            id=number,
            phase=lambda _today, phase=phase: phase,
            level=level,
            can_change="Vilka vägar som plogas först.",
            cannot_change=None,
            who_decides="Kommunstyrelsen",
            committee=_COMMITTEE,
            closes_on=today + timedelta(days=10),
            decides_on=today + timedelta(days=20),
            feedback_on=today + timedelta(days=30),
            reported_at=today,
            we_decided="Vi plogar byarnas vägar först.",
            pre_moderated=False,
            real_names_only=False,
            consultation_duty=phase == Phase.OPEN,
        )


def paragraphs() -> Iterator[tuple[SimpleNamespace, tuple[int, int]]]:
    """A paragraph of the plan, with how many comments it has and how many of them are by organisations."""
    for number, counts in enumerate([(0, 0), (3, 1)]):
        text = "Hela kommunen ska räknas. Den som bor på landet ska ha samma chans till jobb och service."
        yield SimpleNamespace(id=number, first_id=number, assignment_id=None, text=text, text_en=None), counts


class Fields(FlaskForm):
    """One of each kind of field."""

    line = StringField(lazy_gettext("Name"))
    words = TextAreaField(lazy_gettext("Your comment"))
    select = SelectField(lazy_gettext("Area"), choices=[SelectChoice("", "–"), SelectChoice("lit", "Lit")])
    radio = RadioField(lazy_gettext("Kind"), choices=[SelectChoice("a", "A"), SelectChoice("b", "B")])
    box = BooleanField(lazy_gettext("I have read this"))


def forms() -> tuple[Fields, Fields]:
    """A form as it is before anybody has filled it in, and one that was refused."""
    blank, refused = Fields(None, prefix="blank"), Fields(None, prefix="refused")
    for field in (refused.line, refused.words, refused.select, refused.radio, refused.box):
        field.errors = [lazy_gettext("Say what is wrong, and how it is put right.")]
    return blank, refused
