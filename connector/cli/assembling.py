"""From the settings to everything that the service runs."""

from __future__ import annotations

import asyncio
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.cli.opening import configured, open_helpdesk, open_listeners, workplace
from connector.errors import ConfigurationError
from connector.providers import Provider
from connector.rings.agents import AgentMap
from connector.rings.board import Board
from connector.service.context import Context
from connector.service.inbox import Inbox
from connector.service.metrics import Metrics
from connector.service.remembering import RememberingChild
from connector.service.serving import Desk, Running
from connector.service.standing import Standing
from connector.service.supervising import Part
from connector.service.syncing import SyncChild, SyncJob
from connector.sync.intake import Intake
from connector.sync.report import Silent
from connector.sync.webhooks import Webhooks
from memory.asking.wording import FILE, HouseWording
from memory.errors import UsageError
from memory.face import Memory
from memory.record import Record, queries, retention
from memory.record.traces import is_due

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from connector.clock import Clock
    from connector.freshdesk import Freshdesk
    from connector.settings import Settings
    from connector.zendesk import Zendesk
    from memory.workplace import Workplace

PATIENCE = 5.0
"""Seconds a child is given to store what it has begun to, and to let go of the index."""

_FORGETS_EVERY = 60.0
"""Seconds between two tries to remove the last bytes of whoever was forgotten."""

_EVENT_RETRY_SECONDS = 60.0
"""How long one event is tried, so that one the helpdesk chokes on does not hold up others."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the service is to run.

    Attributes:
        sync_every: Seconds between two syncs; None does not sync.
        worker: Whether to remember.
        account: The account the user named; else all there are.
    """

    sync_every: float | None = 60.0
    worker: bool = True
    account: str | None = None


@contextmanager
def assembled(settings: Settings, wanted: Wanted, clock: Clock) -> Iterator[Running]:
    """Everything that the service runs, as the settings say; nothing runs yet.

    Args:
        settings: Where everything is.
        wanted: What is to run.
        clock: The only source of the time.

    Raises:
        ConfigurationError: A helpdesk is to be synced, and the settings do not say how.
        UsageError: There is no such account, none at all, or one that the settings do not tell of.
        RecordError: The record cannot be opened.
    """
    place = workplace(settings)
    clients = _clients(settings, wanted, clock)
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(Record.open(place.database_url, place.keys)) as record:
        clients, names = _served(record, clients, wanted)
        context = _context(settings, record, _memories(settings, record, names, clock), clock)
        context = replace(
            context,
            inboxes={one.account.partition(":")[0]: _inbox(context, one) for one in clients},
            standing=Standing(wanted.sync_every),
        )
        desks = [Desk(context.inboxes[one.account.partition(":")[0]], one) for one in clients]
        parts: list[Part] = []
        if wanted.sync_every is not None:
            parts += [_sync(settings, one.account, wanted.sync_every) for one in clients]
        if wanted.worker:
            parts += _workers(record, place, names, clock)
        yield Running(context, parts, desks)


def _context(
    settings: Settings, record: Record, memories: Mapping[str, Memory], clock: Clock
) -> Context:
    """What requests are answered with."""
    metrics = Metrics()
    board = Board(record, AgentMap.load(settings.agent_map), clock, region=settings.default_region)
    board.listeners += open_listeners(settings, clock, list(memories), board, metrics)
    return Context(
        settings=settings,
        clock=clock,
        record=record,
        memories=memories,
        board=board,
        metrics=metrics,
    )


def _clients(settings: Settings, wanted: Wanted, clock: Clock) -> Sequence[Zendesk | Freshdesk]:
    """A client of each helpdesk that is meant, for what its webhooks tell."""
    known = configured(settings)
    if wanted.account is not None:
        of_account = wanted.account.partition(":")[0]
        known = [one for one in known if one == of_account]
    if not known and wanted.sync_every is not None:
        raise ConfigurationError(
            "The settings tell of no helpdesk that could be synced.",
            "Set REMEMBER_ZENDESK_URL or REMEMBER_FRESHDESK_URL and a way to sign in, or add "
            "--no-sync.",
        )
    own = settings.model_copy(
        update={"retry_seconds": min(settings.retry_seconds, _EVENT_RETRY_SECONDS)}
    )
    clients = []
    for provider in known:
        try:
            clients.append(open_helpdesk(own, clock, wanted.account, Provider(provider)))
        except ConfigurationError:
            if wanted.sync_every is not None:
                raise
    return clients


