"""An annex as OpenDocument text, for whoever wants to go on writing in it."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dialog.meetings.paper import Paper, Table, Words

if TYPE_CHECKING:
    import odfdo

_COUNTRIES = {"sv": "SE", "en": "GB", "sma": "SE"}
_SAID, _FACTS, _HEAD = "Said", "Facts", "Head"


def odt_of(paper: Paper) -> bytes:
    """The file: real headings, tables with headers, title and languages set; people's words as text alone."""
    import odfdo  # here, since most processes never make one

    document = odfdo.Document("text")
    document.language = f"{paper.language}-{_COUNTRIES[paper.language]}"
    document.meta.title = paper.title
    document.meta.subject = paper.subtitle
    document.meta.creator = paper.publisher
    _add_styles(document)
    body = document.body
    body.clear()
    for element in _elements(paper):
        body.append(element)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_styles(document: "odfdo.Document") -> None:
    from odfdo import Style

    facts = Style("paragraph", name=_FACTS, parent_style="Text_20_body")
    facts.set_properties(area="text", properties={"fo:font-size": "9pt", "fo:color": "#4a4a4a"})
    head = Style("paragraph", name=_HEAD, parent_style="Standard")
    head.set_properties(area="text", properties={"fo:font-weight": "bold"})
    for style in (facts, head):
        document.insert_style(style)
    for language, country in _COUNTRIES.items():
        said = Style("paragraph", name=f"{_SAID}-{language}", parent_style="Text_20_body")
        left = {
            "fo:margin-left": "0.6cm",
            "fo:border-left": "0.05cm solid #bbbbbb",
            "fo:padding-left": "0.3cm",
        }
        said.set_properties(area="paragraph", properties=left)
        said.set_properties(area="text", properties={"fo:language": language, "fo:country": country})
        document.insert_style(said)


def _elements(paper: Paper) -> Iterable["odfdo.Element"]:
    labels = paper.labels
    yield _heading(1, paper.title)
    yield _paragraph(paper.subtitle)
    yield from map(_paragraph, paper.notes)
    yield _heading(2, labels["sums"])
    if not paper.tables:
        yield _paragraph(labels["no_comments"])
    for table in paper.tables:
        yield _heading(3, table.title)
        yield _table(table)
    yield _heading(2, labels["late"])
    yield _table(paper.late) if paper.late else _paragraph(labels["nothing_late"])
    yield _heading(2, labels["comments"])
    if not paper.chapters:
        yield _paragraph(labels["no_comments"])
    yield from _comments(paper)
    yield from _answers(paper)


def _comments(paper: Paper) -> Iterable["odfdo.Element"]:
    for chapter in paper.chapters:
        yield _heading(3, chapter.title)
        for section in chapter.sections:
            yield _heading(4, section.title)
            for one in section.said:
                yield _heading(5, one.title)
                yield from (_paragraph(line, _FACTS) for line in one.facts if line)
                yield from _words(one.words, one.language)
                yield from map(_paragraph, one.standing)
                yield _paragraph(f"{paper.labels['on_the_web']}: {one.address}", _FACTS)


def _answers(paper: Paper) -> Iterable["odfdo.Element"]:
    if paper.answers:
        yield _heading(2, paper.labels["answers"])
    for one in paper.answers:
        yield _heading(3, one.title)
        yield from (_paragraph(line, _FACTS) for line in one.facts)
        for part in one.parts:
            yield _heading(4, part.label)
            yield from _words(part.words, "sv")


def _heading(level: int, title: str) -> "odfdo.Element":
    from odfdo import Header

    header = Header(level, title)
    header.style = f"Heading_20_{level}"
    return header


def _paragraph(text: str, style: str = "Text_20_body") -> "odfdo.Element":
    from odfdo import Paragraph

    return Paragraph(text, style=style)


def _words(words: Words, language: str) -> Iterable["odfdo.Element"]:
    style = f"{_SAID}-{language if language in _COUNTRIES else 'sv'}"
    return (_paragraph("\n".join(lines), style) for lines in words)


def _table(table: Table) -> "odfdo.Element":
    import odfdo

    made = odfdo.Table(table.title)
    made.append(odfdo.Column(repeated=len(table.head)))
    head = odfdo.HeaderRows()
    head.append(_row(table.head, _HEAD))
    made.append(head)
    for cells in table.rows:
        made.append(_row(cells))
    return made


def _row(cells: Iterable[str], style: str = "Standard") -> "odfdo.Element":
    from odfdo import Cell, Row

    row = Row()
    for text in cells:
        cell = Cell(cell_type="string")
        cell.append(_paragraph(text, style))
        row.append(cell)
    return row
