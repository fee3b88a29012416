"""How large a Freshdesk account may be and what it may be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.budget import ACCOUNT
from connector.freshdesk.session import TICKETS, cost
from connector.sync.helpdesk import Need, Sizes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.freshdesk.session import Session

_PER_PAGE = 100
_STREAM = "tickets"


async def sizes(session: Session, listed: Mapping[str, str]) -> Sizes:
    """Freshdesk counts nothing: the newest ticket's number is the most there can be.

    Args:
        session: What asks.
        listed: What requests for the list of tickets ask for, which tells what each costs.
    """
    newest = {"order_by": "created_at", "order_type": "desc", "per_page": "1"}
    answer = await session.get(
        _STREAM, TICKETS, {"updated_since": "1970-01-01T00:00:00Z", **newest}
    )
    first = answer.json[0] if isinstance(answer.json, list) and answer.json else {}
    number = first.get("id") if isinstance(first, dict) else None
    tickets = number if isinstance(number, int) else 0
    account = session.totals(TICKETS, _STREAM).get(ACCOUNT, 0)
    return Sizes(
        tickets=tickets,
        per_minute=account,
        needs=(
            Need(
                _STREAM,
                tickets,
                _PER_PAGE,
                ACCOUNT,
                account,
                credits=cost(TICKETS, listed),
                is_bound=True,
            ),
            Need("comments", tickets, 1, ACCOUNT, account, is_bound=True),
        ),
        is_bound=True,
    )
