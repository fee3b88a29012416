"""What exists only here, and outlives whatever is derived: notes, corrections and wishes.

A correction names a memory by its id, which is the same however often the memory is derived; so
does what a customer answered when they were asked whether it may be kept. Who opted out is kept
nothing of but issues: neither what they told nor what agents noted. A cut-off is the same for what
was said before a day.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.dropping import (
    drop_before,
    drop_memories,
    drop_notes,
    drop_personal,
    tickets_of,
)
from memory.record.due import read_again
from memory.record.outbox import put_in_outbox
from memory.record.same import move_same
from memory.record.terms import ACCOUNT, WHO
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

Verdict = Literal["wrong", "outdated", "unwanted"]
"""Never so, no longer so, or not to be kept."""

VERDICTS: tuple[str, ...] = get_args(Verdict)

_BY_CUSTOMER = (t.note, t.correction, t.helped, t.consent)
"""Where rows say nothing but whose they are: of two merged customers all are the winner's."""


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
    for table in _BY_CUSTOMER:
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
        drop_personal(connection, account, loser_id)
    _move_cut_off(connection, account, loser_id, winner_id)


def _move_cut_off(connection: sa.Connection, account: int, loser_id: str, winner_id: str) -> None:
    """Of two merged customers the later day holds for both: they are the one who asked for it."""
    c = t.cut_off.c
    either = sa.and_(c.account == account, c.customer_id.in_((loser_id, winner_id)))
    rows = connection.execute(sa.select(c.before, c.at).where(either)).all()
    if rows:
        latest = max(rows, key=lambda row: row.before)
        connection.execute(t.cut_off.delete().where(either))
        cut_off(connection, account, winner_id, latest.before, latest.at)
        drop_before(connection, account, loser_id, latest.before)


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
        drop_notes(connection, account, ids)
        drop_memories(connection, account, ids)


def opt_out(connection: sa.Connection, account: int, customer_id: str, at: datetime) -> None:
    """Keep nothing of a customer from now on but their issues; what there is goes at once."""
    row: Row = {"account": account, "customer_id": customer_id, "at": at}
    upsert(connection, t.opt_out, [row], keep=("at",))
    drop_personal(connection, account, customer_id)


def opt_in(connection: sa.Connection, account: int, customer_id: str) -> None:
    """Remember a customer like any other again; their tickets are remembered anew."""
    c = t.opt_out.c
    connection.execute(t.opt_out.delete().where(c.account == account, c.customer_id == customer_id))
    tickets = tickets_of(connection, account, customer_id)
    put_in_outbox(connection, account, tickets)
    read_again(connection, account, tickets)


def has_opted_out(connection: sa.Connection, account: int, customer_id: str) -> bool:
    """Whether a customer opted out."""
    c = t.opt_out.c
    question = sa.select(c.at).where(c.account == account, c.customer_id == customer_id)
    return connection.scalar(question) is not None


def cut_off(
    connection: sa.Connection, account: int, customer_id: str, before: datetime, at: datetime
) -> None:
    """Remember nothing of a customer that was said before a moment; what there is goes at once.

    Memories, notes, and sentences that search could find go. Their tickets stay as the helpdesk has
    them, and come back as issues without the customer's own words.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        customer_id: Of whom; an earlier cut-off of theirs does not take a later one back.
        before: The moment.
        at: When it was asked for.
    """
    c = t.cut_off.c
    mine = sa.and_(c.account == account, c.customer_id == customer_id)
    known = connection.scalar(sa.select(c.before).where(mine))
    if known is None or known < before:
        row: Row = {"account": account, "customer_id": customer_id, "before": before, "at": at}
        upsert(connection, t.cut_off, [row])
    drop_before(connection, account, customer_id, before)


def cut_off_of(connection: sa.Connection, account: int, customer_id: str) -> datetime | None:
    """Before when nothing is remembered that was said of a customer; None where all is."""
    c = t.cut_off.c
    mine = sa.and_(c.account == account, c.customer_id == customer_id)
    found: datetime | None = connection.scalar(sa.select(c.before).where(mine))
    return found


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
