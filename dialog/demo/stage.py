"""What the acts of the demonstration's conversation share: everybody and everything they refer to by key."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from dialog.commitments.models import Commitment
from dialog.conversation.models import Comment, Sitting
from dialog.db import db
from dialog.organisations.models import Mandate
from dialog.people.models import Person
from dialog.plan.models import Area, Committee, Goal


@dataclass
class Stage:
    """Everything the conversation refers to by key."""

    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    mandates: dict[str, Mandate] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    sittings: dict[str, Sitting] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)

    def moment(self, days_ago: float) -> datetime:
        return self.now - timedelta(days=days_ago)


def goal_of(row: dict[str, Any]) -> Goal:
    """The goal that a row names by its year and address."""
    year, slug = row["goal"].split("/")
    return db.session.scalars(select(Goal).where(Goal.year == int(year), Goal.slug == slug)).one()
