"""The parts of a goal's page, each made once for each revision of what it shows and then joined."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup

from dialog.conversation.queries import Keys, public_comments
from dialog.db import clock
from dialog.plan import queries as plan_queries
from dialog.plan.queries import Outline
from dialog.public.cache import piece, pieces
from dialog.response.queries import AnswerKey, public_responses, standings


def comment_cards(keys: Keys, plan_revision: int, *, beside_assignment: bool = False) -> list[Markup]:
    """The comments as the page shows them. `plan_revision` is that of their goal: names stand on cards too."""

    def make(missing: list[tuple[str, int, int, int, bool]]) -> dict[tuple[str, int, int, int, bool], Markup]:
        key_of = {key[1]: key for key in missing}
        comments = public_comments(list(key_of))
        where = standings(comments)
        return {
            key_of[comment.id]: _macros().comment_card(
                comment,
                where[comment.id],
                clock.today(),
                show_about=bool(comment.paragraph) or not beside_assignment,
            )
            for comment in comments
        }

    wanted = [("comment", key.id, key.revision, plan_revision, beside_assignment) for key in keys.comments]
    return pieces(wanted, make)


def answer_cards(keys: Sequence[AnswerKey], plan_revision: int) -> list[Markup]:
    """The answers as a goal's page shows them, the newest with all its words and the others in brief."""

    def make(missing: list[tuple[str, int, int, int, bool]]) -> dict[tuple[str, int, int, int, bool], Markup]:
        key_of = {key[1]: key for key in missing}
        return {
            key_of[response.id]: _macros().answer_card(response, brief=key_of[response.id][-1])
            for response in public_responses(list(key_of))
        }

    wanted = [("answer", key.id, key.version, plan_revision, place > 0) for place, key in enumerate(keys)]
    return pieces(wanted, make)


def goal_parts(outline: Outline) -> dict[str, Markup]:
    """The head and the text of a goal's page, with its assignments and with every count that stands there."""
    counts = (outline.comment_count, outline.answered_count, plan_queries.counts_on(outline.id))

    def make() -> dict[str, Markup]:
        goal = plan_queries.goal_at(outline.year, outline.slug)
        assert goal is not None
        values = {
            "goal": goal,
            "wording": plan_queries.wording_of(goal),
            "extras": plan_queries.extras_of(goal),
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
