"""Writes customers and agents into the record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Person, Role
from memory.record import tables as t
from memory.record.erasing import erase_person
from memory.record.forgotten import are_forgotten
from memory.record.identities import normal_value, store_profile
from memory.record.merges import infer_merges, part_again, winners
from memory.record.names import store_names
from memory.record.outbox import put_in_outbox
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from memory.record.stored import Stored

_AT_ONCE = 1000
_NO_NAME = 1000
"""Characters of a word that is no name: databases search for no such pattern."""


def store_people(
    connection: sa.Connection,
    account: int,
    people: Sequence[Person],
    region: str | None,
    at: datetime,
) -> None:
    """Store people; the newest version wins, and an erased one takes their tickets along.

    Who is forgotten stays so, whatever comes of them. One who was merged into another is no
    longer anybody's loser once a version that is younger than the merge says they are active.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        people: As the helpdesk has them.
        region: Where phone numbers without a country code are from.
        at: When the helpdesk listed them.
    """
    newest: dict[str, Person] = {}
    for one in people:
        if one.id not in newest or one.updated_at >= newest[one.id].updated_at:
            newest[one.id] = one
    for person_id in are_forgotten(connection, account, newest):
        del newest[person_id]
    for chunk in chunks(sorted(newest)):
        before = _known_people(connection, account, chunk)
        fresh = [newest[key] for key in chunk if _is_news(newest[key], before.get(key))]
        lost = winners(connection, account, (one.id for one in fresh))
        back = [one.id for one in fresh if one.id in lost and _is_back(one, before.get(one.id))]
        part_again(connection, account, back)
        fresh = [
            replace(
                one, active=not one.erased and one.active and (one.id in back or one.id not in lost)
            )
            for one in fresh
        ]
        upsert(
            connection,
            t.person,
            [_person_row(account, one, before.get(one.id), region, at) for one in fresh],
        )
        for one in fresh:
            if one.erased:
                erase_person(connection, account, one.id, reason="deleted", at=at)
        connection.execute(
            t.person.update()
            .where(t.person.c.account == account, t.person.c.id.in_(chunk))
            .values(seen_at=at)
        )
        store_names(connection, account, fresh)
        store_profile(connection, account, fresh, region)
        _remember_again_for(connection, account, fresh, before)


def say_goodbye(connection: sa.Connection, account: int, ids: Sequence[str], at: datetime) -> None:
    """The helpdesk no longer has these people: they are who took their tickets over, or nobody.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        ids: Of people whose tickets have been asked for since; also of those who were gone before
            the record heard of them, and of whom it has but words.
        at: When the helpdesk said so.
    """
    p = t.person.c
    forgotten = are_forgotten(connection, account, ids)
    ids = [one for one in ids if one not in forgotten]
    known = _known_people(connection, account, ids)
    strangers = [_stranger_row(account, one, at) for one in ids if one not in known]
    upsert(connection, t.person, strangers)
    for person_id in ids:
        connection.execute(
            t.person.update()
            .where(p.account == account, p.id == person_id)
            .values(
                active=False,
                left_at=sa.func.coalesce(p.left_at, sa.literal(at, t.UtcTime)),
                seen_at=at,
            )
        )
        infer_merges(connection, account, at, only=person_id)
        if person_id not in winners(connection, account, [person_id]):
            erase_person(connection, account, person_id, reason="deleted", at=at)


def _is_news(one: Person, before: Stored | None) -> bool:
    return before is None or one.updated_at >= before.updated_at


def _is_back(one: Person, before: Stored | None) -> bool:
    """Whether somebody who was merged is a person of their own again."""
    left_at = before.left_at if before else None
    return one.active and left_at is not None and one.updated_at > left_at


def _known_people(connection: sa.Connection, account: int, ids: Sequence[str]) -> dict[str, Stored]:
    c = t.person.c
    rows = connection.execute(
        sa.select(
            c.id,
            c.role,
            c.name,
            c.active,
            c.updated_at,
            c.identities_due,
            c.left_at,
        ).where(c.account == account, c.id.in_(ids))
    )
    return {row.id: row for row in rows}


def _person_row(
    account: int, one: Person, before: Stored | None, region: str | None, at: datetime
) -> Row:
    changed = before is None or before.updated_at != one.updated_at or before.identities_due
    here = one.active and not one.erased
    wanted = one.role is Role.CUSTOMER and here
    left_at = None if here else (before.left_at if before else None) or at
    return {
        "account": account,
        "id": one.id,
        "role": one.role.value,
        "name": one.name,
        "email": one.email,
        "phone": normal_value("phone", one.phone or "", region),
        "organization_id": one.organization_id,
        "language": one.language,
        "time_zone": one.time_zone,
        "active": here,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "identities_due": bool(changed and wanted and not one.identities_known),
        "left_at": left_at,
        "seen_at": at,
    }


def _stranger_row(account: int, person_id: str, at: datetime) -> Row:
    """Somebody of whom nothing is known but that they were there once."""
    stranger = Person(
        id=person_id, role=Role.CUSTOMER, name=None, active=False, created_at=at, updated_at=at
    )
    return _person_row(account, stranger, None, None, at)


def _remember_again_for(
    connection: sa.Connection,
    account: int,
    people: Sequence[Person],
    before: Mapping[str, Stored],
) -> None:
    """What a ticket is remembered by depends on who its people are and what agents are called.

    A newly known author, a changed role or standing, or a name that an agent has now or had before
    therefore puts the tickets concerned in the outbox again.
    """
    authors = [
        one.id
        for one in people
        if one.id not in before
        or (before[one.id].role, before[one.id].active) != (one.role.value, one.active)
    ]
    c = t.message.c
    mine = c.account == account
    found = connection.scalars(
        sa.select(c.ticket_id).distinct().where(mine, c.author_id.in_(authors))
    )
    tickets = set(found)
    for one in people:
        old = before.get(one.id)
        was = old.name or "" if old is not None and old.role == Role.AGENT.value else ""
        name = one.name or "" if one.role is Role.AGENT else ""
        changed = f"{was} {name}" if was != name else ""
        parts = {part for part in changed.split() if 1 < len(part) < _NO_NAME}
        tickets |= _tickets_that_say(connection, account, parts)
    put_in_outbox(connection, account, tickets)


def _tickets_that_say(connection: sa.Connection, account: int, parts: Collection[str]) -> set[str]:
    """Where somebody wrote one of these words; of sealed ones the database knows nothing."""
    if not parts:
        return set()
    c, a = t.message.c, t.account.c
    mine = sa.select(c.ticket_id, c.text).where(c.account == account)
    if connection.scalar(sa.select(a.seal).where(a.number == account)) is None:
        says = sa.or_(*(c.text.icontains(part, autoescape=True) for part in parts))
        return {row.ticket_id for row in connection.execute(mine.where(says))}
    rows = connection.execute(mine.execution_options(yield_per=_AT_ONCE))
    words = [part.casefold() for part in parts]
    return {row.ticket_id for row in rows if any(one in row.text.casefold() for one in words)}
