"""A moderator going through the queue: by keys, and without scripts on a telephone."""

from tests.browser.conftest import PHONE

QUEUE = "/moderering"


def at(moderator) -> str:
    """The number of the comment that has the focus."""
    return moderator.page.evaluate("(document.activeElement.closest('.review') || {id: ''}).id.slice(8)")


def listed(moderator) -> list[str]:
    return moderator.page.locator(".review").evaluate_all("all => all.map(one => one.id.slice(8))")


def test_keys_go_through_the_queue_and_leave_fields_alone(people):
    moderator = people()
    moderator.be("Moderator")
    moderator.go(QUEUE)
    page, keys = moderator.page, moderator.page.keyboard
    first, second, third = listed(moderator)[:3]
    keys.press("p")  # nobody is at any comment yet
    keys.press("n")
    assert at(moderator) == first
    keys.press("t")
    page.locator(f"#granska-{first}").get_by_text("Du har tagit det").wait_for()
    assert at(moderator) == first
    keys.press("n")
    assert at(moderator) == second
    keys.press("d")
    words = page.locator(f"#reasons-{second}")
    words.fill("")
    words.press_sequentially("Nu prövar vi det: npdt")
    assert words.input_value() == "Nu prövar vi det: npdt"
    assert at(moderator) == second
    page.locator(f"#granska-{first}").focus()
    keys.press("p")
    page.get_by_role("status").filter(has_text=first).wait_for()
    page.wait_for_function("number => document.activeElement.id === 'granska-' + number", arg=second)
    assert first not in listed(moderator)
    moderator.press("Stäng av tangenterna")
    moderator.go(QUEUE)
    keys.press("n")
    assert at(moderator) == ""
    assert third in listed(moderator)
    moderator.press("Slå på snabbtangenter")
    keys.press("n")
    assert at(moderator) == second


def test_the_queue_needs_no_script_and_no_wide_screen(people):
    moderator = people(javascript=False, viewport=PHONE)
    moderator.be("Moderator")
    moderator.go(QUEUE)
    first, second, third = listed(moderator)[-3:]
    for number in (first, second):
        moderator.page.locator(f"#valj-{number}").check()
    moderator.press("Släpp fram de ikryssade")
    assert moderator.sees("2 inlägg är klara.")
    assert not {first, second} & set(listed(moderator))
    moderator.page.locator(f"#granska-{third}").get_by_role("button", name="Jag tar den").click()
    assert moderator.page.url.endswith(f"#granska-{third}")
    assert moderator.sees("Du har tagit det")
    assert moderator.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert not moderator.page.locator("[data-keys]").is_visible()
