"""Freshcaller's cards: whom they show, and which ring they follow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.freshdesk.pages import (
    CALLER_AGENT,
    MARA,
    heading,
    refused,
    shown,
    wait_for_stream,
)
from tests.support.book import AS_OF

if TYPE_CHECKING:
    from tests.browser.freshdesk.pages import Install, Opening
    from tests.hosts.freshdesk import Freshdesk
    from tests.integration.rings.desk import Desk

pytestmark = pytest.mark.long

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


def test_a_card_of_freshcaller_opens_a_new_tab(install: Install, open_page: Opening) -> None:
    """Freshcaller cannot open a contact of Freshdesk: the link does, in a tab of its own."""
    install("freshdesk")
    page = open_page("notification_card")
    page.context.route("https://acme.freshdesk.com/**", lambda route: route.fulfill(body="-"))
    with page.expect_popup() as popup:
        heading(page, "notification_card").get_by_role("link").click()
    assert popup.value.url == "https://acme.freshdesk.com/a/contacts/100"
    assert refused(page) == []


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
