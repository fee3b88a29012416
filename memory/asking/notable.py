"""Why a conversation is one to remember, of an agent's many."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from memory import policy
from memory.asking.before import back_again, is_solved
from memory.asking.facts import Facts
from memory.record import kept, kinds, of_customer, of_customers
from memory.record.upserts import chunks
from memory.remembering.boilerplate import telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from memory.asking.view import View
    from memory.record.stored import Stored

Code = Literal["promise", "check", "first_contact", "returned", "left_unhappy", "care"]
"""Something was promised; something is to be checked; it was the customer's first; what had been
solved came back; they left unhappy; they told of something in their life."""

_CARES: Final = frozenset(
    kind for kind, section in policy.SECTION_OF_KIND.items() if section == "care"
)
_COMPARED: Final = 15
"""With so many of a customer's earlier tickets one is compared: what comes back comes soon."""

_KINDS: Final = ("issue", "promise", "check", *sorted(_CARES))


@dataclass(frozen=True, slots=True)
class Span:
    """A time, from its beginning up to its end."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether a moment is in it."""
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class History:
    """What of a customer's history the codes are chosen by.

    Attributes:
        facts: Their tickets and issues.
        told: Memories of other kinds, that stand, by ticket.
        noted: What the agent noted about them.
    """

    facts: Facts
    told: Mapping[str, Sequence[Stored]]
    noted: Sequence[Stored]


def histories_of(
    connection: sa.Connection, view: View, agent: Stored, people: Sequence[str]
) -> dict[str, History]:
    """What the codes of these customers' conversations are chosen by.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        agent: Whose notes count.
        people: The customers' ids.
    """
    number = view.account.number
    memories = of_customers.memories_of(connection, number, people, _KINDS)
    verdicts = kept.verdicts(connection, number, [row.id for row in memories])
    evidence = by(
        (
            row
            for some in chunks([row.id for row in memories])
            for row in of_customer.evidence_of(connection, number, some)
        ),
        "memory_id",
    )
    tickets = by(of_customers.tickets_of(connection, number, people), "customer_id")
    notes = by(of_customers.notes_of(connection, number, people), "customer_id")
    mine = by(memories, "customer_id")
    written = [note.id for each in notes.values() for note in each]
    corrected = kept.verdicts(connection, number, written)
    shown = kinds.shown(connection, number)
    found: dict[str, History] = {}
    for who in people:
        standing = [row for row in mine[who] if row.id not in verdicts and row.id in evidence]
        facts = Facts(
            customer=who,
            tickets=[row for row in tickets[who] if row.created_at <= view.as_of],
            memories={},
            issues={row.ticket_id: row for row in standing if row.kind == "issue"},
            evidence=evidence,
            contacts=(),
            agents={},
            notes=(),
            never_kept=0,
            shown=shown,
            corrected=frozenset(
                row.ticket_id for row in mine[who] if row.kind == "issue" and row.id in verdicts
            ),
        )
        told = by([row for row in standing if row.kind != "issue"], "ticket_id")
        noted = [row for row in notes[who] if row.agent_id == agent.id and row.id not in corrected]
        found[who] = History(facts, told, noted)
    return found


def codes_of(
    connection: sa.Connection, view: View, history: History, ticket: Stored, span: Span
) -> Iterator[Code]:
    """What there is to remember of that day's conversation on a ticket."""
    facts = history.facts
    told = [row for row in history.told.get(ticket.id, ()) if span.holds(row.said_at)]
    if any(row.kind == "promise" and not _is_kept(facts, row) for row in told):
        yield "promise"
    marked = any(_marks(row.text) for row in history.noted if span.holds(row.at))
    if marked or any(row.kind == "check" for row in told):
        yield "check"
    if facts.tickets[0].id == ticket.id and span.holds(ticket.created_at):
        yield "first_contact"
    elif _is_back(connection, view, facts, ticket):
        yield "returned"
    if _left_unhappy(facts, ticket):
        yield "left_unhappy"
    if any(
        row.kind in _CARES
        and policy.may_show(row.kind, view.sensitive, facts.shown.get(row.kind)) != "withheld"
        for row in told
    ):
        yield "care"


def _is_kept(facts: Facts, row: Stored) -> bool:
    return any(one.part == "kept" for one in facts.evidence[row.id])


def _marks(text: str) -> bool:
    """Whether a note marks something to check."""
    return any(word.startswith("?") and word.strip("?.,;:!") for word in text.split())


def _left_unhappy(facts: Facts, ticket: Stored) -> bool:
    if ticket.rating is not None:
        return bool(ticket.rating == "bad")
    return facts.part(facts.issues.get(ticket.id), "displeased") is not None


def _is_back(connection: sa.Connection, view: View, facts: Facts, ticket: Stored) -> bool:
    """Whether it came though its problem had been called solved; read where that can be."""
    place = next(place for place, row in enumerate(facts.tickets) if row.id == ticket.id)
    lately = facts.tickets[max(place - _COMPARED, 0) : place + 1]
    if not any(is_solved(row) for row in lately[:-1]) or facts.title(ticket).hidden:
        return False
    return ticket.id in back_again(view, _compared(connection, view, facts, lately))


def _compared(
    connection: sa.Connection, view: View, facts: Facts, tickets: Sequence[Stored]
) -> Facts:
    """These tickets with what their issues are compared by: telling words, and vectors."""
    rows = [facts.issues[row.id] for row in tickets if row.id in facts.issues]
    words = [one for row in rows for one in facts.evidence[row.id]]
    digests = sorted({row.vector for row in rows if row.vector is not None})
    vectors: Mapping[bytes, bytes] = {}
    if digests:
        vectors = of_customer.vectors_said(connection, view.account.number, digests)
    return replace(
        facts,
        tickets=tickets,
        evidence=by(telling(connection, view.account, words), "memory_id"),
        vectors={row.ticket_id: vectors[row.vector] for row in rows if row.vector in vectors},
    )


def by(rows: Iterable[Stored], key: str) -> dict[str, list[Stored]]:
    """Rows by one of their columns, in their order."""
    found: dict[str, list[Stored]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found
