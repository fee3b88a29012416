"""Whatever people write stays text: no element, no script, no address but a web page's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import telling
from tests.browser.states import ring
from tests.browser.test_states import open_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.answering import Answering

    Opener = Callable[..., Page]

pytestmark = pytest.mark.xdist_group("browser")

EVIL = (
    "<img src=x onerror=globalThis.harmed=1>",
    "<script>globalThis.harmed=1</script>",
    '"><svg onload=globalThis.harmed=1>',
    "javascript:globalThis.harmed=1",
    "{name}{text}$&",
)
NOT_TEXT = frozenset({"memory", "url", "kind", "relation", "role", "outcome", "code", "state"})
DATES = ("_on", "_at", "as_of", "since", "why", "ref", "ticket", "on")


def evil(document: Any, words: str, key: str = "") -> Any:
    """A document with these words wherever people's own may stand."""
    if isinstance(document, dict):
        return {name: evil(value, words, name) for name, value in document.items()}
    if isinstance(document, list):
        return [evil(value, words, key) for value in document]
    kept = key in NOT_TEXT or key.endswith(DATES) or not isinstance(document, str)
    return document if kept else words


@pytest.mark.parametrize("words", EVIL, ids=range(len(EVIL)))
@pytest.mark.parametrize("state", ["known", "several"])
def test_words_stay_words(state: str, words: str, open_page: Opener, answering: Answering) -> None:
    """They are read as they are written, wherever they stand, and nothing of them runs."""
    page = open_page()
    told = telling.everything() if state == "known" else telling.SEVERAL
    answering.answers["briefs"] = evil(told, words)
    ring(page)
    page.locator(
        f"remember-brief[state={'verified' if state == 'known' else 'several'}]"
    ).wait_for()
    open_all(page)
    page.wait_for_timeout(50)
    assert page.evaluate("globalThis.harmed") is None
    assert (
        page.evaluate("brief.shadowRoot.querySelectorAll('img, script, svg, iframe').length") == 0
    )
    seen = page.evaluate("brief.shadowRoot.querySelector('.body').textContent")
    assert seen.count(words) >= (20 if state == "known" else 3)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:globalThis.harmed=1",
        " javascript:globalThis.harmed=1",
        "data:text/html,<script>opener.harmed=1</script>",
        "vbscript:x",
        "//evil.example/x",
        "",
    ],
)
def test_only_web_pages_are_links(url: str, open_page: Opener, answering: Answering) -> None:
    """Any other address leaves its text without a link."""
    page = open_page()
    answering.answers["briefs"] = telling.verified(
        customer=telling.customer(url=url),
        open=[telling.open_ticket(8831, "Refund", url=url)],
        check=[telling.check("m", "street", evidence=[telling.evidence("street", url=url)])],
        promises=[],
        before=[],
        you=None,
        adjustments=[],
    )
    ring(page)
    page.locator("remember-brief[state=verified]").wait_for()
    open_all(page)
    page.locator("figcaption").wait_for()
    assert page.get_by_role("link").count() == 0


def test_a_note_stays_text(open_page: Opener, answering: Answering) -> None:
    """What an agent writes, too, and what the service says of it."""
    page = open_page()
    answering.answers["briefs"] = telling.verified(customer=telling.customer(name=EVIL[0]))
    answering.answers["notes"] = {"status": 400, "type": "x", "title": EVIL[0], "detail": EVIL[1]}
    ring(page)
    page.locator("remember-brief[state=verified]").wait_for()
    page.get_by_role("button", name="Note", exact=True).click()
    page.keyboard.type(EVIL[0])
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.evaluate("brief.shadowRoot.querySelectorAll('img, script').length") == 0
    assert page.evaluate("globalThis.harmed") is None
