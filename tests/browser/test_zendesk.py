"""The Zendesk app in a page that hosts it as Zendesk does: what it shows, and what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from starlette.middleware.cors import CORSMiddleware

from tests.browser import telling
from tests.browser.answering import Answering
from tests.browser.reading import violations
from tests.browser.serving import served
from tests.browser.zendesk_host import APP, DANA, ZendeskHost, hosted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Frame

pytestmark = pytest.mark.long

TOKEN = "rmbr_0123456789ab_an-invented-secret"

_DAY = {"version": 1, "agent": "zendesk:11", "on": "2026-07-07", "conversations": [], "rings": []}
_REGULARS = {"version": 1, "agent": "zendesk:11", "regulars": []}


def _brief(question: dict[str, Any]) -> dict[str, Any]:
    """Mara's, and of anybody else that they are not known."""
    if question.get("customer", "zendesk:100") == "zendesk:100":
        return telling.unverified()
    return telling.nobody("none")


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Answering, str]]:
    """A small service that pages of the app's origin may ask."""
    answering = Answering()
    app = CORSMiddleware(
        answering.app,
        allow_origins=[APP],
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        allow_private_network=True,
    )
    with served(app) as url:
        yield answering, url


@pytest.fixture
def answering(service: tuple[Answering, str]) -> Answering:
    """The service, which knows one brief."""
    service[0].forget()
    service[0].answers |= {"briefs": _brief, "agents/me/day": _DAY, "agents/me/regulars": _REGULARS}
    return service[0]


@pytest.fixture
def host(
    browser: Browser, service: tuple[Answering, str], answering: Answering
) -> Iterator[ZendeskHost]:
    """The agent's page; an error in a script fails the test."""
    errors: list[str] = []
    host = hosted(browser, service[1], TOKEN, errors=errors.append)
    yield host
    host.page.context.close()
    assert errors == []


def _mara(frame: Frame) -> None:
    expect(frame.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()


def _state(frame: Frame, state: str) -> None:
    expect(frame.locator("remember-brief")).to_have_attribute("state", state)


def test_a_ticket_shows_the_brief_of_its_requester(host: ZendeskHost, answering: Answering) -> None:
    """The customer is asked for, on this ticket, in the agent's language."""
    host.begin()
    _mara(host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100))
    [asked] = answering.asked["briefs"]
    assert asked == {"customer": "zendesk:100", "ticket": "zendesk:8831", "language": "en-US"}


def test_the_page_speaks_the_agents_language(host: ZendeskHost, answering: Answering) -> None:
    """As Zendesk knows it; so does the brief that is asked for."""
    host.begin(agent={**DANA, "locale": "de"})
    frame = host.open("user_sidebar", user__id=100)
    expect(frame.get_by_role("button", name="Notiz")).to_be_visible()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Wer anruft")
    assert frame.evaluate("document.documentElement.lang") == "de"
    assert answering.asked["briefs"][0]["language"] == "de"


def test_a_ticket_without_a_requester_is_asked_for_itself(
    host: ZendeskHost, answering: Answering
) -> None:
    """The record knows who asked, even where Zendesk's page does not say."""
    host.begin()
    _mara(host.open("ticket_sidebar", ticket__id=8831))
    assert answering.asked["briefs"][0]["ticket"] == "zendesk:8831"


def test_a_persons_page_shows_their_brief(host: ZendeskHost, answering: Answering) -> None:
    """No ticket is meant there."""
    host.begin()
    _mara(host.open("user_sidebar", user__id=100))
    assert answering.asked["briefs"] == [{"customer": "zendesk:100", "language": "en-US"}]


def test_a_new_ticket_waits_for_its_requester(host: ZendeskHost, answering: Answering) -> None:
    """Nobody is asked for until the agent has chosen somebody; then the latest choice counts."""
    host.begin()
    frame = host.open("new_ticket_sidebar")
    _state(frame, "idle")
    host.change("new_ticket_sidebar", "ticket.requester.id", 100)
    _mara(frame)
    host.change("new_ticket_sidebar", "ticket.requester.id", 7)
    _state(frame, "none")
    host.change("new_ticket_sidebar", "ticket.requester.id", None)
    _state(frame, "idle")
    assert [one["customer"] for one in answering.asked["briefs"]] == ["zendesk:100", "zendesk:7"]


