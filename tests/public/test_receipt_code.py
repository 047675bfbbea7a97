"""A receipt's address as a picture: on its page, and in every reader's telephone."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
import segno

from dialog.public.codes import QUIET_ZONE, picture_of

SVG = "{http://www.w3.org/2000/svg}"


def dark_modules(picture: bytes) -> list[list[int]]:
    """The code's modules as rows of 0 and 1, read out of the lines the picture is drawn with."""
    tree = ElementTree.fromstring(picture)
    [line] = [path for path in tree.iter(f"{SVG}path") if path.get("stroke")]
    size = int(float(tree.get("width")) / 4) - 2 * QUIET_ZONE
    rows = [[0] * size for _ in range(size)]
    x = y = 0.0
    for step, numbers in re.findall(r"([Mmh])([-0-9. ]+)", line.get("d")):
        values = [float(value) for value in re.findall(r"-?[0-9]*\.?[0-9]+", numbers)]
        if step == "h":
            for column in range(int(x), int(x + values[0])):
                rows[int(y) - QUIET_ZONE][column - QUIET_ZONE] = 1
            x += values[0]
        else:
            x, y = values if step == "M" else (x + values[0], y + values[1])
    return rows


@pytest.mark.parametrize(("prefix", "state"), [("", "received"), ("/en", "hidden")])
def test_the_picture_holds_the_address_that_stands_beside_it(world, client, prefix, state):
    comment = world.say()
    if state == "hidden":
        world.decide(comment, "hide")
    address = f"http://localhost{prefix}/kvitto/{comment.receipt_key}"
    page = client.get(f"{prefix}/kvitto/{comment.receipt_key}").text
    picture = client.get(re.search(r'<img class="keep__code" src="([^"]+)"', page).group(1))
    assert f'<p class="keep__address">{address}</p>' in page
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.headers["Cache-Control"] == "private, no-store"
    expected = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    assert dark_modules(picture.data) == expected


def test_the_picture_has_nothing_that_a_page_may_not_hold():
    picture = picture_of("https://example.org/kvitto/a&b<c>").decode()
    assert not re.search(r"style|script|class|on[a-z]+=|href|&", picture)


@pytest.mark.parametrize("key", ["finns-inte", "x" * 300, "%F0%9F%98%80"])
def test_there_is_no_picture_of_a_receipt_that_does_not_exist(client, key):
    assert client.get(f"/kvitto/{key}/qr.svg").status_code == 404
