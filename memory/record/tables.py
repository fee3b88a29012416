"""The tables of the record. The migrations build exactly these.

Every row belongs to one account, by its small number; ids are the helpdesk's own, as text.
Times are UTC, stored as whole microseconds since 1970, so that SQLite and PostgreSQL order and
compare them alike.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record.seal import SealedJson, SealedText

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

metadata = sa.MetaData()


class UtcTime(sa.TypeDecorator[datetime]):
    """An aware time, as microseconds since 1970 in a 64-bit integer."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """An aware time to microseconds."""
        del dialect
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Microseconds to a time in UTC."""
        del dialect
        return None if value is None else _EPOCH + timedelta(microseconds=value)


def _account() -> sa.Column[int]:
    return sa.Column("account", sa.Integer, sa.ForeignKey("account.number"), primary_key=True)


def _table(name: str, *columns: sa.Column[Any] | sa.Index) -> sa.Table:
    return sa.Table(name, metadata, *columns, sqlite_with_rowid=False)


account = sa.Table(
    "account",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("key", sa.LargeBinary, nullable=False, comment="keys the digests of vectors"),
    sa.Column("synced_at", UtcTime),
    sa.Column("encoder", sa.Text, comment="which weights made the vectors"),
    sa.Column("swept_at", UtcTime, comment="when what is older than its kind's days went last"),
    sa.Column("seal", sa.Text, comment="the keys that seal its words; none when they are open"),
)

checkpoint = _table(
    "checkpoint",
    _account(),
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False, server_default="0"),
)

organization = _table(
    "organization",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)

