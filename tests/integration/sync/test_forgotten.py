"""Who is forgotten stays so through every sync and recheck, and comes back once allowed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import forgotten
from memory.record import tables as t
from memory.record.erasing import erase_person
from tests.support.tale import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from memory.record import Record

    Go = Callable[..., Any]

WHO = "101"
TOLD = (
    (t.person, ("id", "name", "active")),
    (t.identity, ("kind", "value", "person_id")),
    (t.ticket, ("id", "requester_id", "subject", "status", "messages_read")),
    (t.message, ("ticket_id", "id", "author_id", "text")),
)


def _held(record: Record) -> dict[str, set[tuple[Any, ...]]]:
    """What the helpdesk tells, as the record has it."""
    with record.reading() as connection:
        return {
            table.name: {
                tuple(row)
                for row in connection.execute(sa.select(*(table.c[name] for name in columns)))
            }
            for table, columns in TOLD
        }


def test_no_sync_brings_anybody_back_until_they_are_allowed(
    run: Go, record: Record, clock: ManualClock, helpdesk: DemoHelpdesk
) -> None:
    """Then the next recheck has all that the helpdesk has, as if nothing had been."""
    run(recheck_days=0)
    sync = partial(run, sync=True, recheck_days=0)
    whole = _held(record)
    account = record.account(ACCOUNT)
    with record.writing(account) as writer:
        went = erase_person(writer.connection, account.number, WHO, reason="asked", at=clock.now())
    assert went["tickets"] > 0
    without = _held(record)
    helpdesk.seen.clear()
    for _ in range(2):
        clock.advance(60)
        sync()
        assert _held(record) == without
    assert not any(one.path.endswith(f"/users/{WHO}") for one in helpdesk.seen)
    assert without["person"] == {row for row in whole["person"] if row[0] != WHO}
    with record.writing(account) as writer:
        due = [one.digest for one in forgotten.pending(writer.connection, account.number)]
        forgotten.complete(writer.connection, account.number, due, clock.now())
        assert forgotten.allow(writer.connection, account.number, WHO)
    for _ in range(2):
        clock.advance(60)
        sync()
    assert _held(record) == whole
