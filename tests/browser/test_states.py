"""Each state of the component: for every eye, at every width, in both colour schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import telling
from tests.browser.reading import violations
from tests.browser.states import STATES, enter, reached, ring, rung

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.answering import Answering

pytestmark = pytest.mark.xdist_group("browser")

NARROWEST = 200
WIDTHS = (258, 320, 700)
ONE_LINE_APART = {"ended", "dialled", "waiting", "not allowed"}
"""States that are another but for the line of the call, or one sentence."""

HEIGHT = "brief.offsetHeight"
FRAMES = "new Promise((after) => requestAnimationFrame(() => requestAnimationFrame(after)))"
LANGUAGES = ("en", "es", "de", "fr")


def open_all(page: Page) -> None:
    """Open whatever opens."""
    page.evaluate("for (const one of brief.shadowRoot.querySelectorAll('details')) one.open = true")


def overflow(page: Page) -> list[str]:
    """What is wider than the page, or than what it stands in."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = [...brief.shadowRoot.querySelectorAll("*")].filter((node) => {
            const box = node.getBoundingClientRect();
            return box.width > 1 && (box.right > innerWidth + 0.5 || box.left < -0.5);
          });
          const page = document.documentElement.scrollWidth > innerWidth ? ["page"] : [];
          return [...page, ...wide.map((node) => `${node.tagName}.${node.className}`)];
        }"""
    )
    return found


@pytest.mark.parametrize("name", STATES)
def test_every_state_reads_well(
    name: str, open_page: Callable[..., Page], answering: Answering
) -> None:
    """Axe finds nothing, nothing is too wide, not even in 200 pixels, and there are words."""
    page = open_page()
    enter(name, page, answering)
    assert violations(page) == []
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    assert overflow(page) == []
    open_all(page)
    assert overflow(page) == []
    if name in ONE_LINE_APART:
        return
    for scheme in ("light", "dark"):
        page.evaluate("(scheme) => brief.setAttribute('scheme', scheme)", scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 640})
            assert violations(page) == [], (scheme, width)
            assert overflow(page) == [], (scheme, width)
    words = page.evaluate("brief.shadowRoot.querySelector('.body').innerText.trim()")
    assert words or name == "loading"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits(
    language: str, open_page: Callable[..., Page], answering: Answering
) -> None:
    """No state of any language is too wide, or shows a key in place of words."""
    page = open_page(f"/bench?language={language}", width=258)
    for name in ("ringing", "several", "everything", "unclaimed"):
        page.evaluate("brief.clear()")
        enter(name, page, answering)
        open_all(page)
        assert overflow(page) == [], name
        words = page.evaluate("brief.shadowRoot.querySelector('.body').innerText")
        assert not [word for word in words.split() if word.startswith(("label.", "kind."))]


def test_the_example_fits_the_first_view(
    open_page: Callable[..., Page], answering: Answering
) -> None:
    """The whole worked example stands on 320 by 560 pixels."""
    page = open_page()
    enter("answered", page, answering)
    assert page.evaluate(HEIGHT) <= 560


def test_nothing_jumps_when_the_brief_comes(
    open_page: Callable[..., Page], answering: Answering
) -> None:
    """What stands there while it loads stays where it is, and the name comes where its place is."""
    page = open_page()
    held = []
    page.route("**/v1/briefs", lambda route: held.append(route))  # noqa: PLW0108  it is marked
    ring(page)
    reached(page, "loading")
    before = {
        "call": page.locator(".call").bounding_box(),
        "height": page.evaluate(HEIGHT),
    }
    page.evaluate(FRAMES)
    page.evaluate(
        """() => {
          globalThis.shifts = [];
          new PerformanceObserver((list) => shifts.push(...list.getEntries()))
            .observe({ type: "layout-shift" });
        }"""
    )
    held[0].fulfill(json=telling.unverified())
    reached(page, "one")
    assert page.locator(".call").bounding_box() == before["call"]
    assert page.evaluate(HEIGHT) >= before["height"]
    page.evaluate(FRAMES)
    assert (
        page.evaluate("shifts.flatMap(({ sources }) => sources.map((one) => one.node?.outerHTML))")
        == []
    )


def test_no_primary_button_at_load(open_page: Callable[..., Page], answering: Answering) -> None:
    """Nothing is filled with colour that asks to be pressed."""
    page = open_page()
    enter("ringing", page, answering)
    filled = page.evaluate(
        """[...brief.shadowRoot.querySelectorAll("button")]
          .map((one) => getComputedStyle(one).backgroundColor)
          .filter((colour) => colour !== "rgba(0, 0, 0, 0)")"""
    )
    assert filled == []


def test_reduced_motion_is_respected(open_page: Callable[..., Page], answering: Answering) -> None:
    """Whoever wants less motion sees none."""
    moving = "document.getAnimations().length + brief.shadowRoot.getAnimations().length"
    page = open_page()
    enter("ringing", page, answering)
    assert page.evaluate(moving) > 0
    page = open_page(reduced_motion="reduce")
    enter("ringing", page, answering)
    assert page.evaluate(moving) == 0


def test_a_name_of_200_letters_leaves_room(
    open_page: Callable[..., Page], answering: Answering
) -> None:
    """It is cut after three lines; the whole of it can still be had."""
    page = open_page(width=258)
    enter("long name", page, answering)
    name = page.locator("remember-brief h2")
    assert name.bounding_box()["height"] < 100  # type: ignore[index]
    assert len(name.get_attribute("title") or "") == 200


def test_a_long_quote_is_cut_until_it_is_opened(
    open_page: Callable[..., Page], answering: Answering
) -> None:
    """Three lines of it are enough while the phone rings; a press shows all."""
    page = open_page()
    quote = "I have told you again and again that this does not work " * 12
    told = telling.unverified(adjustments=[telling.item("m-long", "preference", quote)])
    rung(told)(page, answering)
    line = page.locator("remember-brief .adjustments summary")
    assert line.bounding_box()["height"] <= 64  # type: ignore[index]
    line.click()
    assert line.bounding_box()["height"] > 200  # type: ignore[index]


def test_the_ring_is_announced(open_page: Callable[..., Page], answering: Answering) -> None:
    """A screen reader is told politely that it rings, and who it is; the focus stays."""
    page = open_page()
    rung(telling.unverified())(page, answering)
    live = page.locator("remember-brief [role=status]")
    assert live.inner_text() == "Ringing. Mara Lindqvist"
    assert page.evaluate("document.activeElement === document.body")
