"""What waits at a committee, with what is about the same put together, so that one answer can take it all.

Groups are suggestions, made anew each time, until an officer puts two together or takes a comment out: then what was
decided stands, and no suggestion changes it. An answer belongs to one goal, and so does a group.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from dialog import events
from dialog.conversation.models import Comment, CommentWording
from dialog.conversation.queries import PAGE_SIZE
from dialog.db import changed, db
from dialog.people.models import Person
from dialog.plan.models import Committee
from dialog.response.likeness import (
    MOST_COMPARED,
    Group,
    Said,
    groups_of,
    likest_to,
    telling_words,
)
from dialog.response.models import GroupChoice, Matter
from dialog.response.queries import with_comment
from dialog.response.rules import MatterState
from dialog.stems import words_of

MOST_SUGGESTED = 8  # other groups that could belong to one
SHOWN_OF_EACH = 3


class Regrouped(Exception):
    """The group isn't any longer what it was on the page."""


@dataclass(frozen=True)
class Sorted:
    """The most urgent of what waits, in groups: at most MOST_COMPARED, so that it takes as long however many wait."""

    groups: Sequence[Group]
    words: dict[int, Sequence[str]]

    @property
    def number(self) -> int:
        """How many comments were compared."""
        return len(self.words)

    @property
    def several(self) -> list[Group]:
        """The groups with more than one comment."""
        return [one for one in self.groups if len(one.ids) > 1]

    def holding(self, matter_id: int) -> Group | None:
        """The group that a matter is in."""
        return next((one for one in self.groups if matter_id in one.ids), None)

    def about(self, group: Group) -> list[str]:
        """The words that tell most of what a group is about."""
        return telling_words(group, self.words)

    def like(self, group: Group) -> list[Group]:
        """Other groups that could belong to it, the likest first."""
        return likest_to(group, [one for one in self.groups if one is not group], MOST_SUGGESTED)

    def page(self, after: int | None) -> tuple[list[Group], int | None]:
        """So many groups after the one that begins with the matter `after`, and where the next page starts."""
        heads = [one.ids[0] for one in self.several]
        start = heads.index(after) + 1 if after in heads else 0
        shown = self.several[start : start + PAGE_SIZE]
        return shown, shown[-1].ids[0] if len(heads) > start + PAGE_SIZE else None


def sorted_at(committee: Committee, assignment_id: int | None = None) -> Sorted:
    """What waits at a committee in groups, in one statement; on one assignment if given."""
    in_force = (CommentWording.comment_id == Comment.id) & (CommentWording.number == Comment.wording)
    statement = (
        select(Matter.id, Comment.goal_id, CommentWording.text, GroupChoice.head_id)
        .join(Comment, Comment.id == Matter.comment_id)
        .join(CommentWording, in_force)
        .outerjoin(GroupChoice, GroupChoice.matter_id == Matter.id)
        .where(Matter.committee_id == committee.id, Matter.state == MatterState.DUE, Comment.is_public)
        .order_by(Matter.due_on, Matter.id)
        .limit(MOST_COMPARED)
    )
    if assignment_id is not None:
        statement = statement.where(Comment.assignment_id == assignment_id)
    rows = db.session.execute(statement).all()
    said = [Said(row.id, row.goal_id, words_of(row.text)) for row in rows]
    chosen = {row.id: row.head_id for row in rows if row.head_id is not None}
    return Sorted(groups_of(said, chosen), {one.id: one.words for one in said})


def matters_in(ids: Collection[int]) -> dict[int, Matter]:
    """The matters with these ids, with what is shown of them, in a constant number of statements."""
    found = db.session.scalars(select(Matter).where(Matter.id.in_(ids)).options(*with_comment()))
    return {matter.id: matter for matter in found}


def put_together(
    committee: Committee,
    matter_id: int,
    other_id: int,
    *,
    seen: Collection[int],
    assignment_id: int | None = None,
    officer: Person,
    now: datetime,
) -> bool:
    """Make one group of the group of a matter, whose matters were `seen`, and the group of another on the same goal.

    False if they are one already. Raises Regrouped.
    """
    waiting = sorted_at(committee, assignment_id)
    group, other = waiting.holding(matter_id), waiting.holding(other_id)
    if group is None or other is None or group.about != other.about:
        raise Regrouped
    if group is other:
        return False
    if set(group.ids) != set(seen):
        raise Regrouped
    _choose([*group.ids, *other.ids], officer, now)
    _record("matter.grouped", matter_id, [*group.ids, *other.ids], officer, now)
    return True


def take_out(
    committee: Committee,
    matter_id: int,
    *,
    seen: Collection[int],
    assignment_id: int | None = None,
    officer: Person,
    now: datetime,
) -> bool:
    """Let a matter stand by itself, outside the group that was `seen`, which stands without it.

    False if it stands by itself already. Raises Regrouped.
    """
    group = sorted_at(committee, assignment_id).holding(matter_id)
    if group is None:
        raise Regrouped
    if group.ids == [matter_id]:
        return False
    if set(group.ids) != set(seen):
        raise Regrouped
    _choose([one for one in group.ids if one != matter_id], officer, now)
    _choose([matter_id], officer, now)
    _record("matter.set_apart", matter_id, group.ids, officer, now)
    return True


def _choose(matter_ids: Sequence[int], officer: Person, now: datetime) -> None:
    """Put on record that these matters, and no others, belong together."""
    values = {"head_id": matter_ids[0], "chosen_by_id": officer.id, "chosen_at": now}
    among = GroupChoice.matter_id.in_(matter_ids)
    before = set(db.session.scalars(select(GroupChoice.matter_id).where(among)))
    changed(update(GroupChoice).where(among).values(values))
    rows = [{"matter_id": one, **values} for one in matter_ids if one not in before]
    if rows:
        db.session.execute(insert(GroupChoice), rows)


def _record(kind: str, matter_id: int, among: Sequence[int], officer: Person, now: datetime) -> None:
    matter = db.session.get_one(Matter, matter_id)
    events.record(kind, matter, actor_id=officer.id, now=now, details={"among": list(among)})
