"""The Freshdesk apps in a product page of ours, before the real service, over real HTTP.

The page answers as Freshworks' documentation says Freshdesk answers; see `tests.hosts.freshdesk`.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from memory.record import tokens
from tests.browser.reading import violations
from tests.hosts.freshdesk import Freshdesk, freshdesk
from tests.integration.rings.desk import SECRET, open_desk
from tests.support.book import AS_OF, Book, agent, ago, customer
from tests.support.service import token_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import (
        Browser,
        BrowserContext,
        FrameLocator,
        Page,
        Request,
        Response,
    )

    from tests.integration.rings.desk import Desk

    Install = Callable[[str], None]
    Opening = Callable[..., Page]

MARA = "+12125550101"
LOSS = "My best friend died in May"
AGENT = {"id": 11, "contact": {"email": "Daniel@acme.example", "language": "en"}}
CALLER_AGENT = {"id": "c-11", "email": "daniel@acme.example", "language": "en"}
SIDEBARS = ("ticket_sidebar", "contact_sidebar")
CARDS = ("notification_card", "conversation_card")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """The record of `freshdesk:acme`: Mara, who has told of a loss, and an agent who knows her."""
    made = Book(tmp_path, "freshdesk:acme", "https://acme.freshdesk.com")
    made.people(
        agent("11", "Daniel Osei", email="daniel@acme.example"),
        agent("12", "Dana Reyes", email="dana@acme.example"),
        customer("100", "Mara Lindqvist", phone=MARA, email="mara@example.com"),
        customer("101", "Ana Brook", phone="+12125550102"),
    )
    made.ticket("8831", subject="Roaming refund")
    made.told("bereavement", LOSS, ticket_id="8831", relation="friend", at=ago(8))
    yield made
    made.record.close()


@pytest.fixture
def account() -> Iterator[Freshdesk]:
    """A Freshdesk account; what its pages know of."""
    with freshdesk() as made:
        made.data = {
            "ticket_sidebar": {"loggedInUser": AGENT, "ticket": {"id": 8831, "subject": "-"}},
            "new_ticket_requester_info": {"loggedInUser": AGENT},
            "contact_sidebar": {"loggedInUser": AGENT, "contact": {"id": 100, "phone": MARA}},
            "cti_global_sidebar": {"loggedInUser": AGENT},
            "notification_card": {
                "loggedInAgent": CALLER_AGENT,
                "currentCaller": {"id": "c2937604", "phone_number": MARA},
                "currentCall": {"id": 135, "phone_number": "+12125550100"},
            },
        }
        made.data["conversation_card"] = made.data["notification_card"]
        yield made


@pytest.fixture
def desk(book: Book, account: Freshdesk, tmp_path: Path) -> Iterator[Desk]:
    """The service: pages of the app's origin may ask it, and it knows Freshcaller's agents."""
    agents = tmp_path / "agents.toml"
    agents.write_text('[generic.agents]\n"139694" = "daniel@acme.example"\n', encoding="utf-8")
    with open_desk(book, tmp_path, allowed_origins=account.apps_url, agent_map=agents) as opened:
        yield opened


@pytest.fixture
def token(book: Book, desk: Desk) -> str:
    """The API token that the administrator pastes."""
    return token_of(book, desk.clock, *tokens.AGENT_SCOPES)


@pytest.fixture
def install(account: Freshdesk, desk: Desk, token: str) -> Install:
    """Installs one of the packages."""

    def work(name: str) -> None:
        account.install(name, desk.url, {"api_token": token, "ring_secret": SECRET})

    return work


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """An agent's browser, whose clock is the service's. A fault in a script fails the test."""
    made = browser.new_context(viewport={"width": 320, "height": 900})
    made.clock.set_fixed_time(AS_OF)
    made.set_default_timeout(10_000)
    faults: list[str] = []
    made.on("weberror", lambda fault: faults.append(str(fault.error)))
    yield made
    made.close()
    assert faults == []


@pytest.fixture
def open_page(context: BrowserContext, account: Freshdesk) -> Opening:
    """Opens the product's page with the app in some places, in a new tab."""

    def work(*places: str, width: int = 320) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(account.url(*places))
        return page

    return work


