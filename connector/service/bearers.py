"""Short bearers: what a session of an agent is signed with, and how it is read again."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

import jwt

if TYPE_CHECKING:
    from memory.record import Account

Proof = Literal["token", "zendesk", "link", "asserted"]
"""How we know who asks: a program's token, Zendesk's word, a sign-in link, or an app's word."""

LIFE = timedelta(minutes=10)

_ALGORITHM = "HS256"
_LABEL = b"remember-them: sessions, version 1"
_NAMES = ("sub", "account", "scopes", "proof", "token", "iat", "exp")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        account: Such as `zendesk:acme`.
        agent: The agent's ref; None for a program with a token.
        scopes: What they may do.
        proof: How we know; the access log keeps it.
        token: The id of the token they came with; None where Zendesk vouched.
        ends: When the session is over; None for a program with a token.
        app: What the token of the installed app or program is named; None where none was shown.
        began: When the session was opened; None for a program with a token.
    """

    account: str
    agent: str | None
    scopes: frozenset[str]
    proof: Proof
    token: str | None
    ends: datetime | None = None
    app: str | None = None
    began: datetime | None = None

    @property
    def agent_id(self) -> str | None:
        """The agent's id in the record."""
        return None if self.agent is None else self.agent.rpartition(":")[2]

    @property
    def name(self) -> str:
        """As the access log names them: the agent's ref, else `token:` and its id."""
        return self.agent or f"token:{self.token}"

    @property
    def source(self) -> str:
        """From where they ask, as the access log names it."""
        return "service" if self.app is None else f"service:{self.app}"


def signed(account: Account, principal: Principal, now: datetime) -> tuple[str, datetime]:
    """A bearer for a session that begins now.

    Returns:
        The bearer, and when it ends.
    """
    ends = (now + LIFE).replace(microsecond=0)
    claims = {
        "sub": principal.agent,
        "account": account.name,
        "scopes": sorted(principal.scopes),
        "proof": principal.proof,
        "token": principal.token or "",
        "iat": now.timestamp(),
        "exp": int(ends.timestamp()),
    }
    headers = {"kid": account.name}
    return jwt.encode(claims, _key(account), algorithm=_ALGORITHM, headers=headers), ends


def account_named(bearer: str) -> str | None:
    """Which account's key a bearer says it is signed with; None where it is none of ours."""
    try:
        name = jwt.get_unverified_header(bearer).get("kid")
    except (jwt.InvalidTokenError, UnicodeEncodeError):
        return None
    return name if isinstance(name, str) else None


def read(account: Account, bearer: str, now: datetime) -> Principal | None:
    """Who a bearer of an account is; None where it is forged, or has ended."""
    try:
        # The time is the injected clock's, so that it is compared here and not there.
        claims: dict[str, Any] = jwt.decode(
            bearer,
            _key(account),
            algorithms=[_ALGORITHM],
            options={
                "require": list(_NAMES),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidTokenError:
        return None
    proof = claims["proof"]
    ends = datetime.fromtimestamp(claims["exp"], UTC)
    if ends <= now or proof not in get_args(Proof):
        return None
    return Principal(
        account.name,
        claims["sub"],
        frozenset(claims["scopes"]),
        proof,
        claims["token"] or None,
        ends,
        began=datetime.fromtimestamp(claims["iat"], UTC),
    )


def _key(account: Account) -> bytes:
    return hmac.digest(account.key, _LABEL, hashlib.sha256)
