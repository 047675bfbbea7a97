"""The words readers see for grounds and decisions."""

from enum import StrEnum
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext, ngettext
from sqlalchemy import Row

from dialog.conversation.rules import Act, CommentState, ReviewReason
from dialog.events import Event
from dialog.formats import day_in_words, hour, moment
from dialog.moderation.models import Claim, Decision, Proposal
from dialog.moderation.rules import (
    GROUND_SOURCES,
    Age,
    Ground,
    Order,
    ProposalState,
    Share,
    Source,
    WhyNotMoved,
)
from dialog.moderation.watching_rules import Effect, WatchKind, WatchTerms

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
# What each ground means, in plain words, with the law that says it where one does.
GROUND_TEXTS: dict[StrEnum, LazyString] = {
    Ground.OFF_TOPIC: lazy_gettext(
        "The comment is about something else than what the municipality wants or does."
    ),
    Ground.PERSONAL_ATTACK: lazy_gettext(
        "The comment attacks a person instead of speaking of the matter. To criticise what the municipality, its "
        "politicians or its officials do is always allowed."
    ),
    Ground.PERSONAL_DATA: lazy_gettext(
        "The comment holds details about somebody else, such as health, address or family, that they have not "
        "chosen to show everybody."
    ),
    Ground.ADVERTISING: lazy_gettext(
        "The comment sells or promotes something, and says nothing of the matter."
    ),
    Ground.DEFAMATION: lazy_gettext(
        "The comment points somebody out as a criminal, or as blameworthy in their way of life, or says something "
        "else that exposes them to others' contempt (compare chapter 5 section 1 of the criminal code)."
    ),
    Ground.THREAT: lazy_gettext(
        "The comment threatens somebody with a crime, so that they have reason to fear for themselves or others "
        "(chapter 4 section 5 of the criminal code)."
    ),
    Ground.INTRUSION: lazy_gettext(
        "The comment spreads pictures or details of somebody's private life, such as their sexual life, health or "
        "that they are the victim of a crime, in a way that seriously harms them (chapter 4 section 6 c of the "
        "criminal code)."
    ),
    Ground.INCITEMENT: lazy_gettext(
        "The comment urges others to commit a crime (chapter 16 section 5 of the criminal code)."
    ),
    Ground.AGITATION: lazy_gettext(
        "The comment threatens or shows contempt for a group with allusion to race, colour, national or ethnic "
        "origin, faith, sexual orientation or transgender identity or expression (chapter 16 section 8 of the "
        "criminal code)."
    ),
    Ground.CHILD_ABUSE: lazy_gettext(
        "The comment shows or spreads images of sexual abuse of children (chapter 16 section 10 a of the criminal "
        "code)."
    ),
    Ground.VIOLENCE: lazy_gettext(
        "The comment shows sexual violence, or gross violence close up or at length (chapter 16 section 10 c of the "
        "criminal code)."
    ),
    Ground.TERRORISM: lazy_gettext(
        "The comment publicly urges others to commit terrorism (the act (2022:666) on terrorist crimes)."
    ),
    Ground.COPYRIGHT: lazy_gettext(
        "The comment copies what somebody else has made, without their leave (the copyright act (1960:729))."
    ),
    Ground.SECRECY: lazy_gettext(
        "The comment holds what may not be shown, by the public access to information and secrecy act (2009:400)."
    ),
}
# What the source of a ground asks of the municipality.
SOURCE_TEXTS: dict[StrEnum, LazyString] = {
    Source.BBS_LAW: lazy_gettext(
        "By section 5 of the act (1998:112) on responsibility for electronic bulletin boards, the municipality must "
        "take away what is obviously this."
    ),
    Source.SECRECY: lazy_gettext("The municipality may not publish it."),
    Source.HOUSE_RULE: lazy_gettext("It is a house rule here, told to everybody before the first comment."),
}
# How a moderator came to read what was hidden, and whether a rule of the software had singled it out.
WHY_READ: dict[str, LazyString] = {
    ReviewReason.FIRST_COMMENT: lazy_gettext(
        "Everybody's first comment waits until a moderator has read it."
    ),
    ReviewReason.NEW_COMMENT: lazy_gettext("A moderator reads every comment."),
    ReviewReason.EDITED: lazy_gettext("A moderator reads every comment again when it has been changed."),
    ReviewReason.SENT_AGAIN: lazy_gettext("A moderator reads what is sent again before it is shown."),
    ReviewReason.REPORTED: lazy_gettext("Somebody had reported it."),
    ReviewReason.PENDING: lazy_gettext("Several different people had reported it as unlawful."),
    ReviewReason.SECOND_LOOK: lazy_gettext("Another moderator had proposed to hide it."),
    ReviewReason.WATCHED: lazy_gettext("A moderator reads every comment."),
}
# What a rule of the software had asked a moderator to look at, for the author.
WHY_WATCHED: dict[StrEnum, LazyString] = {
    WatchKind.WORDS: lazy_gettext("A rule of the software singles out some words, and had singled out this."),
    WatchKind.LINKS: lazy_gettext(
        "A rule of the software singles out links from new accounts, and had singled out this."
    ),
    WatchKind.REPEATED: lazy_gettext(
        "A rule of the software singles out the same text sent many times, and had singled out this."
    ),
}
WATCH_KINDS: dict[StrEnum, LazyString] = {
    WatchKind.WORDS: lazy_gettext("Words or a phrase"),
    WatchKind.LINKS: lazy_gettext("Links from new accounts"),
    WatchKind.REPEATED: lazy_gettext("The same text many times"),
}
EFFECTS: dict[StrEnum, LazyString] = {
    Effect.FLAG: lazy_gettext("Single it out in the queue. It is shown meanwhile, as other comments are"),
    Effect.HOLD: lazy_gettext("Have it wait until a moderator has read it"),
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
    Act.MASK: lazy_gettext("%s is shown without the personal data, and its author gets the reasons."),
    ProposalState.OPEN: lazy_gettext("%s is proposed to be hidden. Another moderator is to look at it."),
    ProposalState.CONFIRMED: lazy_gettext(
        "%s is hidden, as two of you want, and its author gets the reasons."
    ),
    ProposalState.DECLINED: lazy_gettext("%s is shown, and your words are kept with the proposal."),
}
AGES: dict[StrEnum, LazyString] = {
    Age.LATE: lazy_gettext("Longer than promised"),
    Age.IN_TIME: lazy_gettext("No longer than promised"),
}
ORDERS: dict[StrEnum, LazyString] = {
    Order.OLDEST: lazy_gettext("Longest waiting first"),
    Order.MOST_REPORTED: lazy_gettext("Most reported first"),
}
# What the public log says was done.
LOGGED: dict[StrEnum, LazyString] = {
    Act.PUBLISH: lazy_gettext("Read and published"),
    Act.LOOK: lazy_gettext("Read and left shown"),
    Act.HIDE: lazy_gettext("Hidden"),
    Act.RESTORE: lazy_gettext("Shown again"),
    Act.MOVE: lazy_gettext("Moved with its replies"),
    Act.MASK: lazy_gettext("Personal data taken out, and the rest shown"),
    Act.UNMASK: lazy_gettext("What had been taken out is shown again"),
}
WHY_NOT_MOVED: dict[WhyNotMoved, LazyString] = {
    WhyNotMoved.NOT_SHOWN: lazy_gettext("The comment is not shown, so it stays where it is."),
    WhyNotMoved.A_REPLY: lazy_gettext("A reply goes with the comment above it. Move that one instead."),
    WhyNotMoved.ANSWERED: lazy_gettext(
        "A committee has answered the comment where it is, so it stays there."
    ),
    WhyNotMoved.ANOTHER_PLAN: lazy_gettext("The goal is of another year. Choose one of the same year."),
    WhyNotMoved.OUT_OF_THE_PLAN: lazy_gettext("The assignment no longer stands in the plan. Choose another."),
    WhyNotMoved.DIALOGUE_OVER: lazy_gettext(
        "The dialogue there is over and takes nothing more. Choose another goal, or leave the comment where it is."
    ),
    WhyNotMoved.NOT_A_REAL_NAME: lazy_gettext(
        "The dialogue there asks for real names, and whoever wrote this has not said that the name is theirs."
    ),
}
WORDS = (GROUNDS, SOURCES, ACTS, AGES, ORDERS, WATCH_KINDS, EFFECTS)


