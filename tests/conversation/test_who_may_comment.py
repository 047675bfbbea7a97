"""Who may comment, as what, where and when, and what becomes of it: the rule in words stands in each row."""

from itertools import product
from types import SimpleNamespace

import pytest

from dialog.conversation.rules import (
    CommentState,
    Place,
    Refusal,
    ReviewReason,
    Speaker,
    Target,
    Voice,
    is_open,
    refusal,
    state_on_arrival,
    target_of,
)
from dialog.conversation.submitting import NotAccepted
from dialog.conversation.words import REFUSALS
from dialog.db import clock, transaction
from dialog.dialogues.rules import Level, Phase, Ruling
from dialog.people.rules import Role
from dialog.permissions import allowed
from tests.world import GOAL_2024, WORDS

WAITS_AS_FIRST = (CommentState.RECEIVED, ReviewReason.FIRST_COMMENT)
WAITS = (CommentState.RECEIVED, ReviewReason.NEW_COMMENT)
SHOWN = (CommentState.PUBLISHED, ReviewReason.NEW_COMMENT)
VISITOR, RESIDENT = None, "resident"
NOT_ALLOWED = "not allowed"  # by the map of permissions, whatever stands in the way besides

OPEN = Ruling(Phase.OPEN, Level.DIALOGUE)
READ_FIRST = OPEN._replace(pre_moderated=True)
INFORMATION = Ruling(Phase.OPEN, Level.INFORMATION)
OVER, UNREPORTED, REPORTED = (
    Ruling(one, Level.DIALOGUE) for one in (Phase.OVER, Phase.UNREPORTED, Phase.REPORTED)
)
NEW, KNOWN = Speaker(is_prepared=True), Speaker(is_prepared=True, is_known=True)
UNPREPARED = Speaker(is_prepared=False)
FOR_ONE = Speaker(is_prepared=True, is_known=True, voice=Voice.MANDATE_HOLDS)
FOR_ONE_AT_FIRST = Speaker(is_prepared=True, voice=Voice.MANDATE_HOLDS)
REAL = OPEN._replace(real_names_only=True)
NAMED = Speaker(is_prepared=True, is_known=True, name_is_real=True)
ENDED = Speaker(is_prepared=True, is_known=True, voice=Voice.MANDATE_ENDED)
IN_PLAN, ON_COMMENT = Place(), Place(Target.COMMENT)

ROWS = [
    # the rule, role, act, place, speaker, what comes of it
    ("Visitors are to sign in first.", VISITOR, "comment", IN_PLAN, NEW, NOT_ALLOWED),
    ("Residents may comment.", RESIDENT, "comment", IN_PLAN, KNOWN, SHOWN),
    *(
        (f"Whoever is {role} comments as residents do.", role, "comment", IN_PLAN, KNOWN, SHOWN)
        for role in Role
    ),
    *(
        (f"Only the customer centre, not {role}, says it for others.", role, "receive", IN_PLAN, NEW, NOT_ALLOWED)
        for role in (VISITOR, RESIDENT, *Role)
        if role != Role.CUSTOMER_CENTRE
    ),
    ("The customer centre puts on record what others say, to be read first.",
     Role.CUSTOMER_CENTRE, "receive", IN_PLAN, NEW, WAITS_AS_FIRST),
    ("And what a group without an account says.",
     Role.CUSTOMER_CENTRE, "receive", IN_PLAN, FOR_ONE_AT_FIRST, WAITS_AS_FIRST),
    ("But nothing that came when the dialogue was over.",
     Role.CUSTOMER_CENTRE, "receive", Place(ruling=OVER), NEW, Refusal.DIALOGUE_OVER),
    # The notice, and earlier decisions.
    ("Nobody who hasn't chosen a name and read the notice.",
     RESIDENT, "comment", IN_PLAN, UNPREPARED, Refusal.NOT_PREPARED),
    ("Nobody's first comment is shown before it has been read.",
     RESIDENT, "comment", IN_PLAN, NEW, WAITS_AS_FIRST),
    ("Once one has been let through, the next is shown at once.", RESIDENT, "comment", IN_PLAN, KNOWN, SHOWN),
    ("Nor is the first one for an organisation.",
     RESIDENT, "comment", IN_PLAN, FOR_ONE_AT_FIRST, WAITS_AS_FIRST),
    # The dialogue.
    ("Where no dialogue has been opened, at any time.", RESIDENT, "comment", Place(), KNOWN, SHOWN),
    ("While a dialogue is open.", RESIDENT, "comment", Place(ruling=OPEN), KNOWN, SHOWN),
    ("Where it has every comment read first, those of known people too.",
     RESIDENT, "comment", Place(ruling=READ_FIRST), KNOWN, WAITS),
    ("And a first one there is still a first one.",
     RESIDENT, "comment", Place(ruling=READ_FIRST), NEW, WAITS_AS_FIRST),
    ("Not where it only tells what has been decided.",
     RESIDENT, "comment", Place(ruling=INFORMATION), KNOWN, Refusal.DIALOGUE_OVER),
    *(
        ("Not once it is over.", RESIDENT, "comment", Place(ruling=ruling), KNOWN, Refusal.DIALOGUE_OVER)
        for ruling in (OVER, UNREPORTED, REPORTED)
    ),
    ("Nor for an organisation.", RESIDENT, "comment", Place(ruling=OVER), FOR_ONE, Refusal.DIALOGUE_OVER),
    # The mandate.
    ("For an organisation while the mandate holds.", RESIDENT, "comment", IN_PLAN, FOR_ONE, SHOWN),
    ("Not once it has ended.", RESIDENT, "comment", IN_PLAN, ENDED, Refusal.NO_MANDATE),
    ("Replies too.", RESIDENT, "comment", ON_COMMENT, ENDED, Refusal.NO_MANDATE),
    # The name.
    (
        "Where a dialogue asks for real names, nobody under a chosen one.",
        RESIDENT, "comment", Place(ruling=REAL), KNOWN, Refusal.NOT_A_REAL_NAME,
    ),
    ("For no organisation either.", RESIDENT, "comment", Place(ruling=REAL), FOR_ONE, Refusal.NOT_A_REAL_NAME),
    ("Under a real one.", RESIDENT, "comment", Place(ruling=REAL), NAMED, SHOWN),
    # What it is about.
    ("Not on an assignment that no longer stands in the plan.",
     RESIDENT, "comment", Place(Target.WITHDRAWN), KNOWN, Refusal.OUT_OF_THE_PLAN),
    ("As a reply to what everybody can read.", RESIDENT, "comment", ON_COMMENT, KNOWN, SHOWN),
    ("For an organisation too.", RESIDENT, "comment", ON_COMMENT, FOR_ONE, SHOWN),
    ("Not to what isn't shown.", RESIDENT, "comment", Place(Target.NOT_SHOWN), KNOWN, Refusal.NO_REPLIES),
    ("Not to a reply.", RESIDENT, "comment", Place(Target.REPLY), KNOWN, Refusal.NO_REPLIES),
    ("A dialogue that is over takes no replies.",
     RESIDENT, "comment", Place(Target.COMMENT, OVER), KNOWN, Refusal.DIALOGUE_OVER),
    ("Replies wait where everything is read first.",
     RESIDENT, "comment", Place(Target.COMMENT, READ_FIRST), KNOWN, WAITS),
]  # fmt: skip


