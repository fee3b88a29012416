"""What exists only here, and outlives whatever is derived: notes, corrections and opt-outs.

A correction names a memory by its id, which is the same however often the memory is derived. Who
opted out is kept nothing of but issues: neither what they told nor what agents noted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.helped import forget_helped
from memory.record.outbox import put_in_outbox
from memory.record.remembered import drop_unused_vectors, release
from memory.record.same import move_same
from memory.record.terms import ACCOUNT, WHO
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

Verdict = Literal["wrong", "outdated", "unwanted"]
"""Never so, no longer so, or not to be kept."""

VERDICTS: tuple[str, ...] = get_args(Verdict)

_ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is not to be remembered of an account.

    Attributes:
        unwanted: Memories that are never to be derived again.
        opted_out: Customers of whom nothing is kept but issues.
    """

    unwanted: frozenset[str]
    opted_out: frozenset[str]


def move_kept(connection: sa.Connection, account: int, loser_id: str, winner_id: str) -> None:
    """Give what agents said of a merged customer, and an opt-out, to whom they are now.

    When either of the two opted out, both are the one person who did.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        loser_id: Who is no more.
        winner_id: Who they have become.
    """
    if loser_id == winner_id:
        return
    for table in (t.note, t.correction, t.helped):
        connection.execute(
            table.update()
            .where(table.c.account == account, table.c.customer_id == loser_id)
            .values(customer_id=winner_id)
        )
    for table in (t.not_offered, t.verification):
        mine = sa.and_(table.c.account == account, table.c.customer_id == loser_id)
        found = connection.execute(sa.select(table).where(mine)).mappings().all()
        connection.execute(table.delete().where(mine))
        upsert(connection, table, [{**row, "customer_id": winner_id} for row in found])
    move_same(connection, account, loser_id, winner_id)
    c = t.opt_out.c
    either = sa.and_(c.account == account, c.customer_id.in_((loser_id, winner_id)))
    first = connection.scalar(sa.select(sa.func.min(c.at)).where(either))
    if first is not None:
        connection.execute(t.opt_out.delete().where(either))
        opt_out(connection, account, winner_id, first)
        _drop_personal(connection, account, loser_id)


def correct(
    connection: sa.Connection,
    account: int,
    memory_ids: Iterable[str],
    *,
    customer_id: str,
    verdict: Verdict,
    agent_id: str | None,
    at: datetime,
) -> None:
    """Write down what is wrong with memories or notes; of what is unwanted the words go at once.

    The tickets concerned are remembered again, so that nothing which is being derived at this
    moment brings the words back.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        memory_ids: Of one customer's memories or notes.
        customer_id: Whose they are.
        verdict: What is wrong with them.
        agent_id: Who says so.
        at: When.
    """
    ids = sorted(set(memory_ids))
    rows: list[Row] = [
        {
            "account": account,
            "memory_id": one,
            "customer_id": customer_id,
            "verdict": verdict,
            "agent_id": agent_id,
            "at": at,
        }
        for one in ids
    ]
    upsert(connection, t.correction, rows)
    if verdict == "unwanted":
        n = t.note.c
        connection.execute(t.note.delete().where(n.account == account, n.id.in_(ids)))
        forget_helped(connection, account, ids)
        _drop_memories(connection, account, ids)


def opt_out(connection: sa.Connection, account: int, customer_id: str, at: datetime) -> None:
    """Keep nothing of a customer from now on but their issues; what there is goes at once."""
    row: Row = {"account": account, "customer_id": customer_id, "at": at}
    upsert(connection, t.opt_out, [row], keep=("at",))
    _drop_personal(connection, account, customer_id)


def opt_in(connection: sa.Connection, account: int, customer_id: str) -> None:
    """Remember a customer like any other again; their tickets are remembered anew."""
    c = t.opt_out.c
    connection.execute(t.opt_out.delete().where(c.account == account, c.customer_id == customer_id))
    put_in_outbox(connection, account, _tickets_of(connection, account, customer_id))


def has_opted_out(connection: sa.Connection, account: int, customer_id: str) -> bool:
    """Whether a customer opted out."""
    c = t.opt_out.c
    question = sa.select(c.at).where(c.account == account, c.customer_id == customer_id)
    return connection.scalar(question) is not None


def wishes(connection: sa.Connection, account: int) -> Wishes:
    """What is not to be remembered."""
    c, o = t.correction.c, t.opt_out.c
    unwanted = sa.select(c.memory_id).where(c.account == account, c.verdict == "unwanted")
    gone = sa.select(o.customer_id).where(o.account == account)
    return Wishes(frozenset(connection.scalars(unwanted)), frozenset(connection.scalars(gone)))


def whose(connection: sa.Connection, account: int, memory_id: str) -> str | None:
    """The customer whom a memory or note is about; None when there is none of this id.

    A memory that is not wanted is known by its correction alone.
    """
    for table, key in ((t.memory, "id"), (t.note, "id"), (t.correction, "memory_id")):
        found: str | None = connection.scalar(
            sa.select(table.c.customer_id).where(
                table.c.account == account, table.c[key] == memory_id
            )
        )
        if found is not None:
            m = t.merge.c
            merged = sa.and_(m.account == account, m.loser_id == found)
            return connection.scalar(sa.select(m.winner_id).where(merged)) or found
    return None


