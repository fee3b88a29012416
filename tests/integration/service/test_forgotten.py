"""What a running service holds in memory of somebody who was forgotten, it lets go of."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from connector.cli.assembling import Wanted, assembled
from connector.clock import ManualClock, SystemClock
from connector.service.serving import _Service
from connector.settings import Settings
from memory.record import Record
from memory.record.forgotten import put_down

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 60


class _Looking(ManualClock):
    """A clock that counts how often somebody has slept."""

    looks = 0

    async def sleep(self, seconds: float) -> None:
        """Another look has been had."""
        self.looks += 1
        await super().sleep(seconds)


def test_connections_and_what_they_hold_are_new_once_somebody_was_forgotten(tmp_path: Path) -> None:
    """By whichever process; as long as nobody is, they stay."""
    record = Record.in_folder(tmp_path)
    record.add_account("zendesk:acme", "https://acme.zendesk.com")
    record.close()
    clock = _Looking(SystemClock().now())

    async def play() -> None:
        wanted = Wanted(sync_every=None, worker=False)
        with assembled(Settings(home=tmp_path), wanted, clock) as running:
            context = running.context
            task = asyncio.create_task(_Service(running, None, lambda: None)._forget())

            async def look_on() -> None:
                until = clock.looks + 2
                while clock.looks < until:
                    assert not task.done(), task.exception()
                    await asyncio.sleep(0.001)

            await look_on()
            pool = context.record.engine.pool
            await look_on()
            assert context.record.engine.pool is pool
            account = context.record.account()
            with context.record.writing(account) as writer:
                put_down(writer.connection, account.number, ["7"], reason="asked", at=clock.now())
            await look_on()
            assert context.record.engine.pool is not pool
            task.cancel()

    asyncio.run(asyncio.wait_for(play(), PATIENCE))
