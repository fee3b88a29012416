"""A limit per minute, or per some minutes, by the server's clock."""

from __future__ import annotations

MINUTE = 60


class Window:
    """A fixed window of `length` seconds that holds `total` requests."""

    def __init__(self, total: int, length: int = MINUTE) -> None:
        self.total = total
        self._length = length
        self._window = -1
        self._spent = 0

    def spend(self, now: int, cost: int = 1) -> int | None:
        """Takes `cost` at Unix second `now`: what remains, or None when less was left."""
        if now // self._length != self._window:
            self._window, self._spent = now // self._length, 0
        if self._spent + cost > self.total:
            return None
        self._spent += cost
        return self.total - self._spent

    def resets(self, now: int) -> int:
        """Seconds until all of it is there again."""
        return self._length - now % self._length