def shown(page: Page, place: str) -> FrameLocator:
    """The app in one place."""
    return page.frame_locator(f"iframe[title={place}]")


def journal(page: Page, method: str) -> list[Any]:
    """What the app asked of the product by one method."""
    entries = page.evaluate("journal")
    return [entry["args"] for entry in entries if entry["method"] == method]


def refused(page: Page) -> list[Any]:
    """What the product had to refuse, apart from data that a place does not have."""
    entries = page.evaluate("journal")
    return [one for one in entries if one.get("refused") and one["method"] != "data.get"]


def noticed(page: Page) -> dict[str, str]:
    """The one notice that the product has shown, once it has."""
    page.wait_for_function("journal.some(({ method }) => method === 'interface.trigger')")
    [[name, notice]] = journal(page, "interface.trigger")
    assert (name, notice["type"]) == ("showNotify", "danger")
    told: dict[str, str] = notice
    return told


def heading(page: Page, place: str, name: str = "Mara Lindqvist") -> Any:
    """The name line of the brief in one place."""
    return shown(page, place).get_by_role("heading", name=name)


class Wire:
    """What went between a browser and the service."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.asked: list[Request] = []
        self.answers: list[Response] = []
        self._url = url
        context.on("request", self._request)
        context.on("response", self._response)

    def _request(self, request: Request) -> None:
        if request.url.startswith(self._url):
            self.asked.append(request)

    def _response(self, response: Response) -> None:
        if response.url.startswith(self._url):
            self.answers.append(response)

    def words(self) -> str:
        """Every body that has come, but the stream's, which never ends."""
        return "\n".join(one.text() for one in self.answers if not one.url.endswith("/stream"))


@pytest.fixture
def wire(context: BrowserContext, desk: Desk) -> Wire:
    """What goes between the agent's browser and the service from now on."""
    return Wire(context, desk.url)


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


def dial(page: Page, number: str = "(212) 555-0101") -> None:
    """The agent clicks a number in Freshdesk, once the panel hears of that."""
    page.wait_for_function("journal.some(({ args }) => args[0] === 'cti.triggerDialer')")
    script = "(number) => product.happen('cti_global_sidebar', 'cti.triggerDialer', { number })"
    page.evaluate(script, number)


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


def test_the_token_never_reaches_the_browser(
    install: Install, open_page: Opening, account: Freshdesk, wire: Wire, token: str
) -> None:
    """The cloud alone sends the API token; pages, their storage and requests hold a session."""
    install("freshdesk")
    page = open_page(*SIDEBARS)
    for place in SIDEBARS:
        expect(heading(page, place)).to_be_visible()
    sent = [f"{one.url} {one.all_headers()} {one.post_data}" for one in wire.asked]
    kept = [frame.evaluate("JSON.stringify(sessionStorage)") for frame in page.frames[1:]]
    assert any("Bearer ey" in one for one in sent)
    assert not [one for one in (*sent, *kept, wire.words(), page.content()) if token in one]
    assert not [one for one in wire.asked if one.url.endswith("/v1/sessions")]
    assert [name for name, _ in account.asked] == ["openSession"]


def test_many_pages_and_tabs_share_one_session(
    install: Install, open_page: Opening, account: Freshdesk
) -> None:
    """Frames side by side, tickets one after the other and other tabs cost one request in all."""
    install("freshdesk")
    page = open_page(*SIDEBARS)
    for _ in range(3):
        expect(heading(page, "ticket_sidebar")).to_be_visible()
        expect(heading(page, "contact_sidebar")).to_be_visible()
        page.reload()
    for other in (open_page("contact_sidebar"), open_page("notification_card")):
        expect(other.frame_locator("iframe").get_by_role("heading", level=2)).to_be_visible()
    assert [name for name, _ in account.asked] == ["openSession"]
    assert json.loads(account.asked[0][1]) == {"proof": "asserted", "agent": "daniel@acme.example"}


FORBID = """
const forbid = () => { throw new DOMException("not here", "SecurityError"); };
Object.defineProperty(globalThis, "sessionStorage", { get: forbid });
globalThis.BroadcastChannel = forbid;
if (navigator.locks) navigator.locks.request = navigator.locks.query = async () => forbid();
"""


