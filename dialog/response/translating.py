"""Giving a published answer in other languages too. The Swedish words are the committee's; these help a reader."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dialog import events, states
from dialog.conversation.words import LANGUAGES
from dialog.db import db
from dialog.people.models import Person
from dialog.response.models import AnswerTranslation, Response
from dialog.response.rules import ResponseState

OTHER_LANGUAGES = {code: name for code, name in LANGUAGES.items() if code != "sv"}


def translate(
    response: Response, language: str, text: str, *, seen: int, editor: Person, now: datetime
) -> bool:
    """Give a published answer in another language, of which there was version `seen`, 0 where there was none.

    An empty text takes it away. False where it says that already. Raises states.Stale, and states.UnlistedMove where
    the answer isn't published.
    """
    db.session.refresh(response)
    if response.state != ResponseState.PUBLISHED:
        raise states.UnlistedMove("What nobody can read yet is not translated.")
    written = translation_of(response, language)
    if (written.text if written else "") == text and not (written and written.is_of_an_earlier_version):
        return False
    if written is None:
        written = AnswerTranslation(
            response_id=response.id, language=language, text=text, written_by_id=editor.id, written_at=now
        )
        db.session.add(written)
    else:
        states.change(written, seen=seen, text=text, written_by_id=editor.id, written_at=now)
    details = {"language": language, "taken_away": not text}
    events.record("response.translated", response, actor_id=editor.id, now=now, details=details)
    return True


def translation_of(response: Response, language: str) -> AnswerTranslation | None:
    """What an answer says in a language, as it was written last."""
    return db.session.scalar(
        select(AnswerTranslation)
        .where(AnswerTranslation.response_id == response.id, AnswerTranslation.language == language)
        .options(joinedload(AnswerTranslation.response))
    )


def translations_of(response: Response) -> Sequence[AnswerTranslation]:
    """What an answer says in other languages, by the languages' codes."""
    there = (AnswerTranslation.response_id == response.id, AnswerTranslation.text != "")
    return db.session.scalars(
        select(AnswerTranslation)
        .where(*there)
        .order_by(AnswerTranslation.language)
        .options(joinedload(AnswerTranslation.response))
    ).all()
