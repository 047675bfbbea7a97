"""Who may do what: one map, each row a sentence made of named predicates.

A route names its act with `@permitted`. It is asked twice: at the gate without a thing ("could this person do
it to anything at all?"), and with the thing where it matters which (`require`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from dialog.db import clock
from dialog.people.rules import Role

if TYPE_CHECKING:
    from dialog.people.models import Person

Predicate = Callable[["Person | None", Any], bool]
View = TypeVar("View", bound=Callable[..., Any])


def anyone(person: "Person | None", thing: Any) -> bool:
    return True


def signed_in(person: "Person | None", thing: Any) -> bool:
    return person is not None


def holds(role: Role) -> Predicate:
    def predicate(person: "Person | None", thing: Any) -> bool:
        return person is not None and person.has_role(role)

    return predicate


def holds_at_its_committee(role: Role) -> Predicate:
    def predicate(person: "Person | None", committee: Any) -> bool:
        if person is None:
            return False
        committees = person.committee_ids(role)
        return bool(committees) if committee is None else committee.id in committees

    return predicate


def author(person: "Person | None", comment: Any) -> bool:
    """Whoever wrote the comment."""
    return person is not None and (comment is None or comment.author_id == person.id)


def anyone_else(person: "Person | None", comment: Any) -> bool:
    """Anybody, signed in or not, but whoever wrote the comment."""
    return person is None or comment is None or comment.author_id != person.id


def moderator_of_anothers(person: "Person | None", comment: Any) -> bool:
    """A moderator, and the comment is neither their own, nor said for their organisation, nor put on record by them."""
    if person is None or not person.has_role(Role.MODERATOR):
        return False
    if comment is None:
        return True
    if person.id in (comment.author_id, comment.registered_by_id):
        return False
    return comment.organisation is None or not comment.organisation.is_carried_by(person, clock.today())


def moderator_of_anothers_decision(person: "Person | None", appeal: Any) -> bool:
    """A moderator, and both the comment and the decision about it are somebody else's."""
    if appeal is None:
        return moderator_of_anothers(person, None)
    is_anothers = person is not None and person.id not in appeal.decision.takers
    return is_anothers and moderator_of_anothers(person, appeal.comment)


def moderator_of_anothers_proposal(person: "Person | None", proposal: Any) -> bool:
    """A moderator, and both the comment and the proposal about it are somebody else's."""
    if proposal is None:
        return moderator_of_anothers(person, None)
    is_anothers = person is not None and proposal.proposed_by_id != person.id
    return is_anothers and moderator_of_anothers(person, proposal.comment)


def moderator_or_administrator(person: "Person | None", thing: Any) -> bool:
    return person is not None and (person.has_role(Role.MODERATOR) or person.has_role(Role.ADMINISTRATOR))


def registered_it(person: "Person | None", comment: Any) -> bool:
    """Whoever of the customer centre put the comment on record."""
    if person is None or not person.has_role(Role.CUSTOMER_CENTRE):
        return False
    return comment is None or comment.registered_by_id == person.id


def confirms_organisations(person: "Person | None", thing: Any) -> bool:
    """Whoever of the municipality says that an organisation is what it says it is."""
    return person is not None and (
        person.has_role(Role.CUSTOMER_CENTRE) or person.has_role(Role.ADMINISTRATOR)
    )


def confirms_anothers_organisation(person: "Person | None", organisation: Any) -> bool:
    """As above, and the organisation isn't their own."""
    if person is None or not confirms_organisations(person, organisation):
        return False
    return organisation is None or not organisation.is_carried_by(person, clock.today())


def representative(person: "Person | None", organisation: Any) -> bool:
    """Whoever holds a mandate of the organisation, or has founded one that isn't confirmed yet."""
    return person is not None and (organisation is None or organisation.is_carried_by(person, clock.today()))


def representative_or_municipality(person: "Person | None", organisation: Any) -> bool:
    return representative(person, organisation) or confirms_organisations(person, organisation)


def addressee(person: "Person | None", offer: Any) -> bool:
    """Whoever the offer was made to."""
    return person is not None and (offer is None or person.email == offer.email)


@dataclass(frozen=True)
class Permission:
    sentence: str
    allows: Predicate
    writes: bool = False


