"""The page of its own before the real service: from the telephone to the note, without a reload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.reading import violations
from tests.browser.running import LOSS, Running, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Response

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    """A service that knows Mara."""
    with running(tmp_path) as one:
        yield one


class Wire:
    """Everything that a page was sent from now on, but for streams, which do not end."""

    def __init__(self, page: Page) -> None:
        self._responses: list[Response] = []
        page.on("response", self._keep)

    def _keep(self, response: Response) -> None:
        self._responses.append(response)

    def urls(self) -> str:
        """The addresses so far."""
        return "\n".join(one.url for one in self._responses)

    def read(self) -> str:
        """The addresses and bodies so far."""
        ended = [one for one in self._responses if not one.url.endswith("/stream")]
        return "\n".join(one.url + "\n" + one.body().decode() for one in ended)


def signed_in(open_page: Callable[..., Page], service: Running, **more: object) -> Page:
    """The page, with a ready connection."""
    page = open_page(service.link, locale="en-GB", **more)
    expect(page.get_by_text("Daniel Osei")).to_be_visible()
    expect(page.get_by_role("heading", name="Your day")).to_be_visible()
    return page


def test_from_the_ring_to_the_note(service: Running, open_page: Callable[..., Page]) -> None:
    """It rings, the brief is there; verified, revealed, noted; nothing hidden is sent before."""
    page = signed_in(open_page, service)
    wire = Wire(page)
    service.ring()
    brief = page.locator("remember-brief")
    expect(brief.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    expect(brief.get_by_text("Ringing", exact=True)).to_be_visible()
    expect(brief.get_by_text("speak slowly")).to_be_visible()
    expect(brief.get_by_text("1 personal matter, once verified")).to_be_visible()

    service.ring("answered")
    expect(brief.get_by_text("On the line")).to_be_visible()
    brief.get_by_role("checkbox", name="Verified").click()
    expect(brief.get_by_text("loss of a friend")).to_be_visible()
    before = wire.read()
    assert "bereavement" in before
    assert "Nils" not in before

    brief.get_by_text("loss of a friend").click()
    brief.get_by_role("button", name="Show the words").click()
    expect(brief.get_by_text(LOSS).first).to_be_visible()
    assert "Nils" in wire.read()

    page.keyboard.press("n")
    page.keyboard.type("Moves in May, new ?street")
    page.keyboard.press("Enter")
    expect(brief.locator(".check")).to_contain_text("street")
    service.ring("ended")
    expect(brief.get_by_text("Call ended")).to_be_visible()
    assert not re.search("555|Mara|Nils", wire.urls())


def test_the_link_leaves_the_address_at_once(
    service: Running, open_page: Callable[..., Page]
) -> None:
    """Its secret stands in no address, history or request; a reload stays signed in."""
    page = signed_in(open_page, service)
    assert page.url == f"{service.url}/"
    page.reload()
    expect(page.get_by_text("Daniel Osei")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_signing_out_forgets_the_link(service: Running, open_page: Callable[..., Page]) -> None:
    """Nothing is left in the tab, and the page says how to come back."""
    page = signed_in(open_page, service)
    service.ring()
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("remember token create page --agent")).to_be_visible()
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0


def test_a_link_that_is_none_is_said(service: Running, open_page: Callable[..., Page]) -> None:
    """A wrong or old link, and none at all, end with the sentence that says how to get one."""
    page = open_page(f"{service.url}/#link=rmbr_0123456789ab_wrong", locale="en-GB")
    expect(page.get_by_role("heading", name="no longer valid")).to_be_visible()
    page = open_page(f"{service.url}/", locale="en-GB")
    expect(page.get_by_role("heading", name="This page needs a sign-in link")).to_be_visible()
    assert violations(page) == []


def test_a_customer_is_looked_up(service: Running, open_page: Callable[..., Page]) -> None:
    """By a part of the name, also after a call; then nobody can be verified."""
    page = signed_in(open_page, service)
    service.ring(caller="+12125550103")
    expect(page.get_by_role("heading", name="Olu Bankole")).to_be_visible()
    page.get_by_role("button", name="Find a customer").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("lindqvist")
    page.keyboard.press("Enter")
    page.locator("remember-brief").get_by_role("button", name="Mara Lindqvist").click()
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Verified")).to_have_count(0)


def test_people_who_share_a_number(service: Running, open_page: Callable[..., Page]) -> None:
    """Both are named, nothing is told of either; a pick shows the brief of one."""
    page = signed_in(open_page, service)
    service.ring(caller="+12125550102")
    expect(page.get_by_role("heading", name="2 people share this number")).to_be_visible()
    page.locator("remember-brief").get_by_role("button", name="Ida Ek").click()
    expect(page.get_by_role("heading", name="Ida Ek")).to_be_visible()


@pytest.mark.parametrize(
    ("caller", "said"),
    [(None, "Hidden number"), ("anonymous", "Hidden number"), ("+12125550199", "Nobody known")],
)
def test_nobody_is_recognised(
    caller: str | None, said: str, service: Running, open_page: Callable[..., Page]
) -> None:
    """A hidden and an unknown number say so."""
    page = signed_in(open_page, service)
    service.ring(caller=caller)
    expect(page.get_by_role("heading", name=said)).to_be_visible()


def test_the_day_is_kept(service: Running, open_page: Callable[..., Page]) -> None:
    """Calls appear among today's as they come, without a reload; a name leads to the brief."""
    page = signed_in(open_page, service)
    service.ring()
    service.ring("ended")
    day = page.locator("remember-day")
    expect(day.get_by_text("not answered")).to_be_visible()
    expect(day.get_by_role("heading", name="Calls today")).to_be_visible()
    day.get_by_role("button", name="Mara Lindqvist").first.click()
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_reads_well(scheme: str, service: Running, open_page: Callable[..., Page]) -> None:
    """Axe finds nothing, and nothing is too wide, however wide the window is."""
    page = signed_in(open_page, service, scheme=scheme)
    service.ring()
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    expect(page.locator("remember-day").get_by_role("button").first).to_be_visible()
    for width in (320, 700, 1200):
        page.set_viewport_size({"width": width, "height": 640})
        assert violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_a_service_that_was_away_comes_back(
    service: Running, open_page: Callable[..., Page]
) -> None:
    """A brief that could not be had when it rang comes by itself once it can."""
    page = signed_in(open_page, service)
    page.route("**/v1/briefs", lambda route: route.abort())
    service.ring()
    expect(page.get_by_text("The service cannot be reached.")).to_be_visible()
    page.unroute("**/v1/briefs")
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible(timeout=20_000)


