"""What is kept, how it is shown and for how long: by kind, by customer, by memory."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final, NamedTuple

from memory.asking.items import same_thing
from memory.errors import NotFoundError, UsageError
from memory.face.opened import Opened
from memory.record import access, consent, kept, kinds
from memory.record.forgotten import refuse_forgotten

if TYPE_CHECKING:
    from datetime import datetime

    from memory.record.writing import Writer

NO_MEMORY: Final = "Nothing is remembered under this id."
TAKE_THE_ID: Final = "Take the id from a brief or an export."


class Act(NamedTuple):
    """Who does something to what is kept of a customer, for the access log.

    Attributes:
        agent: Who: a ref, or of a command the user of the operating system.
        proof: How it is known that it is them.
        source: From where: `command`, `service`, or `service:` and the installation's name.
    """

    agent: str
    proof: str
    source: str


class Keeping(Opened):
    """What an account, and its customers, want kept."""

    def correct(
        self,
        memory_id: str,
        verdict: kept.Verdict,
        agent: str | None = None,
        *,
        act: Act | None = None,
    ) -> None:
        """Say what is wrong with a memory or a note; it stays said, whatever is derived again.

        What is `wrong` (never so) or `outdated` (no longer so) is shown no more, neither in a brief
        nor by recall; an export has it with the state `corrected` or `superseded`. Of what is
        `unwanted` the words are removed here, and are never derived again. What was said earlier
        of the same thing goes the same way.

        Args:
            memory_id: As a brief or an export names it.
            verdict: What is wrong with it; of two verdicts the later stands.
            agent: Who says so, as a ref or an e-mail.
            act: Who does it, to be written into the access log.

        Raises:
            NotFoundError: Nothing is remembered under this id.
            UsageError: There is no such verdict or agent.
        """
        if verdict not in kept.VERDICTS:
            raise UsageError(
                "There is no such verdict.", f"Say one of: {', '.join(kept.VERDICTS)}."
            )
        account = self.account
        author = self._agent(account, agent) if agent else None
        with self.record.writing(account) as writer:
            whose = kept.whose(writer.connection, account.number, memory_id)
            if whose is None:
                raise NotFoundError(NO_MEMORY, TAKE_THE_ID)
            kept.correct(
                writer.connection,
                account.number,
                same_thing(writer.connection, account, whose, memory_id, verdict),
                customer_id=whose,
                verdict=verdict,
                agent_id=author,
                at=self._now(),
            )
            write_act(writer, act, self._now(), verdict, customer_id=whose, memory_id=memory_id)

    def say_consent(
        self,
        memory_id: str,
        answer: consent.Answer,
        agent: str | None = None,
        *,
        act: Act | None = None,
    ) -> None:
        """Write down what a customer said when they were asked whether something may be kept.

        What they `declined` goes at once, as what is `unwanted`, and is never derived again; what
        they `agreed` to says so in briefs and exports. It holds for what was said of the same thing
        before, and through every rebuild. Who agrees later takes a decline back.

        Args:
            memory_id: As a brief or an export names it.
            answer: What they said.
            agent: Who asked them, as a ref or an e-mail.
            act: Who does it, to be written into the access log.

        Raises:
            NotFoundError: Nothing is remembered under this id.
            UsageError: There is no such answer or agent.
        """
        if answer not in consent.ANSWERS:
            raise UsageError(
                "There is no such answer.", f"Say one of: {', '.join(consent.ANSWERS)}."
            )
        account = self.account
        author = self._agent(account, agent) if agent else None
        with self.record.writing(account) as writer:
            number, connection = account.number, writer.connection
            whose = kept.whose(connection, number, memory_id)
            is_there = kinds.kind_of(connection, number, memory_id) is not None
            asked = is_there or memory_id in consent.answers(connection, number, [memory_id])
            if whose is None or not asked:
                raise NotFoundError(NO_MEMORY, TAKE_THE_ID)
            consent.answer(
                connection,
                number,
                same_thing(connection, account, whose, memory_id, "unwanted"),
                customer_id=whose,
                said=answer,
                agent_id=author,
                at=self._now(),
            )
            write_act(writer, act, self._now(), answer, customer_id=whose, memory_id=memory_id)

    def opt_out(self, customer: str, *, act: Act | None = None) -> None:
        """Keep nothing of a customer but their issues, now and from now on.

        What they told and what was noted of them is removed here: at once as memories, and from
        the messages of their tickets when those are remembered again.

        Args:
            customer: Their ref.
            act: Who does it, to be written into the access log.

        Raises:
            NotFoundError: There is no such customer.
            ForgottenError: They are forgotten.
        """
        account = self.account
        who = self._customer(self._view(account), "customer", customer)
        with self.record.writing(account) as writer:
            refuse_forgotten(writer.connection, account.number, who.id)
            kept.opt_out(writer.connection, account.number, who.id, self._now())
            write_act(writer, act, self._now(), "opt_out", customer_id=who.id)

    def opt_in(self, customer: str, *, act: Act | None = None) -> None:
        """Remember a customer who opted out like any other again, from their tickets on.

        Args:
            customer: Their ref.
            act: Who does it, to be written into the access log.

        Raises:
            NotFoundError: There is no such customer.
            ForgottenError: They are forgotten.
        """
        account = self.account
        who = self._customer(self._view(account), "customer", customer)
        with self.record.writing(account) as writer:
            refuse_forgotten(writer.connection, account.number, who.id)
            kept.opt_in(writer.connection, account.number, who.id)
            write_act(writer, act, self._now(), "opt_in", customer_id=who.id)

    def cut_off(self, customer: str, before: datetime, *, act: Act | None = None) -> datetime:
        """Remember nothing of a customer that was said before a moment, now and from now on.

        Memories, notes, and what search could find go at once, and what they said from their
        tickets when those are remembered again. Of issues of that time the title and our answer
        stay.

        Args:
            customer: Their ref.
            before: The moment, with its zone; one that is earlier than before changes nothing.
            act: Who does it, to be written into the access log.

        Returns:
            Before when nothing is remembered now.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: The moment is to come, or before all calendars.
        """
        try:
            before = before.astimezone(UTC)
        except OverflowError:
            raise UsageError("That is before all calendars.", "Name a later day.") from None
        if before > self._now():
            raise UsageError(
                "That day is to come.",
                "Name a day that has begun; of who wants nothing kept say `opt-out`.",
            )
        account = self.account
        who = self._customer(self._view(account), "customer", customer)
        with self.record.writing(account) as writer:
            refuse_forgotten(writer.connection, account.number, who.id)
            kept.cut_off(writer.connection, account.number, who.id, before, self._now())
            write_act(writer, act, self._now(), "cut_off", customer_id=who.id)
            return kept.cut_off_of(writer.connection, account.number, who.id) or before


def write_act(
    writer: Writer,
    act: Act | None,
    at: datetime,
    what: str,
    *,
    customer_id: str,
    memory_id: str | None = None,
) -> None:
    """Write an act into the access log, where it is said whose it is.

    Of a customer who was forgotten nothing leads from the entry to them.
    """
    if act is not None:
        access.log(
            writer.connection,
            writer.account,
            at=at,
            agent=act.agent,
            proof=act.proof,
            source=act.source,
            what=what,
            customer_id=customer_id,
            subject=memory_id,
        )
