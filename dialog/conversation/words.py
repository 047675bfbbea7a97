"""The words readers see for comments' kinds, channels and states."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.conversation.rules import Channel, CommentState, Kind, Refusal, ReviewReason

KINDS: dict[StrEnum, LazyString] = {
    Kind.QUESTION: lazy_gettext("Question"),
    Kind.PROPOSAL: lazy_gettext("Proposal"),
    Kind.EXPERIENCE: lazy_gettext("Experience"),
    Kind.CONCERN: lazy_gettext("Concern"),
}
CHANNELS: dict[StrEnum, LazyString] = {
    Channel.WEB: lazy_gettext("On the web"),
    Channel.PHONE: lazy_gettext("By telephone"),
    Channel.PAPER: lazy_gettext("On paper"),
    Channel.SERVICE_POINT: lazy_gettext("At a service point"),
    Channel.MEETING: lazy_gettext("At a meeting"),
}
STATES: dict[StrEnum, LazyString] = {
    CommentState.RECEIVED: lazy_gettext("Waits for a moderator"),
    CommentState.PUBLISHED: lazy_gettext("Published"),
    CommentState.HIDDEN: lazy_gettext("Not shown"),
    CommentState.WITHDRAWN: lazy_gettext("Withdrawn"),
}
REVIEW_REASONS: dict[StrEnum, LazyString] = {
    ReviewReason.FIRST_COMMENT: lazy_gettext("First comment by this person"),
    ReviewReason.NEW_COMMENT: lazy_gettext("New comment"),
    ReviewReason.EDITED: lazy_gettext("Changed by its author"),
    ReviewReason.SENT_AGAIN: lazy_gettext("Changed by its author and sent again"),
    ReviewReason.REPORTED: lazy_gettext("Reported"),
    ReviewReason.PENDING: lazy_gettext("Reported by several, so that a rule took it out of view"),
    ReviewReason.SECOND_LOOK: lazy_gettext("Proposed to be hidden: a second person is to look"),
    ReviewReason.WATCHED: lazy_gettext("Singled out by a rule"),
}
# What is said at the text; %s is the number of the comment there is already.
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.DIALOGUE_OVER: lazy_gettext(
        "The time for comments is over, so this is not sent. Copy it if you want to keep it."
    ),
    Refusal.SAID_ALREADY: lazy_gettext("You have already sent exactly this text. It has the number %s."),
    Refusal.OTHER_WORDS: lazy_gettext(
        "This form has been sent before with another text, which has the number %s. "
        "Send again to make this a comment of its own."
    ),
    Refusal.NOT_PREPARED: lazy_gettext(
        "Read the notice and choose a name before you send your first comment."
    ),
    Refusal.NOT_A_REAL_NAME: lazy_gettext(
        "This dialogue asks for real names, so this is not sent. Tick below that your name is your real one, "
        "and send again. What you wrote is still here."
    ),
    Refusal.OUT_OF_THE_PLAN: lazy_gettext(
        "This assignment no longer stands in the plan, so this is not sent. Copy it if you want to keep it."
    ),
    Refusal.NO_MANDATE: lazy_gettext(
        "Your right to speak for the organisation has ended, so this is not sent. Choose who is speaking."
    ),
    Refusal.TOO_MANY: lazy_gettext(
        "You have sent many comments in the last hour. Copy this one, and send it a while later."
    ),
    Refusal.NO_REPLIES: lazy_gettext(
        "What you reply to is no longer shown, so this is not sent. Copy it if you want to keep it, "
        "or send it as a comment of its own."
    ),
    Refusal.ANOTHERS_FORM: lazy_gettext("Something in the form was lost on the way. Send it again."),
}
WORDS = (KINDS, CHANNELS, STATES, REVIEW_REASONS)

# The languages a comment can be written in, by their own names.
LANGUAGES = {"sv": "Svenska", "en": "English", "sma": "Åarjelsaemien gïele"}
# What stands in a comment in the place of personal data that was taken out of it. It is a part of the text, and so in
# the text's language and not the page's: it is read aloud, quoted, found and sent in letters with the rest.
TAKEN_OUT = {"sv": "[personuppgift borttagen]", "en": "[personal data removed]"}


def mark_in(language: str) -> str:
    """What takes the place of personal data in a comment in `language`."""
    return TAKEN_OUT.get(language, TAKEN_OUT["sv"])
