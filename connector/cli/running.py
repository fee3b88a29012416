"""Runs a backfill or sync: holds the data folder, opens the helpdesk, shows progress."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from connector.cli.opening import open_helpdesk, open_memory, workplace
from connector.cli.progress import shown
from connector.clock import SystemClock
from connector.lock import hold
from connector.sync.together import Together
from memory.errors import UsageError
from memory.forgetting import attempt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from connector.clock import Clock
    from connector.freshdesk import Freshdesk
    from connector.providers import Provider
    from connector.settings import Settings
    from connector.sync.report import Report
    from connector.zendesk import Zendesk
    from memory.record import Account, Record

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """What a command works with while it runs."""

    together: Together
    clock: Clock


def run(
    settings: Settings,
    command: str,
    work: Callable[[Job], Awaitable[Report]],
    *,
    account: str | None,
    remember: bool,
    provider: Provider | None = None,
    clock: Clock | None = None,
) -> Report:
    """Run a command that writes the data folder.

    Args:
        settings: Where everything is.
        command: Its name, for whoever finds the folder in use.
        work: What to do.
        account: The account the user named.
        remember: Whether a child process remembers what arrives.
        provider: The helpdesk the user named.
        clock: Tells the time; the system's unless given.
    """
    time = clock or SystemClock()
    working = _working(settings, command, account, time, provider=provider, remember=remember)
    with working as (helpdesk, together):
        return asyncio.run(_with(helpdesk, work(Job(together, time))))


def write_notes(settings: Settings, *, account: str | None) -> None:
    """Write the notes that are due to the helpdesk.

    Args:
        settings: Where everything is.
        account: The account the user named.

    Raises:
        BusyError: Another process holds the data folder; its sync writes them.
    """
    with _working(settings, "note", account, SystemClock(), remember=False) as (helpdesk, together):
        asyncio.run(_with(helpdesk, together.write_notes()))


@contextmanager
def _working(
    settings: Settings,
    command: str,
    account: str | None,
    clock: Clock,
    *,
    remember: bool,
    provider: Provider | None = None,
) -> Iterator[tuple[Zendesk | Freshdesk, Together]]:
    """What a command works with, as long as it holds the data folder."""
    place = workplace(settings)
    with hold(settings.folder, command, clock), open_memory(settings, account) as memory:
        attempt(memory.record, place, clock.now())
        helpdesk = open_helpdesk(settings, clock, account, provider)
        own = _own_account(memory.record, helpdesk, account)
        with shown(helpdesk.usage, clock) as listener:
            yield (
                helpdesk,
                Together(
                    memory.record,
                    own,
                    helpdesk,
                    place if remember else None,
                    clock=clock,
                    listener=listener,
                    region=settings.default_region,
                    recheck_days=settings.recheck_days,
                    notes=settings.notes_to_helpdesk == "internal_note",
                ),
            )
        attempt(memory.record, place, clock.now())


async def _with(helpdesk: Zendesk | Freshdesk, work: Awaitable[T]) -> T:
    async with helpdesk:
        return await work


def _own_account(record: Record, helpdesk: Zendesk | Freshdesk, named: str | None) -> Account:
    """The helpdesk's account in the record; a folder that holds another's is not mixed up."""
    others = [one.name for one in record.accounts() if one.name != helpdesk.account]
    if others and named != helpdesk.account:
        raise UsageError(
            f"This data folder holds {', '.join(others)}; the settings say {helpdesk.account}.",
            f"Set REMEMBER_HOME to another folder, or add --account {helpdesk.account} to keep "
            "both in one.",
        )
    return record.add_account(helpdesk.account, helpdesk.url)
