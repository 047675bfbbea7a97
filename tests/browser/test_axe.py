"""What reads the colours of a page for axe-core, once each, tells what is too faint as axe-core does."""

import pytest

from tests.browser.axe import bring_to, faults


@pytest.mark.parametrize(
    ("colours", "told"),
    [
        ("color: #777; background: #888", 2),
        ("color: rgb(0 0 0 / 30%); background: white", 2),
        ("color: black; background: white", 0),
    ],
)
def test_words_too_faint_to_read_are_told_each_time_they_stand(browser, colours, told):
    words = f"<p style='{colours}'>Bleka ord</p>" * 2
    with browser.new_context() as context:
        bring_to(context)
        page = context.new_page()
        page.goto(f"data:text/html,<main><h1>Ord</h1>{words}</main>".replace("#", "%23"))
        assert len(faults(page, "color-contrast")) == told
