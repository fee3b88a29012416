"""From a phone, an e-mail, a ref or a ticket to the customer; never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory.entities import Role
from memory.errors import UsageError
from memory.phones import is_hidden
from memory.record import callers, of_customer, queries
from memory.record.identities import normal_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from memory.asking.document import Candidate, Match
    from memory.asking.view import View
    from memory.record.stored import Stored

KEYS = ("phone", "email", "customer", "ticket")


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a look-up.

    Attributes:
        customer: The row of the one person found, or None.
        shared: Whether the phone asked for is known to be shared.
    """

    match: Match
    customer: Stored | None = None
    shared: bool = False


def look_up(
    connection: sa.Connection, view: View, by: str, value: str, region: str | None
) -> Found:
    """Find whom a phone, e-mail, customer ref or ticket ref points to.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        by: One of `KEYS`.
        value: As the phone system or the agent gives it.
        region: Where phone numbers without a country code are from.

    Raises:
        UsageError: The value cannot be what `by` says it is.
    """
    if by == "phone":
        return _by_phone(connection, view, value, region)
    if by == "email":
        return _by_email(connection, view, value)
    external_id = _own_id(view, by, value)
    if by == "ticket" and external_id is not None:
        ticket = queries.ticket(connection, view.account.number, external_id)
        external_id = ticket.requester_id if ticket else None
    customer = _customer(connection, view, external_id)
    return Found(_match(by, value, "one" if customer else "none"), customer)


def _by_phone(connection: sa.Connection, view: View, value: str, region: str | None) -> Found:
    if is_hidden(value):
        return Found(_match("phone", value, "hidden"))
    number = normal_value("phone", value, region)
    if number is None:
        raise UsageError(
            "That is not a phone number.",
            "Give it with its country code, such as +12125550101, or set REMEMBER_DEFAULT_REGION.",
        )
    owners = queries.people_by_identity(connection, view.account.number, "phone", number)
    known = {row.id for row in owners}
    seen = callers.people_by_number(connection, view.account.number, number)
    rows = [*owners, *(row for row in seen if row.id not in known)]
    return _among(connection, view, "phone", number, rows)


def _by_email(connection: sa.Connection, view: View, value: str) -> Found:
    email = normal_value("email", value, None) or ""
    rows = queries.people_by_identity(connection, view.account.number, "email", email)
    return _among(connection, view, "email", value, rows)


def _among(
    connection: sa.Connection, view: View, by: str, value: str, rows: Sequence[Stored]
) -> Found:
    """One owner of an identity that is nobody else's is the one; else they are candidates."""
    shared = len(rows) > 1 or any(row.shared for row in rows)
    if shared:
        found = _match(by, value, "several")
        found["candidates"] = _candidates(connection, view, rows)
        return Found(found, shared=True)
    customer = _customer(connection, view, rows[0].id if rows else None)
    return Found(_match(by, value, "one" if customer else "none"), customer)


def _candidates(connection: sa.Connection, view: View, rows: Sequence[Stored]) -> list[Candidate]:
    last = {
        row.id: row.at
        for row in of_customer.last_contacts(
            connection, view.account.number, [row.id for row in rows]
        )
    }
    return [
        {
            "ref": view.account.ref(row.id),
            "name": row.name,
            "organization": row.organization,
            "last_contact_on": view.day(last[row.id]) if row.id in last else None,
        }
        for row in rows
    ]


def _customer(connection: sa.Connection, view: View, person_id: str | None) -> Stored | None:
    if person_id is None:
        return None
    number = view.account.number
    row = queries.person(connection, number, queries.winner(connection, number, person_id))
    visible = row is not None and row.active and row.role == Role.CUSTOMER.value
    return row if visible else None


def _own_id(view: View, by: str, ref: str) -> str | None:
    """The helpdesk's id in a ref; None when the ref is another helpdesk's."""
    provider, colon, external_id = ref.strip().rpartition(":")
    if not external_id:
        raise UsageError(f"That is not a {by} ref.", f"It looks like {view.account.ref('123')}.")
    if colon and provider not in {view.account.provider, view.account.name}:
        return None
    return external_id


def agent_of(connection: sa.Connection, view: View, ref_or_email: str) -> Stored:
    """The agent that a ref or an e-mail names.

    Raises:
        UsageError: There is no such agent.
    """
    wanted = ref_or_email.strip()
    external_id = None if "@" in wanted else _own_id(view, "agent", wanted)
    for row in queries.agents(connection, view.account.number):
        if row.id == external_id or (row.email or "").casefold() == wanted.casefold():
            return row
    raise UsageError(
        "No agent of this account has that ref or e-mail.",
        "Use the e-mail they sign in to the helpdesk with, or a ref such as "
        f"{view.account.ref('123')}.",
    )


def _match(by: str, value: str, outcome: str) -> Match:
    return {"by": by, "value": value, "outcome": outcome, "candidates": []}