person = _table(
    "person",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("phone", sa.Text, comment="E.164"),
    sa.Column("organization_id", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("time_zone", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("identities_due", sa.Boolean, nullable=False),
    sa.Column("left_at", UtcTime, comment="since when they are known not to be active"),
    sa.Column("seen_at", UtcTime, nullable=False, comment="when the helpdesk last listed them"),
    sa.Index("person_by_role", "account", "role"),
    sa.Index("person_by_identities_due", "account", "identities_due"),
)

identity = _table(
    "identity",
    _account(),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("shared", sa.Boolean, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("source", sa.Text, nullable=False, comment="profile or identities"),
    sa.Index("identity_by_person", "account", "person_id"),
)

ticket = _table(
    "ticket",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("requester_id", sa.Text),
    sa.Column("assignee_id", sa.Text),
    sa.Column("subject", SealedText, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("solved_at", UtcTime),
    sa.Column("rating", sa.Text),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("messages_due", sa.Boolean, nullable=False),
    sa.Column("messages_read", sa.Boolean, nullable=False, comment="all of them, at least once"),
    sa.Column("messages_told", sa.Integer, comment="how many the helpdesk says there are"),
    sa.Column("stale", sa.Boolean, nullable=False, comment="only the ticket itself tells all"),
    sa.Column("archived", sa.Boolean, nullable=False, comment="lists no longer show it"),
    sa.Column("former_requester_id", sa.Text, comment="whose it was before"),
    sa.Column("seen_at", UtcTime, nullable=False, comment="when the helpdesk last listed it"),
    sa.Column("read_at", UtcTime, comment="when its messages were last read whole"),
    sa.Index("ticket_by_requester", "account", "requester_id", "created_at"),
    sa.Index("ticket_by_former_requester", "account", "former_requester_id"),
    sa.Index("ticket_by_messages_due", "account", "messages_due", "updated_at"),
    sa.Index("ticket_by_read", "account", "read_at"),
)

untold = _table(
    "untold",
    _account(),
    sa.Column("ticket_id", sa.Text, primary_key=True, comment="stale, and not known yet"),
)

message = _table(
    "message",
    _account(),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("author_id", sa.Text),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("text", SealedText, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("direction", sa.Text),
    sa.Column("minutes", sa.Float),
    sa.Column("answered_by", sa.Text),
    sa.Column("number", sa.Text, comment="E.164, the other end's"),
    sa.Column("call_id", sa.Text),
    sa.Column("missed", sa.Boolean),
    sa.Index("message_by_author", "account", "author_id"),
    sa.Index("message_by_number", "account", "number"),
    sa.Index(
        "message_by_missed",
        "account",
        "ticket_id",
        sqlite_where=sa.text("missed = 1"),
        postgresql_where=sa.text("missed"),
    ),
)

call = _table(
    "call",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text),
    sa.Column("ticket_id", sa.Text),
    sa.Column("agent_id", sa.Text),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False, comment="answered, missed, abandoned, voicemail"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("minutes", sa.Float),
    sa.Index("call_by_customer", "account", "customer_id", "at"),
    sa.Index("call_by_ticket", "account", "ticket_id"),
)

leg = _table(
    "leg",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("agent_id", sa.Text),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("minutes", sa.Float),
    sa.Index("leg_by_call", "account", "call_id"),
)

merge = _table(
    "merge",
    _account(),
    sa.Column("loser_id", sa.Text, primary_key=True),
    sa.Column("winner_id", sa.Text, nullable=False),
    sa.Index("merge_by_winner", "account", "winner_id"),
)

rating = _table(
    "rating",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text),
    sa.Column("agent_id", sa.Text),
    sa.Column("score", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("rating_by_customer", "account", "customer_id"),
    sa.Index("rating_by_ticket", "account", "ticket_id"),
)

quarantine = _table(
    "quarantine",
    _account(),
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("body", SealedJson, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

outbox = _table(
    "outbox",
    _account(),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("stamp", sa.Text, nullable=False, comment="changes whenever the ticket is put again"),
    sa.Column("at", UtcTime, nullable=False, comment="the ticket's last change: newest first"),
    sa.Index("outbox_by_at", "account", "at"),
)

memory = _table(
    "memory",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("relation", sa.Text),
    sa.Column("said_at", UtcTime, nullable=False),
    sa.Column("about_on", sa.Date),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("sensitive", sa.Boolean, nullable=False),
    sa.Column("code", sa.Text, comment="issue: outcome; access_need: what; agent_request: agent"),
    sa.Column("vector", sa.LargeBinary, comment="issue: the digest of its title's vector"),
    sa.Index("memory_by_customer", "account", "customer_id", "kind"),
    sa.Index("memory_by_ticket", "account", "ticket_id"),
    sa.Index("memory_by_kind", "account", "kind"),
)

evidence = _table(
    "evidence",
    _account(),
    sa.Column("memory_id", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("part", sa.Text, nullable=False, comment="title, restatement, resolution or said"),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("author_id", sa.Text, comment="who said it: in a transcript not the author"),
    sa.Column("quote", SealedText, nullable=False),
)

contact = _table(
    "contact",
    _account(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("minutes", sa.Float, nullable=False),
    sa.Column("talks", sa.Integer, nullable=False),
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Index("contact_by_ticket", "account", "ticket_id"),
    sa.Index("contact_by_agent", "account", "agent_id", "at"),
)

sentence = _table(
    "sentence",
    _account(),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("stop", sa.Integer, nullable=False),
    sa.Column("author_id", sa.Text, comment="who said it: in a transcript not the author"),
    sa.Column("digest", sa.LargeBinary, nullable=False),
)

vector = _table(
    "vector",
    _account(),
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False, comment="384 little-endian float16"),
    sa.Column("reading", sa.LargeBinary, comment="what the head made of the text's tokens"),
    sa.Column("users", sa.Integer, nullable=False),
    sa.Index("vector_by_users", "account", "users"),
)

never_kept = _table(
    "never_kept",
    _account(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("ticket_id", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

note = _table(
    "note",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("agent_id", sa.Text),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("text", SealedText, nullable=False),
    sa.Column("sensitive", sa.Boolean, nullable=False),
    sa.Column("due", sa.Boolean, nullable=False, comment="to be written to the helpdesk"),
    sa.Column("ticket_id", sa.Text, comment="where it stands in the helpdesk, or is to"),
    sa.Column("message_id", sa.Text, comment="as which message it stands there"),
    sa.Index("note_by_customer", "account", "customer_id"),
    sa.Index("note_by_due", "account", "due"),
    sa.Index("note_by_ticket", "account", "ticket_id"),
)

correction = _table(
    "correction",
    _account(),
    sa.Column("memory_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False, comment="wrong, outdated or unwanted"),
    sa.Column("agent_id", sa.Text),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("correction_by_customer", "account", "customer_id"),
)

agent_wish = _table(
    "agent_wish",
    _account(),
    sa.Column("agent_id", sa.Text, primary_key=True, comment="not to be offered as preferred"),
    sa.Column("at", UtcTime, nullable=False),
)

opt_out = _table(
    "opt_out",
    _account(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
)

ignored_event = _table(
    "ignored_event",
    _account(),
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

access = _table(
    "access",
    _account(),
    sa.Column("number", sa.Integer, primary_key=True, comment="from 1, without a gap"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("agent", sa.Text, nullable=False, comment="who looked"),
    sa.Column("proof", sa.Text, nullable=False, comment="how we know that it was them"),
    sa.Column("source", sa.Text, nullable=False, comment="from where they looked"),
    sa.Column("what", sa.Text, nullable=False, comment="what they did"),
    sa.Column("alias", sa.LargeBinary, nullable=False, comment="random: of whom"),
    sa.Column(
        "subject", sa.LargeBinary, comment="which memory or call, keyed with the alias's key"
    ),
    sa.Column("hash", sa.LargeBinary, nullable=False, comment="over this entry and the one before"),
    sa.Index("access_by_alias", "account", "alias"),
)

alias = _table(
    "alias",
    _account(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("alias", sa.LargeBinary, nullable=False, comment="who they are in the access log"),
    sa.Column("key", sa.LargeBinary, nullable=False, comment="keys the memories and calls there"),
)

access_head = _table(
    "access_head",
    _account(),
    sa.Column("number", sa.Integer, nullable=False, comment="the newest entry's"),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

forgotten = _table(
    "forgotten",
    _account(),
    sa.Column("digest", sa.LargeBinary, primary_key=True, comment="keyed, of the person's id"),
    sa.Column("reason", sa.Text, nullable=False, comment="asked, or what the helpdesk did"),
    sa.Column("accepted_at", UtcTime, nullable=False, comment="since when they are out of sight"),
    sa.Column("complete_at", UtcTime, comment="since when no byte of theirs is left here"),
    sa.Column("counts", sa.JSON, nullable=False, comment="how much went, by what it was"),
    sa.Index("forgotten_by_complete", "account", "complete_at"),
)

written = _table(
    "written",
    _account(),
    sa.Column("path", sa.Text, primary_key=True, comment="of a file about one customer"),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False, comment="SHA-256 of what was written"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("written_by_customer", "account", "customer_id"),
)

kind_policy = _table(
    "kind_policy",
    _account(),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("kept", sa.Boolean, nullable=False, comment="whether memories of it are kept"),
    sa.Column("shown", sa.Text, comment="full, masked or off; none is as the setting says"),
    sa.Column("days", sa.Integer, comment="how long it is kept; none is as the setting says"),
    sa.Column("at", UtcTime, nullable=False),
)

cut_off = _table(
    "cut_off",
    _account(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("before", UtcTime, nullable=False, comment="nothing said earlier is remembered"),
    sa.Column("at", UtcTime, nullable=False),
)

consent = _table(
    "consent",
    _account(),
    sa.Column("memory_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False, comment="agreed or declined"),
    sa.Column("agent_id", sa.Text, comment="who asked them"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("consent_by_customer", "account", "customer_id"),
)

name_word = _table(
    "name_word",
    _account(),
    sa.Column("word", sa.Text, primary_key=True, comment="of a customer's name, folded"),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Index("name_word_by_person", "account", "person_id"),
)

not_offered = _table(
    "not_offered",
    _account(),
    sa.Column("agent_id", sa.Text, primary_key=True, comment="does not want to be offered"),
    sa.Column("customer_id", sa.Text, primary_key=True, comment="to this customer"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("not_offered_by_customer", "account", "customer_id"),
)

helped = _table(
    "helped",
    _account(),
    sa.Column("memory_id", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text, primary_key=True, comment="whom it helped"),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("helped_by_customer", "account", "customer_id"),
)

same_person = _table(
    "same_person",
    _account(),
    sa.Column("customer_id", sa.Text, primary_key=True, comment="the lesser of the two ids"),
    sa.Column("other_id", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text, comment="who says that the two are one person"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("same_person_by_other", "account", "other_id"),
)

token = _table(
    "token",
    _account(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False, comment="SHA-256 of the secret"),
    sa.Column("scopes", sa.Text, nullable=False, comment="with spaces between"),
    sa.Column("agent_id", sa.Text, comment="a sign-in link: whose"),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime),
    sa.Column("revoked_at", UtcTime),
    sa.Column("used_at", UtcTime, comment="when it last opened a session or was used itself"),
)

ring = _table(
    "ring",
    _account(),
    sa.Column("id", sa.Text, primary_key=True, comment="the opaque key; says nothing by itself"),
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
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("answered_at", UtcTime),
    sa.Column("ended_at", UtcTime),
    sa.Column("sequence", sa.BigInteger, nullable=False, comment="grows with every change"),
    sa.Index("ring_by_call", "account", "provider", "call_id"),
    sa.Index("ring_by_at", "account", "at"),
    sa.Index("ring_by_caller", "account", "caller"),
    sa.Index("ring_by_customer", "account", "customer_id", "answered_at"),
)

verification = _table(
    "verification",
    _account(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("call", sa.Text, primary_key=True, comment="ring:KEY or ticket:ID"),
    sa.Column("agent_id", sa.Text, primary_key=True, comment="who verified the caller"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("until", UtcTime, nullable=False, comment="this call only"),
    sa.Index("verification_by_until", "account", "until"),
)
