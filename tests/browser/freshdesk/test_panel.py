"""Freshdesk's phone panel: the whole way from a ring to a new brief, and what it shows else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.freshdesk.pages import (
    LOSS,
    dial,
    heading,
    journal,
    refused,
    shown,
    wait_for_stream,
)

if TYPE_CHECKING:
    from tests.browser.freshdesk.pages import Install, Opening, Wire
    from tests.integration.rings.desk import Desk


def test_a_ring_goes_all_the_way_to_a_new_brief(
    install: Install, open_page: Opening, desk: Desk, wire: Wire
) -> None:
    """Ring, panel, brief, verified, reveal, note, brief again; hidden words only once revealed."""
    install("freshdesk-cti")
    page = open_page("cti_global_sidebar")
    panel = shown(page, "cti_global_sidebar")
    expect(page.locator("iframe")).to_be_hidden()
    wait_for_stream(page, desk)

    assert desk.ring().status_code == 204
    expect(page.locator("iframe")).to_be_visible()
    expect(heading(page, "cti_global_sidebar")).to_be_visible()
    expect(panel.get_by_text("Ringing", exact=True)).to_be_visible()
    desk.ring("answered")
    expect(panel.get_by_text("On the line", exact=True)).to_be_visible()

    panel.get_by_role("checkbox", name="Verified").check()
    care = panel.locator("section.care")
    expect(care.get_by_text("loss of")).to_be_visible()
    assert LOSS not in wire.words()
    care.locator("summary").click()
    care.get_by_role("button", name="Show the words").click()
    expect(care.get_by_text(LOSS).first).to_be_visible()
    assert LOSS in wire.words()

    panel.get_by_role("button", name="Note", exact=True).click()
    panel.get_by_label("Note on Mara Lindqvist").fill("?spelling of her street")
    panel.get_by_role("button", name="Save").click()
    expect(panel.locator("section.check").get_by_text("spelling")).to_be_visible()

    assert refused(page) == []
    assert journal(page, "interface.trigger") == [["show", {"id": "softphone"}]]
    assert not [one.url for one in wire.asked if "?" in one.url or "12125550101" in one.url]


def test_a_call_for_the_group_is_shown_to_who_takes_it(
    install: Install, open_page: Opening, desk: Desk, wire: Wire
) -> None:
    """A ring that names nobody opens the panel without a name, until the agent takes it."""
    install("freshdesk-cti")
    page = open_page("cti_global_sidebar")
    wait_for_stream(page, desk)
    desk.ring(agent=None)
    take = shown(page, "cti_global_sidebar").get_by_role("button", name="I take it")
    expect(take).to_be_visible()
    assert "Mara" not in wire.words()
    take.click()
    expect(heading(page, "cti_global_sidebar")).to_be_visible()


UNSEEN = """() => new Promise((resolve) => {
  const seen = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || resolve());
  seen.observe(document.body);
})"""
"""Waits until the frame has noticed that nobody sees it."""


def test_an_idle_panel_shows_the_agents_own_day(
    install: Install, open_page: Opening, desk: Desk
) -> None:
    """Opened while nobody calls it tells of today's calls; a call takes the room until it ends."""
    install("freshdesk-cti")
    page = open_page("cti_global_sidebar")
    day = shown(page, "cti_global_sidebar").locator("remember-day")
    wait_for_stream(page, desk)
    page.evaluate("product.panel(true)")
    expect(day.get_by_role("heading").first).to_be_visible()
    desk.ring("answered")
    expect(heading(page, "cti_global_sidebar")).to_be_visible()
    expect(day).to_be_hidden()
    desk.ring("ended")
    expect(shown(page, "cti_global_sidebar").get_by_text("Call ended", exact=True)).to_be_visible()
    page.evaluate("product.panel(false)")
    page.frames[1].evaluate(UNSEEN)
    page.evaluate("product.panel(true)")
    expect(day.get_by_text("Mara Lindqvist")).to_be_visible()


def test_a_dialled_number_is_shown_and_handed_on(install: Install, open_page: Opening) -> None:
    """A click on a number opens the panel with the brief and a link for the computer's phone."""
    install("freshdesk-cti")
    page = open_page("cti_global_sidebar")
    panel = shown(page, "cti_global_sidebar")
    dial(page)
    expect(page.locator("iframe")).to_be_visible()
    expect(heading(page, "cti_global_sidebar")).to_be_visible()
    expect(panel.get_by_role("link", name="(212) 555-0101")).to_have_attribute(
        "href", "tel:2125550101"
    )
