"""What agents and customers say to a memory: notes, corrections and wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory import policy
from memory.asking.identity import agent_of
from memory.errors import NotFoundError, UsageError
from memory.face.keeping import NO_MEMORY, TAKE_THE_ID
from memory.face.opened import Opened
from memory.record import helped, kept, kinds, offers, same
from memory.record.notes import new_note_id, note_place
from memory.text.clean import clean
from memory.text.redact import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_NOTE = 2000
"""Characters; a note is a line or two."""


class Telling(Opened):
    """What exists only here, since somebody said it here."""

    def note(
        self,
        words: str,
        *,
        customer: str,
        agent: str | None = None,
        to_helpdesk: bool = False,
    ) -> str:
        """Write down what an agent wants remembered; `?word` marks a thing to check.

        Args:
            words: The note.
            customer: Whom it is about, as a ref.
            agent: Who writes it, as a ref or an e-mail.
            to_helpdesk: Whether the next sync is to write it to the customer's ticket as well.

        Returns:
            The note's id.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: The note is empty, too long, about what is never kept, here or anywhere, or
                about a customer who opted out.
        """
        text = redact(clean(words)).strip()
        if not text or len(text) > LONGEST_NOTE:
            raise UsageError(
                "The note is empty." if not text else "The note is too long.",
                f"Write between 1 and {LONGEST_NOTE} characters.",
            )
        if policy.never_kept_words(text):
            raise UsageError(
                "The note speaks of something that is never kept.",
                "Leave out religion, politics, sexuality, ethnicity, union, crime, immigration "
                "status, self-harm and abuse, and write the rest.",
            )
        account = self.account
        view = self._view(account)
        who = self._customer(view, "customer", customer)
        with self.record.reading() as connection:
            author = agent_of(connection, view, agent) if agent else None
        note_id = new_note_id()
        with self.record.writing(account) as writer:
            _refuse_kinds(kinds.policies(writer.connection, account.number), text)
            if kept.has_opted_out(writer.connection, account.number, who.id):
                raise UsageError(
                    "This customer opted out: nothing is noted of them.",
                    "Write it into the ticket if it is about the matter.",
                )
            writer.add_note(
                note_id=note_id,
                customer_id=who.id,
                agent_id=author.id if author is not None else None,
                at=view.as_of,
                text=text,
                sensitive=policy.sensitive_words(text),
                due=to_helpdesk,
            )
        return note_id

    def note_place(self, note_id: str) -> str | None:
        """Where a note stands in the helpdesk.

        Returns:
            The ticket's ref, nothing where it stands here alone, and None as long as it is to be
            written there.

        Raises:
            NotFoundError: There is no such note.
        """
        account = self.account
        with self.record.reading() as connection:
            found = note_place(connection, account.number, note_id)
        if found is None:
            raise NotFoundError("There is no such note.", TAKE_THE_ID)
        if found.due:
            return None
        return account.ref(found.ticket_id) if found.message_id is not None else ""

    def do_not_offer(self, agent: str, *, customer: str | None = None) -> None:
        """Offer an agent no more as the one a customer would rather speak to.

        Args:
            agent: The agent's ref or e-mail.
            customer: To whom, as a ref; to nobody at all unless given.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: There is no such agent.
        """
        account = self.account
        who = self._agent(account, agent)
        to = self._customer(self._view(account), "customer", customer).id if customer else None
        with self.record.writing(account) as writer:
            offers.do_not_offer(writer.connection, account.number, who, self._now(), to)

    def offer_again(self, agent: str, *, customer: str | None = None) -> None:
        """Offer an agent again, to a customer or like any other; as `do_not_offer`."""
        account = self.account
        who = self._agent(account, agent)
        to = self._customer(self._view(account), "customer", customer).id if customer else None
        with self.record.writing(account) as writer:
            offers.offer_again(writer.connection, account.number, who, to)

    def say_helped(self, memory_id: str, *, agent: str) -> None:
        """A memory or note helped an agent.

        Args:
            memory_id: As a brief names it.
            agent: Whom, as a ref or an e-mail.

        Raises:
            NotFoundError: Nothing is remembered under this id.
            UsageError: There is no such agent.
        """
        account = self.account
        who = self._agent(account, agent)
        with self.record.writing(account) as writer:
            whose = kept.whose(writer.connection, account.number, memory_id)
            if whose is None:
                raise NotFoundError(NO_MEMORY, TAKE_THE_ID)
            helped.say_helped(
                writer.connection,
                account.number,
                memory_id,
                customer_id=whose,
                agent_id=who,
                at=self._now(),
            )

    def same_person(self, customer: str, other: str, *, agent: str | None = None) -> None:
        """Two customers are one person: from now on a brief of either tells of both.

        The helpdesk is where they are merged; until then each keeps what is theirs.

        Args:
            customer: A ref.
            other: Another's ref.
            agent: Who says so, as a ref or an e-mail.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: They are one already, or there is no such agent.
        """
        account = self.account
        view = self._view(account)
        first, second = (self._customer(view, "customer", one).id for one in (customer, other))
        if first == second:
            raise UsageError("That is one customer.", "Name two.")
        author = self._agent(account, agent) if agent else None
        with self.record.writing(account) as writer:
            same.say_same(
                writer.connection,
                account.number,
                first,
                second,
                agent_id=author,
                at=self._now(),
            )

    def different_person(self, customer: str) -> None:
        """A customer is nobody else: what was said by `same_person` is taken back.

        Args:
            customer: A ref.

        Raises:
            NotFoundError: There is no such customer.
        """
        account = self.account
        who = self._customer(self._view(account), "customer", customer)
        with self.record.writing(account) as writer:
            same.say_different(writer.connection, account.number, who.id)


def _refuse_kinds(told: Mapping[str, kinds.KindPolicy], text: str) -> None:
    """Refuse a note of a kind that this account never keeps.

    Raises:
        UsageError: It is of one.
    """
    never = {kind for kind, one in told.items() if not one.kept}
    if "note" in never:
        raise UsageError(
            "This account keeps no notes.", "Write it into the ticket if it is about the matter."
        )
    found = sorted(never & policy.kinds_told(text))
    if found:
        raise UsageError(
            f"The note speaks of something this account never keeps: {', '.join(found)}.",
            "Leave that out, and write the rest.",
        )
