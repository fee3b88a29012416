"""Everything held about a person, as one document that is the same however it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memory.asking.things import former_of
from memory.asking.view import rfc3339
from memory.record import access, callers, consent, kept, of_customer, queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from memory.asking.view import View
    from memory.record.stored import Stored

Document = dict[str, Any]
VERSION = 1

_STATES = {"wrong": "corrected", "outdated": "superseded"}
"""What was once true gives way to what is true now; what never was is corrected."""


def export_of(connection: sa.Connection, view: View, customer: Stored) -> Document:
    """The export of one customer: keys in a fixed order, nothing of the run that made it.

    Holds the tickets they requested, where other customers' messages stand without text, and
    what they wrote elsewhere.
    """
    number, who = view.account.number, customer.id
    verdicts = kept.corrections_of(connection, number, who)
    return {
        "version": VERSION,
        "account": view.account.name,
        "customer": _customer(connection, view, customer),
        "tickets": _tickets(connection, view, who),
        "memories": _memories(connection, view, who, verdicts),
        "notes": [
            {
                "memory": row.id,
                "at": rfc3339(row.at),
                "agent": {"ref": _ref(view, row.agent_id), "name": row.author_name},
                "text": row.text,
            }
            for row in of_customer.notes_of(connection, number, who)
        ],
        "access": _access(connection, view, who),
    }


def _access(connection: sa.Connection, view: View, who: str) -> list[Document]:
    """Who looked, and at what as far as it is still there."""
    number = view.account.number
    ids = [who, *queries.merged_from(connection, number, who)]
    tickets = [row.id for row in of_customer.tickets_of(connection, number, who)]
    known = [row.id for row in of_customer.memories_of(connection, number, who)]
    noted = [row.id for row in of_customer.notes_of(connection, number, who)]
    subjects = [*known, *noted, *(f"ticket:{one}" for one in tickets)]
    return [
        {
            "at": rfc3339(one.at),
            "agent": one.agent,
            "proof": one.proof,
            "what": one.what if one.subject is None else f"{one.what}:{one.subject}",
        }
        for one in access.entries_of(connection, number, ids, subjects)
    ]


def _ref(view: View, external_id: str | None) -> str | None:
    return None if external_id is None else view.account.ref(external_id)


def _customer(connection: sa.Connection, view: View, row: Stored) -> Document:
    return {
        "ref": view.account.ref(row.id),
        "name": row.name,
        "organization": row.organization,
        "language": row.language,
        "time_zone": row.time_zone,
        "since": view.day(row.created_at),
        "identities": _identities(connection, view, row.id),
        "merged_from": [
            view.account.ref(one)
            for one in queries.merged_from(connection, view.account.number, row.id)
        ],
        "consent": consent.of_customer(connection, view.account.number, row.id),
    }


def _identities(connection: sa.Connection, view: View, who: str) -> list[Document]:
    """Those of the profile, and the numbers seen in calls only, which nobody has confirmed."""
    number = view.account.number
    found: list[Document] = [
        {
            "kind": one.kind,
            "value": one.value,
            "shared": one.shared or one.owners > 1,
            "confirmed": one.confirmed,
        }
        for one in queries.identities(connection, number, who)
    ]
    known = {one["value"] for one in found if one["kind"] == "phone"}
    for value in callers.numbers_of(connection, number, who):
        if value not in known:
            owners = {
                row.id
                for row in (
                    *callers.people_by_number(connection, number, value),
                    *queries.people_by_identity(connection, number, "phone", value),
                )
            }
            shared = len(owners) > 1
            found.append({"kind": "phone", "value": value, "shared": shared, "confirmed": False})
    return sorted(found, key=lambda one: (one["kind"], one["value"]))


def _tickets(connection: sa.Connection, view: View, who: str) -> list[Document]:
    number = view.account.number
    elsewhere = of_customer.tickets_written_in(connection, number, who)
    rows = {row.id: row for row in of_customer.tickets_of(connection, number, who)}
    others = {row.id: row for row in queries.tickets(connection, number, elsewhere)}
    messages: dict[str, list[Stored]] = {}
    for message in queries.messages_of_tickets(connection, number, [*rows, *others]):
        messages.setdefault(message.ticket_id, []).append(message)
    tickets = sorted([*rows.values(), *others.values()], key=lambda row: (row.created_at, row.id))
    names = _names(connection, view, tickets, messages)
    return [
        _ticket(view, row, messages.get(row.id, []), names, who=who, own=row.id in rows)
        for row in tickets
    ]


def _names(
    connection: sa.Connection,
    view: View,
    tickets: Sequence[Stored],
    messages: dict[str, list[Stored]],
) -> dict[str, str | None]:
    wanted = {row.assignee_id for row in tickets}
    wanted |= {one.answered_by for each in messages.values() for one in each}
    found = queries.people(connection, view.account.number, sorted(wanted - {None}))
    return {row.id: row.name for row in found}


def _ticket(
    view: View,
    row: Stored,
    messages: Sequence[Stored],
    names: dict[str, str | None],
    *,
    who: str,
    own: bool,
) -> Document:
    agent = row.assignee_id
    shown = messages if own else [one for one in messages if one.author_id == who]
    return {
        "ref": view.account.ref(row.id),
        "subject": row.subject if own else None,
        "status": row.status,
        "channel": row.channel,
        "agent": {"ref": view.account.ref(agent), "name": names.get(agent)} if agent else None,
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.updated_at),
        "solved_at": rfc3339(row.solved_at) if row.solved_at else None,
        "rating": row.rating if own else None,
        "url": view.ticket_url(row.id),
        "messages": [_message(view, one, who) for one in shown],
    }


def _message(view: View, row: Stored, who: str) -> Document:
    another = row.role == "customer" and row.author_id != who
    call = None
    if row.direction is not None:
        call = {
            "direction": row.direction,
            "minutes": row.minutes,
            "answered_by": _ref(view, row.answered_by),
        }
    return {
        "id": row.id,
        "at": rfc3339(row.at),
        "channel": row.channel,
        "public": row.public,
        "author": {
            "ref": _ref(view, row.author_id),
            "name": None if another else row.name,
            "role": row.role or "other",
        },
        "text": None if another else row.text,
        "call": call,
    }


def _memories(
    connection: sa.Connection, view: View, who: str, verdicts: Mapping[str, str]
) -> list[Document]:
    number = view.account.number
    rows = of_customer.memories_of(connection, number, who)
    evidence: dict[str, list[Stored]] = {}
    for one in of_customer.evidence_of(connection, number, [row.id for row in rows]):
        evidence.setdefault(one.memory_id, []).append(one)
    standing = [row for row in rows if row.id not in verdicts]
    states = dict.fromkeys(former_of(standing, evidence), "superseded")
    states |= {one: _STATES[verdict] for one, verdict in verdicts.items() if verdict in _STATES}
    answers = consent.answers_of(connection, number, who)
    return [_memory(view, row, evidence.get(row.id, []), states, answers) for row in rows]


def _memory(
    view: View,
    row: Stored,
    evidence: Sequence[Stored],
    states: Mapping[str, str],
    answers: Mapping[str, str],
) -> Document:
    said = [one for one in evidence if one.at is not None]
    return {
        "memory": row.id,
        "kind": row.kind,
        "relation": row.relation,
        "said_on": view.day(row.said_at),
        "said_days_ago": view.days_ago(row.said_at),
        "about_on": row.about_on.isoformat() if row.about_on else None,
        "hidden": False,
        "quote": evidence[0].quote if evidence else None,
        "evidence": [view.evidence(one) for one in said],
        "confidence": row.confidence,
        "consent": answers.get(row.id, "unknown"),
        "first_view": False,
        "state": states.get(row.id, "current"),
    }
