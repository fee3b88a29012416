"""Who listens to rings: agents' open streams, each told of every ring in its latest state."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.rings.ring import Ring

MOST_WAITING = 200
"""Rings that wait to be read by one stream; with more it is ended, and its reader comes again."""


class Hearing:
    """One open stream of an agent: what it has not read yet.

    A ring that changes twice before it is read is read once, as it is then. It is used from one
    event loop, and waits without a task or a timer of its own.
    """

    def __init__(self, account: str, agent_id: str, waiting: Iterable[Ring], open_: Ears) -> None:
        self.account = account
        self.agent_id = agent_id
        self._waiting = {ring.key: ring for ring in waiting}
        self._ears = open_
        self._news = asyncio.Event()
        self._beat = False
        self._closed = False
        if self._waiting:
            self._news.set()

    def __aiter__(self) -> Hearing:
        """Each ring that changed, and None now and then for a sign of life."""
        return self

    async def __anext__(self) -> Ring | None:
        """The next of them.

        Raises:
            StopAsyncIteration: The stream has ended.
        """
        await self._news.wait()
        if self._closed:
            raise StopAsyncIteration
        ring = self._waiting.pop(next(iter(self._waiting))) if self._waiting else None
        self._beat = self._beat and ring is not None
        if not self._waiting and not self._beat:
            self._news.clear()
        return ring

    def tell(self, ring: Ring) -> None:
        """Let it hear of a ring."""
        self._waiting.pop(ring.key, None)
        self._waiting[ring.key] = ring
        self._news.set()
        if len(self._waiting) > MOST_WAITING:
            self.close()

    def beat(self) -> None:
        """Let it give a sign of life."""
        self._beat = True
        self._news.set()

    def close(self) -> None:
        """End it; what it has not read is read by whoever comes next."""
        self._closed = True
        self._waiting.clear()
        self._news.set()
        self._ears.leave(self)


class Ears:
    """All open streams, by whom they are of."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, list[Hearing]]] = defaultdict(lambda: defaultdict(list))
        self._closed = False

    def __len__(self) -> int:
        return len(self.all())

    def open(self, account: str, agent_id: str, waiting: Iterable[Ring]) -> Hearing:
        """Open a stream that begins with what waits already."""
        one = Hearing(account, agent_id, waiting, self)
        self._open[account][agent_id].append(one)
        if self._closed:
            one.close()
        return one

    def leave(self, one: Hearing) -> None:
        """Forget a stream."""
        of_account = self._open[one.account]
        streams = of_account[one.agent_id]
        if one in streams:
            streams.remove(one)
        if not streams:
            del of_account[one.agent_id]

    def tell(self, ring: Ring) -> None:
        """Let everybody whom it concerns hear of a ring."""
        for agent_id, streams in list(self._open[ring.account].items()):
            if ring.concerns(agent_id):
                for one in list(streams):
                    one.tell(ring)

    def beat(self) -> None:
        """Let every stream give a sign of life."""
        for one in self.all():
            one.beat()

    def close(self) -> None:
        """End every stream, and those that are yet to be opened."""
        self._closed = True
        for one in self.all():
            one.close()

    def all(self) -> list[Hearing]:
        """Every open stream."""
        return [
            one
            for of_account in self._open.values()
            for streams in of_account.values()
            for one in streams
        ]
