"""Bearer tokens: who made them, what they allow, until when. A secret is kept as its digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.upserts import upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from memory.record.stored import Stored

Scope = Literal["brief:read", "sensitive:read", "notes:write", "ring:write", "admin"]
"""What a bearer may do: ask for briefs, reveal hidden words, note and correct, tell of rings, and
see how the service does."""

SCOPES: tuple[Scope, ...] = get_args(Scope)

AGENT_SCOPES: frozenset[Scope] = frozenset({"brief:read", "sensitive:read", "notes:write"})
"""What an agent at work needs."""

PREFIX = "rmbr"
"""What every token begins with, so that scanners for leaked secrets know one."""

EVERYBODY = ""
"""In place of an agent's id: all of them."""

_ENDED = "ended:"
"""What the ids of rows begin with that end sessions; none is made by `create`."""

_NOBODY = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token without its secret.

    Attributes:
        account: The account's number.
        id: Public; names the token in lists and logs.
        name: What it is for, in its maker's words.
        scopes: What it allows.
        agent_id: Whose sign-in link it is; None for a program's token.
        created_at: When it was made.
        expires_at: When it ends by itself, if ever.
        revoked_at: When it was taken back.
        used_at: When it last opened a session or was used itself.
    """

    account: int
    id: str
    name: str
    scopes: frozenset[str]
    agent_id: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None

    def stands(self, now: datetime) -> bool:
        """Whether it is still good."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def create(
    connection: sa.Connection,
    account: int,
    *,
    name: str,
    scopes: Iterable[str],
    at: datetime,
    agent_id: str | None = None,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        name: What it is for.
        scopes: What it allows.
        at: Now.
        agent_id: Whose sign-in link it is to be.
        expires_at: When it ends by itself.

    Returns:
        The token, and the one text that proves it, `rmbr_<id>_<secret>`: it is kept nowhere.
    """
    token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = Token(account, token_id, name, frozenset(scopes), agent_id, at, expires_at, None, None)
    connection.execute(
        t.token.insert().values(
            account=account,
            id=token_id,
            name=name,
            digest=_digest(secret),
            scopes=" ".join(sorted(token.scopes)),
            agent_id=agent_id,
            created_at=at,
            expires_at=expires_at,
        )
    )
    return token, f"{PREFIX}_{token_id}_{secret}"


def tokens(connection: sa.Connection, account: int) -> list[Token]:
    """Every token of an account, the oldest first."""
    c = t.token.c
    rows = connection.execute(
        sa.select(t.token)
        .where(c.account == account, ~c.id.startswith(_ENDED))
        .order_by(c.created_at, c.id)
    )
    return [_token(row) for row in rows]


def token(connection: sa.Connection, account: int, token_id: str) -> Token | None:
    """The token of that id."""
    c = t.token.c
    row = connection.execute(
        sa.select(t.token).where(c.account == account, c.id == token_id)
    ).one_or_none()
    return None if row is None else _token(row)


def proven(connection: sa.Connection, accounts: Sequence[int], text: str) -> Token | None:
    """The token that a text proves; whether it still stands is another question.

    Args:
        connection: Reads one moment of the record.
        accounts: The numbers of the accounts it may belong to.
        text: As `create` gave it out.
    """
    prefix, _, rest = text.partition("_")
    token_id, _, secret = rest.partition("_")
    c = t.token.c
    row = connection.execute(
        sa.select(t.token).where(c.account.in_(accounts), c.id == token_id)
    ).one_or_none()
    # The same work is done where there is no such token, so that time tells nothing.
    right = hmac.compare_digest(_digest(secret), row.digest if row is not None else _NOBODY)
    return _token(row) if row is not None and right and prefix == PREFIX else None


def revoke(connection: sa.Connection, account: int, token_id: str, at: datetime) -> bool:
    """Take a token back, and with it every session that it opened.

    Returns:
        False when there is no such token. One that was taken back stays as it was.
    """
    c = t.token.c
    found = connection.execute(
        t.token.update()
        .where(c.account == account, c.id == token_id)
        .values(
            revoked_at=sa.func.coalesce(c.revoked_at, sa.bindparam("now", at, c.revoked_at.type))
        )
    )
    return found.rowcount > 0


def end_sessions(connection: sa.Connection, account: int, agent_id: str, at: datetime) -> None:
    """Take an agent's sign-in links back, and end what was opened for them until now.

    That is every session, every page that Zendesk signed and every stream of rings.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        agent_id: Whose, or `EVERYBODY`: then every token of the account is taken back.
        at: Now.
    """
    c = t.token.c
    whose = sa.true() if agent_id == EVERYBODY else c.agent_id == agent_id
    connection.execute(
        t.token.update()
        .where(c.account == account, whose, c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    row = {
        "account": account,
        "id": f"{_ENDED}{agent_id}",
        "name": "What was open",
        "digest": _NOBODY,
        "scopes": "",
        "agent_id": agent_id or None,
        "created_at": at,
        "revoked_at": at,
    }
    upsert(connection, t.token, [row])


def ended_at(connection: sa.Connection, account: int, agent_id: str) -> datetime | None:
    """When `end_sessions` last ended what was open for an agent; None where it never did."""
    c = t.token.c
    ids = (f"{_ENDED}{agent_id}", f"{_ENDED}{EVERYBODY}")
    found: datetime | None = connection.scalar(
        sa.select(sa.func.max(c.revoked_at, type_=t.UtcTime)).where(
            c.account == account, c.id.in_(ids)
        )
    )
    return found


def used(connection: sa.Connection, account: int, token_id: str, at: datetime) -> None:
    """Write down that a token was used."""
    c = t.token.c
    connection.execute(
        t.token.update().where(c.account == account, c.id == token_id).values(used_at=at)
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _token(row: Stored) -> Token:
    return Token(
        row.account,
        row.id,
        row.name,
        frozenset(row.scopes.split()),
        row.agent_id,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.used_at,
    )
