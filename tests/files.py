"""What stands in a file that was sent, in plain text, whatever it is packed in."""

import io
import zipfile

from pypdf import PdfReader


def words_in(data: bytes, kind: str) -> str:
    """The words in a file of this kind: the ending of its name, or its media type."""
    if kind.endswith("pdf"):
        reader = PdfReader(io.BytesIO(data))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    if kind.endswith(("odt", "opendocument.text")):
        package = zipfile.ZipFile(io.BytesIO(data))
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    return data.decode("utf-8", "replace")
