"""The customer centre at a telephone's width and without JavaScript: a call is put on record, its receipt printed."""

import segno

from tests.browser.conftest import PHONE
from tests.public.test_receipt_code import dark_modules

SAID = "Det behövs en bänk vid hållplatsen i Lit, säger den som ringde."


def test_a_call_is_put_on_record_and_its_receipt_printed(people):
    karin = people(javascript=False, viewport=PHONE)
    karin.be("Kundcenter")
    page = karin.page
    page.get_by_label("Ord i rubriken").fill("näringsliv")
    page.get_by_role("button", name="Sök").last.click()
    karin.follow("Näringsliv och tillväxt")
    page.get_by_label("På telefon").check()
    page.get_by_label("Förslag").check()
    page.get_by_label("Orden som de sades eller skrevs").fill(SAID)
    page.get_by_label("Jag har berättat för personen").check()
    karin.press("Registrera")
    assert karin.sees("Det är registrerat med numret")
    karin.follow("Skriv ut kvittot")
    assert karin.sees(SAID)

    page.emulate_media(media="print")
    for menu in (".site-nav", ".site-tools", ".own-nav", ".demo-note", ".page-actions"):
        assert not page.locator(menu).first.is_visible(), menu
    for shown in ("h1", ".keep__code", ".keep__address"):
        assert page.locator(shown).first.is_visible(), shown
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    address = page.locator(".keep__address").inner_text()
    assert address == page.url
    assert page.locator(".keep__code").evaluate("image => image.complete && image.naturalWidth > 0")
    picture = page.request.get(f"{address}/qr.svg").body()
    assert dark_modules(picture) == [list(row) for row in segno.make(address, error="m", micro=False).matrix]
