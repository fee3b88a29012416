"""What runs beside the answering of requests, and how it does: told by one, read by many."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from memory.errors import RememberError

Name = Literal["sync", "worker"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and what to do about it; never a customer's words."""

    detail: str
    hint: str

    @classmethod
    def of(cls, error: RememberError) -> Trouble:
        """An error as a trouble."""
        return cls(error.detail, error.hint)


@dataclass(frozen=True, slots=True)
class PartState:
    """How a part does.

    Attributes:
        name: Which part it is.
        account: Whose.
        up: Whether its process runs.
        since: When that, or its trouble, began.
        trouble: What keeps it from its work.
        doing: What it is at, for people.
    """

    name: Name
    account: str
    up: bool
    since: datetime
    trouble: Trouble | None = None
    doing: str = ""


class Standing:
    """How every part does; empty where requests are all there is."""

    def __init__(self, sync_every: float | None = None) -> None:
        """Nothing runs yet.

        Args:
            sync_every: Seconds between two syncs; None where this process does not sync.
        """
        self.sync_every = sync_every
        self._lock = threading.Lock()
        self._parts: dict[tuple[Name, str], PartState] = {}

    def tell(
        self,
        name: Name,
        account: str,
        now: datetime,
        *,
        up: bool,
        trouble: Trouble | None = None,
        doing: str = "",
    ) -> bool:
        """How a part does at the moment.

        Returns:
            Whether it is up or down, or in trouble, unlike before.
        """
        with self._lock:
            before = self._parts.get((name, account))
            changed = before is None or (before.up, before.trouble) != (up, trouble)
            since = now if before is None or changed else before.since
            self._parts[name, account] = PartState(name, account, up, since, trouble, doing)
        return changed

    def parts(self) -> Sequence[PartState]:
        """How every part does."""
        with self._lock:
            return list(self._parts.values())
