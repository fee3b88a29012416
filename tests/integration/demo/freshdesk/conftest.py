"""A small Freshdesk account, served over real HTTP by a clock the test moves."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.clock import ManualClock
from connector.demo.freshdesk.plan import UNLIMITED
from connector.demo.server import DemoHelpdesk, FreshdeskPlan
from connector.demo.story import read_story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AS_OF = 1783414800  # 2026-07-07T09:00:00Z
DAY = 86_400


def message(by: object, at: int, text: str, **more: Any) -> dict[str, Any]:
    """A message as a story writes it."""
    return {"by": by, "at": at, "text": text, **more}


def ticket(number: int, customer: int, at: int, **more: Any) -> dict[str, Any]:
    """A ticket of one e-mail, unless told otherwise."""
    return {
        "id": number,
        "customer": customer,
        "agent": 11,
        "subject": f"Matter {number}",
        "channel": "email",
        "status": "open",
        "at": at,
        "messages": [message("customer", at, f"Hello {number}")],
        **more,
    }


def people() -> list[dict[str, Any]]:
    """A customer with all they can have, two who share a number, a visitor without a name."""
    identities = [
        {"type": "email", "value": "ana@work.example"},
        {"type": "phone_number", "value": "+12125550111"},
        {"type": "phone_number", "value": "+12125550112"},
    ]
    shared = {"phone": "+12125550102", "shared_phone": True}
    return [
        {
            "id": 100,
            "name": "Ana",
            "phone": "+12125550101",
            "email": "ana@mail.example",
            "organization": 5,
            "identities": identities,
        },
        {"id": 101, "name": "Bo", **shared, "email": "bo@mail.example"},
        {"id": 103, "name": "Cy", **shared, "language": "pt-BR"},
        {"id": 102, "name": "", "phone": None},
    ]


def matters() -> list[dict[str, Any]]:
    """A call, e-mail, a web chat, old tickets (one closed), a bot's, a missed call, a rated one."""
    near, far = AS_OF - 20 * DAY, AS_OF - 200 * DAY
    talk = {"minutes": 97.0, "answered_by": 12, "transcript": "Customer: My friend died"}
    chat = [
        message("customer", near, "Is <anyone> there?"),
        message("system", near + 1, "Somebody will be with you soon"),
        message("agent", near + 60, "Here I am"),
    ]
    mail = [
        message("customer", near, "It costs too much"),
        message("agent", near + DAY, "Let me see"),
        message("agent", near + DAY + 60, "She is upset", public=False),
        message({"customer": 101}, near + 2 * DAY, "I pay for it"),
        message({"agent": 10}, near + 2 * DAY + 5, "Known"),
        message("customer", near + 3 * DAY, "Rang again", call={"minutes": 2, "transcript": "Hm"}),
    ]
    rating = {"score": "good", "agent": 10, "at": near + DAY, "comment": "Kind"}
    bot = [message("customer", near, "Where is it?"), message("agent", near + 9, "On its way")]
    missed = {"minutes": 0, "outcome": "missed"}
    asking = message("customer", near, "Inbound call", call=talk)
    return [
        ticket(1, 100, near, messages=[asking], channel="voice"),
        ticket(2, 100, near, messages=mail),
        ticket(3, 102, near, messages=chat, channel="chat", status="new", agent=11),
        ticket(4, 100, far, status="closed", messages=[
            message("customer", far, "Long ago"), message("agent", far, "Indeed")]),
        ticket(5, 101, far, status="pending"),
        ticket(6, 101, near, messages=bot, ai=True, channel="web"),
        ticket(7, 101, near, messages=[message("system", near, "Nobody was there", call=missed)]),
        ticket(8, 103, near + 5, status="solved", rating=rating, agent=10),
        ticket(9, 103, near, messages=[message("agent", near, "Your bill is here")]),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def pristine() -> dict[str, Any]:
    """The small account's story."""
    return {
        "account": "acme",
        "as_of": AS_OF,
        "time_zone": "America/New_York",
        "organizations": [{"id": 5, "name": "Harbour Co-op"}],
        "agents": [
            {"id": 10, "name": "Dana", "role": "admin", "email": "dana@acme.example"},
            {"id": 11, "name": "Eli", "email": "eli@acme.example"},
            {"id": 12, "name": "Fay", "active": False},
        ],
        "customers": people(),
        "tickets": matters(),
    }


@pytest.fixture
def serve(document: dict[str, Any], clock: ManualClock) -> Iterator[Callable[..., DemoHelpdesk]]:
    """Starts a Freshdesk that tells `document`; its plan has no limits unless told otherwise."""
    with contextlib.ExitStack() as open_helpdesks:

        def start(**plan: Any) -> DemoHelpdesk:
            told = FreshdeskPlan(**{"rates": UNLIMITED, **plan})
            helpdesk = DemoHelpdesk(
                read_story(document), provider="freshdesk", clock=clock.now, plan=told
            )
            return open_helpdesks.enter_context(helpdesk)

        yield start


@pytest.fixture
def connect() -> Iterator[Callable[..., httpx.Client]]:
    """Opens a client of a helpdesk, with the admin's key unless told otherwise."""
    with contextlib.ExitStack() as open_clients:

        def client(helpdesk: DemoHelpdesk, key: str | None = None) -> httpx.Client:
            known = httpx.BasicAuth(key or helpdesk.keys.admin, "X")
            base = f"{helpdesk.url}/api/v2"
            return open_clients.enter_context(httpx.Client(base_url=base, auth=known, timeout=5))

        yield client


@pytest.fixture(scope="session")
def reader(pristine: dict[str, Any]) -> Iterator[httpx.Client]:
    """An admin's client of one account for all tests that only read."""
    now = ManualClock(datetime.fromtimestamp(AS_OF, UTC)).now
    plan = FreshdeskPlan(rates=UNLIMITED)
    with DemoHelpdesk(read_story(pristine), provider="freshdesk", clock=now, plan=plan) as helpdesk:
        known = httpx.BasicAuth(helpdesk.keys.admin, "X")
        with httpx.Client(base_url=f"{helpdesk.url}/api/v2", auth=known, timeout=5) as client:
            yield client


@pytest.fixture
def happen(
    document: dict[str, Any],
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., httpx.Client],
    clock: ManualClock,
) -> Callable[..., httpx.Client]:
    """Serves the account until some changes have happened to it, an hour after its present."""

    def run(*changes: dict[str, Any], **plan: Any) -> httpx.Client:
        document["changes"] = [{"at": AS_OF + 3600, **change} for change in changes]
        api = connect(serve(**plan))
        assert api.get("/agents/me").status_code == 200
        clock.advance(3600)
        return api

    return run
