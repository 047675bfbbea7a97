"""The form for taking personal data out of a comment. What is typed in it is kept nowhere."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, ValidationError

from dialog.conversation.masking import NothingLeft, NothingTakenOut, masked
from dialog.conversation.models import Comment
from dialog.fields import Form, Length, TextField, VersionField
from dialog.moderation.masking import holds
from dialog.moderation.rules import (
    LONGEST_PASSAGE,
    LONGEST_REASONS,
    MOST_PASSAGES,
    SHORTEST_PASSAGE,
    SHORTEST_REASONS,
)


class PassagesField(TextField):
    """Words of a comment, one passage on each line. They may be of the very sort that is written nowhere else."""

    holds_words = False

    @property
    def passages(self) -> list[str]:
        lines = (" ".join(line.split()) for line in (self.data or "").splitlines())
        return list(dict.fromkeys(filter(None, lines)))


class MaskForm(Form):
    """What is to be taken out of `comment`. `seen` is the version of it that the moderator was looking at.

    `looked_at` says which result the moderator has looked at: nothing is decided that they haven't.
    """

    seen = VersionField()
    looked_at = HiddenField()
    passages = PassagesField(lazy_gettext("The words to take out, one passage on each line"))
    reasons = TextField(
        lazy_gettext("Reasons, for the author"),
        [Length(SHORTEST_REASONS, LONGEST_REASONS, lazy_gettext("Write why they are taken out."))],
    )

    def __init__(self, comment: Comment, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.comment = comment

    @property
    def result(self) -> str:
        """What everybody would read. Raises NothingTakenOut and NothingLeft."""
        return masked(self.comment, self.passages.passages)

    @property
    def result_mark(self) -> str:
        """What tells one result from another."""
        return sha256(f"{self.comment.version} {self.result}".encode()).hexdigest()[:24]

    @property
    def has_looked(self) -> bool:
        """Whether the moderator has seen this very result."""
        return self.looked_at.data == self.result_mark

    def validate_passages(self, field: Any) -> None:
        passages: Sequence[str] = field.passages
        if not passages:
            raise ValidationError(gettext("Write the words that are to be taken out."))
        if len(passages) > MOST_PASSAGES:
            raise ValidationError(
                gettext(
                    "Write at most %(most)d passages. If more is to go, hide the comment.", most=MOST_PASSAGES
                )
            )
        _check_lengths(passages)
        _check_that_they_stand_there(self.comment, passages)
        try:
            assert self.result
        except NothingTakenOut:
            raise ValidationError(gettext("Write the words that are to be taken out.")) from None
        except NothingLeft:
            raise ValidationError(gettext("Then nothing would be left. Hide the comment instead.")) from None


def _check_lengths(passages: Sequence[str]) -> None:
    wrong = next((one for one in passages if not SHORTEST_PASSAGE <= len(one) <= LONGEST_PASSAGE), None)
    if wrong is not None:
        raise ValidationError(
            gettext(
                "Each line holds %(lowest)d to %(highest)d characters. This one doesn't: %(passage)s",
                lowest=SHORTEST_PASSAGE,
                highest=LONGEST_PASSAGE,
                passage=wrong[:60],
            )
        )


def _check_that_they_stand_there(comment: Comment, passages: Sequence[str]) -> None:
    missing = [one for one in passages if not holds(comment.words.text, [one])]
    if missing:
        raise ValidationError(
            gettext(
                "This doesn't stand in the comment: %(passages)s. Write it just as it stands there.",
                passages=", ".join(f"”{one}”" for one in missing),
            )
        )
