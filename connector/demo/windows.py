"""A limit per minute by the server's clock."""

from __future__ import annotations

MINUTE = 60


class Window:
    """A fixed window of a minute that holds `total` requests."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._minute = -1
        self._spent = 0

    def spend(self, now: int, cost: int = 1) -> int | None:
        """Takes `cost` at Unix second `now`: what remains, or None when less was left."""
        if now // MINUTE != self._minute:
            self._minute, self._spent = now // MINUTE, 0
        if self._spent + cost > self.total:
            return None
        self._spent += cost
        return self.total - self._spent
