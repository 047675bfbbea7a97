"""The page about the design: every part in every state, and no state told by its colour alone."""

import re

import pytest

from dialog import create_app
from dialog.commitments.rules import CommitmentState
from dialog.conversation.rules import CommentState, Kind
from dialog.dialogues.rules import Level, Phase
from dialog.plan.rules import Progress
from dialog.response.rules import Lateness, Outcome
from dialog.web import word
from tests.databases import SECRET

SHOWN_OTHERWISE = {
    CommentState.PUBLISHED,  # where it stands with its committees is said instead
    Lateness.IN_TIME,  # the day by which an answer is due is said instead
    Lateness.DUE_TODAY,
    CommitmentState.OPEN,
}


@pytest.mark.parametrize(
    "states", [Kind, CommentState, Lateness, Outcome, CommitmentState, Progress, Phase, Level]
)
def test_every_state_is_there_in_words(world, app, client, states):
    page = client.get("/design").text
    with app.test_request_context("/design"):
        missing = [state for state in states if state not in SHOWN_OTHERWISE and word(state) not in page]
    assert not missing, f"Give {missing} an example in dialog/demo/examples.py."


def test_no_two_places_in_the_loop_are_told_apart_by_colour_alone(world, client):
    page = client.get("/design").text
    shown = re.search(r'<section aria-labelledby="lage">(.*?)</section>', page, re.S).group(1)
    said = [
        " ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<li>(.*?)</li>", shown, re.S)
    ]
    assert len(said) > len(Lateness) + len(Outcome)
    assert len(set(said)) == len(said)


def test_it_is_part_of_the_demonstration_alone(tmp_path):
    app = create_app({"DIALOG_INSTANCE": str(tmp_path), "SECRET_KEY": SECRET})
    assert "demo.design" not in app.view_functions
