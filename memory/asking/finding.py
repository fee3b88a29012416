"""Customers found by what they are called or reached by, for when no number says who it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from memory.asking.document import VERSION, Candidate
from memory.asking.identity import candidates_of
from memory.record import callers, names, of_customer, queries
from memory.record.identities import normal_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from memory.asking.view import View
    from memory.record.stored import Stored

MOST: Final = 20
_FEWEST_DIGITS: Final = 6
"""What has so many is a phone, or the beginning of one."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Customers(TypedDict):
    """Who may be meant."""

    version: int
    customers: list[Candidate]


def customers_of(
    connection: sa.Connection, view: View, words: str, region: str | None
) -> Customers:
    """The customers whose name, phone or e-mail begins with the words.

    Those reached by exactly that come first, then those whom somebody spoke to last.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        words: Words of a name in any order, the beginning of an e-mail, or a phone.
        region: Where phone numbers without a country code are from.
    """
    reached = {row.id: row for row in _reached_by(connection, view, words, region)}
    found = {row.id: row for row in _beginning(connection, view, words)}
    contacts = of_customer.last_contacts(connection, view.account.number, [*reached, *found])
    last = {row.id: row.at for row in contacts}
    rows = [*reached.values(), *found.values()]
    rows.sort(key=lambda row: last.get(row.id, _NEVER), reverse=True)
    rows.sort(key=lambda row: row.id not in reached)
    shown = list({row.id: row for row in rows}.values())[:MOST]
    return {"version": VERSION, "customers": candidates_of(connection, view, shown)}


def _reached_by(
    connection: sa.Connection, view: View, words: str, region: str | None
) -> Iterator[Stored]:
    """Who has exactly this phone or e-mail."""
    number = view.account.number
    if "@" in words:
        email = normal_value("email", words, None) or ""
        yield from queries.people_by_identity(connection, number, "email", email)
    elif _digits(words) >= _FEWEST_DIGITS:
        phone = normal_value("phone", words, region)
        if phone is not None:
            yield from queries.people_by_identity(connection, number, "phone", phone)
            yield from callers.people_by_number(connection, number, phone)


def _beginning(connection: sa.Connection, view: View, words: str) -> Iterator[Stored]:
    """Whose phone, e-mail or name begins so."""
    number = view.account.number
    if "@" in words:
        email = normal_value("email", words, None) or ""
        yield from names.people_by_beginning(connection, number, "email", email)
    elif _digits(words) >= _FEWEST_DIGITS and not any(map(str.isalpha, words)):
        if words.strip().startswith("+"):
            digits = "".join(filter(str.isdecimal, words))
            yield from names.people_by_beginning(connection, number, "phone", f"+{digits}")
    else:
        yield from names.people_by_name(connection, number, words)


def _digits(words: str) -> int:
    return sum(map(str.isdecimal, words))
