"""Remembering, as a part of the service: the child process that drains the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.errors import RecordError, RememberError
from memory.remembering.worker import Worker

if TYPE_CHECKING:
    from connector.clock import Clock
    from connector.service.standing import Trouble
    from memory.workplace import Workplace

_TIDY_SECONDS = 60.0


class RememberingChild:
    """The child, seen from its parent."""

    def __init__(
        self, workplace: Workplace, account: str, clock: Clock, *, until_empty: bool = False
    ) -> None:
        """It begins at once.

        Args:
            workplace: Where it finds everything.
            account: Whose tickets it remembers.
            clock: Tells when the index is to be put in order.
            until_empty: Whether it ends once nothing waits, to let another account have the index.
        """
        self._worker = Worker(workplace, account)
        self._until_empty = until_empty
        self._clock = clock
        self._tidied = clock.monotonic()
        if until_empty:
            self._worker.finish()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._worker.running

    @property
    def doing(self) -> str:
        """What it is at, for people."""
        waiting = self._worker.progress.waiting
        return f"{waiting:,} tickets wait." if waiting else "Nothing waits."

    def look(self) -> Trouble | None:
        """Hear what it reports; it has no trouble that does not end it.

        What was deleted leaves the index without a ticket to remember, so that it is looked
        through now and then.
        """
        self._worker.poll()
        now = self._clock.monotonic()
        if now - self._tidied >= _TIDY_SECONDS:
            self._tidied = now
            self._worker.tidy()
        return None

    def ended(self) -> RememberError | None:
        """Take leave of it; why it has ended, or None where it was done."""
        try:
            self._worker.close()
        except RememberError as error:
            return error
        if self._until_empty:
            return None
        return RecordError("Remembering has ended.", "It is started again by itself.")

    def let_go(self) -> None:
        """Let it end as soon as it can; what it has not stored the next one does again."""
        self._worker.let_go()

    def kill(self) -> None:
        """End it at once; one that has ended is fine."""
        self._worker.stop(0)
