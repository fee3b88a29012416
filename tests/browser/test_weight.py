"""What a browser loads of the component, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.bench import weight
from tests.browser import telling
from tests.browser.states import ring

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.answering import Answering

    Opener = Callable[..., Page]

pytestmark = pytest.mark.xdist_group("browser")

BEFORE_THE_PAINT = """async () => {
  brief.show({ ticket: "zendesk:1" });
  let painted;
  while (!painted) {
    await new Promise((resume) => setTimeout(resume, 5));
    [painted] = performance.getEntriesByName("remember-brief-painted");
  }
  return performance.getEntriesByType("resource")
    .filter((one) => one.startTime < painted.startTime && one.name.includes("/assets/"))
    .map((one) => [one.name.split("/").at(-1), one.decodedBodySize]);
}"""
BESIDE = {"remember-stream.js", "strings.json"}
"""What the page brings along, and the words in all languages."""


def test_a_brief_is_painted_with_thirty_kilobytes(open_page: Opener, answering: Answering) -> None:
    """Script and style of the component, as they are written; the bench counts the same."""
    page = open_page(alone=True)
    answering.answers["briefs"] = telling.verified()
    sizes = {name: size for name, size in page.evaluate(BEFORE_THE_PAINT) if name not in BESIDE}
    assert sizes == {
        name: (weight.WEB / name).stat().st_size for name in weight.loaded(*weight.FIRST)
    }
    assert sum(sizes.values()) <= weight.MOST_BYTES


def test_all_else_follows_by_itself(open_page: Opener, answering: Answering) -> None:
    """Nobody has to press anything: with the service away, a line still opens to its evidence."""
    page = open_page(alone=True)
    answering.answers["briefs"] = telling.verified()
    page.evaluate("brief.show({ ticket: 'zendesk:1' })")
    page.get_by_text("More", exact=True).wait_for()
    page.wait_for_function("performance.getEntriesByName('remember-brief-painted').length > 0")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(offline=True)
    page.get_by_text("Call back").click()
    expect(page.get_by_text("I will call you back by the fifth.")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Note on")).to_be_focused()


def test_a_page_that_waits_for_a_call_has_it_all_before(
    open_page: Opener, answering: Answering
) -> None:
    """When the phone rings there is nothing to load but the brief."""
    page = open_page(alone=True)
    expect(page.get_by_role("searchbox")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    answering.answers["briefs"] = telling.unverified()
    ring(page)
    page.locator("remember-brief[state=one]").wait_for()
    assert asked == ["sessions", "briefs"]
