"""What happens in the helpdesk after the first reading is brought by the next one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from memory.entities import Page, Status
from tests.integration.zendesk.conftest import AS_OF, message, ticket
from tests.integration.zendesk.reading import messages, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.zendesk import Zendesk

    Later = Callable[..., tuple[dict[str, list[Page]], list[Page]]]

HOUR = 3600
SOON = datetime.fromtimestamp(AS_OF + 60, UTC).isoformat()


@pytest.fixture
def later(
    document: dict[str, Any],
    clock: ManualClock,
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., Zendesk],
) -> Later:
    """Reads, lets changes happen, reads what changed, and then every ticket's messages."""

    async def run(zendesk: Zendesk) -> tuple[dict[str, list[Page]], list[Page]]:
        async with zendesk:
            await zendesk.check()
            places = {name: (await read(zendesk, name))[1] for name in zendesk.changes}
            clock.advance(HOUR)
            news = {name: (await read(zendesk, name, places[name]))[0] for name in places}
            return news, await messages(zendesk, ["1", "2", "3", "4", "5"])

    def after(*changes: dict[str, Any]) -> tuple[dict[str, list[Page]], list[Page]]:
        document["changes"] = [{"at": SOON, **change} for change in changes]
        return asyncio.run(run(connect(serve())))

    return after


def test_a_new_message_comes_by_its_event(
    later: Later,
) -> None:
    """Its ticket needs not be read."""
    told = {"do": "add_message", "ticket": 4, "message": message("customer", AS_OF + 60, "News")}
    news, _ = later(told)
    texts = [m.text for page in news["ticket_events"] for m in page.messages]
    assert "News" in texts
    assert all("4" not in page.stale_tickets for page in news["ticket_events"])
    assert "4" in {t.id for page in news["tickets"] for t in page.tickets}


def test_a_new_call_makes_its_ticket_stale(
    later: Later,
) -> None:
    """An event does not hold the call's data; the ticket does."""
    call = message("customer", AS_OF + 60, "x", call={"minutes": 3.0, "from": "+12125550177"})
    told = {"do": "add_message", "ticket": 4, "message": call}
    news, whole = later(told)
    assert "4" in {name for page in news["ticket_events"] for name in page.stale_tickets}
    numbers = [m.call.number for page in whole for m in page.messages if m.call]
    assert "+12125550177" in numbers


def test_a_redaction_makes_its_ticket_stale(
    later: Later,
) -> None:
    """The words are gone when the ticket is read again."""
    told = {"do": "redact_message", "ticket": 5, "message": 7, "words": "Line 7"}
    news, whole = later(told)
    assert "5" in {name for page in news["ticket_events"] for name in page.stale_tickets}
    assert "Line 7" not in {m.text for page in whole for m in page.messages}


def test_a_deleted_ticket_is_told_and_gone(
    later: Later,
) -> None:
    """The export brings its row without words; its messages are not found. Scrubbed ones too."""
    news, whole = later(
        {"do": "delete_ticket", "ticket": 3},
        {"do": "delete_ticket", "ticket": 4},
        {"do": "scrub_ticket", "ticket": 4},
    )
    rows = {t.id: t for page in news["tickets"] for t in page.tickets}
    assert {rows["3"].status, rows["4"].status} == {Status.DELETED}
    assert (rows["3"].subject, rows["3"].description) == ("", None)
    assert {name for page in whole for name in page.gone_tickets} == {"3", "4"}


def test_people_who_are_merged_deleted_or_erased_are_told(
    later: Later,
) -> None:
    """Who lost, who is inactive and who is gone for good; the winner has all identities."""
    news, _ = later(
        {"do": "merge_customers", "loser": 102, "winner": 100},
        {"do": "delete_customer_permanently", "customer": 101},
    )
    people = {p.id: p for page in news["users"] for p in page.people}
    assert (people["102"].active, people["102"].erased) == (False, False)
    assert (people["101"].active, people["101"].erased) == (False, True)
    numbers = {i.value for page in news["users"] for i in page.identities if i.person_id == "100"}
    assert numbers >= {"+12125550101", "+12125550103"}
    moved = {t.id: t.requester_id for page in news["tickets"] for t in page.tickets}
    assert moved["3"] == "100"


def test_a_new_ticket_and_its_rating_come(
    later: Later,
) -> None:
    """In the streams that are read for changes."""
    rated = {"rating": {"score": "bad", "agent": 11, "at": SOON}}
    news, _ = later(
        {"do": "add_ticket", "ticket": ticket(77, 101, AS_OF + 60)},
        {"do": "update_ticket", "ticket": 1, "set": rated},
    )
    assert "77" in {t.id for page in news["tickets"] for t in page.tickets}
    scores = {(r.ticket_id, r.score) for p in news["satisfaction_ratings"] for r in p.ratings}
    assert ("1", "bad") in scores
