"""What every question to a memory needs: the record, the clock, and who is meant."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from memory.asking.identity import agent_of, call_of, look_up
from memory.asking.view import View
from memory.errors import NotFoundError, UsageError
from memory.record.forgotten import refuse_forgotten
from memory.record.verifications import is_verified

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

    from memory import policy
    from memory.asking.search import Search
    from memory.asking.wording import HouseWording
    from memory.record import Account, Record
    from memory.record.stored import Stored
    from memory.workplace import Workplace


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


class Opened:
    """An opened data folder, for the account that is asked about."""

    def __init__(
        self,
        record: Record,
        workplace: Workplace,
        *,
        account: str | None = None,
        time_zone: str = "UTC",
        default_region: str | None = None,
        sensitive: policy.Mode = "masked",
        wording: HouseWording | None = None,
        now: Callable[[], datetime] = now,
    ) -> None:
        self.record = record
        self._workplace = workplace
        self._account_name = account
        self._zone = zone(time_zone)
        self._region = default_region
        self._sensitive = sensitive
        self._wording = wording
        self._now = now
        self._making = Lock()
        self._made: Search | None = None

    @property
    def account(self) -> Account:
        """The account asked about, as the record has it now."""
        return self.record.account(self._account_name)

    @property
    def _search(self) -> Search:
        """Made with the first question; threads that ask at once wait for one another."""
        with self._making:
            if self._made is None:
                from memory.asking.search import Search  # noqa: PLC0415  a brief needs no numpy

                self._made = Search(self._workplace, self.record)
            return self._made

    def let_go(self) -> None:
        """Keep in memory nothing that was read so far, such as of somebody who was forgotten."""
        self.record.engine.dispose()
        with self._making:
            if self._made is not None:
                self._made.let_go()

    def agent_ref(self, ref_or_email: str) -> str:
        """The ref of an agent, who may be named by their e-mail.

        Raises:
            UsageError: There is no such agent.
        """
        account = self.account
        return account.ref(self._agent(account, ref_or_email))

    def _view(
        self, account: Account, as_of: datetime | None = None, *, reveal: bool = False
    ) -> View:
        present = as_of or self._now()
        return View(account, present, self._zone, sensitive=self._sensitive, reveal=reveal)

    def _is_verified(
        self,
        connection: sa.Connection,
        view: View,
        people: Sequence[str],
        call: str,
        agent_id: str,
    ) -> bool:
        """Whether this agent has verified the caller of this call as one of these, now."""
        return is_verified(
            connection,
            view.account.number,
            people,
            call=call_of(view, call),
            agent_id=agent_id,
            at=self._now(),
        )

    def _agent(self, account: Account, ref_or_email: str) -> str:
        with self.record.reading() as connection:
            found: str = agent_of(connection, self._view(account), ref_or_email).id
        return found

    def _customer(self, view: View, by: str, value: str) -> Stored:
        with self.record.reading() as connection:
            found = look_up(connection, view, by, value, self._region)
        if found.customer is not None:
            return found.customer
        if found.match["outcome"] == "several":
            refs = ", ".join(one["ref"] for one in found.match["candidates"])
            raise UsageError(f"Several people share that {by}: {refs}.", "Name one of them by ref.")
        if by == "customer":
            with self.record.reading() as connection:
                person_id = value.strip().rpartition(":")[2]
                refuse_forgotten(connection, view.account.number, person_id)
        raise NotFoundError(
            f"Nobody is known by that {by}.", "Check it, or run `remember sync` if they are new."
        )


def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name.

    Raises:
        UsageError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"REMEMBER_TIME_ZONE names no time zone: {name[:40]!r}.",
            "Use an IANA name such as Europe/Berlin.",
        ) from None


def one_of(**ways: str | None) -> tuple[str, str]:
    """The one way in which it is said who, and what is said.

    Raises:
        UsageError: It is said in none, or in several.
    """
    given = [(by, value) for by, value in ways.items() if value is not None]
    if len(given) != 1:
        *names, last = (f"--{by}" for by in ways if by != "ring")
        raise UsageError("Say who in exactly one way.", f"Give {', '.join(names)} or {last}.")
    return given[0]
