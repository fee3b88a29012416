"""Composes the brief from the record alone: no model, no index, a handful of indexed reads."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from memory.asking.before import before_of, is_solved
from memory.asking.document import VERSION
from memory.asking.facts import read_facts
from memory.asking.first_view import mark_first_view
from memory.asking.items import items_of
from memory.asking.missed import missed_of, only_missed
from memory.asking.owed import checks_of, promises_of
from memory.asking.preferred import History, preferred_agent
from memory.asking.rhythm import rhythm_of
from memory.asking.suggestions import suggestions_for
from memory.asking.veil import veil
from memory.asking.view import rfc3339
from memory.asking.wording import packaged
from memory.entities import SPOKEN_NAME
from memory.words import fold

if TYPE_CHECKING:
    import sqlalchemy as sa

    from memory.asking.document import (
        Brief,
        Customer,
        Last,
        OpenTicket,
        Withheld,
        You,
    )
    from memory.asking.facts import Facts
    from memory.asking.identity import Found
    from memory.asking.view import View
    from memory.asking.wording import Wording
    from memory.record.stored import Stored


def compose(
    connection: sa.Connection,
    view: View,
    found: Found,
    *,
    agent: Stored | None = None,
    verified: bool = False,
    wording: Wording | None = None,
) -> Brief:
    """The brief of whoever was found; when that is not one person, an empty one that says so.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        found: The answer of `identity.look_up`.
        agent: The asking agent, for what they and the customer share.
        verified: Whether the caller of this call is known to be who they say.
        wording: What there is to say; None is what comes with the program.
    """
    wording = wording or packaged()
    brief = _empty(view, found, verified=verified)
    if found.customer is None:
        brief["suggestions"] = suggestions_for(brief, view.today, wording)
        return brief
    facts = read_facts(connection, view, found.customer, found.people)
    you = agent.id if agent is not None else None
    brief["customer"] = _customer(view, facts)
    brief["adjustments"], withheld_adjustments = items_of(view, facts, "adjustments")
    brief["care"], withheld_care = items_of(view, facts, "care")
    brief["context"], withheld_context = items_of(view, facts, "context")
    brief["last"] = _last(view, facts)
    brief["you"] = _you(view, facts, agent)
    brief["open"] = [
        _open(view, facts, row) for row in reversed(facts.tickets) if not is_solved(row)
    ]
    brief["missed"] = missed_of(view, facts)
    brief["before"] = before_of(view, facts)
    brief["preferred_agent"] = preferred_agent(view, _history(facts), you)
    brief["promises"] = promises_of(view, facts)
    brief["check"] = checks_of(view, facts)
    brief["withheld"] = [*withheld_adjustments, *withheld_care, *withheld_context]
    if facts.never_kept:
        brief["withheld"].append(
            {"kind": "never_kept", "count": facts.never_kept, "why": "never_kept"}
        )
    if not verified:
        veil(brief, shared=found.shared)
    brief["withheld"].extend(_hidden(brief))
    brief["suggestions"] = suggestions_for(brief, view.today, wording)
    mark_first_view(brief, view.zone)
    return brief


def _empty(view: View, found: Found, *, verified: bool) -> Brief:
    synced_at = view.account.synced_at
    return {
        "version": VERSION,
        "account": view.account.name,
        "as_of": rfc3339(view.as_of),
        "synced_at": rfc3339(synced_at) if synced_at else None,
        "match": found.match,
        "verified": verified,
        "customer": None,
        "adjustments": [],
        "care": [],
        "context": [],
        "last": None,
        "you": None,
        "open": [],
        "missed": [],
        "before": [],
        "preferred_agent": None,
        "promises": [],
        "check": [],
        "suggestions": [],
        "about": None,
        "withheld": [],
    }


def _history(facts: Facts) -> History:
    return History(
        requests=facts.memories.get("agent_request", ()),
        contacts=facts.contacts,
        tickets=facts.tickets,
        ratings=facts.ratings,
        agents=facts.agents,
    )


def _hidden(brief: Brief) -> list[Withheld]:
    """How many items of each kind stand in the brief without their words."""
    items = (*brief["adjustments"], *brief["care"], *brief["context"])
    counts = Counter(item["kind"] for item in items if item["hidden"])
    return [
        {"kind": kind, "count": count, "why": "hidden"} for kind, count in sorted(counts.items())
    ]


def _customer(view: View, facts: Facts) -> Customer:
    row = facts.customer
    days = [ticket.created_at.astimezone(view.zone).date() for ticket in facts.tickets]
    return {
        "ref": view.account.ref(row.id),
        "name": row.name,
        "pronunciation": _pronunciation(facts),
        "phone": row.phone,
        "email": row.email,
        "organization": row.organization,
        "language": row.language,
        "time_zone": row.time_zone,
        "since": view.day(row.created_at),
        "contacts": len(facts.tickets),
        "rhythm": rhythm_of(days, view.today),
        "url": view.customer_url(row.id),
    }


def _pronunciation(facts: Facts) -> str | None:
    """How the name is said, as somebody spelt it last; what may be another's name is left out."""
    initials = {fold(part)[:1] for part in (facts.customer.name or "").split()}
    for row in reversed(facts.memories.get(SPOKEN_NAME, ())):
        told: str | None = row.code
        if told and told[0].casefold() in initials:
            return told
    return None


