"""Answers and reports that quote what was taken out of a comment: whoever takes it out is to know of them."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from dialog.conversation.models import Comment
from dialog.db import db
from dialog.dialogues.models import Dialogue, EarlierReport
from dialog.dialogues.rules import DialogueState
from dialog.moderation.masking import holds
from dialog.moderation.models import Relocation
from dialog.response.models import AnswerTranslation, Coverage, EarlierAnswer, Response
from dialog.response.rules import ResponseState


def answers_holding(comment: Comment, passages: Sequence[str]) -> list[Response]:
    """The public answers to a comment in which one of the passages stands too."""
    covering = select(Coverage.response_id).where(Coverage.comment_id == comment.id)
    answers = db.session.scalars(
        select(Response)
        .where(Response.id.in_(covering), Response.state == ResponseState.PUBLISHED)
        .options(joinedload(Response.committee), selectinload(Response.coverage))
    )
    found = answers.all()
    other = _other_words(found)
    return [one for one in found if holds("\n".join((_words_of(one), *other[one.id])), passages)]


def _other_words(answers: Sequence[Response]) -> dict[int, list[str]]:
    """What answers said before, and say in other languages, by their ids: everybody can read that too."""
    words: dict[int, list[str]] = {one.id: [] for one in answers}
    for before in db.session.scalars(select(EarlierAnswer).where(EarlierAnswer.response_id.in_(words))):
        words[before.response_id] += [before.you_said, before.we_decided, before.because, before.what_changed]
    for other in db.session.scalars(
        select(AnswerTranslation).where(AnswerTranslation.response_id.in_(words))
    ):
        words[other.response_id].append(other.text)
    return words


def _words_of(response: Response) -> str:
    """All that an answer says, also to single authors."""
    lines = (one.to_author or "" for one in response.coverage)
    return "\n".join((response.you_said, response.we_decided, response.because, *lines))


def reports_holding(comment: Comment, passages: Sequence[str]) -> list[Dialogue]:
    """The dialogues whose public report holds one of the passages: those on a goal where the comment is or has been."""
    left = select(Relocation.from_goal_id).where(Relocation.comment_id == comment.id)
    found = db.session.scalars(
        select(Dialogue)
        .where(
            or_(Dialogue.goal_id == comment.goal_id, Dialogue.goal_id.in_(left)),
            Dialogue.state == DialogueState.REPORTED_BACK,
        )
        .options(joinedload(Dialogue.goal), joinedload(Dialogue.assignment))
        .order_by(Dialogue.id)
    ).all()
    said = {one.id: [_words_of_report(one)] for one in found}
    for before in db.session.scalars(select(EarlierReport).where(EarlierReport.dialogue_id.in_(said))):
        said[before.dialogue_id] += [_words_of_report(before), before.what_changed]
    return [one for one in found if holds("\n".join(said[one.id]), passages)]


def _words_of_report(report: Dialogue | EarlierReport) -> str:
    return "\n".join((report.you_said, report.we_decided, report.because, report.decision_reference))
