"""What has been said that is like what somebody is writing, so that they can support it instead of repeating it.

What they write is read and forgotten: what isn't sent yet belongs to whoever writes it alone.
"""

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import bindparam, column, select, table, text

from dialog.conversation.models import Comment
from dialog.conversation.rules import CommentState
from dialog.db import ask, db
from dialog.people.models import Person
from dialog.plan.models import Goal
from dialog.search.likeness import MOST_SHOWN, NEWEST_COMPARED, SAMPLED, likeness, telling
from dialog.search.models import Entry
from dialog.search.rules import EntryKind, Part, any_for_postgresql, any_for_sqlite, snippet
from dialog.stances.queries import Own, Shown, public_comments_with_sums, stances_among
from dialog.stems import stems_of


@dataclass(frozen=True)
class Similar:
    """A comment that is like a text, the place in it where the words they share stand, and the stances on it."""

    comment: Comment
    snippet: Markup
    shown: Shown
    own: Own


def similar_to(words: str, goal: Goal, writer: Person) -> list[Similar]:
    """What others have said on `goal` that is most like `words`, in a constant number of queries. No replies."""
    sample = [row.stems.split(" ") for row in ask(_SAMPLE, goal_id=goal.id)]
    weights = telling(stems_of(words), sample)
    if not weights:
        return []
    on_sqlite = db.engines["read"].dialect.name == "sqlite"
    match = any_for_sqlite(weights) if on_sqlite else any_for_postgresql(weights)
    statement = _ON_SQLITE if on_sqlite else _ON_POSTGRESQL
    found = ask(statement, match=match, goal_id=goal.id, writer_id=writer.id).all()
    likest = {row.subject_id: likeness(row.stems.split(" "), weights) for row in found}
    chosen = sorted((one for one in likest if likest[one]), key=lambda one: -likest[one])[:MOST_SHOWN]
    comments = {comment.id: comment for comment, _ in public_comments_with_sums(chosen)}
    stances = stances_among(list(comments.values()), writer)
    part = [Part(tuple(weights))]
    return [
        Similar(comments[one], snippet(comments[one].words.text, part), shown, own)
        for one in chosen
        if one in comments
        for shown, own in [stances[one]]
        if own is not None
    ]


_entry, _comment = Entry.__table__.c, Comment.__table__.c
_index = table("search_index", column("rowid"))
_OF_COMMENTS = (
    _entry.goal_id == bindparam("goal_id"),
    _entry.kind == EntryKind.COMMENT,
    _entry.stems.is_not(None),
)
_SAMPLE = select(_entry.stems).where(*_OF_COMMENTS).order_by(_entry.id.desc()).limit(SAMPLED)
_LIKE = (
    select(_entry.subject_id, _entry.stems)
    .select_from(
        Entry.__table__.join(_index, _index.c.rowid == _entry.id).join(
            Comment.__table__, _comment.id == _entry.subject_id
        )
    )
    .where(
        *_OF_COMMENTS,
        _comment.state == CommentState.PUBLISHED,
        _comment.parent_id.is_(None),
        _comment.author_id != bindparam("writer_id"),
    )
    .order_by(_index.c.rowid.desc())
    .limit(NEWEST_COMPARED)
)
_ON_SQLITE = _LIKE.where(text("search_index MATCH :match"))
_ON_POSTGRESQL = _LIKE.where(text("search_index.stems @@ CAST(:match AS tsquery)"))
