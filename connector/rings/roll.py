"""The rings that one process knows, by their keys and by the phone systems' names of calls."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.rings.ring import Ring, after, begun, ended

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from connector.rings.ring import Moment

MOST = 50_000
"""Rings that are known at most; the oldest is forgotten first."""

_Call = tuple[str, str, str]
"""An account, a phone system, and its name of a call."""


@dataclass(slots=True)
class Held:
    """A ring, and what is known of it in this process alone.

    Attributes:
        heard_at: When it was first heard of, by the clock's seconds; None where another process
            did, or once a brief of it was handed out.
    """

    ring: Ring
    heard_at: float | None


class Roll:
    """Rings in the order in which they changed. `get` and `of_agent` may be asked on any thread."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Held] = {}
        self._keys: dict[_Call, str] = {}
        self._ends: dict[_Call, datetime] = {}

    def get(self, account: str, key: str) -> Held | None:
        """A ring by its key."""
        return self._held.get((account, key))

    def all(self) -> list[Held]:
        """Every ring."""
        return list(self._held.values())

    def of_agent(self, account: str, agent_id: str, since: int | None) -> Iterable[Ring]:
        """An agent's rings that changed since this sequence; those that are live without one."""
        return (
            held.ring
            for held in self.all()
            if held.ring.account == account
            and (held.ring.is_live if since is None else held.ring.sequence > since)
            and held.ring.concerns(agent_id)
        )

    def taken(self, account: str, moment: Moment) -> tuple[Ring | None, bool]:
        """A ring as this moment makes it, which is not yet held, and whether that is news.

        The end of a call that never rang makes none; it is remembered in case the rest comes late.
        """
        call = (account, moment.provider, moment.call_id)
        held = self._held.get((account, self._keys.get(call, "")))
        if held is not None:
            told = after(held.ring, moment)
            return told, told != held.ring
        if moment.state == "ended":
            self._ends[call] = min(self._ends.get(call, moment.at), moment.at)
            while len(self._ends) > MOST:
                del self._ends[next(iter(self._ends))]
            return None, False
        ring = begun(account, secrets.token_urlsafe(16), moment, 0)
        end = self._ends.pop(call, None)
        return ring if end is None else ended(ring, end), True

    def hold(self, ring: Ring, now: float | None) -> Ring | None:
        """Hold a ring as it is now, as the one that changed last.

        Args:
            ring: The ring.
            now: The clock's seconds, where it is heard of now if it is new.

        Returns:
            The oldest ring, where that had to be forgotten for it.
        """
        known = self._held.pop((ring.account, ring.key), None)
        self._held[ring.account, ring.key] = Held(ring, known.heard_at if known else now)
        self._keys[ring.account, ring.provider, ring.call_id] = ring.key
        if len(self._held) <= MOST:
            return None
        oldest = next(iter(self._held.values())).ring
        self.forget(oldest)
        return oldest

    def forget(self, ring: Ring) -> None:
        """Know nothing of a ring any more."""
        self._held.pop((ring.account, ring.key), None)
        self._keys.pop((ring.account, ring.provider, ring.call_id), None)
