"""From a file's bytes to numbered lines: plain text, web pages and PDFs, told apart by their content."""

from __future__ import annotations

import codecs
import io
import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dialog.plan.importing.document import MAXIMUM_BYTES, Refusal, UnreadableDocument
from dialog.plan.importing.lines import Line, clean

if TYPE_CHECKING:
    from pypdf import PdfReader

# A whole budget with its appendices is a few hundred pages.
MAXIMUM_PAGES = 2000
# The end mark of a PDF stands in its last bytes, but some programs add a little after it.
PDF_TAIL = 2048

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# å, ä, ö and é as UTF-8 writes them: a file with these that isn't UTF-8 is a damaged one, not Latin-1.
SWEDISH_UTF8 = re.compile(rb"\xc3[\xa4\xa5\xb6\x84\x85\x96\xa9]")
ORDINARY = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9\s.,:;!?()/%\"'”’–-]")

MARKUP_START = re.compile(r"\s{0,1000}(?:<\?xml|<!doctype\s+html|<html|<head|<body|<!--)", re.IGNORECASE)
MARKUP_TAG = re.compile(r"</(?:p|h[1-6]|table|td|div|li|body|html|main|article)\s*>", re.IGNORECASE)
LINE_BREAK = re.compile(r"\r\n|\r|\n")
SOFT_LINE_BREAK = re.compile("([\x0b\x0c\x85\u2028\u2029])")
FORM_FEED = "\x0c"
# The first cell of a table row copied from a browser ends in its committees, or is a column's heading.
FIRST_CELL = re.compile(r"(?:^Uppdrag|[.!?][\"”]? ?(?:[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{1,4}(?:, ?)?){1,12}|\) ?\.?)$")

# A row has two or three cells; tabs all over a line stand for spaces.
MOST_TABS = 200

# pypdf reports every oddity of a PDF through logging; the reader is told what matters by a refusal.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_lines(content: bytes) -> list[Line]:
    """The lines of a file that aren't blank.

    Raises UnreadableDocument with EMPTY, TOO_LARGE, NOT_TEXT, BROKEN_PDF, LOCKED_PDF or PDF_WITHOUT_TEXT.
    """
    if len(content) > MAXIMUM_BYTES:
        raise UnreadableDocument(Refusal.TOO_LARGE)
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return text_lines(FORM_FEED.join(_pdf_pages(content)))
    text = decode(content)
    lines = _markup_lines(text) if is_markup(text) else text_lines(text)
    if not lines:
        raise UnreadableDocument(Refusal.EMPTY)
    return lines


def is_markup(text: str) -> bool:
    """Whether a text is a web page: it opens as one, or holds closing tags of blocks."""
    return MARKUP_START.match(text) is not None or len(MARKUP_TAG.findall(text[:200_000])) >= 3


def _markup_lines(page: str) -> list[Line]:
    from dialog.plan.importing.markup import markup_lines  # here, since most processes never read a page

    return markup_lines(page)


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32 with a byte order mark, or Windows-1252.

    Raises UnreadableDocument with NOT_TEXT when the bytes aren't text in any of them.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _checked(_decoded(content, encoding))
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        if SWEDISH_UTF8.search(content):
            raise UnreadableDocument(Refusal.NOT_TEXT) from error
    return _legacy(content)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(Refusal.NOT_TEXT) from error


def _checked(text: str) -> str:
    """The text, refused if it holds a NUL or more than the odd control character a PDF leaves behind."""
    controls = len(CONTROL.findall(text))
    if "\x00" in text or controls > len(text) * 0.01:
        raise UnreadableDocument(Refusal.NOT_TEXT)
    return text


def _legacy(content: bytes) -> str:
    """Text in Windows-1252. Almost any bytes can be read as that, so they must also look like text."""
    text = _decoded(content, "cp1252")
    if CONTROL.search(text) or len(ORDINARY.findall(text)) < 0.9 * len(text):
        raise UnreadableDocument(Refusal.NOT_TEXT)
    return text


def text_lines(text: str) -> list[Line]:
    """The lines of plain text, numbered as an editor numbers them."""
    lines: list[Line] = []
    gap, page = 0, True
    for number, piece, new_page in _pieces(text):
        page = page or new_page
        cells = _cells(piece)
        if not cells:
            gap += 1
        for cell in cells:
            lines.append(Line(number, cell, gap, page))
            gap, page = 0, False
    return lines


def _pieces(text: str) -> Iterable[tuple[int, str, bool]]:
    """Each stretch of text between line breaks of any kind: its line's number, and whether a page begins."""
    for number, line in enumerate(LINE_BREAK.split(text), start=1):
        if not SOFT_LINE_BREAK.search(line):
            yield number, line, False
            continue
        new_page = False
        for piece in SOFT_LINE_BREAK.split(line):
            new_page = new_page or piece == FORM_FEED
            if not piece.isspace() and piece:
                yield number, piece, new_page
                new_page = False
        if new_page:
            yield number, "", True


def _cells(piece: str) -> list[str]:
    """The cleaned text of a line, in several parts where tabs set off the cells of a table row."""
    if not 1 <= piece.count("\t") <= MOST_TABS:
        return [text] if (text := clean(piece)) else []
    cells: list[str] = []
    open_cell = False
    for part in filter(None, map(clean, piece.split("\t"))):
        if open_cell and not (part[:1].isupper() and FIRST_CELL.search(cells[-1][-80:])):
            cells[-1] += " " + part
        else:
            cells.append(part)
        open_cell = True
    return cells


def _pdf_pages(content: bytes) -> list[str]:
    """The text of each page of a PDF."""
    from pypdf import PdfReader  # here, since most processes never read a PDF

    # Without its end a PDF can often be mended, but nobody could tell which pages are missing.
    if b"%%EOF" not in content[-PDF_TAIL:]:
        raise UnreadableDocument(Refusal.BROKEN_PDF)
    try:
        pages = _extracted(PdfReader(io.BytesIO(content)))
    except UnreadableDocument:
        raise
    except Exception as error:  # pypdf meets damaged files with errors of any kind, RecursionError included
        raise UnreadableDocument(Refusal.BROKEN_PDF) from error
    if not any(character.isalpha() for page in pages for character in page):
        raise UnreadableDocument(Refusal.PDF_WITHOUT_TEXT)
    return pages


def _extracted(reader: PdfReader) -> list[str]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableDocument(Refusal.LOCKED_PDF)
    if len(reader.pages) > MAXIMUM_PAGES:
        raise UnreadableDocument(Refusal.TOO_LARGE)
    return [page.extract_text().replace(FORM_FEED, "\n").replace("\x00", "") for page in reader.pages]
