"""What is stored, how fresh and how complete."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from memory.asking.document import VERSION
from memory.asking.view import rfc3339
from memory.record import due, queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from memory.record import Account


USAGE = "usage"
"""The checkpoint that keeps what the last run spent."""

_NO_STREAMS = frozenset({USAGE, "since"})
"""Checkpoints that stand for no stream."""


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


@dataclass(frozen=True, slots=True)
class Detail:
    """What people want to know of an account beside its `AccountStatus`.

    Attributes:
        streams: By name, how many rows were ever read, and whether the end was reached.
        waiting: What is still to be done, by what it is, where there is any.
        quarantined: How often which field of which stream could not be read, and why.
        usage: What the last run spent: `requests`, `refused`, and seconds `waited`; else empty.
    """

    streams: Mapping[str, tuple[int, bool]]
    waiting: Mapping[str, int]
    quarantined: Mapping[tuple[str, str, str], int]
    usage: Mapping[str, float]


def detail_of(connection: sa.Connection, account: Account) -> Detail:
    """How complete an account is, what could not be read, and what the last run cost."""
    counts = queries.waiting(connection, account.number)
    stored = due.checkpoints(connection, account.number)
    names = {
        "unread": "tickets to read",
        "unidentified": "customers to identify",
        "outbox": "tickets to remember",
    }
    return Detail(
        streams={
            name: (row.rows, row.done) for name, row in stored.items() if name not in _NO_STREAMS
        },
        waiting={words: counts[key] for key, words in names.items() if counts[key]},
        quarantined=Counter(
            (row.stream, row.field, row.reason)
            for row in queries.quarantined(connection, account.number)
        ),
        usage=json.loads(stored[USAGE].value) if USAGE in stored else {},
    )


def status_of(connection: sa.Connection, accounts: Sequence[Account]) -> Status:
    """The status of these accounts."""
    return {"version": VERSION, "accounts": [_account(connection, one) for one in accounts]}


def _account(connection: sa.Connection, account: Account) -> AccountStatus:
    counts = queries.counts(connection, account.number)
    streams = due.checkpoints(connection, account.number)
    ended = bool(streams) and all(row.done for row in streams.values())
    oldest = queries.oldest_unchecked(connection, account.number)
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
        "oldest_unchecked": rfc3339(oldest) if oldest else None,
    }
