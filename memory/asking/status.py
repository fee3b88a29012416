"""What is stored, how fresh and how complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from memory.asking.document import VERSION
from memory.asking.view import rfc3339
from memory.record import due, queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from memory.record import Account


class Quarantined(TypedDict):
    """A row of the helpdesk that could not be read."""

    stream: str
    id: str
    field: str
    reason: str


class AccountStatus(TypedDict):
    """One account; `complete` when every stream has reached its end and nothing waits."""

    account: str
    synced_at: str | None
    complete: bool
    customers: int
    tickets: int
    messages: int
    memories: int
    outbox: int
    quarantined: list[Quarantined]
    oldest_unchecked: str | None


class Status(TypedDict):
    """The answer of `remember status`."""

    version: int
    accounts: list[AccountStatus]


def status_of(connection: sa.Connection, accounts: Sequence[Account]) -> Status:
    """The status of these accounts."""
    return {"version": VERSION, "accounts": [_account(connection, one) for one in accounts]}


def _account(connection: sa.Connection, account: Account) -> AccountStatus:
    counts = queries.counts(connection, account.number)
    streams = due.checkpoints(connection, account.number)
    ended = bool(streams) and all(row.done for row in streams.values())
    waiting = counts["unread"] + counts["unidentified"] + counts["outbox"]
    return {
        "account": account.name,
        "synced_at": rfc3339(account.synced_at) if account.synced_at else None,
        "complete": ended and not waiting and account.synced_at is not None,
        "customers": counts["customers"],
        "tickets": counts["tickets"],
        "messages": counts["messages"],
        "memories": counts["memories"],
        "outbox": counts["outbox"],
        "quarantined": [
            {"stream": row.stream, "id": row.id, "field": row.field, "reason": row.reason}
            for row in queries.quarantined(connection, account.number)
        ],
        "oldest_unchecked": rfc3339(account.synced_at) if account.synced_at else None,
    }
