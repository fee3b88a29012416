"""What customers answered when they were asked whether something may be kept."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.dropping import tickets_of
from memory.record.due import read_again
from memory.record.kept import correct, has_opted_out
from memory.record.outbox import put_in_outbox
from memory.record.terms import ACCOUNT, WHO
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

Answer = Literal["agreed", "declined"]
"""What a customer says when they are asked whether a memory may be kept."""

ANSWERS: tuple[str, ...] = get_args(Answer)


def answer(
    connection: sa.Connection,
    account: int,
    memory_ids: Iterable[str],
    *,
    customer_id: str,
    said: Answer,
    agent_id: str | None,
    at: datetime,
) -> None:
    """Write down whether a customer wants memories or notes kept; declined, they go at once.

    Who agrees later takes a decline back: the tickets are remembered again. A note does not come
    back.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        memory_ids: Of one customer's memories or notes.
        customer_id: Whose they are.
        said: What they said.
        agent_id: Who asked them.
        at: When.
    """
    ids = sorted(set(memory_ids))
    declined = {
        one for one, told in answers(connection, account, ids).items() if told == "declined"
    }
    rows: list[Row] = [
        {
            "account": account,
            "memory_id": one,
            "customer_id": customer_id,
            "answer": said,
            "agent_id": agent_id,
            "at": at,
        }
        for one in ids
    ]
    upsert(connection, t.consent, rows)
    if said == "declined":
        correct(
            connection,
            account,
            ids,
            customer_id=customer_id,
            verdict="unwanted",
            agent_id=agent_id,
            at=at,
        )
    elif declined:
        c = t.correction.c
        connection.execute(
            t.correction.delete().where(
                c.account == account, c.memory_id.in_(declined), c.verdict == "unwanted"
            )
        )
        tickets = tickets_of(connection, account, customer_id)
        put_in_outbox(connection, account, tickets)
        read_again(connection, account, tickets)


def answers(
    connection: sa.Connection, account: int, memory_ids: Sequence[str]
) -> dict[str, Answer]:
    """Memory or note id to what the customer said of keeping it, of those they were asked about."""
    c = t.consent.c
    found: dict[str, Answer] = {}
    for chunk in chunks(memory_ids):
        rows = connection.execute(
            sa.select(c.memory_id, c.answer).where(c.account == account, c.memory_id.in_(chunk))
        )
        found.update((row.memory_id, row.answer) for row in rows)
    return found


def answers_of(connection: sa.Connection, account: int, customer_id: str) -> dict[str, Answer]:
    """Memory or note id to what a customer said of keeping it."""
    rows = connection.execute(_answers_of(), {"in_account": account, "who": customer_id})
    return {row.memory_id: row.answer for row in rows}


@cache
def _answers_of() -> sa.Select[Any]:
    c = t.consent.c
    return sa.select(c.memory_id, c.answer).where(c.account == ACCOUNT, c.customer_id == WHO)


def of_customer(
    connection: sa.Connection, account: int, customer_id: str
) -> Literal["agreed", "declined", "unknown"]:
    """What a customer says of being remembered.

    `declined` is who opted out, `agreed` who agreed to all they were asked about; of whoever was
    not asked, or wants some things kept and others not, it is `unknown`: each memory says its own.
    """
    if has_opted_out(connection, account, customer_id):
        return "declined"
    told = set(answers_of(connection, account, customer_id).values())
    return "agreed" if told == {"agreed"} else "unknown"
