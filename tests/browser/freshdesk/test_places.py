"""Beside a ticket and a contact, and on cards: what is shown, how it fits, what it opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.freshdesk.pages import CARDS, SIDEBARS, dial, happen, heading, refused, shown
from tests.browser.reading import violations

if TYPE_CHECKING:
    from tests.browser.freshdesk.pages import Install, Opening
    from tests.hosts.freshdesk import Freshdesk

pytestmark = pytest.mark.long


@pytest.mark.parametrize("place", [*SIDEBARS, *CARDS])
def test_each_place_shows_the_brief(
    install: Install, open_page: Opening, account: Freshdesk, place: str
) -> None:
    """A ticket's, a contact's and a caller's page all say who it is, and the frame fits it."""
    install("freshdesk")
    page = open_page(place)
    expect(heading(page, place)).to_be_visible()
    assert refused(page) == []
    assert [name for name, _ in account.asked] == ["openSession"]
    page.frames[1].wait_for_function(
        "Math.ceil(document.body.getBoundingClientRect().height) === innerHeight"
    )


def test_the_brief_fits_narrow_frames_in_both_schemes(install: Install, open_page: Opening) -> None:
    """Nothing is wider than the frame, and ink and ground follow the colour scheme."""
    install("freshdesk")
    page = open_page("ticket_sidebar")
    expect(heading(page, "ticket_sidebar")).to_be_visible()
    frame = page.frames[1]
    ink = "getComputedStyle(document.querySelector('remember-brief')).color"
    for width in (200, 258, 320):
        page.set_viewport_size({"width": width, "height": 900})
        frame.wait_for_function(f"innerWidth === {width}")
        assert frame.evaluate("document.documentElement.scrollWidth") <= width
    for scheme, bright in (("light", False), ("dark", True)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its two
        brightness = sum(int(part) for part in re.findall(r"\d+", frame.evaluate(ink))[:3])
        assert (brightness > 380) is bright


def test_axe_finds_nothing_in_any_place(install: Install, open_page: Opening) -> None:
    """The pages around the component are as accessible as the component itself."""
    install("freshdesk")
    for place in (*SIDEBARS, *CARDS):
        page = open_page(place)
        expect(heading(page, place)).to_be_visible()
        assert violations(page.frames[1]) == [], place
    install("freshdesk-cti")
    page = open_page("cti_global_sidebar")
    dial(page)
    expect(heading(page, "cti_global_sidebar")).to_be_visible()
    assert violations(page.frames[1]) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page.frames[1]) == []


def test_the_product_opens_what_the_brief_names(install: Install, open_page: Opening) -> None:
    """Beside a ticket a click opens contact or ticket in Freshdesk itself, by its number."""
    install("freshdesk")
    page = open_page("ticket_sidebar")
    heading(page, "ticket_sidebar").get_by_role("link").click()
    shown(page, "ticket_sidebar").locator("section.open").get_by_role("link").click()
    merge = {"url": None, "kind": "merge", "ref": "freshdesk:101", "other": "freshdesk:100"}
    happen(page, "remember-open", merge)
    agent = {"ref": "freshdesk:12", "name": "Dana Reyes"}
    prefer = {"agent": agent, "customer": "freshdesk:100", "ticket": "freshdesk:8831"}
    happen(page, "remember-prefer", prefer)
    happen(page, "remember-prefer", {**prefer, "ticket": None})
    page.wait_for_function("opened.length === 5")
    assert [tuple(one.values()) for one in page.evaluate("opened")] == [
        ("contact", 100),
        ("ticket", 8831),
        ("contact", 101),
        ("ticket", 8831),
        ("contact", 100),
    ]


def test_a_link_that_the_product_does_not_open_opens_in_a_tab(
    install: Install, open_page: Opening
) -> None:
    """Where Freshdesk refuses, the agent still gets to the page."""
    install("freshdesk")
    page = open_page("ticket_sidebar")
    page.context.route("https://acme.freshdesk.com/**", lambda route: route.fulfill(body="-"))
    page.evaluate("product.refused = 'click'")
    with page.expect_popup() as popup:
        heading(page, "ticket_sidebar").get_by_role("link").click()
    assert popup.value.url == "https://acme.freshdesk.com/a/contacts/100"


def test_a_new_ticket_shows_its_requester_once_there_is_one(
    install: Install, open_page: Opening
) -> None:
    """Nobody at first; whom the agent has chosen when they come back to the app."""
    install("freshdesk")
    page = open_page("new_ticket_requester_info")
    place = "new_ticket_requester_info"
    expect(shown(page, place).get_by_text("No call right now.")).to_be_visible()
    page.evaluate("product.know('new_ticket_requester_info', {requester: {id: 101}})")
    page.evaluate("product.happen('new_ticket_requester_info', 'app.activated')")
    expect(heading(page, place, "Ana Brook")).to_be_visible()
