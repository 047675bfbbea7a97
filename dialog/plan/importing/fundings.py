"""Money in an assignment's text: "Ramökning 2024 KS: 250 tkr", "Varaktig ramjustering SAN: 1 200 tkr"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from dialog.plan.importing.committees import CommitteeNames, is_committee_like
from dialog.plan.importing.document import ReadFunding
from dialog.plan.rules import FundingKind

KEYWORD = (
    r"(?P<lasting>varaktig(?:a|t)? )?(?:tillfällig(?:a|t)? )?"
    r"(?:ram ?(?:ökning|justering|förstärkning)(?:ar|en)?|engångs(?:medel|anslag))"
)
YEAR = r"(?:,? ?(?:för |under |från )?(?:år )?(?P<year>(?:19|20)\d\d))?(?![\d])"
AMOUNT = r"(?P<sign>[-–−+]?) ?(?P<number>\d{1,3}(?:[ .]\d{3}){1,3}|\d{1,9})(?:,(?P<decimals>\d{1,3}))? ?"
UNIT = r"(?P<unit>tkr|mnkr|mkr|tusen kronor|miljoner kronor|kr|kronor)\b\.?"
# A committee's name holds no digit and none of the signs that set the parts of a clause off.
SHARE = re.compile(r"(?P<committee>[^\d:,;()]{2,60}?) ?:? ?" + AMOUNT + UNIT, re.IGNORECASE)
CLAUSE_START = re.compile(r"\b" + KEYWORD + YEAR + r" ?:? ?", re.IGNORECASE)
BETWEEN = re.compile(r" ?(?:,|;|och|samt|\+)? ?", re.IGNORECASE)
MONEY_LINE = re.compile(r"^" + KEYWORD + r"\b.{0,300}\d ?(?:tkr|mnkr|mkr|tusen kronor)\b", re.IGNORECASE)
OPENS_CLAUSE = re.compile(r"^" + KEYWORD + YEAR + r"\b", re.IGNORECASE)
CLOSES_CLAUSE = re.compile(r"\d ?(?:tkr|mnkr|mkr)\.?$", re.IGNORECASE)

THOUSANDS = {
    "tkr": Fraction(1),
    "tusen kronor": Fraction(1),
    "mnkr": Fraction(1000),
    "mkr": Fraction(1000),
    "miljoner kronor": Fraction(1000),
    "kr": Fraction(1, 1000),
    "kronor": Fraction(1, 1000),
}


@dataclass(frozen=True)
class Clause:
    """A stretch of text about money: what it grants, and whether all of it was understood."""

    start: int
    end: int
    fundings: tuple[ReadFunding, ...]
    understood: bool


def clauses(text: str, committees: CommitteeNames, plan_year: int) -> list[Clause]:
    """Every clause about money in a text, in order; a clause without a year is about the plan's year."""
    found: list[Clause] = []
    for start in CLAUSE_START.finditer(text):
        if found and start.start() < found[-1].end:
            continue
        clause = _clause(text, start, committees, plan_year)
        if clause is not None:
            found.append(clause)
    return found


def _clause(text: str, start: re.Match[str], committees: CommitteeNames, plan_year: int) -> Clause | None:
    kind = FundingKind.PERMANENT if start["lasting"] else FundingKind.ONE_YEAR
    year = int(start["year"] or plan_year)
    fundings: list[ReadFunding] = []
    understood = True
    end = position = start.end()
    while share := SHARE.match(text, position):
        code = committees.find(share["committee"])
        amount = _thousands(share)
        if code is None and not is_committee_like(share["committee"]):
            break
        if code is None or amount is None:
            understood = False
        else:
            fundings.append(ReadFunding(kind, year, code, amount))
        end = share.end()
        between = BETWEEN.match(text, end)
        position = between.end() if between else end
    if end == start.end():
        return None
    return Clause(start.start(), end, tuple(fundings), understood)


def _thousands(share: re.Match[str]) -> int | None:
    """An amount in whole tkr, or None when it isn't a whole number of them."""
    whole = re.sub(r"[ .]", "", share["number"])
    decimals = share["decimals"] or ""
    value = Fraction(int(whole + decimals), 10 ** len(decimals)) * THOUSANDS[share["unit"].lower()]
    if value.denominator != 1:
        return None
    return -int(value) if share["sign"] in ("-", "–", "−") else int(value)
