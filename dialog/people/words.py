"""The words readers see for roles."""

from enum import StrEnum

from flask_babel import LazyString, lazy_gettext

from dialog.people.rules import Failure, Role

ROLES: dict[StrEnum, LazyString] = {
    Role.MODERATOR: lazy_gettext("Moderator"),
    Role.OFFICER: lazy_gettext("Officer"),
    Role.EDITOR: lazy_gettext("Editor"),
    Role.REGISTRAR: lazy_gettext("Registrar"),
    Role.CUSTOMER_CENTRE: lazy_gettext("Customer centre"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}
WORDS = (ROLES,)

# The languages letters are written in, by their own names.
LETTER_LANGUAGES = {"sv": "Svenska", "en": "English"}

# What is said when somebody could not be told to be who they are: the heading, and what to do.
FAILURES: dict[Failure, tuple[LazyString, LazyString]] = {
    Failure.UNREACHABLE: (
        lazy_gettext("The e-legitimation service does not answer"),
        lazy_gettext("Nothing has happened to your account. Try again in a while, or sign in by e-mail."),
    ),
    Failure.CANCELLED: (
        lazy_gettext("You broke off"),
        lazy_gettext("Nothing has happened to your account. You can begin again, or sign in by e-mail."),
    ),
    Failure.STRAY: (
        lazy_gettext("Begin again with your e-legitimation"),
        lazy_gettext(
            "It took too long, or was begun in another window or browser. Nothing has happened to your account."
        ),
    ),
    Failure.REFUSED: (
        lazy_gettext("Your e-legitimation could not be checked"),
        lazy_gettext(
            "The answer we got did not hold, so nothing has happened to your account. Begin again. "
            "If it happens once more, sign in by e-mail and tell the municipality."
        ),
    ),
    Failure.NUMBER: (
        lazy_gettext("The personal identity number could not be read"),
        lazy_gettext(
            "The e-legitimation service gave us something else, so nothing has happened to your account. "
            "Sign in by e-mail instead, and tell the municipality."
        ),
    ),
}