def test_a_browser_that_forbids_sharing_costs_a_session_for_each_frame(
    install: Install, open_page: Opening, account: Freshdesk, context: BrowserContext
) -> None:
    """Without storage, locks and channels every frame shows its brief all the same."""
    install("freshdesk")
    context.add_init_script(FORBID)
    page = open_page(*SIDEBARS)
    for place in SIDEBARS:
        expect(heading(page, place)).to_be_visible()
    assert [name for name, _ in account.asked] == ["openSession"] * 2


def test_a_refused_session_is_replaced(
    install: Install, open_page: Opening, account: Freshdesk, desk: Desk, token: str
) -> None:
    """Once a token is revoked and another pasted, the next page opens a session of its own."""
    install("freshdesk")
    page = open_page("contact_sidebar")
    expect(heading(page, "contact_sidebar")).to_be_visible()
    book = desk.book
    with book.record.writing(book.account) as writer:
        tokens.revoke(writer.connection, book.number, token.split("_")[1], at=desk.clock.now())
    account.iparams = {"api_token": token_of(book, desk.clock, *tokens.AGENT_SCOPES)}
    page.reload()
    expect(heading(page, "contact_sidebar")).to_be_visible()
    assert len(account.asked) == 2


def test_a_session_that_ends_is_not_handed_on(
    install: Install, open_page: Opening, account: Freshdesk, context: BrowserContext
) -> None:
    """A frame that is loaded in a session's last minute opens the next one."""
    install("freshdesk")
    page = open_page("contact_sidebar")
    expect(heading(page, "contact_sidebar")).to_be_visible()
    context.clock.set_fixed_time(AS_OF + timedelta(minutes=9))
    page.reload()
    expect(heading(page, "contact_sidebar")).to_be_visible()
    assert len(account.asked) == 2


def test_why_no_session_is_opened_is_said_with_what_to_do(
    install: Install, open_page: Opening, account: Freshdesk, token: str
) -> None:
    """The service's own words for a token that it does not know, in Freshdesk's notice."""
    install("freshdesk")
    account.iparams = {"api_token": f"{token}x"}
    page = open_page("contact_sidebar")
    expect(shown(page, "contact_sidebar").get_by_role("button", name="Try again")).to_be_visible()
    notice = noticed(page)
    assert re.fullmatch(r".+\. .+\.", notice["message"])
    assert token not in notice["message"]


def test_too_many_requests_are_said_in_the_products_way(
    install: Install, open_page: Opening, account: Freshdesk
) -> None:
    """Where Freshworks refuses to open a session, the agent is told once, and may try again."""
    install("freshdesk")
    account.asked = [("openSession", "")] * 50
    page = open_page("contact_sidebar")
    again = shown(page, "contact_sidebar").get_by_role("button", name="Try again")
    again.click()
    expect(again).to_be_visible()
    notice = noticed(page)
    assert notice["message"] == "Too much at once. Try again in a moment."
    account.asked.clear()
    again.click()
    expect(heading(page, "contact_sidebar")).to_be_visible()


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


def happen(page: Page, name: str, detail: dict[str, Any]) -> None:
    """The brief asks its host for something."""
    script = """([name, detail]) => document.querySelector("remember-brief")
        .dispatchEvent(new CustomEvent(name, { detail, cancelable: true }))"""
    page.frames[1].evaluate(script, [name, detail])


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


def test_a_card_of_freshcaller_opens_a_new_tab(install: Install, open_page: Opening) -> None:
    """Freshcaller cannot open a contact of Freshdesk: the link does, in a tab of its own."""
    install("freshdesk")
    page = open_page("notification_card")
    page.context.route("https://acme.freshdesk.com/**", lambda route: route.fulfill(body="-"))
    with page.expect_popup() as popup:
        heading(page, "notification_card").get_by_role("link").click()
    assert popup.value.url == "https://acme.freshdesk.com/a/contacts/100"
    assert refused(page) == []


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


def call(**more: Any) -> dict[str, Any]:
    """What Freshworks' cloud tells of a call, in the shape that it documents."""
    told = {
        "id": 135,
        "direction": "incoming",
        "parent_call_id": None,
        "phone_number": "+12125550100",
        "assigned_agent_id": 139694,
        "bill_duration": None,
        "participants": [{"participant_type": "Customer", "caller_number": MARA, "call_id": 135}],
        **more,
    }
    return {"timestamp": AS_OF.timestamp(), "data": {"call": told, "changes": {}}}


