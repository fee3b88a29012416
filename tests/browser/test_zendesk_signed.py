"""The Zendesk app whose pages come from the service, opened by requests that Zendesk signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from connector.clock import ScaledClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.signed_urls import APP_ID
from memory.record import tables as t
from tests.browser.zendesk_host import DANA, ZendeskHost, hosted
from tests.integration.rings.desk import open_desk
from tests.support.book import AS_OF, Book, agent, customer
from tests.support.tale import tale

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from connector.clock import Clock
    from tests.integration.rings.desk import Desk


@pytest.fixture
def clock() -> Clock:
    """The service's and Zendesk's."""
    return ScaledClock(1, AS_OF)


@pytest.fixture
def helpdesk(clock: Clock) -> Iterator[DemoHelpdesk]:
    """A simulated Zendesk in which our app is installed."""
    with DemoHelpdesk(read_story(tale([], [])), clock=clock.now) as served:
        yield served


@pytest.fixture
def book(tmp_path: Path, helpdesk: DemoHelpdesk) -> Iterator[Book]:
    """The record of that Zendesk's account."""
    made = Book(tmp_path, url=helpdesk.url)
    made.people(
        agent(str(DANA["id"]), "Dana Reyes", email="dana@acme.example"),
        customer("100", "Mara Lindqvist", phone="+12125550101"),
    )
    made.ticket("8831", subject="Roaming refund")
    yield made
    made.record.close()


@pytest.fixture
def desk(book: Book, helpdesk: DemoHelpdesk, clock: Clock, tmp_path: Path) -> Iterator[Desk]:
    """The service; no page of another origin may ask it."""
    with open_desk(
        book, tmp_path, clock=clock, zendesk_url=helpdesk.url, zendesk_app_id=APP_ID
    ) as opened:
        yield opened


@pytest.fixture
def host(browser: Browser, desk: Desk, helpdesk: DemoHelpdesk) -> Iterator[ZendeskHost]:
    """Dana's page in Zendesk; an error in a script fails the test."""
    errors: list[str] = []

    def sign() -> str:
        return helpdesk.signed_urls.token(int(str(DANA["id"])))

    host = hosted(browser, desk.url, "", errors=errors.append, zendesk=helpdesk.url, sign=sign)
    yield host
    host.page.context.close()
    assert errors == []


def test_a_ring_reaches_pages_that_the_service_serves(
    host: ZendeskHost, desk: Desk, book: Book
) -> None:
    """Popover, then the caller's page, verified there; the log says that Zendesk vouched."""
    host.begin()
    host.heard("top_bar", "remember.ring")
    desk.ring(agent="dana@acme.example")
    popover = host.frame("top_bar")
    expect(popover.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    sidebar = host.open("user_sidebar", user__id=100)
    sidebar.get_by_role("checkbox", name="Verified").click()
    expect(sidebar.locator("remember-brief")).to_have_attribute("state", "verified")
    expect(popover.locator("remember-brief")).to_have_attribute("state", "verified")
    assert host.proxied == []
    assert {row["proof"] for row in book.rows(t.access)} == {"zendesk"}


def test_a_page_goes_on_after_its_first_session(host: ZendeskHost) -> None:
    """Zendesk signs the first request alone; the page's pass opens the next session."""
    host.begin(only=["user_sidebar"])
    frame = host.open("user_sidebar", user__id=100)
    name = frame.get_by_role("heading", name="Mara Lindqvist")
    expect(name).to_be_visible()
    frame.evaluate("""() => {
      const ask = window.fetch;
      let first = true;
      window.fetch = (address, options) => {
        if (!first || !String(address).endsWith("/v1/briefs")) return ask(address, options);
        first = false;
        return Promise.resolve(new Response("{}", { status: 401 }));
      };
      document.querySelector("remember-brief").show({ customer: "zendesk:100" });
    }""")
    expect(name).to_be_visible()
    assert [one for one in host.requests if one.url.endswith("/zendesk/session")]


def test_a_page_that_zendesk_does_not_vouch_for_says_so(
    host: ZendeskHost, helpdesk: DemoHelpdesk
) -> None:
    """Whoever posted it there: the agent sees that they are signed out, and nobody's name."""
    forged = helpdesk.signed_urls.token(11)
    helpdesk.signed_urls.renew_key()
    host.sign = lambda: forged
    host.begin(only=["user_sidebar"])
    frame = host.open("user_sidebar", user__id=100)
    expect(frame.locator("remember-brief")).to_have_attribute("state", "error")
    expect(frame.get_by_text("signed out")).to_be_attached()
    assert not [one for one in host.requests if one.url.endswith("/v1/briefs")]
