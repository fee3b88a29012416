"""Adds what forgetting, the chained access log, and an account's policy keep.

Of who was erased before, a bare row stood among the people; now a digest stands among the
forgotten. What files and indexes may still hold of them is removed like that of anybody forgotten.
"""

from __future__ import annotations

import hmac

import sqlalchemy as sa
from alembic import op

from memory.record.access import rechain

revision = "0003"
down_revision = "0002"

TABLES = (
    "access",
    "alias",
    "access_head",
    "forgotten",
    "written",
    "kind_policy",
    "cut_off",
    "consent",
)


def _account() -> sa.Column[int]:
    return sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True)


def upgrade() -> None:
    swept = "when what is older than its kind's days went last"
    seal = "the keys that seal its words; none when they are open"
    op.add_column("account", sa.Column("swept_at", sa.BigInteger, comment=swept))
    op.add_column("account", sa.Column("seal", sa.Text, comment=seal))
    before = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT account, at, agent, proof, what, customer_id "
                "FROM access ORDER BY account, number"
            )
        )
        .all()
    )
    op.drop_table("access")
    op.create_table(
        "access",
        _account(),
        sa.Column("number", sa.Integer, primary_key=True, comment="from 1, without a gap"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("agent", sa.Text, nullable=False, comment="who looked"),
        sa.Column("proof", sa.Text, nullable=False, comment="how we know that it was them"),
        sa.Column("source", sa.Text, nullable=False, comment="from where they looked"),
        sa.Column("what", sa.Text, nullable=False, comment="what they did"),
        sa.Column("alias", sa.LargeBinary, nullable=False, comment="random: of whom"),
        sa.Column(
            "subject", sa.LargeBinary, comment="which memory or call, keyed with the alias's key"
        ),
        sa.Column(
            "hash", sa.LargeBinary, nullable=False, comment="over this entry and the one before"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("access_by_alias", "access", ["account", "alias"])
    op.create_table(
        "alias",
        _account(),
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column(
            "alias", sa.LargeBinary, nullable=False, comment="who they are in the access log"
        ),
        sa.Column(
            "key", sa.LargeBinary, nullable=False, comment="keys the memories and calls there"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "access_head",
        _account(),
        sa.Column("number", sa.Integer, nullable=False, comment="the newest entry's"),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "forgotten",
        _account(),
        sa.Column("digest", sa.LargeBinary, primary_key=True, comment="keyed, of the person's id"),
        sa.Column("reason", sa.Text, nullable=False, comment="asked, or what the helpdesk did"),
        sa.Column(
            "accepted_at", sa.BigInteger, nullable=False, comment="since when they are out of sight"
        ),
        sa.Column(
            "complete_at", sa.BigInteger, comment="since when no byte of theirs is left here"
        ),
        sa.Column("counts", sa.JSON, nullable=False, comment="how much went, by what it was"),
        sqlite_with_rowid=False,
    )
    op.create_index("forgotten_by_complete", "forgotten", ["account", "complete_at"])
    op.create_table(
        "written",
        _account(),
        sa.Column("path", sa.Text, primary_key=True, comment="of a file about one customer"),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False, comment="SHA-256 of what was written"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("written_by_customer", "written", ["account", "customer_id"])
    op.create_table(
        "kind_policy",
        _account(),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("kept", sa.Boolean, nullable=False, comment="whether memories of it are kept"),
        sa.Column("shown", sa.Text, comment="full, masked or off; none is as the setting says"),
        sa.Column("days", sa.Integer, comment="how long it is kept; none is as the setting says"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cut_off",
        _account(),
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column(
            "before", sa.BigInteger, nullable=False, comment="nothing said earlier is remembered"
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consent",
        _account(),
        sa.Column("memory_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False, comment="agreed or declined"),
        sa.Column("agent_id", sa.Text, comment="who asked them"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("consent_by_customer", "consent", ["account", "customer_id"])
    _forget_the_erased(op.get_bind())
    op.drop_column("person", "erased")
    if op.get_bind().dialect.name == "sqlite":
        _plan_sqlite()
    else:
        _order_by_bytes()
    rechain(op.get_bind(), before)


def _forget_the_erased(connection: sa.Connection) -> None:
    """Turn bare rows into digests; that of an agent stays, since their words to customers do."""
    erased = connection.execute(
        sa.text(
            "SELECT p.account, p.id, a.key, COALESCE(p.left_at, p.updated_at) AS at, "
            "(SELECT COUNT(*) FROM ticket c "
            "WHERE c.account = p.account AND c.requester_id = p.id) AS tickets "
            "FROM person p JOIN account a ON a.number = p.account WHERE p.erased"
        )
    ).all()
    forgotten = sa.table(
        "forgotten",
        *(sa.column(name) for name in ("account", "digest", "reason", "accepted_at")),
        sa.column("counts", sa.JSON),
    )
    for one in erased:
        connection.execute(
            forgotten.insert().values(
                account=one.account,
                digest=hmac.digest(one.key, b"person:" + one.id.encode(), "sha256"),
                reason="deleted",
                accepted_at=one.at,
                counts={"people": 1, "tickets": one.tickets},
            )
        )
    op.execute(
        "UPDATE ticket SET requester_id = NULL, assignee_id = NULL, channel = '', solved_at = NULL "
        "WHERE EXISTS (SELECT 1 FROM person p "
        "WHERE p.account = ticket.account AND p.id = ticket.requester_id AND p.erased)"
    )
    op.execute(
        "UPDATE ticket SET former_requester_id = NULL WHERE EXISTS (SELECT 1 FROM person p "
        "WHERE p.account = ticket.account AND p.id = ticket.former_requester_id AND p.erased)"
    )
    op.execute(
        "UPDATE person SET role = 'agent' WHERE erased AND ("
        "EXISTS (SELECT 1 FROM message m "
        "WHERE m.account = person.account AND m.author_id = person.id) "
        "OR EXISTS (SELECT 1 FROM ticket c "
        "WHERE c.account = person.account AND c.assignee_id = person.id))"
    )
    op.execute("DELETE FROM person WHERE erased AND role <> 'agent'")


def _order_by_bytes() -> None:
    """Have PostgreSQL order text by its bytes, as SQLite does."""
    inspector = sa.inspect(op.get_bind())
    for table in (*TABLES, "account"):
        for column in inspector.get_columns(table):
            if isinstance(column["type"], sa.Text):
                op.execute(
                    f'ALTER TABLE "{table}" ALTER COLUMN "{column["name"]}" '
                    'SET DATA TYPE text COLLATE "C"'
                )


def _plan_sqlite() -> None:
    """Tell SQLite's planner of these tables, too, that an account narrows nothing (as in 0001)."""
    inspector = sa.inspect(op.get_bind())
    keys = []
    for table in TABLES:
        columns = inspector.get_pk_constraint(table)["constrained_columns"]
        keys.append((table, table, [10 for _ in columns[2:]] + [1]))
        keys += [
            (table, str(index["name"]), [10 for _ in index["column_names"][1:]])
            for index in inspector.get_indexes(table)
        ]
    op.get_bind().exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl = 'access'")
    for table, name, alike in keys:
        figures = " ".join(str(figure) for figure in (1_000_000, 1_000_000, *alike))
        op.get_bind().exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, name, figures)
        )
    op.execute("ANALYZE sqlite_schema")