def holder_of(role):
    """Whom the map of permissions is asked about."""
    if role is VISITOR:
        return None
    return SimpleNamespace(has_role=lambda one: one == role)


@pytest.mark.parametrize(("words", "role", "act", "place", "speaker", "expected"), ROWS)
def test_who_may_comment_as_what_where_and_when(words, role, act, place, speaker, expected):
    if not allowed(act, holder_of(role)):
        found = NOT_ALLOWED
    else:
        found = refusal(place, speaker) or state_on_arrival(place, speaker)
    assert found == expected, words


def test_in_every_other_case_the_same_sentence_decides():
    """On what stands in the plan or is shown, in no dialogue or an open one that asks, prepared, with a mandate."""
    rulings = [Ruling(phase, level) for phase, level in product((None, *Phase), Level)]
    for target, ruling, is_prepared, voice in product(Target, rulings, (True, False), Voice):
        asks = ruling.phase is None or (ruling.phase == Phase.OPEN and ruling.level != Level.INFORMATION)
        is_there = target in (Target.IN_THE_PLAN, Target.COMMENT)
        assert is_open(target, ruling) is (asks and is_there)
        may = refusal(Place(target, ruling), Speaker(is_prepared, voice=voice)) is None
        assert may is (asks and is_there and is_prepared and voice != Voice.MANDATE_ENDED)


@pytest.mark.parametrize(
    ("state", "is_reply", "expected"),
    [
        # What is shown can be replied to, and replies can't.
        (CommentState.PUBLISHED, False, Target.COMMENT),
        (CommentState.PUBLISHED, True, Target.REPLY),
        *((state, False, Target.NOT_SHOWN) for state in CommentState if state != CommentState.PUBLISHED),
    ],
)
def test_what_a_comment_is_to_whoever_would_reply(state, is_reply, expected):
    assert target_of(state, is_reply=is_reply) == expected


def test_every_refusal_has_words():
    assert set(REFUSALS) == set(Refusal)


def test_the_operation_asks_the_same_rule(world):
    with pytest.raises(NotAccepted) as refused:
        world.say(world.gun)
    assert refused.value.refusal == Refusal.NOT_PREPARED
    assert world.say(world.prepared(world.gun)).state == CommentState.RECEIVED


def test_an_assignment_that_has_left_the_plan_meanwhile_takes_nothing_and_the_text_stays(world, client):
    assignment = world.assignment(1)
    address = f"{GOAL_2024}/skriv?uppdrag={assignment.id}"
    world.sign_in(client, world.nils)
    token = client.token(address)
    with transaction():
        assignment.withdrawn_at = clock.now()
    sent = client.post(
        address,
        data={"csrf_token": token, "kind": "proposal", "text": WORDS, "form_key": "k", "language": "sv"},
    )
    assert sent.status_code == 409
    assert "finns inte längre kvar i planen" in sent.text
    assert WORDS in sent.text
    assert client.get(address).status_code == 404
