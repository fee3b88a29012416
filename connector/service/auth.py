"""Who asks, and whether they may: `needs` guards a path."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import BackgroundTasks, Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from connector.service import bearers
from connector.service.bearers import Principal
from connector.service.problems import ForbiddenError, UnauthorizedError
from memory.errors import RecordError
from memory.record import tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import sqlalchemy as sa

    from connector.service.context import Context
    from memory.record import Account
    from memory.record.tokens import Scope, Token

__all__ = ["Principal", "needs", "stands", "token_of", "was_ended", "write_down_use"]

_log = logging.getLogger(__name__)

_HINT = "Open a session with POST /v1/sessions, or send a token made by `remember token create`."
_OFTEN = timedelta(minutes=10)
"""Within which a token's use is not written down again."""

BEARER = HTTPBearer(
    scheme_name="bearer",
    description="A session's bearer (`POST /v1/sessions`) or an API token (`remember token`).",
    auto_error=False,
)

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


def needs(scope: Scope) -> Callable[..., Principal]:
    """A dependency that lets those through who hold a scope, and says who they are.

    Example:
        `Reader = Annotated[Principal, Depends(needs("brief:read"))]`, at module level, since
        FastAPI reads annotations there; then `def brief(principal: Reader) -> …`.

    Args:
        scope: What the path does. It is refused with 401 to those who are nobody, with 403 to
            those who may not.
    """

    def dependency(
        request: Request, background: BackgroundTasks, credentials: Credentials
    ) -> Principal:
        context: Context = request.app.state.context
        if credentials is None:
            raise UnauthorizedError("There is no bearer in the request.", _HINT)
        principal = _principal(context, background, credentials.credentials)
        if principal is None:
            raise UnauthorizedError("The bearer is not, or no longer, good.", _HINT)
        if scope not in principal.scopes:
            raise ForbiddenError(
                f"The bearer lacks the scope {scope}.", "Use one that was made with it."
            )
        return principal

    return dependency


def token_of(context: Context, text: str) -> tuple[str, Token] | None:
    """The account and the token that a text proves, where it still stands.

    Args:
        context: The service.
        text: `rmbr_<id>_<secret>`.
    """
    with context.record.reading() as connection:
        served = {
            account.number: account.name
            for account in context.record.accounts(connection)
            if account.name in context.memories
        }
        token = tokens.proven(connection, list(served), text)
    if token is None or not token.stands(context.clock.now()):
        return None
    return served[token.account], token


def write_down_use(context: Context, account: str, token: Token) -> None:
    """Let the record say when a token was last used; now and then, not at every request."""
    now = context.clock.now()
    if token.used_at is not None and now - token.used_at < _OFTEN:
        return
    try:
        with context.record.writing(context.record.account(account)) as writer:
            tokens.used(writer.connection, token.account, token.id, now)
    except RecordError as error:  # whoever asked has been answered
        _log.warning("The use of a token could not be written down: %s", error.detail)


def stands(context: Context, principal: Principal) -> bool:
    """Whether an agent's session is still good: neither over, nor ended, nor its token revoked.

    Args:
        context: The service.
        principal: As a bearer proved them earlier.
    """
    if principal.ends is not None and principal.ends <= context.clock.now():
        return False
    with context.record.reading() as connection:
        account = context.record.account(principal.account, connection)
        return _still(context, connection, account, principal) is not None


def was_ended(
    connection: sa.Connection, account: Account, agent_id: str | None, began: datetime | None
) -> bool:
    """Whether what an agent began has been ended since.

    Args:
        connection: Reads one moment of the record.
        account: Whose agent.
        agent_id: Their id; a program begins nothing.
        began: When they did.
    """
    if agent_id is None or began is None:
        return False
    ended = tokens.ended_at(connection, account.number, agent_id)
    return ended is not None and began <= ended


def _principal(context: Context, background: BackgroundTasks, bearer: str) -> Principal | None:
    if not bearer.startswith(f"{tokens.PREFIX}_"):
        return _of_session(context, bearer)
    found = token_of(context, bearer)
    if found is None or found[1].agent_id is not None:  # a sign-in link opens sessions only
        return None
    account, token = found
    background.add_task(write_down_use, context, account, token)
    return Principal(account, None, token.scopes, "token", token.id, app=token.name)


def _of_session(context: Context, bearer: str) -> Principal | None:
    name = bearers.account_named(bearer)
    if name is None or name not in context.memories:
        return None
    with context.record.reading() as connection:
        account = context.record.account(name, connection)
        principal = bearers.read(account, bearer, context.clock.now())
        return principal and _still(context, connection, account, principal)


def _still(
    context: Context, connection: sa.Connection, account: Account, principal: Principal
) -> Principal | None:
    """Who has a session, where neither it nor the token that opened it was taken back."""
    if was_ended(connection, account, principal.agent_id, principal.began):
        return None
    if principal.token is None:
        return principal
    token = tokens.token(connection, account.number, principal.token)
    if token is None or not token.stands(context.clock.now()):
        return None
    # A sign-in link is its agent's own: its name says nothing of where they are.
    return replace(principal, app=token.name) if principal.proof == "asserted" else principal
