"""The memory of one data folder, for programs: everything the command line can ask of it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from memory import policy
from memory.asking.wording import FILE, HouseWording
from memory.face.agents_own import AgentsOwn
from memory.face.asking import Asking
from memory.face.forgetting import Forgetting
from memory.face.keeping import Keeping
from memory.face.looking import Looking
from memory.face.on_call import OnCall
from memory.face.opened import now, zone
from memory.face.policies import Policies
from memory.face.telling import LONGEST_NOTE, Telling
from memory.record import Record
from memory.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from memory.remembering.remember import Progress

__all__ = ["LONGEST_NOTE", "Memory", "zone"]


class Memory(
    Asking,
    OnCall,
    Telling,
    Keeping,
    Policies,
    Forgetting,
    AgentsOwn,
    Looking,
    AbstractContextManager["Memory"],
):
    """What is remembered of the customers of one helpdesk account.

    Example:
        >>> with Memory.open("~/.remember") as memory:  # doctest: +SKIP
        ...     brief = memory.brief(phone="+12125550101")
    """

    @classmethod
    def open(
        cls,
        home: str | Path,
        *,
        database_url: str | None = None,
        encryption_keys: Sequence[str] = (),
        chroma_url: str | None = None,
        model: str | None = None,
        account: str | None = None,
        time_zone: str = "UTC",
        default_region: str | None = None,
        sensitive: policy.Mode = "masked",
        days_kept: Mapping[str, int] = policy.DAYS_KEPT,
        now: Callable[[], datetime] = now,
    ) -> Self:
        """Open the memory in a data folder, making it when there is none.

        Args:
            home: The data folder; its `suggestions.toml` says what agents may say.
            database_url: An SQLAlchemy URL; None is SQLite in `home`.
            encryption_keys: The key that seals what people said, and those that did before; with
                none it is stored as it is.
            chroma_url: A Chroma server; None is an embedded index in `home`.
            model: A folder with an embedding model; None is the packaged one.
            account: Such as `zendesk:acme`; needed only when several are stored.
            time_zone: An IANA name: what "Friday" means.
            default_region: Where phone numbers without a country code are from.
            sensitive: Whether sensitive kinds are shown (`full`), hidden (`masked`) or left out.
            days_kept: For how many days after it was said each kind is kept; 0, or none, is for
                good.
            now: The clock.

        Raises:
            RecordError: The record cannot be opened.
            UsageError: A setting cannot be used.
        """
        folder = Path(home).expanduser()
        url = database_url or f"sqlite:///{folder / 'record.sqlite'}"
        if database_url is None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(
            Record.open(url, encryption_keys),
            Workplace(
                url,
                folder / "index",
                chroma_url,
                model,
                time_zone=time_zone,
                days_kept=dict(days_kept),
                keys=tuple(encryption_keys),
            ),
            account=account,
            time_zone=time_zone,
            default_region=default_region,
            sensitive=sensitive,
            wording=HouseWording(folder / FILE),
            now=now,
        )

    def remember(self, report: Callable[[Progress], None] | None = None) -> Progress:
        """Remember every ticket that waits, in this process.

        Args:
            report: Called after every batch.
        """
        from memory.remembering.drain import Remembering  # noqa: PLC0415  others need no model

        opened = Remembering.open(self._workplace, self.account.name, now=self._now)
        with opened as remembering:
            remembering.drain(wait=lambda: False, report=report or (lambda _: None))
            return remembering.progress

    def close(self) -> None:
        """Let go of the record."""
        self.record.close()

    def __exit__(self, *_: object) -> None:
        self.close()