def source_of(ground: Ground) -> str:
    """Where a ground comes from, in words."""
    return str(SOURCES[GROUND_SOURCES[ground]])


def sum_in_words(one: Row[Any]) -> str:
    """How many decisions of one sort there have been about what somebody has said, such as "3 published".

    `one` is a row of DecisionSum.
    """
    match one.what:
        case Act.PUBLISH:
            return ngettext("%(num)d published", "%(num)d published", one.decisions)
        case Act.LOOK:
            return ngettext("%(num)d left shown", "%(num)d left shown", one.decisions)
        case Act.RESTORE:
            return ngettext("%(num)d shown again", "%(num)d shown again", one.decisions)
        case Act.MOVE:
            return ngettext("%(num)d moved", "%(num)d moved", one.decisions)
        case Act.MASK:
            return ngettext(
                "%(num)d with personal data taken out", "%(num)d with personal data taken out", one.decisions
            )
        case Act.UNMASK:
            return ngettext("%(num)d shown whole again", "%(num)d shown whole again", one.decisions)
    ground = str(GROUNDS[Ground(one.what)]).lower()
    return ngettext(
        "%(num)d hidden (%(ground)s)", "%(num)d hidden (%(ground)s)", one.decisions, ground=ground
    )


def who_looks(claim: Claim | Row[Any]) -> str:
    """Who is looking at a comment, as moderators see one another: by first name and role, and until when."""
    name = _first_name(claim.moderator_name)
    if not name:
        return gettext("A moderator is looking at it, until %(hour)s.", hour=hour(claim.until))
    return gettext(
        "%(name)s (moderator) is looking at it, until %(hour)s.", name=name, hour=hour(claim.until)
    )


