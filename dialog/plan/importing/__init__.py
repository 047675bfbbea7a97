"""Reading the municipality's own publications: a file's bytes in, the plan that stands in it out.

Knows the forms in which goals and assignments are published: the budget (a PDF, or the text taken out of
one) and the pages of the web site (HTML, or the text saved from one). Reads only; what becomes of the plan
is decided elsewhere.
"""

from dialog.plan.importing.document import (
    MAXIMUM_BYTES,
    MAXIMUM_CHARACTERS,
    LeftOut,
    ReadAssignment,
    ReadFunding,
    ReadGoal,
    ReadPlan,
    Refusal,
    UnreadableDocument,
)
from dialog.plan.importing.files import MAXIMUM_PAGES
from dialog.plan.importing.reader import read_document

__all__ = [
    "MAXIMUM_BYTES",
    "MAXIMUM_CHARACTERS",
    "MAXIMUM_PAGES",
    "LeftOut",
    "ReadAssignment",
    "ReadFunding",
    "ReadGoal",
    "ReadPlan",
    "Refusal",
    "UnreadableDocument",
    "read_document",
]
