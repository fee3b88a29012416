"""What a record holds of a helpdesk, and what it should hold, in one shape to be compared."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.entities import Role, Status
from memory.record import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.record import Account, Record

REGION = "US"
"""Where phones without a country code are from, in every test of this suite."""


@dataclass(slots=True)
class Held:
    """Everything that came from a helpdesk and may be shown, by its key.

    Attributes:
        customers: By id: name, organization, language, time zone.
        agents: By id: name.
        identities: By customer, kind and value: whether the helpdesk calls it shared.
        organizations: By id: name.
        tickets: By id: requester, assignee, subject, status, channel, rating.
        messages: By ticket and id: author, whether it is public, text, and of a call its direction,
            minutes and who answered.
        ratings: By ticket: agent and score.
        in_doubt: Keys of messages that may be held or not. Who was merged into somebody is erased
            with them, where the record had learnt of the merge before its trace was gone.
    """

    customers: dict[str, Any] = field(default_factory=dict)
    agents: dict[str, Any] = field(default_factory=dict)
    identities: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, Any] = field(default_factory=dict)
    messages: dict[tuple[str, str], Any] = field(default_factory=dict)
    ratings: dict[str, Any] = field(default_factory=dict)
    in_doubt: frozenset[tuple[str, str]] = frozenset()


def held(record: Record, account: Account) -> Held:
    """What the record holds of an account's helpdesk."""
    with record.reading() as connection:

        def rows(table: sa.Table) -> Iterator[Any]:
            return iter(
                connection.execute(sa.select(table).where(table.c.account == account.number)).all()
            )

        people = [row for row in rows(t.person) if row.active]
        customers = {row.id: row for row in people if row.role == Role.CUSTOMER.value}
        return Held(
            customers={
                row.id: (row.name, row.organization_id, row.language, row.time_zone)
                for row in customers.values()
            },
            agents={row.id: row.name for row in people if row.role == Role.AGENT.value},
            identities={
                (row.person_id, row.kind, row.value): row.shared
                for row in rows(t.identity)
                if row.person_id in customers
            },
            organizations={row.id: row.name for row in rows(t.organization)},
            tickets={
                row.id: (
                    row.requester_id,
                    row.assignee_id,
                    row.subject,
                    row.status,
                    row.channel,
                    row.rating,
                )
                for row in rows(t.ticket)
                if row.status != Status.DELETED.value
            },
            messages={
                (row.ticket_id, row.id): (
                    row.author_id,
                    row.public,
                    row.text,
                    row.direction,
                    row.minutes,
                    row.answered_by,
                )
                for row in rows(t.message)
            },
            ratings={row.ticket_id: (row.agent_id, row.score) for row in rows(t.rating)},
        )


def differences(record: Held, truth: Held) -> list[str]:
    """Where a record and the truth differ, one line each; none where they agree."""
    found = []
    for one in fields(Held):
        if one.name == "in_doubt":
            continue
        ours, theirs = getattr(record, one.name), getattr(truth, one.name)
        in_doubt = truth.in_doubt if one.name == "messages" else frozenset()
        for key in sorted({*ours, *theirs} - in_doubt, key=repr):
            if key not in ours:
                found.append(f"{one.name}: {key} is missing: {theirs[key]!r}")
            elif key not in theirs:
                found.append(f"{one.name}: {key} should not be there: {ours[key]!r}")
            elif ours[key] != theirs[key]:
                found.append(f"{one.name}: {key} is {ours[key]!r}, not {theirs[key]!r}")
    return found
