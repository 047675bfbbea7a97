"""Addresses as pictures (QR codes) that a telephone reads from a printed page."""

from io import BytesIO

import segno

QUIET_ZONE = 4  # modules; what the standard (ISO/IEC 18004) asks for around the code


def picture_of(address: str) -> bytes:
    """The code for `address` as an SVG: black on white, with no style and no script in it.

    It can be read with a seventh of it smudged: a receipt is folded and carried in a pocket.
    """
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture,
        kind="svg",
        border=QUIET_ZONE,
        scale=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return picture.getvalue()
