"""A record as an older version of the program left it, to be migrated again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t

if TYPE_CHECKING:
    from memory.record import Record

_TRUST = (t.alias, t.access_head, t.forgotten, t.written, t.kind_policy, t.cut_off, t.consent)
_SERVICE = (t.name_word, t.not_offered, t.helped, t.same_person, t.token, t.ring, t.verification)


def make_older(record: Record, revision: str) -> None:
    """Take out what migrations after this one brought; the log of accesses is empty then."""
    with record.engine.begin() as connection:
        _drop(connection, (t.access, *_TRUST))
        for column in ("swept_at", "seal"):
            connection.execute(sa.text(f"ALTER TABLE account DROP COLUMN {column}"))
        connection.execute(
            sa.text("ALTER TABLE person ADD COLUMN erased BOOLEAN NOT NULL DEFAULT false")
        )
        connection.execute(
            sa.text(
                "CREATE TABLE access (account INTEGER NOT NULL REFERENCES account (number), "
                "number INTEGER NOT NULL, at BIGINT NOT NULL, agent TEXT NOT NULL, "
                "proof TEXT NOT NULL, what TEXT NOT NULL, customer_id TEXT NOT NULL, "
                "PRIMARY KEY (account, number))"
            )
        )
        if revision < "0002":
            _drop(connection, _SERVICE)
            connection.execute(sa.text("DROP INDEX contact_by_agent"))
        connection.execute(
            sa.text("UPDATE alembic_version SET version_num = :it"), {"it": revision}
        )


def _drop(connection: sa.Connection, tables: tuple[sa.Table, ...]) -> None:
    for table in tables:
        connection.execute(sa.text(f'DROP TABLE "{table.name}"'))
