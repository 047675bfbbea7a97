"""Reading cases: whoever reported one follows its receipt, and administrators see them all."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dialog.db import db
from dialog.faults.models import FaultCase
from dialog.faults.rules import OPEN, FaultState

CLOSED_SHOWN = 100  # the newest


def case_of_form(form_key: str) -> FaultCase | None:
    return db.session.scalar(select(FaultCase).where(FaultCase.form_key == form_key))


def case_at(key: str) -> FaultCase | None:
    """The one whose receipt has the secret `key`."""
    return db.session.scalar(_cases.where(FaultCase.key == key))


def case_of(case_id: int) -> FaultCase | None:
    return db.session.scalar(_cases.where(FaultCase.id == case_id))


def waiting_before(case: FaultCase) -> bool:
    """Whether another case than this one waits for somebody to begin with it."""
    others = select(FaultCase.id).where(FaultCase.state == FaultState.RECEIVED, FaultCase.id != case.id)
    return db.session.scalar(others.limit(1)) is not None


def open_cases() -> Sequence[FaultCase]:
    """Those that an answer is owed to, the oldest first."""
    return db.session.scalars(select(FaultCase).where(FaultCase.state.in_(OPEN)).order_by(FaultCase.id)).all()


def closed_cases() -> Sequence[FaultCase]:
    """The newest of those that have an answer."""
    closed = select(FaultCase).where(FaultCase.state.not_in(OPEN)).order_by(FaultCase.id.desc())
    return db.session.scalars(closed.limit(CLOSED_SHOWN)).all()


_cases = select(FaultCase).options(selectinload(FaultCase.answers))
