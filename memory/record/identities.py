"""Which phones, e-mails and external ids point to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Identity, Role
from memory.phones import normalise
from memory.record import tables as t
from memory.record.forgotten import are_forgotten
from memory.record.upserts import Row, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.entities import Person

PROFILE = "profile"
IDENTITIES = "identities"


def normal_value(kind: str, value: str, region: str | None) -> str | None:
    """An identity's value as it is stored and looked up, or None when it is not one.

    Args:
        kind: `phone`, `email` or `external`.
        value: As written.
        region: Where phone numbers without a country code are from.
    """
    if kind == "phone":
        phone = normalise(value, region)
        return phone.e164 if phone else None
    return (value.strip().casefold() if kind == "email" else value.strip()) or None


def store_profile(
    connection: sa.Connection, account: int, people: Sequence[Person], region: str | None
) -> None:
    """Store the identities that stand in customers' own rows, in place of what stood there.

    Only these rows say which of a customer's phones is shared. What a customer was reached by
    stays when they are deleted: it shows whether another has it now.
    """
    c = t.identity.c
    here = [one.id for one in people if one.active]
    theirs = sa.and_(c.account == account, c.person_id.in_(here))
    connection.execute(t.identity.delete().where(theirs, c.source == PROFILE))
    connection.execute(t.identity.update().where(theirs).values(shared=False))
    found = [
        Identity(one.id, kind, value, shared=one.shared_phone and kind == "phone")
        for one in people
        if one.role is Role.CUSTOMER and one.active
        for kind, value in (
            ("phone", one.phone),
            ("email", one.email),
            ("external", one.external_id),
        )
        if value
    ]
    upsert(connection, t.identity, _rows(account, found, region, PROFILE), keep=("source",))


def store_identities(
    connection: sa.Connection,
    account: int,
    identities: Sequence[Identity],
    identified: Sequence[str],
    region: str | None,
) -> None:
    """Store the full list of identities of the people named in `identified`.

    A list that arrives after its owner was deleted or forgotten is not stored.
    """
    c, p = t.identity.c, t.person.c
    owners = {*identified, *(one.person_id for one in identities)}
    gone = set(
        connection.scalars(
            sa.select(p.id).where(p.account == account, p.id.in_(owners), sa.not_(p.active))
        )
    )
    gone |= are_forgotten(connection, account, owners)
    present = [one for one in identities if one.person_id not in gone]
    rows = _rows(account, present, region, IDENTITIES)
    listed = [(row["person_id"], row["kind"], row["value"]) for row in rows]
    connection.execute(
        t.identity.delete().where(
            c.account == account,
            c.person_id.in_(set(identified) - gone),
            c.source == IDENTITIES,
            sa.tuple_(c.person_id, c.kind, c.value).not_in(listed),
        )
    )
    upsert(connection, t.identity, rows, keep=("shared",))
    connection.execute(
        t.person.update()
        .where(t.person.c.account == account, t.person.c.id.in_(identified))
        .values(identities_due=False)
    )


def _rows(
    account: int, identities: Sequence[Identity], region: str | None, source: str
) -> list[Row]:
    rows: dict[tuple[str, str, str], Row] = {}
    for one in identities:
        value = normal_value(one.kind, one.value, region)
        if value is not None:
            rows[one.kind, value, one.person_id] = {
                "account": account,
                "kind": one.kind,
                "value": value,
                "person_id": one.person_id,
                "shared": one.shared,
                "confirmed": one.confirmed,
                "source": source,
            }
    return list(rows.values())