def _first_name(name: str | None) -> str:
    return (name or "").split(" ")[0]


def text_of(ground: Ground) -> str:
    """What a ground means, and what its source asks of the municipality, in sentences."""
    return f"{GROUND_TEXTS[ground]} {SOURCE_TEXTS[GROUND_SOURCES[ground]]}"


def how_found(decision: Decision) -> str:
    """How a moderator came to read what a decision is about, and what software had to do with it."""
    why = WHY_READ.get(decision.waited_because or "")
    read = str(why) if why else gettext("A moderator read it where it was shown.")
    if decision.flags:
        return f"{read} {_by_which_rules(decision)}"
    if decision.waited_because == ReviewReason.PENDING:
        by_whom = gettext(
            "A rule of the software then took it out of view until a moderator had read it. A person took the decision."
        )
    elif decision.proposal is not None:
        by_whom = gettext("No rule of the software had singled it out, and two people took the decision.")
    else:
        by_whom = gettext("No rule of the software had singled it out, and a person took the decision.")
    return f"{read} {by_whom}"


def _by_which_rules(decision: Decision) -> str:
    """What rules of the software asked a moderator to look at, and that people took the decision."""
    why = dict.fromkeys(str(WHY_WATCHED[flag.rule.kind]) for flag in decision.flags)
    by = (
        gettext("The rule decided nothing: two people took the decision.")
        if decision.proposal is not None
        else gettext("The rule decided nothing: a person took the decision.")
    )
    return " ".join([*why, by])


def rule_in_words(terms: WatchTerms) -> str:
    """What a rule looks for, in a sentence without its end."""
    if terms.kind == WatchKind.WORDS:
        if terms.exactly:
            return gettext("The words “%(words)s”, exactly so", words=terms.words)
        return gettext("The words “%(words)s”, in any form", words=terms.words)
    if terms.kind == WatchKind.LINKS:
        return ngettext(
            "A link, from an account newer than %(num)d day",
            "A link, from an account newer than %(num)d days",
            terms.days or 0,
        )
    within = ngettext("%(num)d hour", "%(num)d hours", terms.hours or 0)
    if terms.by_one:
        return gettext(
            "The same text %(times)d times within %(hours)s by one person", times=terms.times, hours=within
        )
    return gettext("The same text %(times)d times within %(hours)s", times=terms.times, hours=within)


