"""Who saw what of whom: written down, asked for, and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory.asking.identity import agent_of, look_up, own_id
from memory.asking.looked import Checked, Looks, checked_document, looks_document
from memory.errors import NotFoundError, UsageError
from memory.face.opened import Opened
from memory.record import access, looks, queries
from memory.record.merges import winners

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from memory.asking.view import View


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody saw something of a customer.

    Attributes:
        at: When.
        agent: Who, as a ref; of a command the user of the operating system.
        proof: How it is known that it was them.
        source: From where: `command`, `service`, or `service:` and the installation's name.
        what: What they saw, such as `brief`.
        customer: Of whom, as a ref.
        subject: Which memory or call it was about.
    """

    at: datetime
    agent: str
    proof: str
    source: str
    what: str
    customer: str
    subject: str | None = None


class Looking(Opened):
    """The access log of an account."""

    def write_down(self, seen: Sequence[Seen]) -> None:
        """Write into the access log who saw what, in one transaction.

        Of a customer who was forgotten meanwhile it says that something was seen, but not of whom.

        Raises:
            RecordError: It cannot be written; nothing of it is.
        """
        if not seen:
            return
        account = self.account
        with self.record.writing(account) as writer:
            ids = [one.customer.rpartition(":")[2] for one in seen]
            now = winners(writer.connection, account.number, ids)
            news = [
                access.New(
                    one.at,
                    one.agent,
                    one.proof,
                    one.source,
                    one.what,
                    now.get(who, who),
                    one.subject,
                )
                for one, who in zip(seen, ids, strict=True)
            ]
            access.log_all(writer.connection, account.number, news)

    def who_saw(
        self,
        *,
        customer: str | None = None,
        agent: str | None = None,
        since: datetime | None = None,
        limit: int = 50,
    ) -> Looks:
        """The newest entries of the access log that all of it is true of; of all without any.

        Args:
            customer: What was seen of them, as a ref; also by those who are one with them now.
            agent: What they saw: a ref, an e-mail, or the name that stands in the log.
            since: What was seen from then on.
            limit: At most so many.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: That is no customer ref.
        """
        with self.record.reading() as connection:
            account = self.record.account(self._account_name, connection)
            view = self._view(account)
            wanted = looks.Wanted(
                None if customer is None else self._ids_of(connection, view, customer),
                None if agent is None else _names_of(connection, view, agent),
                since,
            )
            found, total = looks.looks(connection, account.number, wanted, limit)
            return looks_document(connection, view, found, total)

    def check_access(self, expected: access.Anchor | None = None) -> Checked:
        """Read the whole access log, and say whether it is as it was written.

        Args:
            expected: What an earlier check told as the head; only that shows whether somebody has
                cut the newest entries or written the whole log anew.
        """
        with self.record.reading() as connection:
            account = self.record.account(self._account_name, connection)
            verdict = access.verify(connection, account.number, expected)
            head = access.head(connection, account.number) if verdict.whole else None
            return checked_document(account, verdict, head)

    def _ids_of(self, connection: sa.Connection, view: View, ref: str) -> list[str]:
        """All ids of a customer, of those whom the helpdesk has deleted as well."""
        number = view.account.number
        found = look_up(connection, view, "customer", ref, self._region)
        known = queries.winner(connection, number, own_id(view, "customer", ref) or "")
        ids = [known, *queries.merged_from(connection, number, known)]
        if found.customer is None and not looks.has_alias(connection, number, ids):
            raise NotFoundError(
                "Nobody is known by that ref, and the access log leads to nobody of it.",
                "Check it. Whom the entries about a forgotten customer are about is not told.",
            )
        return ids


def _names_of(connection: sa.Connection, view: View, agent: str) -> list[str]:
    """What an agent may be called in the log."""
    try:
        return [agent, view.account.ref(agent_of(connection, view, agent).id)]
    except UsageError:
        return [agent]
