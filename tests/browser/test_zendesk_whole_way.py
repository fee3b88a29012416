"""From a phone system's webhook to the agent's page in Zendesk, with the real service between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from memory.record import tables as t
from memory.record import tokens
from tests.browser.zendesk_host import APP, DANA, ZendeskHost, hosted
from tests.integration.rings.desk import open_desk
from tests.support.book import Book, agent, ago, customer
from tests.support.service import token_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Frame, Response

    from tests.integration.rings.desk import Desk

MARA = "+12125550101"
LOSS = "My best friend died in May"
TICKETS = {"8831": {"ticket.requester.id": 100}}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """Mara, who has told of a loss; two who share a number; Dana, who is at work."""
    made = Book(tmp_path)
    made.people(
        agent(str(DANA["id"]), "Dana Reyes", email="dana@acme.example"),
        agent("12", "Daniel Osei", email="daniel@acme.example"),
        customer("100", "Mara Lindqvist", phone=MARA, email="mara@example.com"),
        customer("101", "Ana Brook", phone="+12125550102"),
        customer("102", "Ben Brook", phone="+12125550102"),
    )
    made.ticket("8831", subject="Roaming refund")
    made.told("bereavement", LOSS, ticket_id="8831", relation="friend", at=ago(8))
    yield made
    made.record.close()


@pytest.fixture
def desk(book: Book, tmp_path: Path) -> Iterator[Desk]:
    """The service, which pages of the app's origin may ask."""
    with open_desk(book, tmp_path, allowed_origins=APP) as opened:
        yield opened


class Wire:
    """Every answer that came into the browser."""

    def __init__(self, host: ZendeskHost) -> None:
        self._answers: list[Response] = []
        host.page.on("response", self._heard)
        self._service = host.service

    def _heard(self, answer: Response) -> None:
        self._answers.append(answer)

    def words(self) -> str:
        """All bodies but the stream's, which never ends."""
        return "".join(
            one.text()
            for one in self._answers
            if one.url.startswith(self._service)
            and not one.url.endswith("/stream")
            and one.request.method != "OPTIONS"
        )


@pytest.fixture
def host(browser: Browser, desk: Desk, book: Book) -> Iterator[ZendeskHost]:
    """Dana's page in Zendesk, with the app installed."""
    errors: list[str] = []
    token = token_of(book, desk.clock, *tokens.AGENT_SCOPES)
    host = hosted(browser, desk.url, token, errors=errors.append)
    yield host
    host.page.context.close()
    assert errors == []


def _listening(host: ZendeskHost) -> None:
    """The background hears rings, and the page in the top bar hears the background."""
    with host.page.expect_response(lambda answer: answer.url.endswith("/v1/rings/stream")):
        host.begin(tickets=TICKETS)
    host.heard("top_bar", "remember.ring")