def test_a_card_follows_the_ring_that_freshcallers_cloud_tells_of(
    install: Install, open_page: Opening, account: Freshdesk, desk: Desk
) -> None:
    """The card shows the caller by the number; the ring makes it a call that can be verified."""
    install("freshdesk")
    page = open_page("conversation_card")
    card = shown(page, "conversation_card")
    expect(heading(page, "conversation_card")).to_be_visible()
    expect(card.get_by_role("checkbox", name="Verified")).to_be_hidden()
    wait_for_stream(page, desk)
    cloud = partial(account.call_changed, at=AS_OF)
    assert cloud("onCallCreate", call()) == []
    expect(card.get_by_text("Ringing", exact=True)).to_be_visible()
    assert cloud("onCallUpdate", call()) == []
    expect(card.get_by_text("On the line", exact=True)).to_be_visible()
    card.get_by_role("checkbox", name="Verified").check()
    expect(card.locator("section.care").get_by_text("loss of")).to_be_visible()
    page.evaluate("product.happen('conversation_card', 'call.ended')")
    expect(card.get_by_text("Call ended", exact=True)).to_be_visible()
    assert cloud("onCallUpdate", call(bill_duration=97.0)) == []
    assert [ring.state for ring in desk.rings()] == ["ended"]
    assert refused(page) == []


def test_a_card_follows_no_call_of_somebody_else(
    install: Install, open_page: Opening, desk: Desk
) -> None:
    """An earlier call that was never told to be over does not take the new caller's place."""
    install("freshdesk")
    desk.ring("answered", caller="+12125550102", call_id="earlier")
    page = open_page("notification_card")
    card = shown(page, "notification_card")
    expect(heading(page, "notification_card")).to_be_visible()
    with page.expect_response(f"{desk.url}/v1/briefs"):
        desk.ring("answered", caller="+12125550102", call_id="another")
    desk.ring(call_id="this one")
    expect(card.get_by_text("Ringing", exact=True)).to_be_visible()
    expect(heading(page, "notification_card")).to_be_visible()


CALLERS: dict[str, dict[str, Any]] = {
    "number": {"currentCaller": {"number": MARA}},
    "phoneNumber": {"currentCaller": {"phoneNumber": MARA}},
    "mobile, one level below": {"currentCaller": {"contact": {"name": "M", "mobile": MARA}}},
    "a number that is none": {"currentCaller": {"phone": 12125550101}},
    "named twice": {"currentCaller": {"currentCaller": {"phone_number": MARA}}},
    "only in the call": {
        "currentCaller": {"id": "c2937604"},
        "currentCall": {
            "phone_number": "+12125550102",
            "participants": [
                {"participant_type": "Agent", "caller_number": None},
                {"participant_type": "Customer", "caller_number": MARA},
            ],
        },
    },
}


def test_the_caller_is_found_however_freshcaller_names_the_number(
    install: Install, open_page: Opening, account: Freshdesk
) -> None:
    """Whatever key holds the number; never the company's own line, never a Freshcaller id."""
    install("freshdesk")
    for told in CALLERS.values():
        account.data["notification_card"] = {"loggedInAgent": CALLER_AGENT, **told}
        page = open_page("notification_card")
        expect(heading(page, "notification_card")).to_be_visible()
        page.close()


def test_a_withheld_number_is_said_to_be_hidden(
    install: Install, open_page: Opening, account: Freshdesk
) -> None:
    """A card without a number shows nobody, and says why."""
    install("freshdesk")
    line = {"phone_number": "+12125550102", "id": 135}
    account.data["notification_card"] = {"loggedInAgent": CALLER_AGENT, "currentCall": line}
    page = open_page("notification_card")
    expect(heading(page, "notification_card", "Hidden number")).to_be_visible()


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


def wait_for_stream(page: Page, desk: Desk) -> None:
    """Until the panel listens, so that the next ring is its first news."""
    deadline = 100
    while not desk.counted("remember_streams_open") and deadline:
        page.wait_for_timeout(50)
        deadline -= 1
    assert deadline, "The panel never listened."
