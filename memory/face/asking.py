"""What an agent or a program asks of a memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from memory.asking.brief import compose
from memory.asking.export import export_of
from memory.asking.identity import agent_of, look_up, look_up_ring, picked
from memory.asking.status import status_of
from memory.errors import UsageError
from memory.face.opened import Opened, one_of
from memory.record import kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from memory.asking.document import Brief
    from memory.asking.identity import Found
    from memory.asking.recall import Recall
    from memory.asking.status import Status
    from memory.asking.view import View
    from memory.record import Account

_LIKE = 5


class Asking(Opened):
    """Briefs, search, and what is held."""

    def brief(
        self,
        *,
        phone: str | None = None,
        email: str | None = None,
        customer: str | None = None,
        ticket: str | None = None,
        ring: str | None = None,
        call: str | None = None,
        agent: str | None = None,
        about: str | None = None,
        as_of: datetime | None = None,
        verified: bool = False,
        reveal_to: str | None = None,
    ) -> Brief:
        """The "remember them" brief of whoever that is.

        Args:
            phone: What the phone system shows; exactly one of the first five is given, but that a
                ring comes with its number.
            email: An e-mail address.
            customer: A ref such as `zendesk:123`; beside a ring or ticket, whom the agent picked.
            ticket: A ticket's ref.
            ring: A ring's key, which the answer holds in place of the number; without `phone` the
                number is withheld.
            call: `ring:KEY` or `ticket:REF`: the call in which it is asked. Whom the asking agent
                has verified in it (`verify`) is known to be who they say.
            agent: The asking agent's ref or e-mail.
            about: Words to search for, in the customer's history once they are verified and among
                everyone's issues; loads the model.
            as_of: The present, for "8 days ago".
            verified: The caller of this call is known to be who they say.
            reveal_to: Show hidden words to this person, which is written down first.

        Raises:
            UsageError: Not exactly one way to look up was given, or it makes no sense, or the
                house's `suggestions.toml` cannot be used, or there is no such agent.
        """
        words = self._wording.read() if self._wording is not None else None
        with self.record.reading() as connection:
            account = self.record.account(self._account_name, connection)
            view = self._view(account, as_of)
            ways = {"phone": phone, "email": email, "customer": customer, "ticket": ticket}
            found = self._find(connection, view, ring, ways)
            asking = agent_of(connection, view, agent) if agent else None
            if call is not None and asking is not None:
                verified |= self._is_verified(connection, view, found.people, call, asking.id)
            brief = compose(connection, view, found, agent=asking, verified=verified, wording=words)
        if found.customer is None:
            return brief
        if reveal_to is not None and verified:
            shown = [*_hidden_in(brief), *([None] if about is not None else [])]
            self._log_reveal(account, shown, found.customer.id, reveal_to)
            view = replace(view, reveal=True)
            with self.record.reading() as connection:
                brief = compose(connection, view, found, agent=asking, verified=True, wording=words)
        if about is not None:
            brief["about"] = self._search.about(view, about, found.people, _LIKE, verified=verified)
        return brief

    def recall(self, words: str, *, customer: str | None = None, limit: int = 10) -> Recall:
        """Search one customer's history, or all customers' issues when none is named.

        Raises:
            NotFoundError: There is no such customer.
        """
        if not words.strip():
            raise UsageError("There is nothing to search for.", "Give a word or a sentence.")
        view = self._view(self.account)
        if customer is None:
            return self._search.everyone(view, words, limit)
        who = self._customer(view, "customer", customer)
        return self._search.of(view, words, who.id, limit)

    def export(
        self,
        *,
        phone: str | None = None,
        email: str | None = None,
        customer: str | None = None,
        ticket: str | None = None,
    ) -> dict[str, object]:
        """Everything held about a person.

        Raises:
            NotFoundError: There is no such person, or several share the phone or e-mail.
        """
        by, value = one_of(phone=phone, email=email, customer=customer, ticket=ticket)
        view = self._view(self.account)
        who = self._customer(view, by, value)
        with self.record.reading() as connection:
            return export_of(connection, view, who)

    def status(self) -> Status:
        """What is stored, how fresh and complete it is, and what could not be read."""
        with self.record.reading() as connection:
            return status_of(connection, self.record.accounts())

    def _find(
        self,
        connection: sa.Connection,
        view: View,
        ring: str | None,
        ways: dict[str, str | None],
    ) -> Found:
        """Whom it is asked about; beside a ring or ticket a customer is whom the agent picked."""
        pick = None
        if ring is not None or ways["ticket"] is not None:
            pick, ways = ways["customer"], {**ways, "customer": None}
        if ring is None:
            found = look_up(connection, view, *one_of(**ways), self._region)
        else:
            one_of(ring=ring, **{**ways, "phone": None})
            found = look_up_ring(connection, view, ring, ways["phone"], self._region)
        return found if pick is None else picked(connection, view, found, pick)

    def _log_reveal(
        self, account: Account, shown: Sequence[str | None], customer_id: str, to: str
    ) -> None:
        """Write down which memories are about to be shown; None is what a search will find."""
        with self.record.writing(account) as writer:
            for one in shown:
                whose = one and kept.whose(writer.connection, account.number, one)
                writer.log_access(
                    at=self._now(),
                    agent=to,
                    proof="os-user",
                    source="command",
                    what="reveal",
                    subject=one,
                    customer_id=whose or customer_id,
                )


def _hidden_in(brief: Brief) -> list[str]:
    """The memories whose words, or reasons, a reveal would show."""
    items = (*brief["adjustments"], *brief["care"], *brief["context"])
    return [one["memory"] for one in items if one["hidden"] or one["kind"] == "access_need"]