def test_the_token_never_reaches_the_browser(host: ZendeskHost) -> None:
    """It is in no request of it, in no frame and in no message: Zendesk's servers fill it in."""
    host.begin()
    frame = host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100)
    _mara(frame)
    assert host.proxied
    for one in host.proxied:
        assert one["headers"] == {"Authorization": "Bearer {{setting.api_token}}"}
        assert (one["secure"], "setting" in one["data"]) == (True, False)
    assert host.requests
    for request in host.requests:
        told = [request.url, request.post_data or "", *request.all_headers().values()]
        assert not [text for text in told if TOKEN in text or "setting." in text]
    for shown in host.page.frames:
        assert TOKEN not in shown.content()
    assert TOKEN not in str(host.page.evaluate("host.journal"))


def test_one_session_serves_all_pages_of_a_tab(host: ZendeskHost) -> None:
    """The page in the background opens it; Zendesk's proxy is asked once."""
    host.begin()
    host.heard("background", "remember.hello")
    for number in (1, 2, 3):
        _mara(host.open("ticket_sidebar", ticket__id=number, ticket__requester__id=100))
    assert len(host.proxied) == 1


def test_a_sidebar_without_its_background_opens_a_session_itself(
    host: ZendeskHost, answering: Answering
) -> None:
    """On the app's own word that this is the agent."""
    host.begin(only=["user_sidebar"])
    _mara(host.open("user_sidebar", user__id=100))
    assert answering.asked["sessions"] == [{"proof": "asserted", "agent": "zendesk:11"}]


def test_a_session_that_ends_midway_is_opened_anew(host: ZendeskHost, answering: Answering) -> None:
    """The bearer that was refused is not asked for again, also not from the background."""
    host.begin()
    host.heard("background", "remember.hello")
    frame = host.open("user_sidebar", user__id=100)
    _mara(frame)
    answers = iter([401, telling.unverified()])
    answering.answers |= {
        "briefs": lambda _: next(answers),
        "sessions": {"bearer": "c", "expires_at": "2099-01-01T00:00:00Z"},
    }
    frame.evaluate("document.querySelector('remember-brief').show({ customer: 'zendesk:100' })")
    _mara(frame)
    last = [r for r in host.requests if r.url.endswith("/v1/briefs")][-1]
    assert last.all_headers()["authorization"] == "Bearer c"


def test_a_refused_token_is_told_once(host: ZendeskHost, answering: Answering) -> None:
    """The sidebar says so, and one notification tells whom the agent should ask."""
    answering.answers["sessions"] = 401
    host.begin()
    told = host.wait_asked("invoke", "notify", by="background")
    assert "token" in told[0]
    assert told[1] == "error"
    _state(host.open("user_sidebar", user__id=100), "error")
    assert len(host.asked("invoke", "notify")) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scheme_is_known_before_the_sdk(host: ZendeskHost, scheme: str) -> None:
    """The first paint is in the agent's colours, even while Zendesk's script is on its way."""
    host.without_sdk = True
    host.begin(scheme=scheme)
    frame = host.open("user_sidebar", user__id=100)
    expect(frame.locator("html")).to_have_attribute("data-scheme", scheme)
    assert frame.evaluate("typeof ZAFClient") == "undefined"


@pytest.mark.parametrize("event", ["colorScheme", "colorScheme.changed"])
def test_the_scheme_follows_the_agents(host: ZendeskHost, event: str) -> None:
    """Whichever of its two names Zendesk calls the event by."""
    host.begin()
    frame = host.open("user_sidebar", user__id=100)
    _mara(frame)
    expect(frame.locator("remember-brief")).to_have_attribute("scheme", "light")
    host.fire(event, "dark")
    expect(frame.locator("remember-brief")).to_have_attribute("scheme", "dark")
    expect(frame.locator("html")).to_have_attribute("data-scheme", "dark")


def test_a_ring_opens_the_popover_with_its_brief(host: ZendeskHost, answering: Answering) -> None:
    """The pane was loaded beforehand; what comes is a key, and the page asks who that is."""
    host.begin()
    host.wait_asked("invoke", "preloadPane", by="background")
    host.heard("top_bar", "remember.ring")
    host.notify("ring", "r1")
    assert host.wait_asked("invoke", "popover", by="background") == ["show"]
    _mara(host.frame("top_bar"))
    assert {"ring": "r1", "language": "en-US"} in answering.asked["briefs"]
    expect(host.page.locator("iframe[title=top_bar]")).to_be_visible()


