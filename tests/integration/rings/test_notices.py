"""Rings as Zendesk's agents and Aircall's phones hear of them, over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from connector.cli.opening import open_listeners
from connector.clock import ScaledClock
from connector.demo.server import Credentials, DemoHelpdesk, Limits
from connector.demo.story import read_story
from connector.demo.zendesk.account import Account
from connector.demo.zendesk.apps import Display, Notice
from connector.demo.zendesk.signed_urls import APP_ID
from connector.rings.aircall_card import AircallCards
from connector.rings.notify import Notices
from connector.rings.ring import Moment, begun
from connector.service.metrics import Metrics
from connector.settings import Settings
from tests.browser.serving import served
from tests.integration.rings.desk import PATIENCE, open_desk
from tests.support.book import AS_OF

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from starlette.requests import Request

    from connector.rings.notify import Outcome
    from connector.rings.ring import Ring
    from tests.integration.rings.desk import Desk
    from tests.support.book import Book

NUMBERS = ("sent", "coalesced", "limited", "failed", "dropped")
STORY = {
    "account": "acme",
    "as_of": int(AS_OF.timestamp()),
    "time_zone": "UTC",
    "agents": [
        {"id": 10, "name": "Ada Boss", "role": "admin", "email": "ada@acme.example"},
        {"id": 11, "name": "Daniel Osei", "email": "daniel@acme.example"},
        {"id": 12, "name": "Dana Reyes", "email": "dana@acme.example"},
    ],
    "customers": [{"id": 100, "name": "Mara Lindqvist", "phone": "+12125550101"}],
    "tickets": [],
}


@contextmanager
def zendesk(clock: ScaledClock, **options: Any) -> Iterator[DemoHelpdesk]:
    """A simulated Zendesk."""
    with DemoHelpdesk(read_story(STORY), clock=clock.now, **options) as helpdesk:
        yield helpdesk


def account(helpdesk: DemoHelpdesk) -> Account:
    """What the simulated Zendesk holds."""
    assert isinstance(helpdesk.state, Account)
    return helpdesk.state


@contextmanager
def ringing(
    book: Book, folder: Path, clock: ScaledClock, helpdesk: DemoHelpdesk, **settings: object
) -> Iterator[Desk]:
    """A service whose rings this Zendesk hears of."""
    told: dict[str, Any] = {
        "zendesk_url": helpdesk.url,
        "zendesk_client_id": helpdesk.credentials.client_id,
        "zendesk_client_secret": helpdesk.credentials.client_secret,
        "zendesk_app_id": APP_ID,
        **settings,
    }
    with open_desk(book, folder, clock=clock, **told) as desk:
        context = desk.context
        context.board.listeners += open_listeners(
            context.settings, clock, [book.name], context.board, context.metrics
        )
        yield desk


def until(desk: Desk, found: Callable[[], bool]) -> None:
    """Wait for something that is done after a ring was answered."""

    async def waiting() -> None:
        async with asyncio.timeout(PATIENCE):
            while not found():  # noqa: ASYNC110 - it happens in another thread
                await asyncio.sleep(0.01)

    desk.call(waiting())


def counted(desk: Desk) -> dict[str, int]:
    """How the notices ended."""
    numbers = {one: desk.counted("remember_notices_total", outcome=one) for one in NUMBERS}
    return {name: int(number) for name, number in numbers.items() if number}


def test_the_app_of_the_agent_whom_it_rings_hears_of_the_ring(book: Book, tmp_path: Path) -> None:
    """It hears the opaque key and nothing of the caller; the other agent's app hears nothing."""
    clock = ScaledClock(1, AS_OF)
    with zendesk(clock) as helpdesk, ringing(book, tmp_path, clock, helpdesk) as desk:
        desk.ring()
        desk.ring("answered")
        until(desk, lambda: len(account(helpdesk).notices) == 1)
        [ring] = desk.rings()
        desk.ring("ended")

        assert account(helpdesk).notices == [Notice(APP_ID, "ring", ring.key, 11)]
        assert counted(desk) == {"sent": 1}


def test_where_nobody_is_named_every_agents_app_hears_of_it(book: Book, tmp_path: Path) -> None:
    """One notice reaches them all; the key tells none of them who calls."""
    clock = ScaledClock(1, AS_OF)
    with zendesk(clock) as helpdesk, ringing(book, tmp_path, clock, helpdesk) as desk:
        desk.ring(agent=None)
        until(desk, lambda: len(account(helpdesk).notices) == 1)

        assert account(helpdesk).notices[0].agent is None


def test_what_zendesk_refuses_for_now_is_told_when_there_is_room(
    book: Book, tmp_path: Path
) -> None:
    """Another app may have used up the account's notices; ours wait for the next minute."""
    clock = ScaledClock(60, AS_OF)
    limits = Limits(notices=1)
    with (
        zendesk(clock, limits=limits) as helpdesk,
        ringing(book, tmp_path, clock, helpdesk) as desk,
    ):
        desk.ring(call_id="c1")
        until(desk, lambda: len(account(helpdesk).notices) == 1)
        desk.ring(call_id="c2", agent="dana@acme.example")
        until(desk, lambda: len(account(helpdesk).notices) == 2)

        assert [notice.agent for notice in account(helpdesk).notices] == [11, 12]
        assert counted(desk)["sent"] == 2


