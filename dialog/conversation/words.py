"""The words readers see for comments' kinds, channels and states."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.conversation.rules import Channel, CommentState, Kind, ReviewReason

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
    CommentState.MASKED: lazy_gettext("Shown in part"),
}
REVIEW_REASONS: dict[StrEnum, LazyString] = {
    ReviewReason.FIRST_COMMENT: lazy_gettext("First comment by this person, not shown yet"),
    ReviewReason.NEW_COMMENT: lazy_gettext("New comment, already shown"),
}
WORDS = (KINDS, CHANNELS, STATES, REVIEW_REASONS)

# The languages a comment can be written in, by their own names.
LANGUAGES = {"sv": "Svenska", "en": "English", "sma": "Åarjelsaemien gïele"}
