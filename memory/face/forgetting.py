"""Forgetting a person, and letting them be known again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from memory.entities import Role
from memory.errors import ForgottenError, NotFoundError, RecordError, UsageError
from memory.face.keeping import write_act
from memory.face.opened import Opened, one_of
from memory.record import certificates, forgotten, queries, whom
from memory.record.erasing import erase_person
from memory.record.identities import normal_value

if TYPE_CHECKING:
    import sqlalchemy as sa

    from memory.face.keeping import Act
    from memory.record import Account
    from memory.record.certificates import Certificate


class Outside(TypedDict):
    """What a forgetting does not reach.

    `what` is a code as in a certificate; `tickets` are the refs of those that name the person, and
    `notes` the ids. Both are empty for every other code.
    """

    what: str
    tickets: list[str]
    notes: list[str]


class WouldForget(TypedDict):
    """What would go, and what is not reached, were a person forgotten now."""

    version: Literal[1]
    account: str
    customer: str
    counts: dict[str, int]
    files: list[str]
    merged: list[str]
    same_person: list[str]
    outside: list[Outside]


@dataclass(frozen=True, slots=True)
class Forgot:
    """Somebody who is forgotten now.

    Attributes:
        customer: Their ref; of somebody who was merged that of whom they are now.
        certificate: What is certified so far; the bytes in files go when forgetting is finished.
        before: Whether they were forgotten already, and nothing was left to go.
        merged: Refs of those who had been merged into them, and were forgotten with them.
        same_person: Refs of those who, agents said, are the same person, and are still known.
    """

    customer: str
    certificate: Certificate
    before: bool
    merged: tuple[str, ...]
    same_person: tuple[str, ...]


class _Named(NamedTuple):
    """Where others name them: tickets and notes, by their ids."""

    tickets: list[str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Who:
    id: str
    merged: tuple[str, ...]
    same_person: tuple[str, ...]

    @property
    def ids(self) -> list[str]:
        return [self.id, *self.merged]


class Forgetting(Opened):
    """What takes a person out of the memory."""

    def forget(
        self,
        *,
        customer: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        act: Act | None = None,
    ) -> Forgot:
        """Forget a person: out of sight at once; `memory.forgetting.finish` removes the bytes.

        No page of the helpdesk brings them back. Who is forgotten already stays so; their
        certificate is the answer.

        Args:
            customer: A ref such as `zendesk:123`; exactly one of the three is given.
            phone: A phone that leads to nobody else.
            email: An e-mail address that leads to nobody else.
            act: Who does it, to be written into the access log, which does not tell of whom.

        Raises:
            NotFoundError: Nobody is known by that, and nobody of that ref is forgotten.
            UsageError: Several people share the phone or e-mail, or it is an agent.
        """
        account, at = self.account, self._now()
        by, value = one_of(phone=phone, email=email, customer=customer)
        with self.record.reading() as connection:
            who = self._whom(connection, account, by, value)
            if not whom.is_known(connection, account.number, who.id):
                return self._known_forgotten(connection, account, who.id)
            named = self._named(connection, account, who)
        with self.record.writing(account) as writer:
            erase_person(writer.connection, account.number, who.id, reason="asked", at=at)
            counts = {forgotten.OUTSIDE: named.tickets, forgotten.OUTSIDE_NOTES: named.notes}
            left = {what: len(ids) for what, ids in counts.items() if ids}
            forgotten.put_counts(writer.connection, account.number, who.id, left)
            write_act(writer, act, at, "forget", customer_id=who.id)
            certificate = self._certificate(writer.connection, account, who.id)
        return Forgot(
            account.ref(who.id),
            certificate,
            before=False,
            merged=tuple(map(account.ref, who.merged)),
            same_person=tuple(map(account.ref, who.same_person)),
        )

    def would_forget(
        self,
        *,
        customer: str | None = None,
        phone: str | None = None,
        email: str | None = None,
    ) -> WouldForget:
        """What would go if a person were forgotten; nothing is changed.

        It is found by forgetting them and taking that back, so that other writers wait meanwhile.

        Args:
            customer: As of `forget`.
            phone: As of `forget`.
            email: As of `forget`.

        Raises:
            ForgottenError: They are forgotten already.
            NotFoundError: As of `forget`.
            UsageError: As of `forget`.
        """
        account, at = self.account, self._now()
        by, value = one_of(customer=customer, phone=phone, email=email)
        with self.record.reading() as connection:
            who = self._whom(connection, account, by, value)
            if not whom.is_known(connection, account.number, who.id):
                self._known_forgotten(connection, account, who.id)
                raise ForgottenError(
                    "They are forgotten already.", "Without --dry-run, their certificate is shown."
                )
            named = self._named(connection, account, who)
        with self.record.writing(account) as writer:
            tried = writer.connection.begin_nested()
            counts = erase_person(writer.connection, account.number, who.id, reason="asked", at=at)
            one = forgotten.forgotten(writer.connection, account.number, who.id)
            tried.rollback()
        if one is None:
            raise RecordError("What would go cannot be told.", "Run `remember doctor`.")
        from memory.forgetting import INDEX_SERVER  # noqa: PLC0415  a brief needs no index

        codes = certificates.outside_of(one, dialect=self.record.engine.dialect.name)
        if self._workplace.index_url is not None:
            codes.append(INDEX_SERVER)
        outside: list[Outside] = [{"what": code, "tickets": [], "notes": []} for code in codes]
        if named.tickets:
            refs = [account.ref(ticket) for ticket in named.tickets]
            outside.append({"what": certificates.OTHERS_TICKETS, "tickets": refs, "notes": []})
        if named.notes:
            what = certificates.OTHERS_NOTES
            outside.append({"what": what, "tickets": [], "notes": named.notes})
        return {
            "version": 1,
            "account": account.name,
            "customer": account.ref(who.id),
            "counts": dict(sorted(counts.items())),
            "files": list(one.files),
            "merged": [account.ref(other) for other in who.merged],
            "same_person": [account.ref(other) for other in who.same_person],
            "outside": outside,
        }

    def allow(self, customer: str, *, act: Act | None = None) -> None:
        """Let somebody who was forgotten be known again, once the helpdesk tells of them.

        Args:
            customer: Their ref.
            act: Who does it, to be written into the access log.

        Raises:
            NotFoundError: Nobody of that ref is forgotten.
            UsageError: Bytes of theirs may still be in files; they have to be gone before.
        """
        account = self.account
        person_id = self._ref(account, customer)
        with self.record.writing(account) as writer:
            one = forgotten.forgotten(writer.connection, account.number, person_id)
            if one is None:
                raise NotFoundError(
                    "Nobody of that ref is forgotten.", "Check it; it looks like zendesk:123."
                )
            if one.complete_at is None:
                raise UsageError(
                    "They are not wholly forgotten yet.",
                    "Run `remember sync`, which removes the last bytes, then allow them.",
                )
            forgotten.allow(writer.connection, account.number, person_id)
            write_act(writer, act, self._now(), "allow", customer_id=person_id)

    def _whom(self, connection: sa.Connection, account: Account, by: str, value: str) -> _Who:
        number = account.number
        if by == "customer":
            person_id = queries.winner(connection, number, self._ref(account, value))
        else:
            person_id = self._only_one(connection, account, by, value)
        row = queries.person(connection, number, person_id)
        if row is not None and row.role == Role.AGENT.value and row.active:
            raise UsageError(
                "That is an agent of the helpdesk, not a customer.",
                "Their words to customers are part of the customers' tickets.",
            )
        return _Who(
            person_id,
            tuple(whom.merged_into(connection, number, person_id)),
            tuple(whom.said_to_be(connection, number, person_id)),
        )

    def _only_one(self, connection: sa.Connection, account: Account, by: str, value: str) -> str:
        wanted = normal_value(by, value, self._region)
        if wanted is None:
            raise UsageError(
                f"That is not a {by}.", "Give a phone with its country code, or name a --customer."
            )
        found = whom.reached_by(connection, account.number, by, wanted)
        if not found:
            raise NotFoundError(
                f"Nobody is known by that {by}.",
                "Check it. Of who is forgotten no phone or e-mail is kept: name them by ref.",
            )
        if len(found) > 1 or found[0].shared:
            refs = ", ".join(account.ref(one.id) for one in found)
            raise UsageError(
                f"That {by} is shared; known by it: {refs}.", "Name whom you mean by --customer."
            )
        return found[0].id

    def _ref(self, account: Account, ref: str) -> str:
        provider, colon, external_id = ref.strip().rpartition(":")
        if not external_id or (colon and provider not in {account.provider, account.name}):
            raise UsageError(
                f"That is not a ref of {account.name}.", f"It looks like {account.ref('123')}."
            )
        return external_id

    def _named(self, connection: sa.Connection, account: Account, who: _Who) -> _Named:
        marks = whom.marks_of(connection, account.number, who.ids)
        return _Named(
            whom.tickets_that_name(connection, account, who.ids, marks),
            whom.notes_that_name(connection, account, who.ids, marks),
        )

    def _known_forgotten(
        self, connection: sa.Connection, account: Account, person_id: str
    ) -> Forgot:
        if forgotten.forgotten(connection, account.number, person_id) is None:
            raise NotFoundError(
                "Nobody is known by that ref.", "Check it, or run `remember sync` if they are new."
            )
        certificate = self._certificate(connection, account, person_id)
        return Forgot(account.ref(person_id), certificate, before=True, merged=(), same_person=())

    def _certificate(
        self, connection: sa.Connection, account: Account, person_id: str
    ) -> Certificate:
        one = forgotten.forgotten(connection, account.number, person_id)
        if one is None:
            raise RecordError("They could not be forgotten.", "Run `remember doctor`.")
        dialect = self.record.engine.dialect.name
        return certificates.certificate_of(account, one, dialect=dialect)