def _mara(frame: Frame) -> None:
    expect(frame.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()


def test_a_ring_goes_all_the_way_to_a_new_brief(host: ZendeskHost, desk: Desk, book: Book) -> None:
    """Ring, popover, sidebar, verified, reveal, note, brief again; hidden words once revealed."""
    wire = Wire(host)
    _listening(host)

    assert desk.ring(agent="dana@acme.example").status_code == 204
    popover = host.frame("top_bar")
    _mara(popover)
    expect(host.page.locator("iframe[title=top_bar]")).to_be_visible()
    expect(popover.locator("p.call")).to_have_text("Ringing")
    desk.ring("answered", agent="dana@acme.example")
    expect(popover.locator("p.call")).to_have_text("On the line")

    popover.locator("section.open").get_by_role("link").click()
    sidebar = host.frame("ticket_sidebar")
    _mara(sidebar)
    expect(sidebar.locator("section.care").get_by_text("loss of")).to_have_count(0)
    sidebar.get_by_role("checkbox", name="Verified").check()
    care = sidebar.locator("section.care")
    expect(care.get_by_text("loss of")).to_be_visible()
    expect(popover.locator("section.care").get_by_text("loss of")).to_be_visible()
    assert LOSS not in wire.words()

    care.locator("summary").click()
    care.get_by_role("button", name="Show the words").click()
    expect(care.get_by_text(LOSS).first).to_be_visible()
    assert LOSS in wire.words()

    sidebar.get_by_role("button", name="Note", exact=True).click()
    sidebar.get_by_label("Note on Mara Lindqvist").fill("Moved; ?street")
    sidebar.get_by_role("button", name="Save").click()
    for shown in (sidebar, popover):
        noted = shown.locator("section.check").get_by_text("street", exact=True)
        expect(noted).to_be_visible()

    desk.ring("ended", agent="dana@acme.example")
    expect(popover.locator("remember-brief")).to_have_attribute("call", "ended")
    assert host.asked("invoke", "popover", by="background") == [["show"]]
    assert not [one for one in host.requests if "?" in one.url or "12125550101" in one.url]
    assert _revealed(book) == [("zendesk:11", "asserted")]


def _revealed(book: Book) -> list[tuple[Any, Any]]:
    """Who revealed something, and how we know."""
    logged = book.rows(t.access)
    return [(one["agent"], one["proof"]) for one in logged if one["what"] == "reveal"]


def test_a_ring_that_names_nobody_is_for_who_takes_it(host: ZendeskHost, desk: Desk) -> None:
    """Nobody's name reaches a page until the agent has taken the call."""
    wire = Wire(host)
    _listening(host)
    desk.ring(agent=None)
    take = host.frame("top_bar").get_by_role("button", name="I take it")
    expect(take).to_be_visible()
    assert "Mara" not in wire.words()
    take.click()
    _mara(host.frame("top_bar"))


def test_a_ring_that_a_colleague_takes_leaves_the_screen(host: ZendeskHost, desk: Desk) -> None:
    """The popover closes by itself, so that a ring of the group is in nobody's way."""
    _listening(host)
    desk.ring(agent=None)
    expect(host.frame("top_bar").get_by_role("button", name="I take it")).to_be_visible()
    [rung] = desk.rings()
    desk.call(desk.context.board.claim(rung.account, rung.key, "12"))
    expect(host.page.locator("iframe[title=top_bar]")).to_be_hidden()


@pytest.mark.long
def test_two_who_share_a_number_are_asked_for(host: ZendeskHost, desk: Desk) -> None:
    """The one who is picked is on the call, also in a sidebar that opens later."""
    _listening(host)
    desk.ring(caller="+12125550102", agent="dana@acme.example")
    popover = host.frame("top_bar")
    popover.get_by_role("button", name="Ben Brook").click()
    expect(popover.get_by_role("heading", name="Ben Brook")).to_be_visible()
    sidebar = host.open("user_sidebar", user__id=102)
    expect(sidebar.get_by_role("checkbox", name="Verified")).to_be_visible()
    popover.get_by_role("checkbox", name="Verified").check()
    expect(sidebar.locator("remember-brief")).to_have_attribute("state", "verified")


def test_a_notice_does_where_the_stream_is_held_up(host: ZendeskHost, desk: Desk) -> None:
    """Some proxies keep a stream back until it ends; Zendesk brings the ring's key."""
    host.held_up = True
    host.begin(tickets=TICKETS)
    host.heard("top_bar", "remember.ring")
    host.heard("background", "api_notification.ring")
    desk.ring(agent="dana@acme.example")
    [rung] = desk.rings()
    host.notify("ring", rung.key)
    _mara(host.frame("top_bar"))


@pytest.mark.long
def test_a_service_that_was_away_is_heard_again(host: ZendeskHost, desk: Desk) -> None:
    """The stream that broke is taken up again, and a ring meanwhile is not lost."""
    host.away = True
    host.begin(tickets=TICKETS)
    host.heard("top_bar", "remember.ring")
    desk.ring(agent="dana@acme.example")
    host.away = False
    _mara(host.frame("top_bar"))