def test_a_pane_that_zendesk_had_not_loaded_hears_of_the_ring_that_opened_it(
    host: ZendeskHost,
) -> None:
    """It asks the background what is going on."""
    host.begin(lazy=True)
    host.heard("background", "api_notification.ring")
    host.notify("ring", "r1")
    _mara(host.frame("top_bar"))


def test_only_a_ring_or_the_agent_opens_the_popover(host: ZendeskHost) -> None:
    """Loaded beforehand, it stays out of sight; opened, it is as high as what it shows."""
    host.begin()
    expect(host.frame("top_bar").locator("remember-day h2").first).to_have_text("Your day")
    assert host.asked("invoke", "popover") == []
    expect(host.page.locator("iframe[title=top_bar]")).to_be_hidden()
    host.page.evaluate("(guid) => host.do.popover(host.instances.get(guid))", host.guid("top_bar"))
    size = host.wait_asked("invoke", "resize", by="top_bar")[0]
    assert size["width"] == "360px"
    assert 240 <= int(size["height"].removesuffix("px")) <= 640


def test_a_ring_opens_the_popover_once(host: ZendeskHost) -> None:
    """Not again when it is told again: an agent may have closed it."""
    host.begin()
    host.heard("top_bar", "remember.ring")
    for _ in range(3):
        host.notify("ring", "r1")
    _mara(host.frame("top_bar"))
    assert host.asked("invoke", "popover", by="background") == [["show"]]


def test_a_sidebar_of_the_caller_belongs_to_the_call(
    host: ZendeskHost, answering: Answering
) -> None:
    """What is verified in the popover is verified beside their ticket; other tickets stay apart."""
    host.begin()
    host.heard("top_bar", "remember.ring")
    mara = host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100)
    _mara(mara)
    _state(host.open("ticket_sidebar", ticket__id=8832, ticket__requester__id=7), "none")
    host.notify("ring", "r1")
    host.wait_asked("invoke", "popover", by="background")
    _mara(host.frame("top_bar"))
    on_call = {"customer": "zendesk:100", "ring": "r1", "language": "en-US"}
    _until(host, lambda: on_call in answering.asked["briefs"])
    later = host.open("user_sidebar", user__id=100)
    _mara(later)
    _until(host, lambda: answering.asked["briefs"].count(on_call) == 2)
    others = [one for one in answering.asked["briefs"] if one.get("customer") == "zendesk:7"]
    assert others == [{"customer": "zendesk:7", "ticket": "zendesk:8832", "language": "en-US"}]


def test_a_change_in_one_page_is_seen_in_the_others(
    host: ZendeskHost, answering: Answering
) -> None:
    """Ticked in one sidebar, the other shows what may be shown now."""
    host.begin()
    host.heard("background", "remember.hello")
    other = host.open("user_sidebar", user__id=100)
    _mara(other)
    frame = host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100)
    _mara(frame)
    answering.answers |= {"verifications": {"customer": "zendesk:100", "until": "2026-07-07"}}
    answering.answers["briefs"] = telling.verified()
    frame.get_by_role("checkbox", name="Verified").click()
    _state(frame, "verified")
    _state(other, "verified")


def test_links_lead_to_zendesks_own_pages(host: ZendeskHost) -> None:
    """In the agent's tab, where the ticket or person may be open already."""
    host.begin()
    frame = host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100)
    frame.get_by_role("link", name="8831").click()
    assert host.wait_asked("invoke", "routeTo") == ["ticket", "8831"]
    frame.get_by_role("link", name="Mara Lindqvist").click()
    host.page.wait_for_function("host.find('user_sidebar').length")
    assert host.asked("invoke", "routeTo")[-1] == ["user", "100"]
    assert len(host.page.context.pages) == 1


def test_a_page_that_zendesk_does_not_open_is_told(host: ZendeskHost) -> None:
    """The link does not simply do nothing."""
    host.begin()
    host.page.evaluate("delete host.do.routeTo")
    frame = host.open("user_sidebar", user__id=100)
    frame.get_by_role("link", name="8831").click()
    assert host.wait_asked("invoke", "notify")[1] == "error"


