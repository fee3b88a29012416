"""Everything remembering needs, opened together: record, encoder, head and index."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from memory import forgetting
from memory.errors import RecordError
from memory.record import Record, issues, queries
from memory.record.retention import sweep_when_due
from memory.record.traces import is_due
from memory.remembering.indexing import heal, issue_vectors, open_index, owned_index
from memory.remembering.personal import head_for
from memory.remembering.remember import Progress, Rememberer
from memory.text.encoder import Encoder
from memory.text.vectors import from_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from memory.record import Account
    from memory.text.index import IssueIndex
    from memory.workplace import Workplace

_FORGETS_AFTER = timedelta(minutes=1)
"""Until it is tried again to remove the bytes of the forgotten, where somebody else was busy."""

_REST = 3
"""How many times as long as that took is left to other work before it is done again."""


class Remembering:
    """Drains the outbox of one account and keeps the index of issues in step.

    Chroma bears one owner only, so that this waits until no other process has the index open.

    Attributes:
        healed: How many issues the index lacked when it was opened, and had too many.
    """

    def __init__(
        self,
        record: Record,
        account: Account,
        workplace: Workplace,
        index: IssueIndex,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.record = record
        self.account = account
        self.index = index
        self.healed = (0, 0)
        self._workplace = workplace
        self._stack = ExitStack()
        self._forgets_from = _now()
        self._present = now or _now

    @classmethod
    def open(
        cls,
        workplace: Workplace,
        account_name: str,
        *,
        now: Callable[[], datetime] | None = None,
    ) -> Self:
        """Open the record and the index, and heal the index; the model waits for a first ticket.

        Args:
            workplace: Where everything is.
            account_name: Whose tickets are remembered.
            now: Says what is too old; the system's clock unless given.

        Raises:
            RecordError: The record cannot be opened.
        """
        with ExitStack() as stack:
            record = Record.open(workplace.database_url, workplace.keys)
            stack.callback(record.close)
            account = record.account(account_name)
            forgetting.attempt(record, workplace, _now())
            index = open_index(workplace, account, stack)
            remembering = cls(record, account, workplace, index, now)
            remembering.healed = remembering.heal()
            remembering._stack = stack.pop_all()
            return remembering

    @cached_property
    def rememberer(self) -> Rememberer:
        """Who remembers; loads the model when first asked for.

        Raises:
            RecordError: The record's vectors were made by another model.
            EncoderError: The model cannot be used.
        """
        encoder = Encoder.load(self._workplace.model, threads=self._workplace.threads)
        _own_vectors(self.record, self.record.account(self.account.name), encoder.name)
        zone = ZoneInfo(self._workplace.time_zone)
        return Rememberer(
            self.record,
            self.account,
            encoder,
            head_for(encoder.name),
            zone=zone,
            days_kept=self._workplace.days_kept,
        )

    @property
    def progress(self) -> Progress:
        """What was done so far."""
        return self.rememberer.progress if "rememberer" in vars(self) else Progress()

    def heal(self) -> tuple[int, int]:
        """Make the index hold exactly the record's issues; how many were added and removed."""
        return heal(self.record, self.account, self.index)

    def drain(self, *, wait: Callable[[], bool], report: Callable[[Progress], None]) -> None:
        """Remember until the outbox is empty and `wait` says that no more will come.

        Args:
            wait: Called when nothing waits; True to look again, False to end.
            report: Called after every batch.
        """
        self.sweep()
        while True:
            self.forget()
            if self._waiting():
                before, after = self.rememberer.remember_next()
                gone = sorted(set(before) - set(after))
                if gone:
                    self.index.remove(gone)
                self._add(after)
            report(self.progress)
            if not self.progress.waiting and not wait():
                self.tidy()
                return

    def sweep(self) -> None:
        """Take away what is older than its kind is kept, unless that was done within a day."""
        days = self._workplace.days_kept
        sweep_when_due(self.record, self.account, days, self._present())

    def forget(self) -> None:
        """Remove the last bytes of whoever was forgotten, if it is time for that again."""
        began = _now()
        if began < self._forgets_from or not is_due(self.record):
            return
        self.index.close()
        try:
            owned = self._workplace.index_url is None
            forgetting.attempt(self.record, self._workplace, began, owned=owned)
            self.record.engine.dispose()  # connections keep what was made of rows they read
        finally:
            self.index = owned_index(self._workplace, self.account)
            self.heal()
        rest = (_now() - began) * _REST
        is_done = not is_due(self.record)
        self._forgets_from = _now() + (rest if is_done else max(rest, _FORGETS_AFTER))

    def tidy(self) -> None:
        """Take out what is too old, and issues whose ticket or customer has gone meanwhile."""
        self.sweep()
        with self.record.reading() as connection:
            wanted = issues.ids(connection, self.account.number)
        if self.index.count() != len(wanted):
            self.heal()

    def close(self) -> None:
        """Let go of the index and the record."""
        self.index.close()
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _waiting(self) -> bool:
        with self.record.reading() as connection:
            return queries.outbox_size(connection, self.account.number) > 0

    def _add(self, ids: Sequence[str]) -> None:
        """Put issues into the index, but for those that somebody has erased meanwhile."""
        found = issue_vectors(self.record, self.account, ids)
        if found:
            self.index.add(list(found), from_bytes(list(found.values())))


def _now() -> datetime:
    return datetime.now(UTC)


def _own_vectors(record: Record, account: Account, encoder: str) -> None:
    """Vectors of two models must never meet in one record."""
    if account.encoder is None:
        with record.writing(account) as writer:
            writer.made_by(encoder)
    elif account.encoder != encoder:
        raise RecordError(
            f"The record's vectors were made by {account.encoder}, not by {encoder}.",
            "Run `remember reindex --memories` to make them anew, or set REMEMBER_EMBEDDING_MODEL "
            "back.",
        )