def test_a_stream_that_broke_is_heard_again(
    service: Running, open_page: Callable[..., Page]
) -> None:
    """The page says that it is not connected, and misses no ring."""
    page = open_page(f"{service.url}/", locale="en-GB")
    cut = ["yes"]
    page.route("**/v1/rings/stream", lambda route: route.abort() if cut else route.continue_())
    page.goto(service.link)
    expect(page.get_by_text("Not connected. Rings may be late")).to_be_visible()
    service.ring()
    cut.clear()
    expect(page.get_by_role("heading", name="Mara Lindqvist")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Not connected. Rings may be late")).to_be_hidden()


@pytest.mark.parametrize("language", ["es", "de-AT", "fr", "ja"])
def test_the_page_speaks_the_browsers_language(
    language: str, service: Running, open_page: Callable[..., Page]
) -> None:
    """One of the four, else English; screen readers are told which."""
    page = open_page(f"{service.url}/", locale=language)
    spoken = {"es": "es", "de-AT": "de", "fr": "fr", "ja": "en"}[language]
    expect(page.locator(f"html[lang={spoken}] #sign-in h2")).to_be_visible()


def test_the_tab_says_that_it_rings_and_not_who(
    service: Running, open_page: Callable[..., Page]
) -> None:
    """An agent who looks at another tab sees it; a passer-by learns nothing."""
    page = signed_in(open_page, service)
    service.ring()
    expect(page).to_have_title("Ringing · remember-them")
    service.ring("answered")
    expect(page).to_have_title("remember-them")


def test_handing_over_opens_the_helpdesk(service: Running, open_page: Callable[..., Page]) -> None:
    """Whoever is preferred, the customer's page there is where calls are handed over from."""
    page = signed_in(open_page, service)
    page.context.route("https://acme.zendesk.com/**", lambda route: route.fulfill(body="a page"))
    service.ring(caller="+12125550103")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Hand over").click()
    assert opened.value.url == "https://acme.zendesk.com/agent/users/103"
