"""What many questions to the record have in common: their parameters, and what is visible.

A statement that is built once takes its values by these parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import sqlalchemy as sa

from memory.entities import Status
from memory.record import tables as t
from memory.record.stored import Stored

Rows: TypeAlias = Sequence[Stored]

VISIBLE = t.ticket.c.status != Status.DELETED.value
ACCOUNT = sa.bindparam("in_account", type_=sa.Integer)
WHO = sa.bindparam("who", type_=sa.Text)
IDS = sa.bindparam("ids", type_=sa.Text, expanding=True)
UNTIL = sa.bindparam("until", type_=t.UtcTime)
