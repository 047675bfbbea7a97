"""A comment before it is one: what its author has written, as everybody would see it. Nothing is stored."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from dialog.conversation.models import Comment
from dialog.conversation.rules import Channel, Kind
from dialog.conversation.submitting import Submission
from dialog.organisations.models import Mandate, Organisation
from dialog.people.models import Person
from dialog.plan.models import Area, Assignment, Goal, Paragraph


@dataclass(frozen=True)
class Preview:
    """What the look of a comment asks of one. It has no number yet."""

    submission: Submission
    author: Person
    area: Area | None
    submitted_at: datetime
    wording: int = 1

    number = published_at = sitting = None
    channel = Channel.WEB
    is_public = is_about_an_earlier_wording = is_masked = False

    @classmethod
    def of_edit(cls, comment: Comment, text: str, html: str) -> "Preview":
        """What a comment would be with other words: all else about it stays."""
        submission = Submission(
            form_key="",
            goal=comment.goal,
            assignment=comment.assignment,
            paragraph=comment.paragraph,
            kind=comment.kind,
            text=text,
            html=html,
            language=comment.language,
            mandate=comment.mandate,
            parent=comment.parent,
        )
        return cls(
            submission,
            comment.author,
            comment.area,
            comment.published_at or comment.submitted_at,
            wording=comment.wording + 1,
        )

    @property
    def kind(self) -> Kind:
        return self.submission.kind

    @property
    def goal(self) -> Goal:
        return self.submission.goal

    @property
    def assignment(self) -> Assignment | None:
        return self.submission.assignment

    @property
    def paragraph(self) -> Paragraph | None:
        return self.submission.paragraph

    @property
    def mandate(self) -> Mandate | None:
        return self.submission.mandate

    @property
    def organisation(self) -> Organisation | None:
        return self.mandate.organisation if self.mandate else None

    @property
    def language(self) -> str:
        return self.submission.language

    @property
    def words(self) -> "Words":
        # Made by `text.render`, which escapes it.
        return Words(Markup(self.submission.html))  # noqa: S704

    @property
    def parent(self) -> Comment | None:
        return self.submission.parent

    @property
    def is_reply(self) -> bool:
        return self.parent is not None


@dataclass(frozen=True)
class Words:
    html: Markup