def _served(
    record: Record, clients: Sequence[Zendesk | Freshdesk], wanted: Wanted
) -> tuple[Sequence[Zendesk | Freshdesk], Sequence[str]]:
    """The helpdesks and the accounts that are served.

    The accounts of helpdesks that are synced are in the record from now on; a helpdesk that is
    not synced is asked only about an account that is there.
    """
    stored = {one.name for one in record.accounts()}
    if wanted.sync_every is None:
        clients = [client for client in clients if client.account in stored]
    ours = [client.account for client in clients]
    strange = sorted(stored - set(ours))
    if strange and ours and wanted.account is None and wanted.sync_every is not None:
        raise UsageError(
            f"This data folder holds {', '.join(strange)}; the settings say {', '.join(ours)}.",
            f"Set REMEMBER_HOME to another folder, or add --account {ours[0]} to serve only that.",
        )
    if wanted.account is not None and ours and wanted.account not in ours:
        raise UsageError(
            f"The settings tell of {', '.join(ours)}, not of {wanted.account}.",
            "Leave out --account, or set the address of the helpdesk that is meant.",
        )
    for client in clients:
        record.add_account(client.account, client.url)
    if wanted.account is not None:
        return clients, [record.account(wanted.account).name]
    return clients, [one.name for one in record.accounts()] or [record.account().name]


def _memories(
    settings: Settings, record: Record, names: Sequence[str], clock: Clock
) -> Mapping[str, Memory]:
    """The memory of each account, all on one record."""
    return {
        name: Memory(
            record,
            workplace(settings),
            account=name,
            time_zone=settings.time_zone,
            default_region=settings.default_region,
            sensitive=settings.sensitive,
            wording=HouseWording(settings.folder / FILE),
            now=clock.now,
        )
        for name in names
    }


def _inbox(context: Context, client: Zendesk | Freshdesk) -> Inbox:
    account = context.record.account(client.account)
    intake = Intake(
        context.record,
        account,
        clock=context.clock,
        listener=Silent(),
        region=context.settings.default_region,
    )
    return Inbox(
        account.provider,
        Webhooks(intake, client).apply,
        clock=context.clock,
        metrics=context.metrics,
    )


def _sync(settings: Settings, account: str, every: float) -> Part:
    job = SyncJob(settings, workplace(settings).database_url, account, every, open_helpdesk)
    return Part("sync", account, lambda: SyncChild(job), PATIENCE)


def _workers(
    record: Record, place: Workplace, names: Sequence[str], clock: Clock
) -> Sequence[Part]:
    """One that waits for work; of several that share an embedded index, one at a time has it."""
    in_turns = len(names) > 1 and place.index_url is None
    turns: AbstractAsyncContextManager[object] = asyncio.Lock() if in_turns else nullcontext()
    return [
        Part(
            "worker",
            name,
            _remembering(place, name, clock, until_empty=in_turns),
            PATIENCE,
            wanted=_waiting(record, name, place, clock) if in_turns else None,
            turns=turns,
        )
        for name in names
    ]


def _remembering(
    place: Workplace, account: str, clock: Clock, *, until_empty: bool
) -> Callable[[], RememberingChild]:
    return lambda: RememberingChild(place, account, clock, until_empty=until_empty)


def _waiting(record: Record, account: str, place: Workplace, clock: Clock) -> Callable[[], bool]:
    """Asks whether tickets of an account wait, what is too old, or bytes of the forgotten.

    Where bytes cannot go at the moment it is tried again a minute later.
    """
    tried = clock.monotonic() - _FORGETS_EVERY

    def waiting() -> bool:
        nonlocal tried
        with record.reading() as connection:
            number = record.account(account, connection).number
            waits = queries.outbox_size(connection, number) > 0
            waits |= retention.is_due(connection, number, place.days_kept, clock.now())
        if waits:
            return True
        if clock.monotonic() - tried < _FORGETS_EVERY or not is_due(record):
            return False
        tried = clock.monotonic()
        return True

    return waiting