def corrections_of(connection: sa.Connection, account: int, customer_id: str) -> dict[str, str]:
    """Memory or note id to verdict, of all that was corrected of a customer."""
    rows = connection.execute(_corrections_of(), {"in_account": account, "who": customer_id})
    return {row.memory_id: row.verdict for row in rows}


@cache
def _corrections_of() -> sa.Select[Any]:
    """Built once: to build it anew takes longer than to answer it."""
    c = t.correction.c
    return sa.select(c.memory_id, c.verdict).where(c.account == ACCOUNT, c.customer_id == WHO)


def corrected_places(
    connection: sa.Connection, account: int, customer_id: str
) -> set[tuple[str, str, str]]:
    """Where the words stand that a customer's corrected memories rest on.

    Each is a ticket, a message and the words.
    """
    rows = connection.execute(_corrected_places(), {"in_account": account, "who": customer_id})
    return {(row.ticket_id, row.message_id, row.quote) for row in rows}


@cache
def _corrected_places() -> sa.Select[Any]:
    c, e = t.correction.c, t.evidence.c
    return (
        sa.select(e.ticket_id, e.message_id, e.quote)
        .join_from(
            t.correction,
            t.evidence,
            sa.and_(e.account == c.account, e.memory_id == c.memory_id),
        )
        .where(c.account == ACCOUNT, c.customer_id == WHO)
    )


def verdicts(connection: sa.Connection, account: int, memory_ids: Sequence[str]) -> dict[str, str]:
    """Memory or note id to verdict, of those of these that were corrected."""
    c = t.correction.c
    found: dict[str, str] = {}
    for chunk in chunks(memory_ids):
        rows = connection.execute(
            sa.select(c.memory_id, c.verdict).where(c.account == account, c.memory_id.in_(chunk))
        )
        found.update((row.memory_id, row.verdict) for row in rows)
    return found


def _drop_personal(connection: sa.Connection, account: int, customer_id: str) -> None:
    """Remove all that is kept of a customer but issues, and what could be found by search."""
    tickets = _tickets_of(connection, account, customer_id)
    m, s = t.memory.c, t.sentence.c
    personal = sa.select(m.id).where(
        m.account == account, m.customer_id == customer_id, m.kind != _ISSUE
    )
    _drop_memories(connection, account, connection.scalars(personal).all())
    for table in (t.note, t.helped):
        c = table.c
        connection.execute(table.delete().where(c.account == account, c.customer_id == customer_id))
    for chunk in chunks(tickets):
        _drop_sentences(connection, sa.and_(s.account == account, s.ticket_id.in_(chunk)))
    drop_unused_vectors(connection, account)
    counted = t.never_kept.c
    connection.execute(
        t.never_kept.delete().where(counted.account == account, counted.customer_id == customer_id)
    )
    put_in_outbox(connection, account, tickets)


def _tickets_of(connection: sa.Connection, account: int, customer_id: str) -> list[str]:
    """The tickets a customer requested, wrote in, or of which something is remembered of them."""
    c, m, y = t.ticket.c, t.message.c, t.memory.c
    questions = (
        sa.select(c.id).where(c.account == account, c.requester_id == customer_id),
        sa.select(m.ticket_id).where(m.account == account, m.author_id == customer_id),
        sa.select(y.ticket_id).where(y.account == account, y.customer_id == customer_id),
    )
    return sorted({one for question in questions for one in connection.scalars(question)})


def _drop_memories(connection: sa.Connection, account: int, ids: Sequence[str]) -> None:
    """Remove memories with their words, and the sentences they were found in."""
    m, e, s = t.memory.c, t.evidence.c, t.sentence.c
    for chunk in chunks(ids):
        mine = sa.and_(m.account == account, m.id.in_(chunk))
        tickets = connection.scalars(sa.select(m.ticket_id).distinct().where(mine)).all()
        used = connection.scalars(sa.select(m.vector).where(mine, m.vector.is_not(None)))
        release(connection, account, Counter(used))
        stands_in = sa.and_(e.account == account, e.memory_id.in_(chunk))
        said = connection.execute(
            sa.select(e.ticket_id, e.message_id, e.quote)
            .distinct()
            .where(stands_in, e.message_id != "")
        ).all()
        connection.execute(t.evidence.delete().where(stands_in))
        connection.execute(t.memory.delete().where(mine))
        for ticket_id, message_id, quote in said:
            there = (e.account == account, e.ticket_id == ticket_id, e.message_id == message_id)
            connection.execute(t.evidence.delete().where(*there, e.quote == quote))
            _drop_sentences(
                connection,
                sa.and_(s.account == account, s.ticket_id == ticket_id, s.message_id == message_id),
            )
        put_in_outbox(connection, account, tickets)
    drop_unused_vectors(connection, account)


def _drop_sentences(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Remove embedded sentences; those that may stay come back when their ticket is remembered."""
    s = t.sentence.c
    used = connection.execute(sa.select(s.account, s.digest).where(which)).all()
    if used:
        release(connection, used[0].account, Counter(row.digest for row in used))
        connection.execute(t.sentence.delete().where(which))