def last_happening(event: Event) -> str | None:
    """What happened to a comment, by whose hand and when, for those who decide; nobody's name."""
    when = moment(event.at)
    match event.kind:
        case "comment.published" if event.details.get("from") == CommentState.HIDDEN or event.details.get(
            "held"
        ):
            return gettext("A moderator showed it again %(when)s.", when=when)
        case "comment.published" if event.actor_id is not None:
            return gettext("A moderator published it %(when)s.", when=when)
        case "comment.held":
            return gettext(
                "It was taken out of view by a rule, since several people have reported it, %(when)s.",
                when=when,
            )
        case "comment.hidden":
            hid, reason = gettext("A moderator hid it %(when)s.", when=when), event.details.get("reason")
            return f"{hid} {gettext('Ground')}: {GROUNDS[Ground(reason)]}." if reason else hid
        case "comment.moved":
            return gettext("A moderator moved it to another goal or assignment %(when)s.", when=when)
        case "comment.looked_at":
            return gettext("A moderator left it shown %(when)s.", when=when)
        case "comment.edited" if event.details.get("corrected"):
            return gettext("The customer centre corrected it %(when)s.", when=when)
        case "comment.edited":
            return gettext("Its author changed it %(when)s.", when=when)
        case "comment.withdrawn":
            return gettext("Its author withdrew it %(when)s.", when=when)
        case "comment.proposed":
            return gettext(
                "A moderator proposed to hide it %(when)s, and another one is to look at it.", when=when
            )
        case "comment.proposal_declined":
            return gettext("A second moderator had it shown %(when)s.", when=when)
        case "comment.proposal_lapsed":
            return _lapsed(str(event.details["because"]), when)
        case "comment.masked":
            return gettext("Personal data was taken out of it %(when)s.", when=when)
        case "comment.unmasked":
            return gettext("What had been taken out of it was shown again %(when)s.", when=when)
    return None


def _lapsed(because: str, when: str) -> str:
    """What happened to a comment that it had been proposed to hide, so that the proposal speaks of it no more."""
    match because:
        case "comment.edited":
            return gettext("Its author changed it %(when)s, so the proposal to hide it lapsed.", when=when)
        case "comment.withdrawn":
            return gettext("Its author withdrew it %(when)s, so the proposal to hide it lapsed.", when=when)
        case "comment.masked":
            return gettext(
                "Personal data was taken out of it %(when)s, so the proposal to hide it lapsed.", when=when
            )
    return gettext("A moderator hid it at once %(when)s, so the proposal to hide it lapsed.", when=when)


def who_proposed(proposal: Proposal) -> str:
    """Who has proposed to hide a comment and when, as moderators see one another."""
    name, when = _first_name(proposal.proposed_by.name), day_in_words(proposal.proposed_at)
    if not name:
        return gettext("A moderator proposed on %(when)s to hide it.", when=when)
    return gettext("%(name)s (moderator) proposed on %(when)s to hide it.", name=name, when=when)


def what_was_said_of_it(proposal: Proposal) -> str:
    """What has become of a proposal, in a sentence."""
    when = day_in_words(proposal.settled_at) if proposal.settled_at else ""
    match proposal.state:
        case ProposalState.CONFIRMED:
            return gettext("A second moderator agreed on %(when)s.", when=when)
        case ProposalState.DECLINED:
            return gettext("A second moderator did not agree on %(when)s, so it is shown.", when=when)
        case ProposalState.LAPSED:
            return gettext("It lapsed on %(when)s, before a second moderator had looked.", when=when)
    return gettext("A second moderator is to look at it.")


def waited_in_words(hours: int) -> str:
    """How long something had waited, from whole hours: in hours up to two days, and then in days."""
    if hours < 1:
        return gettext("less than an hour")
    if hours < 48:
        return ngettext("%(num)d hour", "%(num)d hours", hours)
    return ngettext("%(num)d day", "%(num)d days", hours // 24)


def share_in_words(share: Share) -> str:
    """A share of what was hidden, or that it can't be shown."""
    if share.percent is None:
        return gettext("Too few to be shown.")
    return gettext("%(percent)d %% of what was hidden, in whole or in part.", percent=share.percent)
