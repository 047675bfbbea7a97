"""The parts of a goal's page, each made once for each revision of what it shows and then joined."""

from collections.abc import Sequence
from functools import partial

from flask import render_template
from markupsafe import Markup

from dialog.conversation.queries import Keys, public_comments
from dialog.db import clock
from dialog.plan import queries as plan_queries
from dialog.plan.queries import Outline
from dialog.public.cache import piece, pieces
from dialog.response.models import Response
from dialog.response.queries import standings


def comment_cards(keys: Keys, plan_revision: int, *, beside_assignment: bool = False) -> list[Markup]:
    """The comments as the page shows them. `plan_revision` is that of their goal: names stand on cards too."""

    def make(missing: list[tuple[str, int, int, int, bool]]) -> dict[tuple[str, int, int, int, bool], Markup]:
        key_of = {key[1]: key for key in missing}
        comments = public_comments(list(key_of))
        where = standings(comments)
        return {
            key_of[comment.id]: _made(
                "public/_comment.html",
                comment=comment,
                standing=where[comment.id],
                today=clock.today(),
                show_about=bool(comment.paragraph) or not beside_assignment,
            )
            for comment in comments
        }

    wanted = [("comment", key.id, key.revision, plan_revision, beside_assignment) for key in keys.comments]
    return pieces(wanted, make)


def answer_cards(responses: Sequence[Response], plan_revision: int) -> list[Markup]:
    """The answers as a goal's page shows them, the newest with all its words and the others in brief."""
    return [
        piece(
            ("answer", response.id, response.version, plan_revision, number > 0),
            partial(_made, "public/_answer.html", response=response, brief=number > 0),
        )
        for number, response in enumerate(responses)
    ]


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
        return {part: _made(f"public/_goal_{part}.html", **values) for part in ("head", "text")}

    return piece(("goal", outline.id, outline.plan_revision, counts), make)


def _made(template: str, **values: object) -> Markup:
    return Markup(render_template(template, **values))  # noqa: S704 - a template of ours has escaped what it shows
