"""The page of what has changed in a goal, within its year and since the one it replaced, and of what came along."""

from flask import Response

from dialog.commitments.queries import commitments_about
from dialog.db import clock
from dialog.permissions import permitted
from dialog.plan.history import rewordings, since
from dialog.plan.queries import goal_alone
from dialog.public.views import blueprint
from dialog.response.about_words import answers_about
from dialog.response.queries import latest_responses
from dialog.web import found, render

MOST_THAT_CAME_ALONG = 20  # answers, and as many commitments; the earlier goal's own page has them all


@blueprint.get("/mal/<int:year>/<slug>/andringar")
@permitted("read")
def changes(year: int, slug: str) -> Response:
    goal = found(goal_alone(year, slug))
    earlier = since(goal)
    replaced = [one.before for one in earlier]
    reworded = rewordings(goal)
    return render(
        "public/changes.html",
        goal=goal,
        earlier=earlier,
        rewordings=reworded,
        answers_about=answers_about([one.first_id for one in reworded if one.first_id]),
        answers=latest_responses(goals=replaced, limit=MOST_THAT_CAME_ALONG),
        commitments=commitments_about(replaced, limit=MOST_THAT_CAME_ALONG),
        today=clock.today(),
    )
