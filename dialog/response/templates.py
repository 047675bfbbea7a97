"""Words that a committee's answers can begin with: its editors write them, and its officers put them in and go on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from dialog import events, states
from dialog.alphabet import alphabetical
from dialog.db import db
from dialog.people.models import Person
from dialog.plan.models import Committee
from dialog.response.models import AnswerTemplate


@dataclass(frozen=True)
class TemplateWords:
    """What a template is called, and what it says in each part of an answer; a part may be empty."""

    name: str
    you_said: str = ""
    we_decided: str = ""
    because: str = ""


def write_template(
    committee: Committee, words: TemplateWords, *, editor: Person, now: datetime
) -> AnswerTemplate:
    """Give a committee a new template. One that says just the same, by the same name, is given instead."""
    same = next((one for one in templates_of(committee) if _words_of(one) == words), None)
    if same is not None:
        return same
    template = AnswerTemplate(committee_id=committee.id, **asdict(words))
    db.session.add(template)
    events.record("answer_template.written", _flushed(template), actor_id=editor.id, now=now)
    return template


def change_template(
    template: AnswerTemplate, words: TemplateWords, *, seen: int, editor: Person, now: datetime
) -> bool:
    """Give a template, seen at version `seen`, other words. False if it has them. Raises states.Stale."""
    db.session.refresh(template)
    if _words_of(template) == words:
        return False
    states.change(template, seen=seen, **asdict(words))
    events.record("answer_template.written", template, actor_id=editor.id, now=now)
    return True


def remove_template(template: AnswerTemplate, *, editor: Person, now: datetime) -> bool:
    """Offer a template no longer. What was begun with it stays. False if it was taken away before."""
    db.session.refresh(template)
    if template.removed_at is not None:
        return False
    states.change(template, seen=template.version, removed_at=now)
    events.record("answer_template.removed", template, actor_id=editor.id, now=now)
    return True


def templates_of(committee: Committee) -> Sequence[AnswerTemplate]:
    """A committee's templates, by their names."""
    offered = (AnswerTemplate.committee_id == committee.id, AnswerTemplate.removed_at.is_(None))
    found = db.session.scalars(select(AnswerTemplate).where(*offered))
    return sorted(found, key=lambda one: (alphabetical(one.name), one.id))


def template_of(
    committee: Committee, template_id: int, *, even_removed: bool = False
) -> AnswerTemplate | None:
    """The committee's template with this id, as long as it is offered; or in any case."""
    template = db.session.get(AnswerTemplate, template_id)
    if template is None or template.committee_id != committee.id:
        return None
    return template if even_removed or template.removed_at is None else None


def _words_of(template: AnswerTemplate) -> TemplateWords:
    return TemplateWords(template.name, template.you_said, template.we_decided, template.because)


def _flushed(template: AnswerTemplate) -> AnswerTemplate:
    db.session.flush()
    return template
