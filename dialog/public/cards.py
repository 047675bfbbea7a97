"""The parts of a goal's page, each made once for each revision of what it shows and then joined."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from flask import current_app, render_template
from markupsafe import Markup

from dialog.conversation.queries import Keys, public_comments
from dialog.db import clock
from dialog.dialogues.queries import dialogue_on
from dialog.plan import queries as plan_queries
from dialog.plan.queries import Outline
from dialog.public.cache import piece, pieces
from dialog.public.queries import Marks
from dialog.response.queries import AnswerKey, public_responses, standings


class CardKey(NamedTuple):
    """What a card is kept under: which thing, in which revision, and which of its two looks."""

    kind: str
    id: int
    revision: int
    plan_revision: int
    is_second_look: bool


def comment_cards(keys: Keys, plan_revision: int, *, beside_assignment: bool = False) -> list[Markup]:
    """The comments as the page shows them. `plan_revision` is that of their goal: names stand on cards too.

    Beside the assignment they are about, they don't say once more what they are about.
    """

    def looks(ids: list[int]) -> Iterable[tuple[int, Markup]]:
        comments = public_comments(ids)
        where = standings(comments)
        for comment in comments:
            show_about = bool(comment.paragraph) or not beside_assignment
            standing = where[comment.id]
            yield (
                comment.id,
                _macros().comment_card(comment, standing, clock.today(), show_about=show_about),
            )

    wanted = [
        CardKey("comment", key.id, key.revision, plan_revision, beside_assignment) for key in keys.comments
    ]
    return _cards(wanted, looks)


def answer_cards(keys: Sequence[AnswerKey], plan_revision: int) -> list[Markup]:
    """The answers as a goal's page shows them, the newest with all its words and the others in brief."""
    brief = {key.id: place > 0 for place, key in enumerate(keys)}

    def looks(ids: list[int]) -> Iterable[tuple[int, Markup]]:
        for response in public_responses(ids):
            yield response.id, _macros().answer_card(response, brief=brief[response.id])

    return _cards(
        [CardKey("answer", key.id, key.version, plan_revision, brief[key.id]) for key in keys], looks
    )


def _cards(wanted: list[CardKey], looks: Callable[[list[int]], Iterable[tuple[int, Markup]]]) -> list[Markup]:
    """The cards `wanted`, in their order; `looks` makes those that aren't kept, by the things' ids."""

    def make(missing: list[CardKey]) -> dict[CardKey, Markup]:
        key_of = {key.id: key for key in missing}
        return {key_of[thing_id]: card for thing_id, card in looks(list(key_of))}

    return pieces(wanted, make)


def goal_parts(outline: Outline, marks: Marks) -> dict[str, Markup]:
    """The head and the text of a goal's page, with its assignments and with every count that stands there."""
    counts = (outline.comment_count, outline.answered_count, marks.counts)

    def make() -> dict[str, Markup]:
        goal = plan_queries.goal_at(outline.year, outline.slug)
        assert goal is not None
        values = {
            "goal": goal,
            "wording": plan_queries.wording_of(goal),
            "extras": plan_queries.extras_of(goal),
            "dialogue": dialogue_on(goal),
            "today": clock.today(),
        }
        return {
            # A template of ours has escaped what it shows.
            part: Markup(render_template(f"public/_goal_{part}.html", **values))  # noqa: S704
            for part in ("head", "text")
        }

    return piece(("goal", outline.id, outline.plan_revision, counts), make)


def _macros() -> Any:
    """The looks of a comment and an answer, called as they are: a template of its own for each costs more."""
    return current_app.jinja_env.get_template("components/conversation.html").module
