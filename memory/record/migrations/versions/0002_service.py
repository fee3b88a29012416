"""Adds what a service keeps: tokens, rings, who was verified, and what agents say of customers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from memory.record.names import words_of_name

revision = "0002"
down_revision = "0001"

TABLES = (
    "name_word",
    "not_offered",
    "helped",
    "same_person",
    "token",
    "ring",
    "verification",
)


def upgrade() -> None:
    op.create_index("contact_by_agent", "contact", ["account", "agent_id", "at"])
    op.create_table(
        "name_word",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("word", sa.Text, primary_key=True, comment="of a customer's name, folded"),
        sa.Column("person_id", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("name_word_by_person", "name_word", ["account", "person_id"])
    op.create_table(
        "not_offered",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("agent_id", sa.Text, primary_key=True, comment="does not want to be offered"),
        sa.Column("customer_id", sa.Text, primary_key=True, comment="to this customer"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("not_offered_by_customer", "not_offered", ["account", "customer_id"])
    op.create_table(
        "helped",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("memory_id", sa.Text, primary_key=True),
        sa.Column("agent_id", sa.Text, primary_key=True, comment="whom it helped"),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("helped_by_customer", "helped", ["account", "customer_id"])
    op.create_table(
        "same_person",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("customer_id", sa.Text, primary_key=True, comment="the lesser of the two ids"),
        sa.Column("other_id", sa.Text, primary_key=True),
        sa.Column("agent_id", sa.Text, comment="who says that the two are one person"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("same_person_by_other", "same_person", ["account", "other_id"])
    op.create_table(
        "token",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False, comment="SHA-256 of the secret"),
        sa.Column("scopes", sa.Text, nullable=False, comment="with spaces between"),
        sa.Column("agent_id", sa.Text, comment="a sign-in link: whose"),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column(
            "used_at", sa.BigInteger, comment="when it last opened a session or was used itself"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ring",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column(
            "id", sa.Text, primary_key=True, comment="the opaque key; says nothing by itself"
        ),
        sa.Column("provider", sa.Text, nullable=False, comment="the phone system"),
        sa.Column("call_id", sa.Text, nullable=False, comment="as the phone system names the call"),
        sa.Column("direction", sa.Text, nullable=False, comment="inbound or outbound"),
        sa.Column("caller", sa.Text, comment="the other end, E.164; none when hidden"),
        sa.Column("called", sa.Text, comment="our line, as the phone system names it"),
        sa.Column("state", sa.Text, nullable=False, comment="ringing, answered or ended"),
        sa.Column("agents", sa.JSON, nullable=False, comment="ids of the agents rung"),
        sa.Column("members", sa.JSON, nullable=False, comment="ids of who may claim it: a group's"),
        sa.Column("agent_id", sa.Text, comment="who answered or claimed it"),
        sa.Column("customer_id", sa.Text, comment="who called, once that is one person"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="grows with every change"),
        sqlite_with_rowid=False,
    )
    op.create_index("ring_by_call", "ring", ["account", "provider", "call_id"])
    op.create_index("ring_by_at", "ring", ["account", "at"])
    op.create_index("ring_by_caller", "ring", ["account", "caller"])
    op.create_index("ring_by_customer", "ring", ["account", "customer_id", "answered_at"])
    op.create_table(
        "verification",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("call", sa.Text, primary_key=True, comment="ring:KEY or ticket:ID"),
        sa.Column("agent_id", sa.Text, primary_key=True, comment="who verified the caller"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False, comment="this call only"),
        sqlite_with_rowid=False,
    )
    op.create_index("verification_by_until", "verification", ["account", "until"])
    if op.get_bind().dialect.name == "sqlite":
        _plan_sqlite()
    else:
        _order_by_bytes()
    _note_names()


def _order_by_bytes() -> None:
    """Have PostgreSQL order text by its bytes, as SQLite does."""
    inspector = sa.inspect(op.get_bind())
    for table in TABLES:
        for column in inspector.get_columns(table):
            if isinstance(column["type"], sa.Text):
                op.execute(
                    f'ALTER TABLE "{table}" ALTER COLUMN "{column["name"]}" '
                    'SET DATA TYPE text COLLATE "C"'
                )


def _plan_sqlite() -> None:
    """Tell SQLite's planner of these tables, too, that an account narrows nothing (as in 0001)."""
    inspector = sa.inspect(op.get_bind())
    keys = [("contact", "contact_by_agent", [10_000, 10])]
    for table in TABLES:
        columns = inspector.get_pk_constraint(table)["constrained_columns"]
        keys.append((table, table, [10 for _ in columns[2:]] + [1]))
        keys += [
            (table, str(index["name"]), [10 for _ in index["column_names"][1:]])
            for index in inspector.get_indexes(table)
        ]
    for table, name, alike in keys:
        figures = " ".join(str(figure) for figure in (1_000_000, 1_000_000, *alike))
        op.get_bind().exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, name, figures)
        )
    op.execute("ANALYZE sqlite_schema")


def _note_names() -> None:
    """Note the words of the names that are stored, some people at a time."""
    connection = op.get_bind()
    words = sa.table("name_word", sa.column("account"), sa.column("word"), sa.column("person_id"))
    some = sa.text(
        "SELECT account, id, name FROM person WHERE (account, id) > (:account, :id) "
        "AND role = 'customer' AND active AND name IS NOT NULL ORDER BY account, id LIMIT 5000"
    )
    last = {"account": 0, "id": ""}
    while people := connection.execute(some, last).all():
        rows = [
            {"account": one.account, "word": word, "person_id": one.id}
            for one in people
            for word in words_of_name(one.name)
        ]
        if rows:
            connection.execute(words.insert(), rows)
        last = {"account": people[-1].account, "id": people[-1].id}
