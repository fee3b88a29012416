"""Sentences that many tickets share: macros, greetings, notices tell nothing of one customer.

What is boilerplate is decided when something is asked, from how often a sentence is used by then:
what is remembered of a ticket does not depend on the tickets that were remembered before it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from memory.entities import Role
from memory.record.shared import often_said, tickets_up_to
from memory.text.sentences import spoken
from memory.text.vectors import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import sqlalchemy as sa

    from memory.record import Account
    from memory.record.stored import Stored

FEWEST_USES = 20
ONE_IN = 100
"""Said in one of so many tickets, and often: a macro, a greeting, a phrase of everybody's."""

_PARTS = frozenset({"restatement", "detail", "resolution", "answer"})


def is_boilerplate(uses: int, tickets: int) -> bool:
    """Whether a sentence used so often, in an account of so many tickets, tells of nobody."""
    return uses >= FEWEST_USES and uses * ONE_IN >= tickets


def shared_by_many(
    connection: sa.Connection, account: Account, uses: Mapping[bytes, int], own: Mapping[bytes, int]
) -> frozenset[bytes]:
    """Which of these sentences are boilerplate.

    Args:
        connection: Reads one moment of the record.
        account: The account.
        uses: Digest to number of uses in the whole account.
        own: Digest to number of uses by the one who is asked about. They count as one: whoever
            says the same every week tells of themselves.
    """
    others = {key: count - max(own.get(key, 0) - 1, 0) for key, count in uses.items()}
    often = {key: count for key, count in others.items() if count >= FEWEST_USES}
    if not often:
        return frozenset()
    # Beyond this many tickets even the most used of them would be rare.
    tickets = tickets_up_to(connection, account.number, max(often.values()) * ONE_IN + 1)
    return frozenset(key for key, count in often.items() if is_boilerplate(count, tickets))


def telling(
    connection: sa.Connection, account: Account, evidence: Iterable[Stored]
) -> Sequence[Stored]:
    """The evidence without the parts of issues whose words are boilerplate; titles stay.

    Args:
        connection: Reads one moment of the record.
        account: The account.
        evidence: Rows of `of_customer.evidence_of`.
    """
    rows = [(row, digest_of(account, row) if row.part in _PARTS else b"") for row in evidence]
    own = Counter(key for _, key in rows if key)
    uses = often_said(connection, account.number, sorted(own), FEWEST_USES)
    dull = shared_by_many(connection, account, uses, own)
    return [row for row, key in rows if key not in dull]


def digest_of(account: Account, row: Stored) -> bytes:
    """By which the record finds the vector of a sentence that is evidence."""
    by_customer = row.role == Role.CUSTOMER.value
    return digest(account.key, spoken("customer" if by_customer else "agent", row.quote))
