"""What an account says of its kinds, and what its customers want, as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from memory import policy
from memory.asking.kept import VERSION, CustomerPolicy, KindKept, Policy
from memory.asking.view import rfc3339
from memory.errors import UsageError
from memory.face.keeping import Act, write_act
from memory.face.opened import Opened
from memory.record import consent, kept, kinds, retention, wishes

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_DAYS: Final = 36_500
"""A hundred years; who keeps something for longer keeps it for good."""

Default = Literal["default"]


class Policies(Opened):
    """What is kept of each kind and of each customer."""

    def set_kind(
        self,
        kind: str,
        *,
        keep: bool | None = None,
        show: policy.Mode | Default | None = None,
        days: int | Default | None = None,
    ) -> KindKept:
        """Say of a kind whether it is kept, how it is shown and for how long; None leaves it so.

        What is no longer kept goes at once: memories with their words, and notes that tell of it as
        far as words tell. Nothing of it is derived again, and its sentences go from the messages of
        tickets, which are all remembered again; so they are once it is kept again.

        Args:
            kind: One of `memory.policy.KINDS`.
            keep: Whether it is kept.
            show: `full`, `masked` (hidden until revealed), `off`, or as the setting says.
            days: For how many days after it was said; 0 is for good.

        Raises:
            UsageError: There is no such kind, or it cannot be shown so or kept for so long.
        """
        _check(kind, show, days)
        account = self.account
        with self.record.writing(account) as writer:
            before = kinds.policies(writer.connection, account.number).get(kind, kinds.KindPolicy())
            one = before if keep is None else replace(before, kept=keep)
            if show is not None:
                one = replace(one, shown=None if show == "default" else show)
            if days is not None:
                one = replace(one, days=None if days == "default" else days)
            kinds.set_policy(writer.connection, account.number, kind, one, self._now())
        return self._kind(kind, {kind: one})

    def policies(self) -> Policy:
        """What is kept of this account, how it is shown and for how long."""
        account = self.account
        with self.record.reading() as connection:
            told = kinds.policies(connection, account.number)
            swept = retention.swept_at(connection, account.number)
            wished = wishes.wishes(connection, account.number, {})
        return {
            "version": VERSION,
            "account": account.name,
            "kinds": [self._kind(kind, told) for kind in policy.KINDS],
            "swept_at": rfc3339(swept) if swept is not None else None,
            "opted_out": [account.ref(one) for one in sorted(wished.opted_out)],
            "cut_off": [
                {"customer": account.ref(who), "before": rfc3339(at)}
                for who, at in sorted(wished.cut_off.items())
            ],
        }

    def policy_of(self, customer: str, *, act: Act | None = None) -> CustomerPolicy:
        """What is kept of one customer, and what they said of it.

        Args:
            customer: Their ref.
            act: Who asks, to be written into the access log.

        Raises:
            NotFoundError: There is no such customer.
        """
        account = self.account
        who = self._customer(self._view(account), "customer", customer)
        with self.record.writing(account) as writer:
            write_act(writer, act, self._now(), "policy", customer_id=who.id)
            connection, number = writer.connection, account.number
            before = kept.cut_off_of(connection, number, who.id)
            told = consent.answers_of(connection, number, who.id)
            return {
                "version": VERSION,
                "account": account.name,
                "customer": account.ref(who.id),
                "consent": consent.of_customer(connection, number, who.id),
                "opted_out": kept.has_opted_out(connection, number, who.id),
                "before": rfc3339(before) if before is not None else None,
                "answers": [{"memory": one, "answer": told[one]} for one in sorted(told)],
            }

    def sweep(self) -> Mapping[str, int]:
        """Take away now what is older than its kind is kept; how many went, by kind."""
        account = self.account
        with self.record.writing(account) as writer:
            return retention.sweep(
                writer.connection, account.number, self._workplace.days_kept, self._now()
            )

    def _kind(self, kind: str, told: Mapping[str, kinds.KindPolicy]) -> KindKept:
        own = told.get(kind, kinds.KindPolicy())
        setting = self._workplace.days_kept.get(kind, policy.FOR_GOOD)
        plain = policy.is_sensitive(kind) or kind == "access_need"
        return {
            "kind": kind,
            "kept": own.kept,
            "shown": own.shown or (self._sensitive if plain else "full"),
            "shown_by": "setting" if own.shown is None else "policy",
            "days": setting if own.days is None else own.days,
            "days_by": "setting" if own.days is None else "policy",
        }


def _check(kind: str, show: str | None, days: int | str | None) -> None:
    """Whether a policy of a kind can be what is said.

    Raises:
        UsageError: It cannot.
    """
    if kind not in policy.KINDS:
        raise UsageError(
            "There is no such kind."
            if kind != "issue"
            else "An issue stays as long as its ticket.",
            f"Kinds: {', '.join(policy.KINDS)}.",
        )
    if show is not None and kind not in policy.KINDS_SHOWN:
        raise UsageError(
            "That kind is not shown by its words.", "It can be kept or not, and for how long."
        )
    if isinstance(days, int) and not 0 <= days <= MOST_DAYS:
        raise UsageError(
            "It cannot be kept for so many days.", f"Write 1 to {MOST_DAYS}, or 0 for good."
        )
