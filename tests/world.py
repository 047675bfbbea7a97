"""The cast of the tests, the same in all of them, and the things they do.

Rut        lives in town, has read the notice, has commented before (so what she writes is shown at once)
Nils       lives in the countryside, has read the notice, has never commented
Vera       speaks for Lockne byalag, a village group, on a mandate that holds
Gun        has signed in but neither chosen a name nor read the notice
Mona, Max  moderators
Olle, Eva  officer, and officer and editor, of KS
Tore       officer and editor of TN
Rikard     registrar          Karin   customer centre          Adam   administrator
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from dialog.appeals.models import Appeal
from dialog.appeals.operations import send_appeal, settle_appeal
from dialog.appeals.rules import AppealState
from dialog.commitments.models import Commitment
from dialog.commitments.operations import commit, correct, settle
from dialog.commitments.rules import CommitmentState, Promise
from dialog.conversation.editing import edit_comment, withdraw_comment
from dialog.conversation.models import Comment, Sitting
from dialog.conversation.rules import Act, Channel, CommentState, Kind
from dialog.conversation.submitting import Received, Submission, submit_comment
from dialog.conversation.watching import Sent, look_through
from dialog.db import clock, db, transaction
from dialog.dialogues.models import Dialogue
from dialog.dialogues.operations import Terms, move_dialogue, save_terms, start_dialogue
from dialog.dialogues.rules import DialogueState, Level
from dialog.faults.models import FaultCase
from dialog.faults.operations import Fault, report_fault
from dialog.moderation.masking import mask
from dialog.moderation.models import Decision, Proposal, Relocation, WatchRule
from dialog.moderation.moving import Destination, move
from dialog.moderation.operations import decide
from dialog.moderation.rules import Ground, ProposalState
from dialog.moderation.seconding import settle_proposal
from dialog.moderation.watching import add_rule
from dialog.moderation.watching_rules import Effect, WatchKind, WatchTerms
from dialog.organisations.models import Mandate, MandateOffer, Organisation
from dialog.organisations.operations import Term, offer_mandate
from dialog.organisations.rules import OrganisationKind, OrganisationState
from dialog.people.models import Person
from dialog.people.operations import acknowledge_notice, edit_account, give_role, open_browser
from dialog.people.queries import notice_in_force
from dialog.people.rules import Role
from dialog.plan.accounting import account_for, account_of
from dialog.plan.follow_ups import store
from dialog.plan.importing.follow_ups import ReadFollowUps, ReadRow
from dialog.plan.models import Area, Assignment, Committee, FollowUp, Goal
from dialog.plan.queries import names_of_committees
from dialog.plan.rules import Period, Progress
from dialog.reception.operations import Meeting, Spoken, record_sitting, register
from dialog.reports.models import Voice
from dialog.reports.operations import Complaint, confirm, report_comment
from dialog.reports.rules import Reason
from dialog.response.clocks import announce_pause
from dialog.response.forwarding import forward
from dialog.response.models import AnswerTemplate, ClockPause, Matter, Response, Verdict
from dialog.response.operations import Draft, judge, publish, save_draft, start_draft
from dialog.response.queries import coverage_at
from dialog.response.rules import Judgement, MatterState, Outcome
from dialog.response.templates import TemplateWords, write_template
from dialog.stances.operations import take_stance
from dialog.stances.rules import Stance
from dialog.text import render
from dialog.transitions import Transition

GOAL_2024 = "/mal/2024/naringsliv-och-tillvaxt"
WORDS = "Bussen till Häggenås borde gå också på kvällen."
ANSWER = Draft(
    you_said="Ni vill att bussen går på kvällen.",
    we_decided="Vi provar en kvällstur i höst.",
    because="Många har sagt att det behövs.",
    outcome=Outcome.WILL_DO,
)
TERMS = Terms(
    level=Level.CONSULTATION,
    can_change="Vilka vägar som plogas först.",
    who_decides="Kommunstyrelsen",
    closes_on=date(2026, 4, 1),
    decides_on=date(2026, 4, 20),
    feedback_on=date(2026, 5, 4),
)

_keys = itertools.count(1)


def first_left(waiting: Sequence[str], number: int) -> Sequence[str]:
    """A lot whose outcome tests know."""
    return waiting[:number]


NAMES = ("Rut", "Nils", "Vera", "Gun", "Mona", "Max", "Olle", "Eva", "Tore", "Rikard", "Karin", "Adam")


def gather() -> None:
    """Put the cast on record, once for each run: every test begins with a copy (see databases)."""
    with transaction():
        for name, area in (("Rut", "01"), ("Nils", "10"), ("Vera", "05")):
            _resident(name, area)
        db.session.add(Person(email=_address("Gun"), language="sv", created_at=clock.now(), grants=[]))
        for name in ("Mona", "Max"):
            _staff(name, Role.MODERATOR)
        _staff("Olle", Role.OFFICER, committee="KS")
        _staff("Eva", Role.OFFICER, Role.EDITOR, committee="KS")
        _staff("Tore", Role.OFFICER, Role.EDITOR, committee="TN")
        _staff("Rikard", Role.REGISTRAR)
        _staff("Karin", Role.CUSTOMER_CENTRE)
        _staff("Adam", Role.ADMINISTRATOR)
        _village_group()


def _address(name: str) -> str:
    return f"{name.lower()}@example.org"


def _resident(name: str, area: str) -> None:
    person = Person(email=_address(name), language="sv", created_at=clock.now(), grants=[])
    db.session.add(person)
    db.session.flush()
    area_id = db.session.scalar(select(Area.id).where(Area.code == area))
    edit_account(person, name=name, area_id=area_id, language="sv", now=clock.now())
    acknowledge_notice(person, notice_in_force(), now=clock.now())


def _staff(name: str, *roles: Role, committee: str | None = None) -> None:
    _resident(name, "01")
    body = db.session.scalar(select(Committee).where(Committee.code == committee)) if committee else None
    for role in roles:
        give_role(_address(name), role, body, now=clock.now())


def _village_group() -> None:
    group = Organisation(
        slug="lockne-byalag",
        name="Lockne byalag",
        kind=OrganisationKind.VILLAGE_GROUP,
        purpose="Bygdens bästa.",
        state=OrganisationState.CONFIRMED,
        confirmed_at=clock.now(),
    )
    db.session.add(group)
    db.session.flush()
    mandate = Mandate(
        person_id=db.session.scalar(select(Person.id).where(Person.email == _address("Vera"))),
        organisation_id=group.id,
        basis="årsmötet 2026-02-01",
        dated=date(2026, 2, 1),
        expires_on=date(2027, 2, 1),
    )
    db.session.add(mandate)


class World:
    """Everything is done through the same operations as on the pages, in a transaction of its own."""

    def __init__(self, app) -> None:
        self.app = app
        found = {person.email: person for person in db.session.scalars(select(Person))}
        self.people = {name.lower(): found[_address(name)] for name in NAMES}
        self.mandate = db.session.scalars(select(Mandate)).one()
        self.group = self.mandate.organisation

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def committee(self, code: str | None) -> Committee | None:
        return db.session.scalar(select(Committee).where(Committee.code == code)) if code else None

    def goal(self, slug: str = "naringsliv-och-tillvaxt", year: int = 2024) -> Goal:
        return db.session.scalars(select(Goal).where(Goal.year == year, Goal.slug == slug)).one()

    def assignment(self, position: int) -> Assignment:
        """An assignment of the 2024 goal: 1 is KS's, 2 belongs to four committees, 3 is SAN's, 4 is KS's own."""
        return next(one for one in self.goal().assignments if one.position == position)

    def sign_in(self, client, person: Person) -> None:
        """Let the client's browser be the person's."""
        with transaction():
            key = open_browser(person, now=clock.now())
        with client.session_transaction() as session:
            session.clear()
            session["_user_id"] = key
            session["_fresh"] = True

    def browser_of(self, name: str):
        """A browser of their own for one of the cast, signed in, or for a visitor."""
        client = self.app.test_client()
        if name != "visitor":
            self.sign_in(client, self.people[name])
        return client

    def say(self, author: Person | None = None, text: str = WORDS, **about) -> Comment:
        """A comment by `author` (Nils, whose first one waits, if not said) on the 2024 goal."""
        parent = about.pop("parent", None)
        if parent is not None:
            about |= {"goal": parent.goal, "assignment": parent.assignment, "paragraph": parent.paragraph}
            about |= {"parent": parent, "parent_wording": about.pop("parent_wording", parent.wording)}
        goal = about.pop("goal", None) or self.goal()
        submission = Submission(
            form_key=about.pop("form_key", f"test-{next(_keys)}"),
            goal=goal,
            kind=about.pop("kind", Kind.PROPOSAL),
            text=text,
            html=render(text),
            language=about.pop("language", "sv"),
            watched=look_through(Sent(text, render(text), author or self.nils, clock.now())),
            **about,
        )
        with transaction():
            registered = submit_comment(submission, author=author or self.nils, now=clock.now())
        return db.session.get_one(Comment, registered.id)

    def heard(
        self, text: str = WORDS, name: str | None = None, spoken: Spoken | None = None, **about
    ) -> Comment:
        """What somebody without an account said to Karin (by telephone today, if not said)."""
        submission = Submission(
            form_key=about.pop("form_key", f"heard-{next(_keys)}"),
            goal=about.pop("goal", None) or self.goal(),
            kind=about.pop("kind", Kind.PROPOSAL),
            text=text,
            html=render(text),
            language="sv",
            channel=about.pop("channel", Channel.MEETING if "sitting" in about else Channel.PHONE),
            received=Received(
                about.pop("received_on", clock.today()),
                about.pop("official", None) or self.karin,
                about.pop("sitting", None),
            ),
            **about,
        )
        official = submission.received.official
        with transaction():
            registered = register(submission, name, official=official, now=clock.now(), spoken=spoken)
        return db.session.get_one(Comment, registered.id)

    def met(self, **changes) -> Sitting:
        """A meeting that Karin has put on record."""
        official = changes.pop("official", None) or self.karin
        meeting = Meeting(
            form_key=f"met-{next(_keys)}",
            goal=self.goal(),
            place="Bygdegården i Häggenås",
            held_on=clock.today(),
            attending=23,
        )
        with transaction():
            return record_sitting(replace(meeting, **changes), official=official, now=clock.now())

    def asked(self, *, assignment: Assignment | None = None, **changes) -> Dialogue:
        """A dialogue of KS about the 2024 goal, or an assignment of it: a draft that says all it must."""
        with transaction():
            dialogue = start_dialogue(
                self.committee("KS"), self.goal(), assignment, officer=self.olle, now=clock.now()
            )
            save_terms(
                dialogue, replace(TERMS, **changes), seen=dialogue.version, officer=self.olle, now=clock.now()
            )
        return dialogue

    def opened(self, **about) -> Dialogue:
        """A dialogue as `asked` makes it, open."""
        return self.moved_on(self.asked(**about), DialogueState.OPEN)

    def moved_on(self, dialogue: Dialogue, to: DialogueState) -> Dialogue:
        with transaction():
            move_dialogue(dialogue, to, seen=dialogue.version, editor=self.eva, now=clock.now())
        return dialogue

    def offered(self, email: str, **changes) -> MandateOffer:
        """An offer by Vera to speak for Lockne byalag."""
        term = Term("styrelsebeslut 2026-03-01", date(2026, 3, 1), date(2027, 3, 1))
        with transaction():
            return offer_mandate(
                self.group, email, term, language="sv", actor=self.vera, now=clock.now(), **changes
            )

    def reported(
        self,
        comment: Comment,
        by: Person | None = None,
        reason: Reason = Reason.OFF_TOPIC,
        *,
        network: str | None = None,
        **said,
    ) -> Voice:
        """A report of a comment by `by`, or by a visitor; each from a network of its own, if not said."""
        complaint = Complaint(
            form_key=said.pop("form_key", f"report-{next(_keys)}"),
            reason=reason,
            words=said.pop("words", None),
            language="sv",
            network=network or f"network-{next(_keys)}",
            **said,
        )
        with transaction():
            return report_comment(comment, complaint, reporter=by, now=clock.now())[0]

    def faulted(self, words: str = "Skärmläsaren läser inte upp knappen.") -> FaultCase:
        """Somebody reports a fault in accessibility."""
        with transaction():
            fault = Fault(f"fault-{next(_keys)}", words, "/mal/2024", "sv", f"network {next(_keys)}")
            return report_fault(fault, now=clock.now())[0]

    def confirmed(self, voice: Voice) -> bool:
        """Have a visitor confirm the address they gave in a report."""
        with transaction():
            return confirm(voice, now=clock.now())

    def held(self, comment: Comment) -> Comment:
        """A comment that three people have reported as unlawful, so that the software has taken it out of view."""
        for person in (self.gun, self.karin, self.rikard):
            self.reported(comment, person, Reason.THREAT)
        return comment

    def publish_comment(self, comment: Comment) -> Comment:
        """Have Mona let a comment through."""
        return self.decide(comment, "publish")

    def decide(self, comment: Comment, act: str, moderator: Person | None = None) -> Comment:
        """Have Mona (or Max) take a decision about a comment, which doesn't criticise the municipality."""
        hides = act == Act.HIDE
        with transaction():
            decide(
                comment,
                Act(act),
                moderator=moderator or self.mona,
                seen=comment.version,
                now=clock.now(),
                ground=Ground.OFF_TOPIC if hides else None,
                reasons="Det handlar inte om målet." if hides else None,
                criticises=False if hides else None,
            )
        return comment

    def masked(
        self, comment: Comment, *passages: str, by: Person | None = None, seen: int | None = None
    ) -> Comment:
        """Have Mona (or Max) take passages out of what everybody reads of a comment."""
        with transaction():
            mask(
                comment,
                passages,
                "Du skrev ut vem det handlar om.",
                moderator=by or self.mona,
                seen=comment.version if seen is None else seen,
                now=clock.now(),
            )
        return comment

    def proposed(
        self,
        comment: Comment,
        by: Person | None = None,
        ground: Ground = Ground.PERSONAL_ATTACK,
        seen: int | None = None,
    ) -> Proposal:
        """A proposal by Mona to hide a comment that criticises the municipality."""
        with transaction():
            made = decide(
                comment,
                Act.HIDE,
                moderator=by or self.mona,
                seen=comment.version if seen is None else seen,
                now=clock.now(),
                ground=ground,
                reasons="Du skriver om personen och inte om saken.",
                criticises=True,
            )
        assert isinstance(made, Proposal)
        return made

    def seconded(
        self, proposal: Proposal, to: str, by: Person | None = None, seen: int | None = None
    ) -> Decision | None:
        """Have Max (or another) say yes or no to a proposal."""
        with transaction():
            return settle_proposal(
                proposal,
                ProposalState(to),
                "Det är hård kritik, och den ska få synas." if to == "declined" else None,
                moderator=by or self.max,
                seen=proposal.comment.version if seen is None else seen,
                now=clock.now(),
            )

    def appealed(self, comment: Comment, words: str = "Inlägget handlar visst om målet.") -> Appeal:
        """An appeal by the author of a hidden comment, by its receipt's address."""
        with transaction():
            return send_appeal(comment, words, language="sv", sender=None, now=clock.now())

    def settle(self, appeal: Appeal, to: str, moderator: Person | None = None) -> Appeal:
        """Have Max (or another) grant or deny an appeal."""
        with transaction():
            settle_appeal(
                appeal,
                AppealState(to),
                "Jag har läst inlägget med nya ögon.",
                moderator=moderator or self.max,
                seen=appeal.version,
                now=clock.now(),
            )
        return appeal

    def withdraw(self, comment: Comment, seen: int | None = None) -> Comment:
        """Have its author take a comment back."""
        with transaction():
            withdraw_comment(
                comment,
                author=comment.author,
                seen=comment.version if seen is None else seen,
                now=clock.now(),
            )
        return comment

    def edit(self, comment: Comment, text: str, seen: int | None = None) -> Comment:
        """Have its author give a comment other words."""
        watched = look_through(Sent(text, render(text), comment.author, clock.now(), edited=comment))
        with transaction():
            edit_comment(
                comment,
                text,
                render(text),
                author=comment.author,
                seen=comment.version if seen is None else seen,
                now=clock.now(),
                watched=watched,
            )
        return comment

    def watching(self, kind: WatchKind, effect: Effect = Effect.FLAG, **looked_for) -> WatchRule:
        """A rule that Adam has written, by which moderators are asked for a look."""
        terms = WatchTerms(kind, effect, "Kan vara ett hot. Läs hela meningen.", **looked_for)
        with transaction():
            return add_rule(terms, administrator=self.adam, now=clock.now())

    def moved(self, comment: Comment, goal=None, assignment=None, by=None, seen=None) -> Relocation | None:
        """Have a moderator move a comment to a goal, or to an assignment."""
        to = Destination(goal or assignment.goal, assignment)
        with transaction():
            return move(
                comment,
                to,
                "Det handlar om det här i stället.",
                moderator=by or self.mona,
                seen=comment.version if seen is None else seen,
                now=clock.now(),
            )

    def published(self, author: Person | None = None, text: str = WORDS, **about) -> Comment:
        """A comment that everybody can read."""
        comment = self.say(author, text, **about)
        return comment if comment.state == CommentState.PUBLISHED else self.publish_comment(comment)

    def prepared(self, person: Person) -> Person:
        """The person, with a name chosen and the notice read."""
        with transaction():
            edit_account(person, name="Gun", area_id=None, language="sv", now=clock.now())
            acknowledge_notice(person, notice_in_force(), now=clock.now())
        return person

    def trusted(self, person: Person) -> Person:
        """The person, with an earlier comment let through, so that the next is shown at once."""
        self.published(person, f"Ett tidigare inlägg av {person.name}, som har granskats.")
        return person

    def matters(self, committee: str, *comments: Comment) -> list[Matter]:
        ids = [comment.id for comment in comments]
        statement = select(Matter).where(
            Matter.committee_id == self.committee(committee).id, Matter.state == MatterState.DUE
        )
        return list(db.session.scalars(statement.where(Matter.comment_id.in_(ids)) if ids else statement))

    def forwarded(
        self, matter: Matter, to: str = "TN", reason: str = "Det är ni som sköter gatorna."
    ) -> Matter:
        """A matter that an officer of its committee has passed on."""
        officer = self.tore if matter.committee.code == "TN" else self.olle
        with transaction():
            forward(matter, self.committee(to), reason, officer=officer, seen=matter.version, now=clock.now())
        return matter

    def paused(
        self, first: str = "2026-07-06", last: str = "2026-08-02", committee: str = "KS"
    ) -> ClockPause:
        """A pause that an editor has announced: the clock of a committee stands still."""
        with transaction():
            return announce_pause(
                self.committee(committee),
                date.fromisoformat(first),
                date.fromisoformat(last),
                "Sommaruppehåll i nämndens arbete.",
                editor=self.eva,
                now=clock.now(),
            )

    def templated(self, name: str = "Avslag", committee: str = "KS", **words: str) -> AnswerTemplate:
        """A template of a committee's answers, by its editor."""
        said = {
            "you_said": "Ni föreslår att",
            "we_decided": "Vi gör det inte nu.",
            "because": "Pengarna räcker inte.",
        }
        editor = self.eva if committee == "KS" else self.tore
        with transaction():
            return write_template(
                self.committee(committee), TemplateWords(name, **said | words), editor=editor, now=clock.now()
            )

    def drafted(self, *comments: Comment, committee: str = "KS", words: Draft = ANSWER) -> Response:
        """A draft by Olle (or Tore) that covers the comments."""
        officer = self.olle if committee == "KS" else self.tore
        matters = self.matters(committee, *comments)
        with transaction():
            response = start_draft(self.committee(committee), matters, officer=officer, now=clock.now())
            save_draft(response, words, matters, seen=response.version, officer=officer, now=clock.now())
        return response

    def thinks(self, person: Person, comment: Comment, stance: str | None = "agree", lot=first_left) -> bool:
        """What somebody thinks of a comment from now on; those whose hashes come first are left out of renewals."""
        with transaction():
            chosen = Stance(stance) if stance else None
            return take_stance(comment, person, chosen, now=clock.now(), lot=lot)

    def judged(
        self, comment: Comment, response: Response, judgement: str, reason: str | None = None
    ) -> Verdict:
        """What whoever wrote a comment says of an answer to it, by the address of their receipt."""
        coverage = coverage_at(comment.receipt_key, response.id)
        seen = coverage.verdict.version if coverage.verdict else 0
        with transaction():
            return judge(
                coverage,
                Judgement(judgement),
                reason,
                seen=seen,
                read=coverage.response.version,
                actor=None,
                now=clock.now(),
            )

    def read_follow_up(
        self,
        assignment: str,
        commentary: str = "Arbetet pågår.",
        committee: str = "Kommunstyrelsen",
        period: str = "t1",
    ) -> FollowUp:
        """A row of a published follow-up of 2024, as the command reads it in."""
        names = names_of_committees()
        row = ReadRow(1, names.get(committee), committee, assignment, commentary)
        with transaction():
            store(ReadFollowUps(2024, Period(period), (row,), ()), "uppfoljning.txt", clock.now())
        rows = select(FollowUp).where(FollowUp.assignment_words == assignment, FollowUp.replaced_at.is_(None))
        return db.session.scalars(rows.order_by(FollowUp.id.desc())).first()

    def accounted(
        self,
        assignment: Assignment,
        progress: str = "under_way",
        commentary: str = "Vi har börjat med arbetet.",
        period: str = "t1",
        committee: str = "KS",
        seen: int | None = None,
    ) -> bool:
        """What Olle (or Tore) says of how an assignment goes."""
        body = self.committee(committee)
        said = account_of(assignment, body, Period(period))
        with transaction():
            return account_for(
                assignment,
                body,
                Period(period),
                Progress(progress),
                commentary,
                seen=(said.version if said else 0) if seen is None else seen,
                actor_id=(self.olle if committee == "KS" else self.tore).id,
                now=clock.now(),
            )

    def promised(
        self, response: Response, text: str = "Vi kör en kvällstur på prov.", due_on: str = "2026-06-01"
    ) -> Commitment:
        """What an answer by KS (or TN) promises, as its editor has written."""
        promise = Promise(text, "Enheten för kollektivtrafik", date.fromisoformat(due_on))
        with transaction():
            return commit(response, promise, editor=self._editor_of(response), now=clock.now())

    def settled(
        self,
        commitment: Commitment,
        to: str = "kept",
        words: str = "Turen har gått sedan i måndags.",
        instead: Promise | None = None,
        seen: int | None = None,
    ) -> Transition | None:
        """What became of a commitment, as an editor of its committee says."""
        with transaction():
            return settle(
                commitment,
                CommitmentState(to),
                words,
                instead=instead,
                seen=commitment.version if seen is None else seen,
                editor=self._editor_of(commitment),
                now=clock.now(),
            )

    def corrected(
        self, commitment: Commitment, reason: str = "Turen är inställd än så länge.", seen: int | None = None
    ) -> bool:
        """What an editor takes back that was said by mistake of a commitment."""
        with transaction():
            return correct(
                commitment,
                reason,
                seen=commitment.version if seen is None else seen,
                editor=self._editor_of(commitment),
                now=clock.now(),
            )

    def _editor_of(self, thing: Response | Commitment) -> Person:
        return self.eva if thing.committee_id == self.committee("KS").id else self.tore

    def answered(self, *comments: Comment, committee: str = "KS", words: Draft = ANSWER) -> Response:
        """An answer by the committee, published by its editor."""
        response = self.drafted(*comments, committee=committee, words=words)
        editor = self.eva if committee == "KS" else self.tore
        with transaction():
            publish(response, seen=response.version, editor=editor, now=clock.now())
        return response
