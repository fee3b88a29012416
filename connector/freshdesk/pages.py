"""Turns Freshdesk's answers into pages of entities. Pure: rows in, a page out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from connector.fields import Row, read_all
from connector.freshdesk import codes, rows
from memory.entities import Page, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from memory.entities import Identity, Message

Rows = list[Any]


def contacts(found: Rows, stream: str = "contacts") -> Page:
    """A page of a list of contacts, or a single one with all their identities."""
    people, bad = read_all(stream, found, rows.contact)
    reached, _ = read_all(stream, found, rows.identities)
    readable = {person.id for person in people if person.active}
    identities = [one for each in reached for one in each if one.person_id in readable]
    return Page(
        people=tuple(people),
        identities=tuple(identities),
        identified=tuple(one.id for one in people if one.active and one.identities_known),
        unreadable=tuple(bad),
        rows=len(found),
    )


def agents(found: Rows) -> Page:
    """A page of the list of agents, or a single one."""
    people, bad = read_all("agents", found, rows.agent)
    return Page(people=tuple(people), unreadable=tuple(bad), rows=len(found))


def companies(found: Rows) -> Page:
    """A page of the list of companies, or a single one."""
    organizations, bad = read_all("companies", found, rows.company)
    return Page(organizations=tuple(organizations), unreadable=tuple(bad), rows=len(found))


def ratings(found: Rows) -> Page:
    """A page of satisfaction ratings; what is neither good nor bad is left out."""
    read, bad = read_all("satisfaction_ratings", found, rows.rating)
    return Page(ratings=tuple(read), unreadable=tuple(bad), rows=len(found))


def tickets(
    found: Rows, stream: str, statuses: Mapping[int, Status], *, gone: bool = False
) -> Page:
    """A page of a list of tickets, or a single one, each with its first text.

    Args:
        found: The tickets.
        stream: What they belong to.
        statuses: What the account's codes of states mean.
        gone: Whether these are deleted or spam.
    """
    read, bad = read_all(stream, found, partial(rows.ticket, statuses=statuses, gone=gone))
    here = {one.id for one in read if one.status is not Status.DELETED}
    # What is wrong with the words or with the person in a ticket does not cost the ticket.
    texts, bad_texts = read_all(stream, found, rows.description)
    untouched, _ = read_all(stream, found, _untouched)
    people, _ = read_all(stream, found, rows.requester)
    reached, _ = read_all(stream, found, _reached)
    told = {one.ticket_id for one in texts}
    known = {one.id for one in bad}
    return Page(
        people=tuple(people) if not gone else (),
        identities=tuple(one for each in reached for one in each) if not gone else (),
        tickets=tuple(read),
        messages=tuple(one for one in texts if one.ticket_id in here),
        whole_tickets=tuple(one for one in untouched if one in here and one in told),
        unreadable=(*bad, *(one for one in bad_texts if one.id not in known)),
        rows=len(found),
    )


def conversations(
    found: Rows, ticket_id: str, requester_id: str | None, *, last: bool, name_agents: bool = False
) -> Page:
    """A page of a ticket's conversations.

    Args:
        found: The conversations.
        ticket_id: Their ticket.
        requester_id: Whose the incoming words are that name no author.
        last: Whether no more follow.
        name_agents: Whether whoever wrote an outgoing one is to be taken as an agent.
    """
    read = partial(rows.conversation, ticket_id=ticket_id, requester_id=requester_id)
    messages: list[Message]
    messages, bad = read_all("comments", [one for one in found if not _is_deleted(one)], read)
    people, _ = read_all("comments", found, rows.speaking_agent) if name_agents else ([], [])
    return Page(
        people=tuple({one.id: one for one in people}.values()),
        messages=tuple(messages),
        unreadable=tuple(bad),
        whole_tickets=(ticket_id,) if last else (),
        rows=len(found),
    )


def statuses(fields: Sequence[object]) -> dict[int, Status]:
    """What the codes of states mean, by the account's own names of them.

    Args:
        fields: The ticket fields; `default_status` among them.
    """
    found = dict(codes.STATUSES)
    for field in fields:
        if not isinstance(field, dict) or field.get("type") != "default_status":
            continue
        choices = field.get("choices")
        for code, labels in choices.items() if isinstance(choices, dict) else ():
            if str(code).isascii() and str(code).isdigit() and len(str(code)) < 10:
                found[int(code)] = codes.status_of_labels(labels)
    return found | {one: codes.STATUSES[one] for one in codes.FIXED_STATUSES}


def unknown_status(found: Sequence[object]) -> bool:
    """Whether a ticket is in a state that means what the account says."""
    told = (row.get("status") for row in found if isinstance(row, dict))
    return any(one not in codes.FIXED_STATUSES for one in told if isinstance(one, int | float))


def needs_requester(found: Sequence[object]) -> bool:
    """Whether an incoming conversation names no author."""
    return any(
        isinstance(row, dict) and row.get("incoming") is True and row.get("user_id") is None
        for row in found
    )


def _untouched(row: Row) -> str | None:
    return row.id("id") if rows.is_untouched(row) else None


def _reached(row: Row) -> list[Identity]:
    one = row.child("requester")
    return rows.identities(one) if "id" in one else []


def _is_deleted(row: object) -> bool:
    return isinstance(row, dict) and row.get("deleted") is True
