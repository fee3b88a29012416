"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FEW_VALUES = {"role", "kind", "users", "messages_due", "identities_due", "read_at", "due"}

RARE = {"message_by_missed"}


def upgrade() -> None:  # noqa: PLR0915 - a table after the other
    others = set(sa.inspect(op.get_bind()).get_table_names())
    op.create_table(
        "account",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False, comment="keys the digests of vectors"),
        sa.Column("synced_at", sa.BigInteger),
        sa.Column("encoder", sa.Text, comment="which weights made the vectors"),
    )
    op.create_table(
        "access",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("access_by_customer", "access", ["account", "customer_id"])
    op.create_table(
        "agent_wish",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("agent_id", sa.Text, primary_key=True, comment="not to be offered as preferred"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "call",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text),
        sa.Column("ticket_id", sa.Text),
        sa.Column("agent_id", sa.Text),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column(
            "outcome", sa.Text, nullable=False, comment="answered, missed, abandoned, voicemail"
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("minutes", sa.Float),
        sqlite_with_rowid=False,
    )
    op.create_index("call_by_customer", "call", ["account", "customer_id", "at"])
    op.create_index("call_by_ticket", "call", ["account", "ticket_id"])
    op.create_table(
        "checkpoint",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("agent_id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("minutes", sa.Float, nullable=False),
        sa.Column("talks", sa.Integer, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("contact_by_ticket", "contact", ["account", "ticket_id"])
    op.create_table(
        "correction",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("memory_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False, comment="wrong, outdated or unwanted"),
        sa.Column("agent_id", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("correction_by_customer", "correction", ["account", "customer_id"])
    op.create_table(
        "evidence",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("memory_id", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column(
            "part", sa.Text, nullable=False, comment="title, restatement, resolution or said"
        ),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("author_id", sa.Text, comment="who said it: in a transcript not the author"),
        sa.Column("quote", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identity",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("source", sa.Text, nullable=False, comment="profile or identities"),
        sqlite_with_rowid=False,
    )
    op.create_index("identity_by_person", "identity", ["account", "person_id"])
    op.create_table(
        "ignored_event",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leg",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("agent_id", sa.Text),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("minutes", sa.Float),
        sqlite_with_rowid=False,
    )
    op.create_index("leg_by_call", "leg", ["account", "call_id"])
    op.create_table(
        "memory",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("relation", sa.Text),
        sa.Column("said_at", sa.BigInteger, nullable=False),
        sa.Column("about_on", sa.Date),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("sensitive", sa.Boolean, nullable=False),
        sa.Column(
            "code", sa.Text, comment="issue: outcome; access_need: what; agent_request: agent"
        ),
        sa.Column("vector", sa.LargeBinary, comment="issue: the digest of its title's vector"),
        sqlite_with_rowid=False,
    )
    op.create_index("memory_by_customer", "memory", ["account", "customer_id", "kind"])
    op.create_index("memory_by_kind", "memory", ["account", "kind"])
    op.create_index("memory_by_ticket", "memory", ["account", "ticket_id"])
    op.create_table(
        "merge",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("loser_id", sa.Text, primary_key=True),
        sa.Column("winner_id", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("merge_by_winner", "merge", ["account", "winner_id"])
    op.create_table(
        "untold",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True, comment="stale, and not known yet"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "message",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("author_id", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("direction", sa.Text),
        sa.Column("minutes", sa.Float),
        sa.Column("answered_by", sa.Text),
        sa.Column("number", sa.Text, comment="E.164, the other end's"),
        sa.Column("call_id", sa.Text),
        sa.Column("missed", sa.Boolean),
        sqlite_with_rowid=False,
    )
    op.create_index("message_by_author", "message", ["account", "author_id"])
    op.create_index(
        "message_by_missed",
        "message",
        ["account", "ticket_id"],
        sqlite_where=sa.text("missed = 1"),
        postgresql_where=sa.text("missed"),
    )
    op.create_index("message_by_number", "message", ["account", "number"])
    op.create_table(
        "never_kept",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "note",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("agent_id", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sensitive", sa.Boolean, nullable=False),
        sa.Column("due", sa.Boolean, nullable=False, comment="to be written to the helpdesk"),
        sa.Column("ticket_id", sa.Text, comment="where it stands in the helpdesk, or is to"),
        sa.Column("message_id", sa.Text, comment="as which message it stands there"),
        sqlite_with_rowid=False,
    )
    op.create_index("note_by_customer", "note", ["account", "customer_id"])
    op.create_index("note_by_due", "note", ["account", "due"])
    op.create_index("note_by_ticket", "note", ["account", "ticket_id"])
    op.create_table(
        "opt_out",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organization",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column(
            "stamp", sa.Text, nullable=False, comment="changes whenever the ticket is put again"
        ),
        sa.Column(
            "at", sa.BigInteger, nullable=False, comment="the ticket's last change: newest first"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("outbox_by_at", "outbox", ["account", "at"])
    op.create_table(
        "person",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text, comment="E.164"),
        sa.Column("organization_id", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("time_zone", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("erased", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("identities_due", sa.Boolean, nullable=False),
        sa.Column("left_at", sa.BigInteger, comment="since when they are known not to be active"),
        sa.Column(
            "seen_at", sa.BigInteger, nullable=False, comment="when the helpdesk last listed them"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("person_by_identities_due", "person", ["account", "identities_due"])
    op.create_index("person_by_role", "person", ["account", "role"])
    op.create_table(
        "quarantine",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text),
        sa.Column("agent_id", sa.Text),
        sa.Column("score", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("rating_by_customer", "rating", ["account", "customer_id"])
    op.create_index("rating_by_ticket", "rating", ["account", "ticket_id"])
    op.create_table(
        "sentence",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("start", sa.Integer, primary_key=True),
        sa.Column("stop", sa.Integer, nullable=False),
        sa.Column("author_id", sa.Text, comment="who said it: in a transcript not the author"),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ticket",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("requester_id", sa.Text),
        sa.Column("assignee_id", sa.Text),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("solved_at", sa.BigInteger),
        sa.Column("rating", sa.Text),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("messages_due", sa.Boolean, nullable=False),
        sa.Column(
            "messages_read", sa.Boolean, nullable=False, comment="all of them, at least once"
        ),
        sa.Column("messages_told", sa.Integer, comment="how many the helpdesk says there are"),
        sa.Column("stale", sa.Boolean, nullable=False, comment="only the ticket itself tells all"),
        sa.Column("archived", sa.Boolean, nullable=False, comment="lists no longer show it"),
        sa.Column("former_requester_id", sa.Text, comment="whose it was before"),
        sa.Column(
            "seen_at", sa.BigInteger, nullable=False, comment="when the helpdesk last listed it"
        ),
        sa.Column("read_at", sa.BigInteger, comment="when its messages were last read whole"),
        sqlite_with_rowid=False,
    )
    op.create_index("ticket_by_former_requester", "ticket", ["account", "former_requester_id"])
    op.create_index("ticket_by_read", "ticket", ["account", "read_at"])
    op.create_index("ticket_by_messages_due", "ticket", ["account", "messages_due", "updated_at"])
    op.create_index("ticket_by_requester", "ticket", ["account", "requester_id", "created_at"])
    op.create_table(
        "vector",
        sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False, comment="384 little-endian float16"),
        sa.Column("reading", sa.LargeBinary, comment="what the head made of the text's tokens"),
        sa.Column("users", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("vector_by_users", "vector", ["account", "users"])
    if op.get_bind().dialect.name == "sqlite":
        _plan_sqlite()
    else:
        _order_by_bytes(others)


def _order_by_bytes(others: set[str]) -> None:
    """Have PostgreSQL order text by its bytes, as SQLite does, whatever the database's language.

    Both then list the same rows in the same order (postgresql.org/docs/current/collation.html).
    Tables that other programs keep in the database stay as they are.
    """
    inspector = sa.inspect(op.get_bind())
    for table in set(inspector.get_table_names()) - others:
        for column in inspector.get_columns(table):
            if isinstance(column["type"], sa.Text):
                op.execute(
                    f'ALTER TABLE "{table}" ALTER COLUMN "{column["name"]}" '
                    'SET DATA TYPE text COLLATE "C"'
                )


def _plan_sqlite() -> None:
    """Tell SQLite's planner what it would guess wrongly: that an account narrows nothing.

    Unless told it takes one column for ten rows, and reads a whole account's memories in the order
    of their ids rather than one customer's by their index. Figures that are written down rather
    than analysed keep the plans the same in every record (sqlite.org/queryplanner-ng.html, 4).
    """
    connection = op.get_bind()
    op.execute("ANALYZE")
    inspector = sa.inspect(connection)
    for table in inspector.get_table_names():
        keys = {table: inspector.get_pk_constraint(table)["constrained_columns"]}
        for index in inspector.get_indexes(table):
            keys[str(index["name"])] = [str(column) for column in index["column_names"]]
        for name, columns in keys.items():
            if columns[0] == "account":
                figures = _figures(columns, unique=name == table, rare=name in RARE)
                connection.exec_driver_sql(
                    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
                    (table, name, " ".join(str(figure) for figure in figures)),
                )
    op.execute("ANALYZE sqlite_schema")


def _figures(columns: list[str], *, unique: bool, rare: bool) -> list[int]:
    """How many rows there are, and how many have equal values in the first columns of a key."""
    every = 1_000_000
    if rare:
        return [1_000, 1_000, *(1 for _ in columns[1:])]
    alike = [every // 10 if column in FEW_VALUES else 10 for column in columns[1:]]
    alike = [min(alike[: place + 1]) for place in range(len(alike))]
    if unique:
        alike[-1:] = [1]
    return [every, every, *alike]
