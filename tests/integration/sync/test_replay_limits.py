"""A backfill of a busy account under limits comes near to the least time that they allow."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.demo import faults
from connector.demo.server import DemoHelpdesk
from connector.demo.zendesk.limits import Limits
from connector.http import Transport
from connector.sync.run import Run
from connector.zendesk import ClientCredentials, Zendesk
from memory.record import Record
from memory.record import tables as t
from tests.support.busy import AS_OF, EVENTS, MESSAGES, busy_account
from tests.support.idle import IdleClock, WatchedRecord, WatchedWire
from tests.support.tale import ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.sync.conftest import Heard

pytestmark = [pytest.mark.slow, pytest.mark.long]

TICKETS, ROWS = 1_200, 100
LIMITS = Limits(requests=140, exports=10, users_export=10)


def _floor(pages: int, share: float) -> float:
    """The least minutes, with so many pages of tickets; exports use up the account's limit, too."""
    each = ROWS / EVENTS
    singles = LIMITS.requests - LIMITS.exports
    return (TICKETS + pages * each) / (singles + LIMITS.exports * each) / share


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_both_budgets_are_used_up_and_hardly_anything_is_refused(
    tmp_path: Path, heard: Heard, share: float
) -> None:
    """Minutes against the floor, and in no minute more than the share of either limit."""
    clock = IdleClock(AS_OF)
    record = Record.in_folder(tmp_path)
    watched: Any = WatchedRecord(record, clock)
    with DemoHelpdesk(busy_account(TICKETS), clock=clock.now, limits=LIMITS) as desk:
        desk.faults.append(faults.fewer_rows(ROWS, path="/incremental/ticket"))
        credentials = ClientCredentials(desk.credentials.client_id, desk.credentials.client_secret)

        async def backfill() -> None:
            wire = WatchedWire(Transport(desk.url), clock)
            async with Zendesk(
                desk.url, credentials, clock=clock, share=share, wire=wire, account=ACCOUNT
            ) as zendesk:
                account = record.add_account(ACCOUNT, desk.url)
                run = Run(watched, account, zendesk, clock=clock, listener=heard, replay_above=100)
                await run.backfill()

        asyncio.run(backfill())
        seen = list(desk.seen)
    with contextlib.closing(record), record.reading() as connection:
        stored = connection.scalar(sa.select(sa.func.count()).select_from(t.message))
    assert stored == TICKETS * MESSAGES
    assert sum(one.status == 429 for one in seen) <= 0.01 * len(seen)
    minutes = Counter(int(one.at.timestamp()) // 60 for one in seen if "/oauth" not in one.path)
    assert max(minutes.values()) <= LIMITS.requests * share * 1.05
    exports = Counter(
        int(one.at.timestamp()) // 60
        for one in seen
        if "/incremental/ticket" in one.path or "/incremental/org" in one.path
    )
    first, *later = (exports[minute] for minute in sorted(exports))
    # The first request of an export goes out before its limit is known.
    assert first <= LIMITS.exports * share + 2
    assert max(later) <= LIMITS.exports * share
    pages = sum("/incremental/tickets/cursor" in one.path for one in seen)
    assert clock.monotonic() / 60 <= 1.25 * _floor(pages, share)
