"""What those who follow a thing are told of."""

from dialog.following.rules import Thing, What
from dialog.following.sources import ARMS

# A new comment, answer …: told to whoever follows the goal, the assignment, the committee, the area, the comment?
TRUTH = """
                     goal  assignment  committee  area  comment
commented            yes   yes         yes        yes   no
answered             yes   yes         yes        yes   yes
commitment_kept      yes   yes         yes        yes   yes
commitment_changed   yes   yes         yes        yes   yes
commitment_not_kept  yes   yes         yes        yes   yes
commitment_reopened  yes   yes         yes        yes   yes
followed_up          yes   yes         yes        no    no
changed              no    no          no         no    yes
dialogue_opened      yes   yes         yes        no    no
dialogue_closed      yes   yes         yes        no    no
reported_back        yes   yes         yes        no    no
replied              no    no          no         no    yes
"""
HEAD, *ROWS = [line.split() for line in TRUTH.strip().splitlines()]
CASES = [
    (What(what), Thing(thing), answer == "yes")
    for what, *answers in ROWS
    for thing, answer in zip(HEAD, answers, strict=True)
]


def test_the_table_says_it_of_everything_that_happens_to_everything():
    assert {(what, thing) for what, thing, _ in CASES} == {(what, thing) for what in What for thing in Thing}


def test_the_log_is_read_for_exactly_what_is_told():
    assert set(ARMS) == {(what, thing) for what, thing, told in CASES if told}
