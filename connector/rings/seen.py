"""Remembers what was seen, so that nothing counts twice."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.rings.event import RingRepeatedError

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(hours=24)
MOST = 50_000
"""Marks kept at most; the oldest goes first. A busy day of a hundred agents is a fifth of it."""


class Seen:
    """A set of marks that forgets by age and by number.

    Safe between threads. Of a mark only a digest is kept: it may hold a number.
    """

    def __init__(self, kept: timedelta = KEPT, most: int = MOST) -> None:
        """Nothing is seen yet.

        Args:
            kept: How long a mark counts.
            most: How many marks are kept.
        """
        self._kept = kept
        self._most = most
        self._marks: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._marks)

    def add(self, mark: str | bytes, now: datetime) -> None:
        """Remember a mark.

        Raises:
            RingRepeatedError: It is remembered already.
        """
        digest = _digest(mark)
        with self._lock:
            self._drop_old(now)
            if digest in self._marks:
                raise RingRepeatedError(
                    "This ring was told before.", "Nothing need be done: the first one counts."
                )
            self._marks[digest] = now
            if len(self._marks) > self._most:
                self._marks.popitem(last=False)

    def discard(self, mark: str | bytes) -> None:
        """Forget a mark."""
        with self._lock:
            self._marks.pop(_digest(mark), None)

    def _drop_old(self, now: datetime) -> None:
        while self._marks:
            oldest = next(iter(self._marks))
            if now - self._marks[oldest] <= self._kept:
                return
            del self._marks[oldest]


def _digest(mark: str | bytes) -> bytes:
    raw = mark.encode("utf-8", "surrogatepass") if isinstance(mark, str) else mark
    return hashlib.sha256(raw).digest()[:16]