def _last(view: View, facts: Facts) -> Last | None:
    """The ticket with the latest contact, or the latest ticket; a call in vain is neither."""
    in_vain = only_missed(facts)
    tickets = [row for row in facts.tickets if row.id not in in_vain]
    if not tickets:
        return None
    at = {row.id: row.created_at for row in tickets}
    for row in facts.contacts:
        if row.ticket_id in at:
            at[row.ticket_id] = max(at[row.ticket_id], row.at)
    ticket = max(tickets, key=lambda row: (at[row.id], row.id))
    contacts = [row for row in facts.contacts if row.ticket_id == ticket.id]
    longest = max(contacts, key=lambda row: (row.minutes, row.agent_id), default=None)
    minutes = round(sum(row.minutes for row in contacts if row.calls), 1)
    spoken = any(row.calls for row in contacts)
    restated = facts.part(facts.issues.get(ticket.id), "restatement")
    tone, left = _tone(facts, ticket)
    return {
        "on": view.day(at[ticket.id]),
        "channel": "voice" if spoken else ticket.channel,
        "minutes": minutes or None,
        "agent": facts.agent_name(longest.agent_id if longest else ticket.assignee_id),
        "outcome": "solved" if is_solved(ticket) else "open",
        "tone": tone,
        "restatement": restated.quote if restated else None,
        "evidence": [view.evidence(one) for one in (restated, left) if one is not None],
    }


def _tone(facts: Facts, ticket: Stored) -> tuple[str | None, Stored | None]:
    """How the customer left, `good` or `bad`, by their rating or else by their words."""
    if ticket.rating is not None:
        return ticket.rating, None
    for part, tone in (("displeased", "bad"), ("pleased", "good")):
        words = facts.part(facts.issues.get(ticket.id), part)
        if words is not None:
            return tone, words
    return None, None


def _you(view: View, facts: Facts, agent: Stored | None) -> You | None:
    shared = [row for row in facts.contacts if agent is not None and row.agent_id == agent.id]
    if agent is None or not shared:
        return None
    last = shared[-1]
    ticket = next((row for row in facts.tickets if row.id == last.ticket_id), None)
    issue = facts.issues.get(last.ticket_id)
    restated = facts.part(issue, "restatement")
    return {
        "agent": view.account.ref(agent.id),
        "times": sum(row.talks for row in shared),
        "last_on": view.day(last.at),
        "minutes": last.minutes or None,
        "last_about": facts.title(ticket).text if ticket is not None else None,
        "evidence": [view.evidence(restated)] if restated else [],
    }


def _open(view: View, facts: Facts, ticket: Stored) -> OpenTicket:
    title = facts.title(ticket)
    return {
        "ticket": view.account.ref(ticket.id),
        "title": title.text,
        "status": ticket.status,
        "opened_on": view.day(ticket.created_at),
        "url": view.ticket_url(ticket.id),
        "hidden": title.hidden,
        "first_view": True,
    }
