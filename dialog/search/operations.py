"""Keeping the index: what becomes public can be found at once, what is hidden can't be found any more."""

from typing import Any

from sqlalchemy import bindparam, column, delete, func, insert, select, table, text, update
from sqlalchemy.orm import joinedload

from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.rules import CommentState
from dialog.db import ask, changed, db
from dialog.events import Event
from dialog.plan.models import Assignment, Goal, Paragraph
from dialog.response.models import Response
from dialog.response.rules import ResponseState
from dialog.search.models import Entry
from dialog.search.rules import EntryKind, as_tsvector
from dialog.stems import stems_of, words_of

BATCH = 500


_comment, _wording = Comment.__table__.c, CommentWording.__table__.c
_PUBLIC_WORDS = (
    select(_comment.goal_id, _wording.text)
    .join(
        CommentWording.__table__,
        (_wording.comment_id == _comment.id) & (_wording.number == _comment.wording),
    )
    .where(_comment.id == bindparam("comment_id"), _comment.state == CommentState.PUBLISHED)
)


def index_comment(event: Event) -> None:
    """A comment was published or given other words: let it be found by those if everybody may read them, else not."""
    public = ask(_PUBLIC_WORDS, comment_id=event.subject_id).first()
    if public is None:
        return _forget(EntryKind.COMMENT, event.subject_id)
    is_new = bool(event.details.get("at_once"))
    _write(EntryKind.COMMENT, event.subject_id, public.goal_id, public.text, is_new=is_new)


def forget_comment(event: Event) -> None:
    """A comment is no longer public: not a word of it stays in the index."""
    _forget(EntryKind.COMMENT, event.subject_id)


def move_comment(event: Event) -> None:
    """A comment was moved, with its replies: let them be found on the goal that they are about now."""
    moved = select(Comment.id, Comment.goal_id).where(
        (Comment.id == event.subject_id) | (Comment.parent_id == event.subject_id)
    )
    goals = {row.id: row.goal_id for row in db.session.execute(moved)}
    entries = (Entry.kind == EntryKind.COMMENT, Entry.subject_id.in_(goals))
    changed(update(Entry).where(*entries).values(goal_id=goals[event.subject_id]))


def index_answer(event: Event) -> None:
    """An answer was published: let it be found, and no longer the one it takes the place of."""
    response = db.session.get_one(Response, event.subject_id)
    if response.supersedes_id is not None:
        _forget(EntryKind.ANSWER, response.supersedes_id)
    _write(EntryKind.ANSWER, response.id, response.goal_id, text_of_answer(response))


def index_goal(event: Event) -> None:
    """A goal was imported: let it and its assignments be found by what they say now."""
    _index_goal(db.session.get_one(Goal, event.subject_id))


def text_of_answer(response: Response) -> str:
    """The words of an answer, as one text."""
    return "\n".join((response.you_said, response.we_decided, response.because))


def rebuild() -> int:
    """Make the whole index anew, in the open transaction; gives how many things can be found."""
    db.session.connection().execute(delete(_index))
    db.session.connection().execute(update(Entry).values(stems=None))
    for goal in db.session.scalars(select(Goal).order_by(Goal.year, Goal.position)).all():
        _index_goal(goal)
    _index_in_batches(
        select(Comment).where(Comment.is_public).options(joinedload(Comment.words)).order_by(Comment.id),
        lambda comment: _write(EntryKind.COMMENT, comment.id, comment.goal_id, comment.words.text),
    )
    _index_in_batches(
        select(Response).where(Response.state == ResponseState.PUBLISHED).order_by(Response.id),
        lambda answer: _write(EntryKind.ANSWER, answer.id, answer.goal_id, text_of_answer(answer)),
    )
    return ask(
        select(func.count()).select_from(Entry.__table__).where(_entry.stems.is_not(None))
    ).scalar_one()


def _index_in_batches(statement: Any, write: Any) -> None:
    for one in db.session.scalars(statement.execution_options(yield_per=BATCH)):
        write(one)


def _index_goal(goal: Goal) -> None:
    statement = (
        select(Paragraph.assignment_id, Paragraph.text)
        .where(Paragraph.goal_id == goal.id, Paragraph.withdrawn_at.is_(None))
        .order_by(Paragraph.position)
    )
    texts: dict[int | None, list[str]] = {}
    for assignment_id, paragraph in db.session.execute(statement):
        texts.setdefault(assignment_id, []).append(paragraph)
    titles = [goal.title, goal.title_en, goal.statement]
    _write(EntryKind.GOAL, goal.id, goal.id, *titles, *texts.get(None, []))
    of_goal = select(Assignment).where(Assignment.goal_id == goal.id).order_by(Assignment.position)
    for assignment in db.session.scalars(of_goal):
        if assignment.withdrawn_at is not None:
            _forget(EntryKind.ASSIGNMENT, assignment.id)
        else:
            titles = [assignment.title, assignment.title_en]
            _write(EntryKind.ASSIGNMENT, assignment.id, goal.id, *titles, *texts.get(assignment.id, []))


_entry = Entry.__table__.c
_index = table("search_index", column("rowid"), column("stems"), column("words"))
_ENTRY_ID = select(_entry.id).where(
    _entry.kind == bindparam("kind"), _entry.subject_id == bindparam("subject_id")
)
_NEW_ENTRY = insert(Entry.__table__).returning(_entry.id)  # type: ignore[arg-type]
_SET_STEMS = update(Entry.__table__).where(_entry.id == bindparam("entry_id")).values(stems=bindparam("new"))  # type: ignore[arg-type]
_TAKE_OUT = delete(_index).where(_index.c.rowid == bindparam("entry_id"))
_PUT_IN = text("INSERT INTO search_index (rowid, stems, words) VALUES (:entry_id, :stems, :words)")
_PUT_IN_VECTORS = text(
    "INSERT INTO search_index (rowid, stems, words) "
    "VALUES (:entry_id, CAST(:stems AS tsvector), CAST(:words AS tsvector))"
)


def _write(kind: EntryKind, subject_id: int, goal_id: int, *texts: str | None, is_new: bool = False) -> None:
    """Let a thing be found by these texts and by nothing else; `is_new` says that it never could be before."""
    whole = "\n".join(one for one in texts if one)
    stems, words = stems_of(whole), words_of(whole)
    entry_id = None if is_new else ask(_ENTRY_ID, kind=kind, subject_id=subject_id).scalar()
    if entry_id is None:
        entry_id = ask(
            _NEW_ENTRY, kind=kind, subject_id=subject_id, goal_id=goal_id, stems=" ".join(stems)
        ).scalar_one()
    else:
        ask(_SET_STEMS, entry_id=entry_id, new=" ".join(stems))
        ask(_TAKE_OUT, entry_id=entry_id)
    if db.engine.dialect.name == "sqlite":
        ask(_PUT_IN, entry_id=entry_id, stems=" ".join(stems), words=" ".join(words))
    else:
        ask(_PUT_IN_VECTORS, entry_id=entry_id, stems=as_tsvector(stems), words=as_tsvector(words))


def _forget(kind: EntryKind, subject_id: int) -> None:
    entry_id = ask(_ENTRY_ID, kind=kind, subject_id=subject_id).scalar()
    if entry_id is not None:
        ask(_SET_STEMS, entry_id=entry_id, new=None)
        ask(_TAKE_OUT, entry_id=entry_id)
