"""What every letter is made with: its message, addresses, and that it is no longer wanted."""

from dataclasses import dataclass

from flask import current_app, render_template

from dialog.conversation.models import Comment
from dialog.db import clock, db
from dialog.notify.models import Letter


@dataclass(frozen=True)
class Message:
    subject: str
    body: str
    unsubscribe: str | None = None  # the address that ends letters of this sort, for those that can be ended


class NotWanted(Exception):
    """The letter is no longer to be sent: what it would say doesn't hold any more."""


def address_of(endpoint: str, /, language: str, **values: object) -> str:
    """The full address of a page, in `language`, for use outside the site."""
    settings = current_app.config["SETTINGS"]
    prefix = "/en" if language == "en" else ""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{settings.address}{prefix}{path}"


def comment_of(letter: Letter) -> Comment:
    """The comment that a letter is about, as it is now."""
    return db.session.get_one(Comment, letter.subject_id, populate_existing=True)


def about(letter: Letter, name: str, subject: str, comment: Comment, **values: object) -> Message:
    """A letter about a comment, with the address of its receipt."""
    receipt = address_of("public.receipt", letter.language, key=comment.receipt_key)
    return message(name, subject, comment=comment, receipt_address=receipt, today=clock.today(), **values)


def message(name: str, subject: str, **values: object) -> Message:
    """The letter that the template `name` makes."""
    municipality = current_app.config["SETTINGS"].municipality
    body = render_template(f"letters/{name}.txt", municipality=municipality, **values)
    return Message(subject, body.strip() + "\n")
