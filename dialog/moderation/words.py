"""The words readers see for grounds and decisions."""

from enum import StrEnum

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from dialog.conversation.rules import Act, CommentState
from dialog.events import Event
from dialog.formats import hour, moment
from dialog.moderation.models import Claim, DecisionSum
from dialog.moderation.rules import GROUND_SOURCES, Age, Ground, Source

GROUNDS: dict[StrEnum, LazyString] = {
    Ground.OFF_TOPIC: lazy_gettext("Not about the municipality's goals or assignments"),
    Ground.PERSONAL_ATTACK: lazy_gettext("Personal attack"),
    Ground.PERSONAL_DATA: lazy_gettext("Personal data about somebody else"),
    Ground.ADVERTISING: lazy_gettext("Advertising"),
    Ground.DEFAMATION: lazy_gettext("Defamation"),
    Ground.THREAT: lazy_gettext("Unlawful threat"),
    Ground.INTRUSION: lazy_gettext("Unlawful breach of privacy"),
    Ground.INCITEMENT: lazy_gettext("Incitement to crime"),
    Ground.AGITATION: lazy_gettext("Agitation against a population group"),
    Ground.CHILD_ABUSE: lazy_gettext("Images of child sexual abuse"),
    Ground.VIOLENCE: lazy_gettext("Unlawful depiction of violence"),
    Ground.TERRORISM: lazy_gettext("Public incitement to terrorism"),
    Ground.COPYRIGHT: lazy_gettext("Breach of copyright"),
    Ground.SECRECY: lazy_gettext("Secrecy by law"),
}
SOURCES: dict[StrEnum, LazyString] = {
    Source.BBS_LAW: lazy_gettext("the act on electronic bulletin boards, section 5"),
    Source.SECRECY: lazy_gettext("the public access and secrecy act"),
    Source.HOUSE_RULE: lazy_gettext("the house rules"),
}
ACTS: dict[StrEnum, LazyString] = {
    Act.PUBLISH: lazy_gettext("Publish"),
    Act.HIDE: lazy_gettext("Hide"),
    Act.RESTORE: lazy_gettext("Show again"),
    Act.LOOK: lazy_gettext("Leave it shown"),
}
# What is said after each decision; the comment's number takes the place of %s.
DECIDED: dict[StrEnum, LazyString] = {
    Act.PUBLISH: lazy_gettext("%s is published."),
    Act.HIDE: lazy_gettext("%s is hidden, and its author gets the reasons."),
    Act.RESTORE: lazy_gettext("%s is shown again."),
    Act.LOOK: lazy_gettext("%s stays shown."),
}
AGES: dict[StrEnum, LazyString] = {
    Age.LATE: lazy_gettext("Longer than promised"),
    Age.IN_TIME: lazy_gettext("No longer than promised"),
}
WORDS = (GROUNDS, SOURCES, ACTS, AGES)


def source_of(ground: Ground) -> str:
    """Where a ground comes from, in words."""
    return str(SOURCES[GROUND_SOURCES[ground]])


def sum_in_words(one: DecisionSum) -> str:
    """How many decisions of one sort there have been about what somebody has said, such as "3 published"."""
    match one.what:
        case Act.PUBLISH:
            return ngettext("%(num)d published", "%(num)d published", one.decisions)
        case Act.LOOK:
            return ngettext("%(num)d left shown", "%(num)d left shown", one.decisions)
        case Act.RESTORE:
            return ngettext("%(num)d shown again", "%(num)d shown again", one.decisions)
    ground = str(GROUNDS[Ground(one.what)]).lower()
    return ngettext(
        "%(num)d hidden (%(ground)s)", "%(num)d hidden (%(ground)s)", one.decisions, ground=ground
    )


def who_looks(claim: Claim) -> str:
    """Who is looking at a comment, as moderators see one another: by first name and role, and until when."""
    name = (claim.moderator.name or "").split(" ")[0]
    if not name:
        return gettext("A moderator is looking at it, until %(hour)s.", hour=hour(claim.until))
    return gettext(
        "%(name)s (moderator) is looking at it, until %(hour)s.", name=name, hour=hour(claim.until)
    )


def last_happening(event: Event) -> str | None:
    """What happened to a comment, by whose hand and when, for those who decide; nobody's name."""
    when = moment(event.at)
    match event.kind:
        case "comment.published" if event.details.get("from") == CommentState.HIDDEN:
            return gettext("A moderator showed it again %(when)s.", when=when)
        case "comment.published" if event.actor_id is not None:
            return gettext("A moderator published it %(when)s.", when=when)
        case "comment.hidden":
            hid, reason = gettext("A moderator hid it %(when)s.", when=when), event.details.get("reason")
            return f"{hid} {gettext('Ground')}: {GROUNDS[Ground(reason)]}." if reason else hid
        case "comment.looked_at":
            return gettext("A moderator left it shown %(when)s.", when=when)
        case "comment.edited" if event.details.get("corrected"):
            return gettext("The customer centre corrected it %(when)s.", when=when)
        case "comment.edited":
            return gettext("Its author changed it %(when)s.", when=when)
        case "comment.withdrawn":
            return gettext("Its author withdrew it %(when)s.", when=when)
        case "comment.masked":
            return gettext("Personal data was taken out of it %(when)s.", when=when)
    return None