def test_without_the_scope_the_ring_is_heard_all_the_same(
    book: Book, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says what to allow; the agent's own stream has the ring."""
    clock = ScaledClock(1, AS_OF)
    lacking = Credentials(allowed=frozenset({"read"}))
    with (
        zendesk(clock, credentials=lacking) as helpdesk,
        ringing(book, tmp_path, clock, helpdesk) as desk,
        desk.stream() as stream,
    ):
        assert desk.ring().status_code == 204
        assert stream.next().event == "ring.ringing"
        until(desk, lambda: counted(desk) == {"failed": 1})

    assert "apps:write" in caplog.text
    assert "5550" not in caplog.text


def test_a_zendesk_that_is_away_holds_up_no_ring(book: Book, tmp_path: Path) -> None:
    """Who told of the ring is answered, and the agent's stream has it."""
    clock = ScaledClock(1, AS_OF)
    with zendesk(clock) as helpdesk:
        url = helpdesk.url
    gone = DemoHelpdesk(read_story(STORY))
    gone.url = url
    with ringing(book, tmp_path, clock, gone) as desk, desk.stream() as stream:
        assert desk.ring().status_code == 204
        assert stream.next().data["yours"]
    gone._socket.close()


def test_screen_pop_opens_the_page_of_the_one_customer(book: Book, tmp_path: Path) -> None:
    """A number that two people share opens nobody's page, and pop is off unless it is set."""
    clock = ScaledClock(1, AS_OF)
    with (
        zendesk(clock) as helpdesk,
        ringing(
            book, tmp_path, clock, helpdesk, zendesk_app_id=None, zendesk_screen_pop=True
        ) as desk,
    ):
        desk.ring(call_id="c1", caller="+12125550102")
        desk.ring(call_id="c2", agent="dana@acme.example")
        until(desk, lambda: counted(desk) == {"sent": 1})

        assert account(helpdesk).displays == [Display(12, 100)]
        assert account(helpdesk).notices == []


def test_nothing_is_told_where_nothing_is_set() -> None:
    """Without an app, screen pop or Aircall's token, nobody hears of rings but the streams."""
    settings = Settings.model_validate({"zendesk_url": "https://acme.zendesk.com"})

    told = open_listeners(settings, ScaledClock(1), ["zendesk:acme"], None, Metrics())  # type: ignore[arg-type]

    assert not told


class Phones:
    """Aircall's API, as far as cards go."""

    def __init__(self, *statuses: int) -> None:
        self.cards: list[tuple[str, str, Any]] = []
        self._statuses = list(statuses)

    def app(self) -> Starlette:
        """The application."""
        path = "/v1/calls/{id:int}/insight_cards"
        return Starlette(routes=[Route(path, self._card, methods=["POST"])])

    async def _card(self, request: Request) -> JSONResponse:
        status = self._statuses.pop(0) if self._statuses else 201
        if status == 201:
            authorization = request.headers["authorization"]
            card = (str(request.path_params["id"]), authorization, await request.json())
            self.cards.append(card)
        return JSONResponse({}, status, headers={"Retry-After": "1"})


def aircall_ring(call_id: str, customer_id: str | None, provider: str = "aircall") -> Ring:
    """A ring of Aircall's."""
    told = Moment(provider, call_id, "+12125550101", None, "inbound", ("11",), (), "ringing", AS_OF)
    ring = begun("zendesk:acme", f"key-{call_id}", told, 1)
    return replace(ring, customer_id=customer_id)


async def _name(account: str, customer_id: str) -> str | None:
    return {("zendesk:acme", "100"): "Mara Lindqvist"}.get((account, customer_id))


def cards(
    phones: Phones, *rings: Ring, name: Callable[[str, str], Awaitable[str | None]] = _name
) -> Counter[Outcome]:
    """Have these rings shown on Aircall's phones."""
    counted: Counter[Outcome] = Counter()

    async def work(url: str) -> None:
        herald = AircallCards("id", "token", name, url)
        notices = Notices(herald, ScaledClock(50, AS_OF), lambda one: counted.update([one]))
        for one in rings:
            await notices.heard(one.account, one)
        async with asyncio.timeout(PATIENCE):
            while notices._tasks:  # noqa: ASYNC110 - it waits for real answers
                await asyncio.sleep(0.01)
        await notices.close()

    with served(phones.app()) as url:
        asyncio.run(work(url))
    return counted


def test_aircalls_phone_shows_the_name_and_nothing_else() -> None:
    """The card is the call's own; one that another system rings, or of nobody known, has none."""
    phones = Phones()
    counted = cards(
        phones,
        aircall_ring("7", "100"),
        aircall_ring("8", None),
        aircall_ring("9", "100", "twilio"),
        aircall_ring("../users", "100"),
    )

    card = {"contents": [{"type": "title", "text": "Mara Lindqvist"}]}
    assert phones.cards == [("7", "Basic aWQ6dG9rZW4=", card)]
    assert "5550" not in json.dumps(phones.cards)
    assert counted == {"sent": 1}


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        pytest.param(429, {"limited": 1, "sent": 1}, id="limited"),
        pytest.param(401, {"failed": 1}, id="refused"),
        pytest.param(404, {"failed": 1}, id="no such call"),
        pytest.param(500, {"failed": 1}, id="in trouble"),
    ],
)
def test_what_aircall_refuses_is_counted(status: int, counted: dict[str, int]) -> None:
    """A limit is waited out; anything else is given up: the call goes on without a card."""
    assert cards(Phones(status), aircall_ring("7", "100")) == counted
