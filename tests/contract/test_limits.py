"""Rate limits: our share of them is kept, and what was spent is told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from memory.entities import DESCRIPTION
from tests.contract.stories import few
from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.desk import Desk


def test_our_share_of_the_limit_is_kept_in_every_minute(open_desk: Callable[..., Desk]) -> None:
    """Twenty requests at once stay within half of what the account may; none is refused."""
    words = [message("customer", AS_OF - 200 * DAY, text) for text in ("Hello.", "Hello?")]
    tickets = [ticket(n, 101, AS_OF - 200 * DAY, messages=words) for n in range(1, 121)]
    kind_limits = 80
    story = tale(tickets, [customer(101)])
    desk = open_desk(story, limit=kind_limits)
    client = desk.client(share=0.5, retry_seconds=300)
    desk.backfill(client=client)
    assert desk.differences == []
    assert client.usage.refused == {}
    assert sum(client.usage.waited.values()) > 0
    minutes = Counter(int(seen.at.timestamp()) // 60 for seen in desk.helpdesk.seen)
    assert max(minutes.values()) <= kind_limits // 2 + 2


def test_what_was_spent_is_counted(open_desk: Callable[..., Desk]) -> None:
    """Every request that was sent, by stream; every refusal; and the report's sums."""
    desk = open_desk(few())
    fault = desk.kind.limited(5)
    fault.times, fault.path = 2, desk.kind.places["messages"].path
    desk.helpdesk.faults.append(fault)
    report = desk.backfill()
    assert desk.usage is not None
    assert sum(desk.usage.requests.values()) == len(desk.helpdesk.seen) == report["requests"]
    assert sum(desk.usage.refused.values()) == 2 == report["refused"]
    assert sum(desk.usage.waited.values()) > 0
    by_stream = {one["name"]: one for one in report["streams"]}
    assert by_stream["comments"]["refused"] == 2
    singly = [key for key, number in desk.truth.messages if number != DESCRIPTION]
    assert by_stream["comments"]["rows"] == len(singly)
    assert all(one["done"] for one in report["streams"])
