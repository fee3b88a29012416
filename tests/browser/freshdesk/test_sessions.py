"""Sessions of agents in Freshdesk: few requests, no token in a browser, and honest refusals."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from memory.record import tokens
from tests.browser.freshdesk.pages import SIDEBARS, heading, noticed, shown
from tests.support.book import AS_OF
from tests.support.service import token_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.browser.freshdesk.pages import Install, Opening, Wire
    from tests.hosts.freshdesk import Freshdesk
    from tests.integration.rings.desk import Desk


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
