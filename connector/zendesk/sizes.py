"""How large a Zendesk account is and what it may be asked, in half a dozen requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.budget import ACCOUNT
from connector.sync.helpdesk import Need, Sizes
from connector.zendesk.client import wanted
from connector.zendesk.walks import PER_EXPORT_PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.zendesk.session import Session

_COUNTS = "counts"
_SAMPLE_DAYS = 90
_FEW_EVENTS = 100
_DAY = 86_400
_EXPORT_ROWS = int(PER_EXPORT_PAGE)


async def sizes(session: Session, latest: int, replay: str, events: Mapping[str, str]) -> Sizes:
    """Count tickets and users, look at one page of events, and read the limits of each export.

    The counts are Zendesk's own and may be a day old:
    https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#count-tickets

    Args:
        session: What asks.
        latest: The latest second (Unix) that exports may be asked from.
        replay: Our name of the stream of events.
        events: What its requests ask for.
    """
    tickets = await _count(session, "tickets")
    users = await _count(session, "users")
    for stream in ("tickets", "users"):
        asked = {"start_time": str(latest), "per_page": "1"}
        await session.get(stream, f"/api/v2/incremental/{stream}/cursor", asked)
    each = await _events_each(session, latest, replay, events)
    account = session.totals(_COUNTS).get(ACCOUNT, 0)
    return Sizes(
        tickets=tickets,
        per_minute=account,
        needs=(
            _need(session, "users", users, account),
            _need(session, "tickets", tickets, account),
            Need("comments", tickets, 1, ACCOUNT, account),
        ),
        replay=_need(session, replay, round(tickets * each), account),
    )


def _need(session: Session, stream: str, rows: int, account: int) -> Need:
    own = {key: total for key, total in session.totals(stream).items() if key != ACCOUNT}
    limit, total = min(own.items(), key=lambda one: one[1], default=(ACCOUNT, account))
    return Need(stream, rows, _EXPORT_ROWS, limit, total)


async def _count(session: Session, what: str) -> int:
    answer = await session.get(_COUNTS, f"/api/v2/{what}/count")
    value = wanted(answer, "count", dict, _COUNTS).get("value")
    return value if isinstance(value, int) else 0


async def _events_each(
    session: Session, latest: int, replay: str, events: Mapping[str, str]
) -> float:
    """About how many events a ticket has: of those of late, or of the first where these are few."""
    for start in (latest - _SAMPLE_DAYS * _DAY, 0):
        asked = {"start_time": str(start), **events, "per_page": PER_EXPORT_PAGE}
        answer = await session.get(replay, "/api/v2/incremental/ticket_events", asked)
        found = wanted(answer, "ticket_events", list, replay)
        if len(found) >= _FEW_EVENTS:
            break
    made = sum(_makes_a_ticket(one) for one in found)
    return max(len(found) / made, 1.0) if made else 1.0


def _makes_a_ticket(event: Any) -> bool:
    children = event.get("child_events") if isinstance(event, dict) else None
    return isinstance(children, list) and any(
        isinstance(child, dict) and "Create" in {child.get("event_type"), child.get("type")}
        for child in children
    )
