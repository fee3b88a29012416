"""A small account, served over real HTTP by a clock the test moves."""

from __future__ import annotations

import contextlib
import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AS_OF = 1783414800  # 2026-07-07T09:00:00Z
DAY = 86_400


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


@pytest.fixture(scope="session")
def pristine() -> dict[str, Any]:
    """Six tickets: a call, a partner's call, mail with a rating, an AI's, a new one, an old one."""
    began = AS_OF - 100 * DAY
    talk = {"minutes": 97.0, "answered_by": 11, "transcript": "My friend died"}
    partner = {"kind": "partner", "direction": "outbound", "minutes": 2.5}
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
            {
                "id": 100,
                "name": "Ana",
                "phone": "+12125550101",
                "email": "ana@mail.example",
                "organization": 5,
            },
            {"id": 101, "name": "Bo", "phone": "+12125550102", "shared_phone": True},
            {
                "id": 102,
                "name": "Cy",
                "phone": None,
                "identities": [{"type": "phone_number", "value": "+12125550103"}],
            },
        ],
        "tickets": [
            ticket(
                1,
                100,
                began,
                messages=[
                    message("customer", began, "It costs <too> much", call=talk),
                    message("agent", began + 60, "Let me see", public=False),
                    message("customer", began + 120, "Again", call={**talk, "from": "anonymous"}),
                    message("system", began + 180, "Reminder"),
                ],
            ),
            ticket(
                2,
                101,
                began + DAY,
                messages=[
                    message("agent", began + DAY, "We rang", call=partner),
                ],
            ),
            ticket(
                3,
                102,
                began + 2 * DAY,
                channel="email",
                status="solved",
                rating={"score": "good", "agent": 10, "at": began + 3 * DAY, "comment": "Kind"},
            ),
            ticket(4, 100, began + 3 * DAY, ai=True),
            ticket(5, 100, AS_OF - 30),
            ticket(22, 101, began, status="closed", rating={"score": "bad", "at": began + 4 * DAY}),
        ],
    }


@pytest.fixture
def document(pristine: dict[str, Any]) -> dict[str, Any]:
    """The small account's story, for a test to change."""
    return copy.deepcopy(pristine)


@pytest.fixture
def clock() -> ManualClock:
    """The helpdesk's clock, which stands at the story's present."""
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
def connect() -> Iterator[Callable[..., httpx.Client]]:
    """Opens a client of a helpdesk, with an admin's token unless told otherwise."""
    with contextlib.ExitStack() as open_clients:

        def client(helpdesk: DemoHelpdesk, **options: Any) -> httpx.Client:
            bearer = {"Authorization": f"Bearer {helpdesk.credentials.access_token}"}
            told = {"base_url": helpdesk.url, "headers": bearer, "timeout": 5, **options}
            return open_clients.enter_context(httpx.Client(**told))

        yield client


@pytest.fixture
def helpdesk(serve: Callable[..., DemoHelpdesk]) -> DemoHelpdesk:
    """The small account, served."""
    return serve()


@pytest.fixture
def api(helpdesk: DemoHelpdesk, connect: Callable[..., httpx.Client]) -> httpx.Client:
    """An admin's client of the small account."""
    return connect(helpdesk)
