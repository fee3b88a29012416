"""What an agent does while they speak with a customer: verify, reveal, search."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from memory.asking.facts import read_facts
from memory.asking.identity import agent_of, call_of, look_up
from memory.asking.recall import recall_document
from memory.asking.revealing import revealed
from memory.errors import NotAllowedError, NotFoundError, UsageError
from memory.face.opened import Opened
from memory.record import kept, verifications

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from memory.asking.recall import Recall
    from memory.asking.revealing import Revealed


class Verified(NamedTuple):
    """Who is known to be the caller of a call, by their present ref, and until when."""

    customer: str
    until: datetime


class Searched(NamedTuple):
    """What was found, and whose history was looked through for it, as refs."""

    found: Recall
    customers: Sequence[str]


class OnCall(Opened):
    """What holds for one agent in one call, and is forgotten after it."""

    def verify(
        self, customer: str, *, call: str, agent: str, proof: str, source: str = "service"
    ) -> Verified:
        """The caller of a call is this customer, as an agent has made sure; it is written down.

        Args:
            customer: The ref of who calls.
            call: `ring:KEY` or `ticket:REF`.
            agent: Who says so, as a ref or an e-mail.
            proof: How it is known who the agent is.
            source: From where they say it, for the access log.

        Returns:
            It holds for two hours at most, and for half an hour after the ring's end.

        Raises:
            NotAllowedError: The call ended longer ago.
            NotFoundError: There is no such customer.
            UsageError: There is no such agent, or that is no call.
        """
        account, at = self.account, self._now()
        view = self._view(account)
        who = self._customer(view, "customer", customer)
        with self.record.reading() as connection:
            author = agent_of(connection, view, agent)
        with self.record.writing(account) as writer:
            until = verifications.verify(
                writer.connection,
                account.number,
                customer_id=who.id,
                call=call_of(view, call),
                agent_id=author.id,
                at=at,
            )
            if until <= at:
                raise NotAllowedError(
                    "The call ended too long ago to say who it was.",
                    "Verify the caller in the ticket of the call.",
                )
            writer.log_access(
                at=at,
                agent=account.ref(author.id),
                proof=proof,
                source=source,
                what="verify",
                subject=call_of(view, call),
                customer_id=who.id,
            )
        return Verified(account.ref(who.id), until)

    def reveal(
        self,
        memory_id: str,
        *,
        customer: str,
        call: str,
        agent: str,
        proof: str,
        source: str = "service",
    ) -> Revealed:
        """The words of one thing that a brief hides; that they were seen is written down first.

        Args:
            memory_id: As the brief names it.
            customer: The ref of who calls, verified by this agent in this call.
            call: `ring:KEY` or `ticket:REF`.
            agent: Who wants to see it, as a ref or an e-mail.
            proof: How it is known who the agent is.
            source: From where they see it, for the access log.

        Raises:
            NotAllowedError: The caller is not verified, or the account never shows such words.
            NotFoundError: There is no such customer, or nothing of theirs under this id.
            UsageError: There is no such agent, or that is no call.
        """
        account = self.account
        view = self._view(account, reveal=True)
        if self._sensitive == "off":
            raise NotAllowedError(
                "Sensitive words are not shown in this account.",
                "Ask who runs remember-them: REMEMBER_SENSITIVE is off.",
            )
        with self.record.reading() as connection:
            found = look_up(connection, view, "customer", customer, self._region)
            if found.customer is None:
                raise NotFoundError("Nobody is known by that ref.", "Look the customer up again.")
            seeing = agent_of(connection, view, agent)
            if not self._is_verified(connection, view, found.people, call, seeing.id):
                raise NotAllowedError(
                    "The caller of this call is not verified.",
                    "Make sure who they are, and tick “verified”.",
                )
            facts = read_facts(connection, view, found.customer, found.people)
            words = revealed(view, facts, memory_id)
            whose = kept.whose(connection, account.number, memory_id)
        if words is None:
            raise NotFoundError(
                "The customer has nothing under this id.", "Take the id from their brief."
            )
        with self.record.writing(account) as writer:
            writer.log_access(
                at=self._now(),
                agent=account.ref(seeing.id),
                proof=proof,
                source=source,
                what="reveal",
                subject=memory_id,
                customer_id=whose or found.customer.id,
            )
        return words

    def search(
        self, words: str, *, customer: str, agent: str, call: str | None = None, limit: int = 10
    ) -> Searched:
        """Search a customer's history, and all others' issues, as far as the agent may.

        The history is searched where the agent has verified the customer in this call.

        Args:
            words: What to look for.
            customer: Whose history, as a ref.
            agent: Who asks, as a ref or an e-mail.
            call: `ring:KEY` or `ticket:REF`.
            limit: At most so many of each.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: There is nothing to search for, no such agent, or that is no call.
        """
        if not words.strip():
            raise UsageError("There is nothing to search for.", "Give a word or a sentence.")
        view = self._view(self.account)
        with self.record.reading() as connection:
            found = look_up(connection, view, "customer", customer, self._region)
            asking = agent_of(connection, view, agent)
            verified = call is not None and self._is_verified(
                connection, view, found.people, call, asking.id
            )
        if found.customer is None:
            raise NotFoundError("Nobody is known by that ref.", "Look the customer up again.")
        answer = self._search.about(view, words, found.people, limit, verified=verified)
        return Searched(
            recall_document(words, answer["hits"], answer["like_issues"]),
            [view.account.ref(one) for one in found.people] if verified else [],
        )
