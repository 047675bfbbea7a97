"""People, what they may do, and how they sign in."""

import secrets
from datetime import date, datetime
from functools import partial
from typing import Any

from flask_login import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dialog.db import Base
from dialog.people.rules import Role
from dialog.plan.models import Area, Committee


class Person(UserMixin, Base):
    """Somebody who has signed in at least once, or whom the customer centre has heard.

    Whoever was heard has no address: no letter goes to them and nobody signs in as them. They have a receipt.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str | None]  # as shown; None until the person has chosen one, or where it is withheld
    name_is_real: Mapped[bool] = mapped_column(default=False)  # as they say; not of another name afterwards
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    language: Mapped[str] = mapped_column(default="sv")
    created_at: Mapped[datetime]

    area: Mapped[Area | None] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="person", lazy="selectin")

    __allow_unmapped__ = True
    browser_key: str | None = None  # not stored: set on the one who is being signed in, see people.views

    def get_id(self) -> str:
        """What the cookie is to hold: not the person's id, but the key of this one browser."""
        if self.browser_key is None:
            raise RuntimeError("Only a person who is being signed in has a browser's key.")
        return self.browser_key

    def has_role(self, role: Role) -> bool:
        return any(grant.role == role for grant in self.grants)

    def committee_ids(self, role: Role) -> set[int]:
        """The committees for which this person holds `role`. An editor is an officer as well."""
        roles = {role, Role.EDITOR} if role == Role.OFFICER else {role}
        return {grant.committee_id for grant in self.grants if grant.role in roles and grant.committee_id}


class RoleGrant(Base):
    """A duty given to a person; for officers and editors, at one committee."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "committee_id"),
        CheckConstraint(
            "(role IN ('officer', 'editor')) = (committee_id IS NOT NULL)", name="committee_if_needed"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committee.id"))

    person: Mapped[Person] = relationship(back_populates="grants")
    committee: Mapped[Committee | None] = relationship(lazy="joined")


class SignInLink(Base):
    """A link sent by e-mail. The address in the letter is its key, signed; the row says whether it still works."""

    __tablename__ = "sign_in_link"
    __table_args__ = (Index(None, "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    language: Mapped[str]
    next_path: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # Random, so that a link of another database with the same secret is never taken for one of this.
    key: Mapped[str] = mapped_column(unique=True, default=partial(secrets.token_urlsafe, 16))


class SignInAttempt(Base):
    """That a link was asked for from a network, kept for some minutes. The network can't be told from the row."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "network", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column("network")
    at: Mapped[datetime]


class SignedIn(Base):
    """One browser in which a person is signed in. Ending the row signs that browser out."""

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str | None]  # its kind alone, see rules.kind_of_browser

    person: Mapped[Person] = relationship()


class Identity(Base):
    """That a person has proved who they are with an e-legitimation: one human being, one account.

    `key` is a keyed hash (see rules.identity_of): no personal identity number is stored.
    """

    __tablename__ = "identity"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    verified_at: Mapped[datetime]
    name: Mapped[str | None]  # the real one, where the provider gives it; shown only if the person chooses so


class Notice(Base):
    """What everybody is told before the first comment (BBS-lagen 3 §), in one version."""

    __tablename__ = "notice"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_on: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def id(self) -> int:
        """By what the log names it."""
        return self.version

    def words(self, language: str) -> str:
        """What it says in "sv" or "en", with headings as `text.document` reads them.

        What the service ships with is written in sections; what administrators publish is one text in each language.
        """
        if language in self.content:
            return str(self.content[language])
        parts = (
            f"## {section[f'heading_{language}']}\n\n" + "\n\n".join(section[f"paragraphs_{language}"])
            for section in self.content["sections"]
        )
        return "\n\n".join(parts)


class NoticeAcknowledgement(Base):
    """That a person has read a version of the notice, and when."""

    __tablename__ = "notice_acknowledgement"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(ForeignKey("notice.version"), primary_key=True)
    acknowledged_at: Mapped[datetime]
