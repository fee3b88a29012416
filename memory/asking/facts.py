"""Everything the record says of one customer, read in one moment for one brief."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memory import policy
from memory.asking.meanings import meanings_of
from memory.asking.preferred import agents_in
from memory.entities import Role
from memory.record import callers, issues, kept, of_customer, queries
from memory.remembering.boilerplate import telling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from memory.asking.view import View
    from memory.record.stored import Stored


@dataclass(frozen=True, slots=True)
class Title:
    """What a ticket is called here; `hidden` when a neutral title stands in for its own."""

    text: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one customer up to the view's present.

    Attributes:
        memories: By kind, oldest first; issues are apart.
        issues: By ticket id.
        evidence: By memory id, in place.
        corrected: Tickets whose issue was said to be wrong: no words stand for them.
        ratings: How the customer's tickets were rated, oldest first.
        missed: Calls that no agent answered, oldest first.
        answered: Calls that the telephony lists as answered, oldest first.
        rung: When the customer was rung and reached; read only where something was promised.
        vectors: Of issues, by ticket id; where there is one issue alone it is not read.
        meanings: Vectors of memories, by id, of those that may tell one thing in other words.
    """

    customer: Stored
    tickets: Sequence[Stored]
    memories: Mapping[str, Sequence[Stored]]
    issues: Mapping[str, Stored]
    evidence: Mapping[str, Sequence[Stored]]
    contacts: Sequence[Stored]
    agents: Mapping[str, Stored]
    notes: Sequence[Stored]
    never_kept: int
    corrected: frozenset[str] = frozenset()
    ratings: Sequence[Stored] = ()
    missed: Sequence[Stored] = ()
    answered: Sequence[Stored] = ()
    rung: Sequence[datetime] = ()
    vectors: Mapping[str, bytes] = field(default_factory=dict)
    meanings: Mapping[str, bytes] = field(default_factory=dict)

    def title(self, ticket: Stored) -> Title:
        """A ticket's title, neutral where its own speaks of something sensitive."""
        issue = self.issues.get(ticket.id)
        words = self.part(issue, "title") if issue is not None else None
        own: str = words.quote if words is not None else ticket.subject
        unsure = (issue is not None and issue.sensitive) or ticket.id in self.corrected
        hidden = unsure or policy.sensitive_words(own)
        return Title(policy.neutral_title(own) if hidden else own or f"#{ticket.id}", hidden)

    def part(self, issue: Stored | None, part: str) -> Stored | None:
        """The evidence of an issue that plays this part, where it may be shown."""
        if issue is None:
            return None
        for row in self.evidence.get(issue.id, ()):
            if row.part == part and (part == "title" or not policy.sensitive_words(row.quote)):
                return row
        return None

    def agent_name(self, agent_id: str | None) -> str | None:
        """An agent's name; nobody else's."""
        row = self.agents.get(agent_id or "")
        return row.name if row is not None and row.role == Role.AGENT.value else None


def read_facts(connection: sa.Connection, view: View, customer: Stored) -> Facts:
    """Read all that a brief may need of a customer."""
    number, who = view.account.number, customer.id
    memories = [
        row for row in of_customer.memories_of(connection, number, who) if row.said_at <= view.as_of
    ]
    tickets = [
        row
        for row in of_customer.tickets_of(connection, number, who)
        if row.created_at <= view.as_of
    ]
    contacts = [
        row for row in of_customer.contacts_of(connection, number, who) if row.at <= view.as_of
    ]
    evidence: dict[str, list[Stored]] = defaultdict(list)
    rested = of_customer.evidence_of(connection, number, [row.id for row in memories])
    for row in telling(connection, view.account, rested):
        evidence[row.memory_id].append(row)
    verdicts = kept.corrections_of(connection, number, who)
    issues_corrected = {x.ticket_id for x in memories if x.kind == "issue" and x.id in verdicts}
    memories = [row for row in memories if row.id in evidence and row.id not in verdicts]
    by_kind: dict[str, list[Stored]] = defaultdict(list)
    for row in memories:
        by_kind[row.kind].append(row)
    by_ticket = {row.ticket_id: row for row in by_kind.pop("issue", [])}
    vectors = issues.vectors_of_customer(connection, number, who) if len(by_ticket) > 1 else ()
    rung = callers.outbound_calls(connection, number, who) if "promise" in by_kind else ()
    wanted = {row.agent_id for row in contacts} | {row.assignee_id for row in tickets}
    for row in by_kind.get("agent_request", []):
        wanted.update(agents_in(row.code))
    ratings = [
        row for row in of_customer.ratings_of(connection, number, who) if row.at <= view.as_of
    ]
    wanted |= {row.agent_id for row in ratings}
    people = queries.people(connection, number, sorted(wanted - {None}))
    return Facts(
        customer=customer,
        tickets=tickets,
        memories=by_kind,
        issues=by_ticket,
        evidence=evidence,
        contacts=contacts,
        agents={row.id: row for row in people},
        notes=[
            row
            for row in of_customer.notes_of(connection, number, who)
            if row.at <= view.as_of and row.id not in verdicts
        ],
        corrected=frozenset(issues_corrected),
        never_kept=of_customer.never_kept_of(connection, number, who, view.as_of),
        ratings=ratings,
        missed=[x for x in callers.missed_calls(connection, number, who) if x.at <= view.as_of],
        answered=[x for x in callers.answered_calls(connection, number, who) if x.at <= view.as_of],
        rung=[row.at for row in rung if row.at <= view.as_of],
        vectors={row.ticket_id: row.data for row in vectors},
        meanings=meanings_of(
            connection, view.account, (row for row in memories if row.kind != "issue"), evidence
        ),
    )
