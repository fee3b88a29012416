"""Keeps the board's rings in the record, behind their delivery, and knows who called.

Whatever changed since the last writing is written together, so that many rings at once cost one
transaction. A ring that was not yet written stays due until it is.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.rings.ring import Ring, Word
from memory.asking.calling import caller_of
from memory.record import queries
from memory.record.rings import (
    drop_numbers,
    newest_sequence,
    rings_since,
    store_rings,
    whose_rings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from connector.clock import Clock
    from connector.rings.agents import Agent
    from memory.record import Record
    from memory.record.stored import Stored

NUMBERS_KEPT = timedelta(hours=24)
"""How long the record knows the number of a ring that left nothing to be done."""
MISSED_KEPT = timedelta(days=30)
"""The same, of a known customer whom nobody answered: as long as a brief tells of it."""
_IN_MEMORY_ALONE = frozenset({"account", "key", "taken_at", "words"})


class Keeping:
    """The record, as the board needs it. Nothing here is called on the way to an agent."""

    def __init__(self, record: Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock
        self._due: dict[tuple[str, str], Ring] = {}
        self._stored: set[tuple[str, str]] = set()
        self._writing = asyncio.Lock()

    async def load(self, since: datetime) -> tuple[list[Ring], int]:
        """The rings that began since then, as they changed, and the highest sequence ever given.

        Raises:
            RecordError: The record cannot be read.
        """
        rings, newest = await asyncio.to_thread(self._load, since)
        self._stored = {(ring.account, ring.key) for ring in rings}
        return rings, newest

    def due(self, ring: Ring) -> None:
        """This ring is to be written as it is now."""
        self._due[ring.account, ring.key] = ring

    async def write(self) -> list[Ring]:
        """Write what is due, and be back only once it is written.

        Returns:
            The rings that the record has lost since they were written first: their person was
            erased.

        Raises:
            RecordError: The record cannot be written; what was due stays so.
        """
        async with self._writing:
            batch, self._due = self._due, {}
            if not batch:
                return []
            try:
                gone = await asyncio.to_thread(self._write, list(batch.values()))
            except BaseException:
                self._due = {**batch, **self._due}
                raise
            self._stored |= batch.keys()
            return [batch[key] for key in gone]

    async def agents(self, account: str) -> Sequence[Agent]:
        """The agents of an account who are there."""
        return await asyncio.to_thread(self._agents, account)

    async def caller(self, ring: Ring) -> str | None:
        """The one customer whose number rings, if it is one."""
        return await asyncio.to_thread(self._caller, ring)

    async def name(self, account: str, customer_id: str) -> str | None:
        """A customer's name."""
        return await asyncio.to_thread(self._name, account, customer_id)

    async def customers(self, rings: Iterable[Ring]) -> Mapping[tuple[str, str], str | None]:
        """Whose these rings are by the record, of those that it still has."""
        return await asyncio.to_thread(self._customers, list(rings))

    def is_settled(self, ring: Ring) -> bool:
        """Whether the record knows a ring as it is now."""
        place = (ring.account, ring.key)
        return place in self._stored and place not in self._due

    def forget(self, ring: Ring) -> None:
        """A ring is no more, or of no more use to the board."""
        self._stored.discard((ring.account, ring.key))
        self._due.pop((ring.account, ring.key), None)

    async def sweep(self) -> int:
        """Drop the numbers that are not needed any more; of how many rings."""
        return await asyncio.to_thread(self._sweep)

    def _load(self, since: datetime) -> tuple[list[Ring], int]:
        with self._record.reading() as connection:
            rings = [
                _read(account.name, row)
                for account in self._record.accounts(connection)
                for row in rings_since(connection, account.number, since)
            ]
            return rings, newest_sequence(connection)

    def _write(self, rings: Sequence[Ring]) -> list[tuple[str, str]]:
        gone: list[tuple[str, str]] = []
        for name in sorted({ring.account for ring in rings}):
            mine = [ring for ring in rings if ring.account == name]
            known = [ring.key for ring in mine if (name, ring.key) in self._stored]
            account = self._record.account(name)
            with self._record.writing(account) as writer:
                lost = store_rings(
                    writer.connection, account.number, [_row(ring) for ring in mine], known
                )
            gone += [(name, key) for key in lost]
        return gone

    def _agents(self, name: str) -> Sequence[Agent]:
        with self._record.reading() as connection:
            account = self._record.account(name, connection)
            return [row for row in queries.agents(connection, account.number) if row.active]

    def _caller(self, ring: Ring) -> str | None:
        if ring.caller is None:
            return None
        with self._record.reading() as connection:
            account = self._record.account(ring.account, connection)
            found = caller_of(connection, account, ring.caller, self._clock.now())
        return None if found is None else str(found.id)

    def _name(self, name: str, customer_id: str) -> str | None:
        with self._record.reading() as connection:
            account = self._record.account(name, connection)
            row = queries.person(connection, account.number, customer_id)
        return None if row is None or not row.active else row.name

    def _customers(self, rings: Sequence[Ring]) -> Mapping[tuple[str, str], str | None]:
        found: dict[tuple[str, str], str | None] = {}
        with self._record.reading() as connection:
            for account in self._record.accounts(connection):
                keys = [ring.key for ring in rings if ring.account == account.name]
                whose = whose_rings(connection, account.number, keys)
                found.update({(account.name, key): who for key, who in whose.items()})
        return found

    def _sweep(self) -> int:
        now, dropped = self._clock.now(), 0
        for account in self._record.accounts():
            with self._record.writing(account) as writer:
                dropped += drop_numbers(
                    writer.connection,
                    account.number,
                    until=now - NUMBERS_KEPT,
                    missed_until=now - MISSED_KEPT,
                )
        return dropped


def _row(ring: Ring) -> dict[str, object]:
    names = (name for name in Ring.__slots__ if name not in _IN_MEMORY_ALONE)
    row: dict[str, object] = {name: getattr(ring, name) for name in names}
    members = None if ring.members is None else list(ring.members)
    return {**row, "id": ring.key, "agents": list(ring.agents), "members": members}


def _read(account: str, row: Stored) -> Ring:
    ring = Ring(
        account=account,
        key=row.id,
        provider=row.provider,
        call_id=row.call_id,
        direction=row.direction,
        caller=row.caller,
        called=row.called,
        state=row.state,
        agents=tuple(row.agents),
        members=None if row.members is None else tuple(row.members),
        agent_id=row.agent_id,
        customer_id=row.customer_id,
        at=row.at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        sequence=row.sequence,
        taken_at=row.answered_at if row.agent_id is not None else None,
    )
    rung = {agent_id: Word(ring.at, 0, has_left=False) for agent_id in ring.agents}
    return replace(ring, words=rung)
