"""Which agents do not want to be offered as the one a customer would rather speak to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.record import tables as t
from memory.record.forgotten import refuse_forgotten
from memory.record.upserts import Row, upsert

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa


def do_not_offer(
    connection: sa.Connection,
    account: int,
    agent_id: str,
    at: datetime,
    customer_id: str | None = None,
) -> None:
    """Never offer an agent to a customer, or to anybody when none is named.

    Raises:
        ForgottenError: The customer is forgotten.
    """
    row: Row = {"account": account, "agent_id": agent_id, "at": at}
    if customer_id is None:
        upsert(connection, t.agent_wish, [row], keep=("at",))
    else:
        refuse_forgotten(connection, account, customer_id)
        upsert(connection, t.not_offered, [row | {"customer_id": customer_id}], keep=("at",))


def offer_again(
    connection: sa.Connection, account: int, agent_id: str, customer_id: str | None = None
) -> None:
    """Offer an agent again: to a customer, or like any other when none is named.

    Who would rather not be offered to anybody is not offered to a customer either.
    """
    if customer_id is None:
        c = t.agent_wish.c
        connection.execute(
            t.agent_wish.delete().where(c.account == account, c.agent_id == agent_id)
        )
        return
    n = t.not_offered.c
    connection.execute(
        t.not_offered.delete().where(
            n.account == account, n.agent_id == agent_id, n.customer_id == customer_id
        )
    )