PERMISSIONS: dict[str, Permission] = {
    "read": Permission("Anyone may read what is published.", anyone),
    "follow_receipt": Permission("Anyone who has a receipt's secret address may follow it.", anyone),
    "judge_answer": Permission(
        "Anyone who has a receipt's secret address may say whether an answer answered them.",
        anyone,
        writes=True,
    ),
    "see_sign_in": Permission("Anyone may see the pages for signing in.", anyone),
    "sign_in": Permission(
        "Anyone may sign in with a link sent to their own address, or with an e-legitimation.",
        anyone,
        writes=True,
    ),
    "sign_out": Permission(
        "Whoever is signed in may sign out, here and in their other browsers.", signed_in, writes=True
    ),
    "see_account": Permission("Whoever is signed in may see their own account.", signed_in),
    "edit_account": Permission("Whoever is signed in may change their own account.", signed_in, writes=True),
    "see_following": Permission(
        "Whoever is signed in may see what they follow and what is new there.", signed_in
    ),
    "follow": Permission(
        "Whoever is signed in may follow what they may see, and stop following it.", signed_in, writes=True
    ),
    "see_stance": Permission(
        "Whoever is signed in may see what they think of a comment themselves.", signed_in
    ),
    "take_stance": Permission(
        "Whoever is signed in may say whether they agree with others' comments, and take it back.",
        signed_in,
        writes=True,
    ),
    "see_unsubscribe": Permission(
        "Anyone who has a letter's address for ending it may see where it leads.", anyone
    ),
    "unsubscribe": Permission(
        "Anyone who has a letter's address for ending it may end what it names.", anyone, writes=True
    ),
    "prepare_comment": Permission("Whoever is signed in may see the form for a comment.", signed_in),
    "comment": Permission("Whoever is signed in may comment.", signed_in, writes=True),
    "change_own": Permission(
        "Whoever wrote a comment may see the pages for changing it and for withdrawing it.", author
    ),
    "compare_comment": Permission(
        "Whoever is signed in may see which comments are like the one they are writing. Nothing of it is kept.",
        signed_in,
        writes=True,  # what is written must stand in no address, so it is sent as forms are
    ),
    "edit_comment": Permission("Whoever wrote a comment may change it.", author, writes=True),
    "withdraw_comment": Permission("Whoever wrote a comment may withdraw it.", author, writes=True),
    "prepare_report": Permission("Anyone may see the form for reporting a comment.", anyone),
    "report": Permission(
        "Anyone may report a published comment, but not one they have written.", anyone_else, writes=True
    ),
    "confirm_report": Permission(
        "Anyone who has a letter's address for it may confirm that a report is theirs.", anyone, writes=True
    ),
    "see_report_threshold": Permission(
        "Administrators may see how many reports take a comment out of view until a moderator decides.",
        holds(Role.ADMINISTRATOR),
    ),
    "set_report_threshold": Permission(
        "Administrators may set how many reports take a comment out of view until a moderator decides.",
        holds(Role.ADMINISTRATOR),
        writes=True,
    ),
    "see_queue": Permission("Moderators may see what waits to be looked at.", holds(Role.MODERATOR)),
    "decide": Permission(
        "Moderators may decide on comments, but not on their own, their organisation's or those they have registered.",
        moderator_of_anothers,
        writes=True,
    ),
    "see_masking": Permission(
        "Moderators may see the page for taking personal data out of a comment that they may decide on.",
        moderator_of_anothers,
    ),
    "settle_proposal": Permission(
        "Moderators may say yes or no to hiding what another has proposed to hide, but not to their own proposals, "
        "nor about what they have written or put on record themselves.",
        moderator_of_anothers_proposal,
        writes=True,
    ),
    "see_reason_texts": Permission(
        "Administrators may see what moderators' reasons start from on each ground.",
        holds(Role.ADMINISTRATOR),
    ),
    "edit_reason_texts": Permission(
        "Administrators may write what moderators' reasons start from on each ground.",
        holds(Role.ADMINISTRATOR),
        writes=True,
    ),
    "see_moving": Permission(
        "Moderators may see where a comment that they may decide on can be moved.", moderator_of_anothers
    ),
    "move_comment": Permission(
        "Moderators may move a comment to the goal it is about, but not one they may not decide on.",
        moderator_of_anothers,
        writes=True,
    ),
    "see_watch_rules": Permission(
        "Administrators may see the rules that ask moderators for a look, and how they have done.",
        holds(Role.ADMINISTRATOR),
    ),
    "edit_watch_rules": Permission(
        "Administrators may write the rules that ask moderators for a look, and switch them on and off.",
        holds(Role.ADMINISTRATOR),
        writes=True,
    ),
    "claim": Permission(
        "Moderators may say which comments they are looking at, but take none that they may not decide on.",
        moderator_of_anothers,
        writes=True,
    ),
    "prepare_appeal": Permission(
        "Anyone who has a receipt's secret address may see the page for asking that another moderator looks again.",
        anyone,
    ),
    "appeal": Permission(
        "Anyone who has a receipt's secret address may ask that another moderator looks again.",
        anyone,
        writes=True,
    ),
    "see_appeals": Permission("Moderators may see what is to be looked at again.", holds(Role.MODERATOR)),
    "settle_appeal": Permission(
        "Moderators may settle appeals, but not against their own decisions, nor about comments that they may not "
        "decide on.",
        moderator_of_anothers_decision,
        writes=True,
    ),
    "see_supervision": Permission(
        "Moderators and administrators may see when the queue was gone through.",
        moderator_or_administrator,
    ),
    "supervise": Permission(
        "Moderators may put on record that they have gone through the queue.",
        holds(Role.MODERATOR),
        writes=True,
    ),
    "see_reception": Permission(
        "The customer centre may see the pages for putting on record what came by other ways than the web.",
        holds(Role.CUSTOMER_CENTRE),
    ),
    "receive": Permission(
        "The customer centre may put on record what came by other ways than the web.",
        holds(Role.CUSTOMER_CENTRE),
        writes=True,
    ),
    "see_correction": Permission(
        "Whoever put a comment on record may see the page for putting right a slip of the pen in it.",
        registered_it,
    ),
    "correct_comment": Permission(
        "Whoever put a comment on record may put right a slip of the pen in it.", registered_it, writes=True
    ),
    "see_inbox": Permission(
        "A committee's officers may see what waits for its answer.", holds_at_its_committee(Role.OFFICER)
    ),
    "see_annex": Permission(
        "A committee's officers may make an annex to its meeting, of what everybody may read.",
        holds_at_its_committee(Role.OFFICER),
    ),
    "see_recording": Permission(
        "A committee's editors may see the page for putting its meeting on record.",
        holds_at_its_committee(Role.EDITOR),
    ),
    "record_meeting": Permission(
        "A committee's editors may put its meeting on record, and begin the answers to what it decided.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "handle_matter": Permission(
        "A committee's officers may take what waits for its answer, let it go, and note something about it.",
        holds_at_its_committee(Role.OFFICER),
        writes=True,
    ),
    "group_matters": Permission(
        "A committee's officers may say which comments that wait for its answer belong together.",
        holds_at_its_committee(Role.OFFICER),
        writes=True,
    ),
    "explain_delay": Permission(
        "A committee's officers may say why its answer takes longer, and when it comes instead.",
        holds_at_its_committee(Role.OFFICER),
        writes=True,
    ),
    "forward_matter": Permission(
        "A committee's officers may pass on what another committee should answer.",
        holds_at_its_committee(Role.OFFICER),
        writes=True,
    ),
    "see_sharing": Permission(
        "Moderators may see which committees answer a comment that they may decide on.", moderator_of_anothers
    ),
    "share_matter": Permission(
        "Moderators may choose which committees answer a comment, but not one they may not decide on.",
        moderator_of_anothers,
        writes=True,
    ),
    "draft_answer": Permission(
        "A committee's officers may draft its answers.", holds_at_its_committee(Role.OFFICER), writes=True
    ),
    "see_templates": Permission(
        "A committee's editors may see the pages for what its answers can begin with.",
        holds_at_its_committee(Role.EDITOR),
    ),
    "edit_templates": Permission(
        "A committee's editors may write what its answers can begin with, and take it away.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "use_template": Permission(
        "A committee's officers may put such words into an answer they write. Nothing is saved by it.",
        holds_at_its_committee(Role.OFFICER),
        writes=True,  # what is written must stand in no address, so it is sent as forms are
    ),
    "check_language": Permission(
        "A committee's officers may have the language of an answer looked through. Nothing of it is kept.",
        holds_at_its_committee(Role.OFFICER),
        writes=True,  # what is written must stand in no address, so it is sent as forms are
    ),
    "publish_answer": Permission(
        "A committee's editors may publish its answers.", holds_at_its_committee(Role.EDITOR), writes=True
    ),
    "schedule_answer": Permission(
        "A committee's editors may set the time at which an answer is published by itself.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "see_translating": Permission(
        "A committee's editors may see the page for giving its answers in other languages.",
        holds_at_its_committee(Role.EDITOR),
    ),
    "translate_answer": Permission(
        "A committee's editors may give its published answers in other languages too.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "see_revising": Permission(
        "A committee's editors may see the page for giving its answers other words.",
        holds_at_its_committee(Role.EDITOR),
    ),
    "revise_answer": Permission(
        "A committee's editors may give its published answers other words; what they said before stays in view.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "see_pauses": Permission(
        "A committee's editors may see when its clock stands still.", holds_at_its_committee(Role.EDITOR)
    ),
    "pause_clock": Permission(
        "A committee's editors may say beforehand on which days its clock stands still.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "see_follow_ups": Permission(
        "A committee's officers may see what is said of how its assignments go, and what belongs to none for certain.",
        holds_at_its_committee(Role.OFFICER),
    ),
    "follow_up": Permission(
        "A committee's officers may say how its assignments go, and which of them a published follow-up is about.",
        holds_at_its_committee(Role.OFFICER),
        writes=True,
    ),
    "see_committing": Permission(
        "A committee's editors may see the pages for making commitments and for saying what became of them.",
        holds_at_its_committee(Role.EDITOR),
    ),
    "commit": Permission(
        "A committee's editors may make commitments in its published answers.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "settle_commitment": Permission(
        "A committee's editors may say what became of its commitments.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "correct_commitment": Permission(
        "A committee's editors may take back what they said of a commitment by mistake; it stays in view.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "see_dialogues": Permission(
        "A committee's officers may see its dialogues.", holds_at_its_committee(Role.OFFICER)
    ),
    "draft_dialogue": Permission(
        "A committee's officers may prepare its dialogues.", holds_at_its_committee(Role.OFFICER), writes=True
    ),
    "open_dialogue": Permission(
        "A committee's editors may open and close its dialogues, and report them back.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "see_revising_report": Permission(
        "A committee's editors may see the page for giving the result of its dialogues other words.",
        holds_at_its_committee(Role.EDITOR),
    ),
    "revise_report": Permission(
        "A committee's editors may give the result of its dialogues other words; what it said before stays in view.",
        holds_at_its_committee(Role.EDITOR),
        writes=True,
    ),
    "prepare_organisation": Permission(
        "Whoever is signed in may see the form for founding an organisation.", signed_in
    ),
    "found_organisation": Permission(
        "Whoever is signed in may put an organisation forward.", signed_in, writes=True
    ),
    "see_representation": Permission(
        "Whoever speaks for an organisation may see the page for changing what it says of itself.",
        representative,
    ),
    "represent": Permission(
        "Whoever speaks for an organisation may change what it says of itself, and renew their own mandate.",
        representative,
        writes=True,
    ),
    "see_mandates": Permission(
        "Whoever speaks for an organisation, and the municipality, may see who holds its mandates.",
        representative_or_municipality,
    ),
    "appoint": Permission(
        "Whoever speaks for an organisation, and the municipality, may offer and end its mandates.",
        representative_or_municipality,
        writes=True,
    ),
    "see_offer": Permission("Whoever was asked to speak for an organisation may see the offer.", addressee),
    "answer_offer": Permission(
        "Whoever was asked to speak for an organisation may accept or decline.", addressee, writes=True
    ),
    "see_proposals": Permission(
        "The customer centre and administrators may see the organisations that wait to be confirmed.",
        confirms_organisations,
    ),
    "judge_organisation": Permission(
        "The customer centre and administrators may confirm organisations, but not their own.",
        confirms_anothers_organisation,
        writes=True,
    ),
    "see_sealed": Permission(
        "Registrars may see of which comments something is sealed, and who has opened it.",
        holds(Role.REGISTRAR),
    ),
    "open_sealed": Permission(
        "Registrars may open what is sealed, with a reason that is written down.",
        holds(Role.REGISTRAR),
        writes=True,
    ),
    "see_register": Permission(
        "Administrators may see the register of committees and areas.", holds(Role.ADMINISTRATOR)
    ),
    "edit_register": Permission(
        "Administrators may change the register of committees and areas.",
        holds(Role.ADMINISTRATOR),
        writes=True,
    ),
    "see_texts": Permission(
        "Administrators may see the page for writing the texts that the municipality owns.",
        holds(Role.ADMINISTRATOR),
    ),
    "edit_texts": Permission(
        "Administrators may publish new versions of the texts that the municipality owns.",
        holds(Role.ADMINISTRATOR),
        writes=True,
    ),
    "prepare_fault": Permission("Anyone may see the form for reporting a fault in accessibility.", anyone),
    "report_fault": Permission("Anyone may report a fault in accessibility.", anyone, writes=True),
    "see_faults": Permission(
        "Administrators, who write the accessibility statement, may see the faults reported in accessibility.",
        holds(Role.ADMINISTRATOR),
    ),
    "answer_fault": Permission(
        "Administrators, who can have the service mended, may answer the faults reported in accessibility.",
        holds(Role.ADMINISTRATOR),
        writes=True,
    ),
    "see_demo": Permission("Anyone may see the demonstration's pages, where there is one.", anyone),
    "play_a_part": Permission(
        "Anyone may sign in as a member of the demonstration's cast, where there is one.", anyone, writes=True
    ),
}


def allowed(act: str, person: "Person | None", thing: Any = None) -> bool:
    """Whether `person` may do `act` (to `thing`, if one is given). Raises KeyError for an unknown act."""
    return PERMISSIONS[act].allows(person, thing)


def permitted(act: str) -> Callable[[View], View]:
    """Declare which act a view is. `web.guard` refuses whoever may not do it."""
    if act not in PERMISSIONS:
        raise KeyError(f"{act!r} is not in dialog.permissions.PERMISSIONS.")

    def declare(view: View) -> View:
        view.act = act  # type: ignore[attr-defined]
        return view

    return declare
