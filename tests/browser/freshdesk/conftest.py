"""A Freshdesk account, a service over its record, and an agent's browser.

The product's page answers as Freshworks' documentation says Freshdesk answers; see
`tests.hosts.freshdesk`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.record import tokens
from tests.browser.freshdesk.pages import AGENT, CALLER_AGENT, LOSS, MARA, Wire
from tests.hosts.freshdesk import Freshdesk, freshdesk
from tests.integration.rings.desk import SECRET, open_desk
from tests.support.book import AS_OF, Book, agent, ago, customer
from tests.support.service import token_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.freshdesk.pages import Install, Opening
    from tests.integration.rings.desk import Desk


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


@pytest.fixture
def wire(context: BrowserContext, desk: Desk) -> Wire:
    """What goes between the agent's browser and the service from now on."""
    return Wire(context, desk.url)
