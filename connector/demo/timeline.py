"""Rows in the order an incremental export hands them out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

Place = tuple[int, int]
"""Where a row stands: its second (Unix) and its id."""

_MANY = 100
"""From so many ids on, sorting all is quicker than placing each."""


class Timeline:
    """Ids in the order of (second, id); one of them can move to a later second."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._seconds: dict[int, int] = {}

    def extend(self, seconds: dict[int, int]) -> None:
        """Adds many ids at once, each at its second."""
        self._seconds.update(seconds)
        self._places = sorted((second, key) for key, second in self._seconds.items())

    def put(self, key: int, second: int) -> None:
        """Puts `key` at `second`, wherever it stood before."""
        if (before := self._seconds.get(key)) is not None:
            del self._places[bisect_left(self._places, (before, key))]
        self._seconds[key] = second
        insort(self._places, (second, key))

    def move(self, seconds: dict[int, int]) -> None:
        """Puts some ids, few or many, at their seconds, wherever they stood before."""
        if len(seconds) > _MANY:
            self.extend(seconds)
            return
        for key, second in seconds.items():
            self.put(key, second)

    def drop(self, key: int) -> None:
        """Takes `key` out."""
        del self._places[bisect_left(self._places, (self._seconds.pop(key), key))]

    def since(self, second: int) -> list[int]:
        """The ids that stand at `second` or later, in their order."""
        return [key for _, key in self._places[bisect_left(self._places, (second, 0)) :]]

    def after(self, place: Place, count: int, until: int) -> tuple[list[Place], bool]:
        """The next `count` places behind `place`, none later than second `until`.

        Returns:
            The places, and whether they are the last.
        """
        start = bisect_right(self._places, place)
        end = bisect_left(self._places, (until + 1, 0))
        stop = min(start + count, end)
        return self._places[start:stop], stop >= end

    def whole_seconds(self, second: int, count: int, until: int) -> tuple[list[Place], bool]:
        """About `count` places from `second` on: more, where the last second holds more.

        Returns:
            The places, and whether they are the last.
        """
        page, last = self.after((second, 0), count, until)
        if page and not last:
            page += self.after(page[-1], len(self._places), page[-1][0])[0]
            last = not self.after(page[-1], 1, until)[0]
        return page, last
