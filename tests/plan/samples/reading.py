"""What the tests of reading share: a register of committees, samples, a letter count, small PDFs."""

import re
import zlib
from collections import Counter
from pathlib import Path

import pytest

from dialog.plan.importing import ReadPlan, read_document

SAMPLES = Path(__file__).resolve().parent
DOCUMENTS = Path(__file__).resolve().parents[4] / "shared" / "documents"
COMMITTEES = {
    "KS": "KS",
    "Kommunstyrelsen": "KS",
    "TN": "TN",
    "Tekniska nämnden": "TN",
    "VoN": "VoN",
    "Vård- och omsorgsnämnden": "VoN",
    "SAN": "SAN",
    "Social- och arbetsmarknadsnämnden": "SAN",
    "BUN": "BUN",
    "Barn- och utbildningsnämnden": "BUN",
    "KFN": "KFN",
    "Kultur- och fritidsnämnden": "KFN",
}


def read(content: str | bytes, year: int | None = None) -> ReadPlan:
    """The plan in a text or in a file's bytes, with the register of the tests."""
    return read_document(content.encode() if isinstance(content, str) else content, COMMITTEES, year)


def sample(name: str) -> str:
    """A sample of our own, in the form of the municipality's publications."""
    return (SAMPLES / name).read_text(encoding="utf-8")


def document(name: str) -> str:
    """One of the municipality's own documents, which aren't part of the project; skips where it is missing."""
    path = DOCUMENTS / name
    if not path.exists():
        pytest.skip(f"{name} isn't beside the project in shared/documents")
    return path.read_text(encoding="utf-8")


def letters(text: str) -> Counter[str]:
    """How often each letter and digit stands in a text."""
    return Counter(character for character in text if character.isalnum())


def accounted(plan: ReadPlan) -> Counter[str]:
    """Every letter and digit that a plan holds, as text of its goals, as structure or as left out."""
    parts = [entry.text for entry in (*plan.left_out, *plan.structure)]
    for goal in plan.goals:
        parts += [goal.number or "", goal.title, goal.statement or "", *goal.text]
        parts += [*goal.indicators, *goal.investments, *goal.achievements]
        for assignment in goal.assignments:
            parts += [assignment.title, *assignment.clarification]
    return letters("".join(parts))


def without_blank_lines_inside_paragraphs(text: str) -> str:
    lines = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{2,}", lambda gap: "\n" if len(gap.group()) == 2 else "\n\n", lines)


# Changes of spacing that change nothing of what a text says.
SLOPPY = {
    "trailing spaces stripped": lambda text: re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE),
    "blank lines doubled": lambda text: re.sub(r"\n(?=\s*\n)", "\n\n", text),
    "one blank line between paragraphs": without_blank_lines_inside_paragraphs,
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old Macintosh line ends": lambda text: text.replace("\n", "\r"),
    "hard spaces": lambda text: text.replace(" ", "\u00a0"),
    "tabs": lambda text: text.replace(" ", "\t"),
    "double spaces": lambda text: text.replace(" ", "  "),
    "leading spaces": lambda text: re.sub("^", "   ", text, flags=re.MULTILINE),
    "soft hyphens": lambda text: re.sub(r"(?<=[a-z])-(?= ?\n)", "\u00ad", text),
}


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF with a text line for each string (an empty one leaves a gap), in the WinAnsi encoding."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for place, lines in enumerate(pages):
        stream = zlib.compress(_page_stream(lines))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * place)
        )
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream)
        )
    return _pdf_file(objects)


def _page_stream(lines: list[str]) -> bytes:
    drawn = [b"BT /F1 10 Tf 14 TL 60 790 Td"]
    for line in lines:
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawn.append(b"(" + escaped.encode("cp1252") + b") Tj T*" if line else b"T*")
    return b"\n".join([*drawn, b"ET"])


def _pdf_file(objects: list[bytes]) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer
