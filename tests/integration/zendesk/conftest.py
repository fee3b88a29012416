"""A small simulated account, read by the real client over real HTTP."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from connector.zendesk import ClientCredentials, Zendesk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AS_OF = 1783414800  # 2026-07-07T09:00:00Z
DAY = 86_400
BEGAN = AS_OF - 100 * DAY


def message(by: object, at: int, text: str, **more: Any) -> dict[str, Any]:
    """A message as a story writes it."""
    return {"by": by, "at": at, "text": text, **more}


def ticket(number: int, customer: int, at: int, **more: Any) -> dict[str, Any]:
    """A ticket of one message, unless told otherwise."""
    return {
        "id": number,
        "customer": customer,
        "agent": 11,
        "subject": f"Matter {number}",
        "status": "open",
        "at": at,
        "messages": [message("customer", at, f"Hello {number}")],
        **more,
    }


@pytest.fixture
def document() -> dict[str, Any]:
    """A Talk call with notes, a partner's call, a rated mail, an AI agent's chat, a long ticket."""
    talk = {"minutes": 97.0, "answered_by": 11, "transcript": "It costs too much"}
    partner = {"kind": "partner", "direction": "outbound", "minutes": 2.5}
    long = [message("customer", BEGAN + 4 * DAY + i, f"Line {i}") for i in range(250)]
    return {
        "account": "acme",
        "as_of": AS_OF,
        "time_zone": "America/New_York",
        "organizations": [{"id": 5, "name": "Harbour Co-op"}],
        "agents": [
            {"id": 10, "name": "Dana", "role": "admin", "email": "dana@acme.example"},
            {"id": 11, "name": "Eli", "email": "eli@acme.example"},
        ],
        "customers": [
            {"id": 100, "name": "Ana", "phone": "+12125550101", "organization": 5},
            {"id": 101, "name": "Bo", "phone": "+12125550102", "shared_phone": True},
            {
                "id": 102,
                "name": "+1 (212) 555-0103",
                "phone": None,
                "identities": [{"type": "phone_number", "value": "+12125550103"}],
            },
        ],
        "tickets": [
            ticket(
                1,
                100,
                BEGAN,
                messages=[
                    message("customer", BEGAN, "A call", call=talk),
                    message("agent", BEGAN + 60, "cb fri", public=False),
                    message("system", BEGAN + 180, "Reminder"),
                ],
            ),
            ticket(
                2, 101, BEGAN + DAY, messages=[message("agent", BEGAN + DAY, "x", call=partner)]
            ),
            ticket(
                3,
                102,
                BEGAN + 2 * DAY,
                channel="email",
                status="solved",
                rating={"score": "good", "agent": 10, "at": BEGAN + 3 * DAY},
            ),
            ticket(4, 100, BEGAN + 3 * DAY, ai=True, channel="chat"),
            ticket(5, 101, BEGAN + 4 * DAY, messages=long),
        ],
    }


@pytest.fixture
def clock() -> ManualClock:
    """The time of helpdesk and client; it stands at the story's present."""
    return ManualClock(datetime.fromtimestamp(AS_OF, UTC))


@pytest.fixture
def serve(document: dict[str, Any], clock: ManualClock) -> Iterator[Callable[..., DemoHelpdesk]]:
    """Starts a helpdesk that tells `document`; without limits unless told otherwise."""
    with contextlib.ExitStack() as open_helpdesks:

        def start(**options: Any) -> DemoHelpdesk:
            told = {"clock": clock.now, "limits": UNLIMITED, **options}
            return open_helpdesks.enter_context(DemoHelpdesk(read_story(document), **told))

        yield start


@pytest.fixture
def connect(clock: ManualClock) -> Callable[..., Zendesk]:
    """Makes a client of a helpdesk, by OAuth unless told otherwise."""

    def client(helpdesk: DemoHelpdesk, **options: Any) -> Zendesk:
        known = helpdesk.credentials
        told = {"clock": clock, "share": 1.0, "account": "zendesk:acme", **options}
        credentials = told.pop(
            "credentials", ClientCredentials(known.client_id, known.client_secret)
        )
        return Zendesk(helpdesk.url, credentials, **told)

    return client
