"""Everything the record says of one customer, read in one moment for one brief."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from memory import policy
from memory.asking.meanings import meanings_of
from memory.asking.preferred import agents_in
from memory.entities import Role
from memory.record import callers, consent, issues, kept, kinds, of_customer, queries
from memory.remembering.boilerplate import telling
from memory.text.unkept import IS_TAKEN_OUT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from memory.asking.view import View
    from memory.record.stored import Stored

    _Question = Callable[[sa.Connection, int, str], Sequence[Stored]]


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
        consent: What the customer answered when asked whether it may be kept, by memory id.
        shown: How the account wants kinds shown, of those of which it says so.
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
    consent: Mapping[str, consent.Answer] = field(default_factory=dict)
    shown: Mapping[str, policy.Mode] = field(default_factory=dict)

    def title(self, ticket: Stored) -> Title:
        """A ticket's title, neutral where its own speaks of something sensitive."""
        issue = self.issues.get(ticket.id)
        words = self.part(issue, "title") if issue is not None else None
        own: str = words.quote if words is not None else ticket.subject
        unsure = (issue is not None and issue.sensitive) or ticket.id in self.corrected
        hidden = unsure or IS_TAKEN_OUT.fullmatch(own) is not None or policy.sensitive_words(own)
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


def read_facts(
    connection: sa.Connection, view: View, customer: Stored, people: Sequence[str] = ()
) -> Facts:
    """Read all that a brief may need of a customer.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        customer: Who they are.
        people: The ids of all who are this one person; the customer alone unless given.
    """
    number = view.account.number
    people = people or (customer.id,)

    def known(ask: _Question, when: str = "at") -> list[Stored]:
        rows = [row for who in people for row in ask(connection, number, who)]
        if len(people) > 1:
            rows.sort(key=attrgetter(when))
        return [row for row in rows if getattr(row, when) <= view.as_of]

    memories = known(of_customer.memories_of, "said_at")
    tickets = known(of_customer.tickets_of, "created_at")
    contacts = known(of_customer.contacts_of)
    evidence: dict[str, list[Stored]] = defaultdict(list)
    rested = of_customer.evidence_of(connection, number, [row.id for row in memories])
    for row in telling(connection, view.account, rested):
        evidence[row.memory_id].append(row)
    verdicts: dict[str, str] = {}
    answers: dict[str, consent.Answer] = {}
    for who in people:
        verdicts |= kept.corrections_of(connection, number, who)
        answers |= consent.answers_of(connection, number, who)
    issues_corrected = {x.ticket_id for x in memories if x.kind == "issue" and x.id in verdicts}
    memories = [row for row in memories if row.id in evidence and row.id not in verdicts]
    by_kind: dict[str, list[Stored]] = defaultdict(list)
    for row in memories:
        by_kind[row.kind].append(row)
    by_ticket = {row.ticket_id: row for row in by_kind.pop("issue", [])}
    vectors = [
        row
        for who in (people if len(by_ticket) > 1 else ())
        for row in issues.vectors_of_customer(connection, number, who)
    ]
    rung = known(callers.outbound_calls) if "promise" in by_kind else ()
    wanted = {row.agent_id for row in contacts} | {row.assignee_id for row in tickets}
    for row in by_kind.get("agent_request", []):
        wanted.update(agents_in(row.code))
    ratings = known(of_customer.ratings_of)
    wanted |= {row.agent_id for row in ratings}
    agents = queries.people(connection, number, sorted(wanted - {None}), people)
    return Facts(
        customer=customer,
        tickets=tickets,
        memories=by_kind,
        issues=by_ticket,
        evidence=evidence,
        contacts=contacts,
        agents={row.id: row for row in agents},
        notes=[row for row in known(of_customer.notes_of) if row.id not in verdicts],
        corrected=frozenset(issues_corrected),
        never_kept=sum(
            of_customer.never_kept_of(connection, number, who, view.as_of) for who in people
        ),
        ratings=ratings,
        missed=known(callers.missed_calls),
        answered=known(callers.answered_calls),
        rung=[row.at for row in rung],
        vectors={row.ticket_id: row.data for row in vectors},
        meanings=meanings_of(
            connection, view.account, (row for row in memories if row.kind != "issue"), evidence
        ),
        consent=answers,
        shown=kinds.shown(connection, number),
    )