def test_handing_over_fills_zendesks_own_field(host: ZendeskHost) -> None:
    """The ticket is not saved: that is for the agent to do, or not."""
    host.begin()
    frame = host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100)
    frame.get_by_role("button", name="Hand over").click()
    assert "Daniel Osei" in host.wait_asked("invoke", "notify")[0]
    assert host.asked("set", "ticket.assignee") == [{"userId": 12}]


def test_handing_over_that_zendesk_refuses_is_told(host: ZendeskHost) -> None:
    """An agent may lack the right to assign; the page says so and changes nothing."""
    host.begin()
    host.page.evaluate("host.refused.push('ticket.assignee')")
    frame = host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100)
    frame.get_by_role("button", name="Hand over").click()
    assert host.wait_asked("invoke", "notify")[1] == "error"


def test_handing_over_elsewhere_opens_where_it_can_be_done(host: ZendeskHost) -> None:
    """A person's page has no assignee: their tickets are one click away."""
    host.begin()
    frame = host.open("user_sidebar", user__id=100)
    frame.get_by_role("button", name="Hand over").click()
    assert host.wait_asked("invoke", "routeTo") == ["user", "100"]
    assert host.asked("set", "ticket.assignee") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [200, 258, 320])
def test_a_sidebar_of_any_width_holds_the_brief(
    host: ZendeskHost, answering: Answering, width: int, scheme: str
) -> None:
    """Nothing is cut off at the side, the frame is as high as what it shows, axe finds nothing."""
    answering.answers["briefs"] = telling.everything()
    host.begin(width=width, scheme=scheme)
    frame = host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100)
    _mara(frame)
    _until(host, lambda: frame.evaluate(_FITS))
    assert violations(frame) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_popover_is_accessible_with_and_without_a_call(host: ZendeskHost, scheme: str) -> None:
    """The agent's day, then whoever calls."""
    host.begin(scheme=scheme)
    host.heard("top_bar", "remember.ring")
    host.page.evaluate("(guid) => host.do.popover(host.instances.get(guid))", host.guid("top_bar"))
    popover = host.frame("top_bar")
    expect(popover.get_by_role("heading", name="Your day")).to_be_visible()
    assert violations(popover) == []
    host.notify("ring", "r1")
    _mara(popover)
    expect(popover.get_by_role("heading", name="Your day")).to_be_hidden()
    assert violations(popover) == []


_FITS = """() => {
  const page = document.documentElement;
  return page.scrollWidth <= innerWidth && page.scrollHeight <= innerHeight;
}"""


def test_a_page_that_is_taken_away_forgets_whom_it_showed(host: ZendeskHost) -> None:
    """Zendesk may keep the frame for a while."""
    host.begin()
    frame = host.open("ticket_sidebar", ticket__id=8831, ticket__requester__id=100)
    _mara(frame)
    host.fire("app.willDestroy", None)
    _state(frame, "idle")
    expect(frame.get_by_role("heading", name="Mara Lindqvist")).to_have_count(0)


@pytest.mark.parametrize("location", ["background", "top_bar", "ticket_sidebar"])
def test_a_page_that_is_taken_away_listens_no_more(host: ZendeskHost, location: str) -> None:
    """Every handler of ours is taken off; the SDK has one of its own."""
    host.begin()
    host.heard("top_bar", "remember.ring")
    if location == "ticket_sidebar":
        _mara(host.open(location, ticket__id=8831, ticket__requester__id=100))
    host.page.evaluate("(guid) => host.fire('app.willDestroy', null, guid)", host.guid(location))
    host.page.wait_for_function(
        """(guid) => Object.entries(host.instances.get(guid).heard)
            .every(([name, count]) => count === 0 || name === "context.updated")""",
        arg=host.guid(location),
    )


def test_a_page_outside_zendesk_asks_nothing(host: ZendeskHost, answering: Answering) -> None:
    """Opened by itself it has no agent, and shows nobody."""
    host.page.goto(f"{APP}/assets/sidebar.html")
    host.page.wait_for_function("Boolean(customElements.get('remember-brief'))")
    assert answering.asked == {}
    assert host.requests == []


def _until(host: ZendeskHost, holds: Callable[[], object]) -> None:
    """Wait for something, as long as for anything else in the page."""
    for _ in range(200):
        if holds():
            return
        host.page.wait_for_timeout(25)
    raise AssertionError(holds)
