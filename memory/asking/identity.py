"""From a phone, an e-mail, a ref, a ticket or a ring to the customer; never a guess."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from memory.entities import Role
from memory.errors import UsageError
from memory.phones import is_hidden
from memory.record import callers, of_customer, queries
from memory.record.identities import normal_value
from memory.record.same import same_among, same_people

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from memory.asking.document import Candidate, Match
    from memory.asking.view import View
    from memory.record.stored import Stored

_NEVER = datetime.min.replace(tzinfo=UTC)
KEYS = ("phone", "email", "customer", "ticket")


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a look-up.

    Attributes:
        customer: The row of the one person found, or None.
        shared: Whether the phone asked for is known to be shared.
        people: The ids of all that an agent said are this one person, the row's own first.
    """

    match: Match
    customer: Stored | None = None
    shared: bool = False
    people: tuple[str, ...] = ()


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
    external_id = own_id(view, by, value)
    if by == "ticket" and external_id is not None:
        ticket = queries.ticket(connection, view.account.number, external_id)
        external_id = ticket.requester_id if ticket else None
    return _only(connection, view, _match(by, value, "one"), external_id)


def look_up_ring(
    connection: sa.Connection, view: View, key: str, caller: str | None, region: str | None
) -> Found:
    """Find whose the number of a ring is; of the number itself the answer says nothing.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        key: The ring's.
        caller: The number, None where it is withheld; what is no number counts as withheld.
        region: Where phone numbers without a country code are from.
    """
    number = None
    if caller is not None and not is_hidden(caller):
        number = normal_value("phone", caller, region)
    if number is None:
        return Found(_match("ring", key, "hidden"))
    found = _by_number(connection, view, number)
    match: Match = {**found.match, "by": "ring", "value": key}
    return replace(found, match=match)


def picked(connection: sa.Connection, view: View, call: Found, customer: str) -> Found:
    """The customer whom an agent picked as the one of a call.

    Unless the call itself points to them and to nobody else, whoever calls is one of several.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        call: Whom the call itself points to.
        customer: The ref of whom the agent picked.
    """
    chosen = look_up(connection, view, "customer", customer, None)
    match: Match = {**chosen.match, "by": call.match["by"], "value": call.match["value"]}
    own = call.customer is not None and call.customer.id in chosen.people
    return replace(chosen, match=match, shared=call.shared or not own)


def call_of(view: View, call: str) -> str:
    """A call as verifications are stored with it: `ring:KEY` or `ticket:ID`.

    Args:
        view: How the question is asked.
        call: `ring:KEY` or `ticket:REF`.

    Raises:
        UsageError: It is no call.
    """
    kind, _, value = call.partition(":")
    if kind == "ring" and value:
        return call
    external_id = own_id(view, "ticket", value) if kind == "ticket" else None
    if external_id is None:
        raise UsageError("That is not a call.", "It looks like ring:KEY or ticket:REF.")
    return f"ticket:{external_id}"


def _by_phone(connection: sa.Connection, view: View, value: str, region: str | None) -> Found:
    if is_hidden(value):
        return Found(_match("phone", value, "hidden"))
    number = normal_value("phone", value, region)
    if number is None:
        raise UsageError(
            "That is not a phone number.",
            "Give it with its country code, such as +12025550143, or set REMEMBER_DEFAULT_REGION.",
        )
    return _by_number(connection, view, number)


def _by_number(connection: sa.Connection, view: View, number: str) -> Found:
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
    """One owner of an identity that is nobody else's is the one; else they are candidates.

    Of those who are said to be one person the one with the latest contact stands for all.
    """
    last = _last_contacts(connection, view, [row.id for row in rows]) if len(rows) > 1 else {}
    same = same_among(connection, view.account.number, [row.id for row in rows])
    lately = sorted(rows, key=lambda row: last.get(row.id, _NEVER))
    stand: dict[int, Stored] = {same[row.id]: row for row in lately}
    people = [row for row in rows if stand[same[row.id]] is row]
    if len(people) > 1 or any(row.shared for row in rows):
        found = _match(by, value, "several")
        found["candidates"] = candidates_of(connection, view, people)
        return Found(found, shared=True)
    one = people[0].id if people else None
    return _only(connection, view, _match(by, value, "one"), one)


def _only(connection: sa.Connection, view: View, match: Match, person_id: str | None) -> Found:
    """One person, with all who are said to be the same; nobody, when they are not visible."""
    customer = _customer(connection, view, person_id)
    if customer is None:
        return Found({**match, "outcome": "none"})
    number = view.account.number
    people = same_people(connection, number, customer.id)
    if len(people) > 1:
        rows = [row for one in people if (row := queries.person(connection, number, one))]
        match["candidates"] = candidates_of(connection, view, rows)
    return Found(match, customer, people=tuple(people))


def candidates_of(connection: sa.Connection, view: View, rows: Sequence[Stored]) -> list[Candidate]:
    """People as one who has to pick sees them.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        rows: Each with `id`, `name` and `organization`.
    """
    last = _last_contacts(connection, view, [row.id for row in rows])
    return [
        {
            "ref": view.account.ref(row.id),
            "name": row.name,
            "organization": row.organization,
            "last_contact_on": view.day(last[row.id]) if row.id in last else None,
        }
        for row in rows
    ]


def _last_contacts(
    connection: sa.Connection, view: View, ids: Sequence[str]
) -> dict[str, datetime]:
    rows = of_customer.last_contacts(connection, view.account.number, ids)
    return {row.id: row.at for row in rows}


def _customer(connection: sa.Connection, view: View, person_id: str | None) -> Stored | None:
    if person_id is None:
        return None
    number = view.account.number
    row = queries.person(connection, number, queries.winner(connection, number, person_id))
    visible = row is not None and row.active and row.role == Role.CUSTOMER.value
    return row if visible else None


def own_id(view: View, by: str, ref: str) -> str | None:
    """The helpdesk's id in a ref; None when the ref is another helpdesk's.

    Raises:
        UsageError: It is no ref; `by` says of what it should be one.
    """
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
    number = view.account.number
    if "@" not in wanted:
        external_id = own_id(view, "agent", wanted)
        found = queries.agent(connection, number, external_id) if external_id else None
    else:
        email = wanted.casefold()
        rows = queries.agents(connection, number)
        found = next((row for row in rows if (row.email or "").casefold() == email), None)
    if found is not None:
        return found
    raise UsageError(
        "No agent of this account has that ref or e-mail.",
        "Use the e-mail they sign in to the helpdesk with, or a ref such as "
        f"{view.account.ref('123')}.",
    )


def _match(by: str, value: str, outcome: str) -> Match:
    return {"by": by, "value": value, "outcome": outcome, "candidates": []}
