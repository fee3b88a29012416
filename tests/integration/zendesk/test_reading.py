"""Everything a simulated account tells arrives, over real HTTP."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from memory.entities import Call, Identity, Rating, Role, Status
from tests.integration.zendesk.conftest import BEGAN, DAY
from tests.integration.zendesk.reading import everything, messages, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.demo.server import DemoHelpdesk
    from connector.zendesk import Zendesk

    Serve = Callable[..., DemoHelpdesk]
    Connect = Callable[..., Zendesk]


def test_an_account_arrives_whole(serve: Serve, connect: Connect) -> None:
    """People, tickets, ratings and every message; nothing is unreadable."""
    found = asyncio.run(everything(connect(serve())))
    assert set(found["people"]) == {"10", "11", "100", "101", "102"}
    assert found["people"]["10"].role is Role.AGENT
    assert found["people"]["100"].organization_id == "5"
    assert found["people"]["101"].shared_phone
    assert found["people"]["102"].name is None
    assert found["organizations"]["5"].name == "Harbour Co-op"
    assert repr(Identity("102", "phone", "+12125550103")) in found["identities"]
    assert set(found["tickets"]) == {"1", "2", "3", "4", "5"}
    assert len(found["messages"]) == 3 + 1 + 1 + 1 + 250
    assert list(found["ratings"].values()) == [
        Rating(
            id=next(iter(found["ratings"])),
            ticket_id="3",
            customer_id="102",
            agent_id="10",
            score="good",
            at=datetime.fromtimestamp(BEGAN + 3 * DAY, UTC),
        )
    ]
    assert found["unreadable"] == {}


def test_tickets_bring_what_the_brief_needs(serve: Serve, connect: Connect) -> None:
    """Status, solving time, rating, channel, first text and who they belong to."""
    tickets = asyncio.run(everything(connect(serve())))["tickets"]
    assert (tickets["3"].status, tickets["3"].rating) == (Status.SOLVED, "good")
    assert tickets["3"].solved_at is not None
    assert (tickets["3"].channel, tickets["4"].channel) == ("email", "chat")
    assert tickets["4"].description == "Hello 4"
    assert (tickets["4"].requester_id, tickets["4"].assignee_id) == ("100", "11")


def test_calls_of_both_kinds_arrive(serve: Serve, connect: Connect) -> None:
    """With length, direction, number and, where written down, what was said."""
    found = asyncio.run(everything(connect(serve())))["messages"].values()
    calls = {message.ticket_id: message for message in found if message.call}
    talk, partner = calls["1"], calls["2"]
    assert talk.call == Call("inbound", 97.0, "11", "+12125550101", id=talk.id)
    assert talk.text == "It costs too much"
    number = f"partner-{partner.id}"
    assert partner.call == Call("outbound", 2.5, None, "+12125550102", id=number)
    assert {message.channel for message in calls.values()} == {"voice"}


def test_a_note_is_not_public_and_a_bot_is_nobody(serve: Serve, connect: Connect) -> None:
    """Who said it and to whom is kept."""
    found = asyncio.run(everything(connect(serve())))["messages"].values()
    by_text = {message.text: message for message in found}
    assert not by_text["cb fri"].public
    assert by_text["cb fri"].author_id == "11"
    assert by_text["Reminder"].author_id == "-1"


def test_a_long_ticket_comes_in_pages_and_in_order(serve: Serve, connect: Connect) -> None:
    """A hundred messages each; the last page makes it whole."""
    zendesk = connect(serve())

    async def run() -> list[tuple[int, tuple[str, ...]]]:
        async with zendesk:
            pages = await messages(zendesk, ["5"])
            assert [m.text for p in pages for m in p.messages] == [f"Line {i}" for i in range(250)]
            return [(len(page.messages), page.whole_tickets) for page in pages]

    assert asyncio.run(run()) == [(100, ()), (100, ()), (50, ("5",))]


def test_identities_of_one_person(serve: Serve, connect: Connect) -> None:
    """All of them, and somebody unknown has none."""
    zendesk = connect(serve())

    async def run() -> tuple[list[str], tuple[str, ...]]:
        async with zendesk:
            pages = [page async for page in zendesk.identities("102")]
            gone = [page async for page in zendesk.identities("999")]
            values = [identity.value for page in pages for identity in page.identities]
            return values, (*pages[-1].identified, *gone[-1].identified)

    assert asyncio.run(run()) == (["+12125550103"], ("102", "999"))


@pytest.mark.parametrize("stream", ["users", "tickets", "ticket_events"])
def test_a_finished_stream_goes_on_with_nothing_new(
    serve: Serve, connect: Connect, stream: str
) -> None:
    """From its last checkpoint, though the last page named a place to go on from."""
    zendesk = connect(serve())

    async def run() -> tuple[int, int]:
        async with zendesk:
            first, place = await read(zendesk, stream)
            again, after = await read(zendesk, stream, place)
            assert after == place
            return sum(page.rows for page in first), sum(page.rows for page in again)

    first, again = asyncio.run(run())
    assert first > 0
    assert again <= 1


def test_events_tell_the_same_words_as_the_tickets(serve: Serve, connect: Connect) -> None:
    """Except calls, whose tickets are to be read."""
    zendesk = connect(serve())

    async def run() -> None:
        async with zendesk:
            pages, _ = await read(zendesk, "ticket_events")
            told = {m.id: m.text for page in pages for m in page.messages}
            stale = {name for page in pages for name in page.stale_tickets}
            assert stale == {"1", "2"}
            whole = await messages(zendesk, ["1", "2", "3", "4", "5"])
            words = {m.id: m.text for page in whole for m in page.messages if m.call is None}
            assert told == words

    asyncio.run(run())
