"""The pages of the Zendesk app whose addresses Zendesk signs: `remember app pack zendesk --signed`.

Zendesk opens each with a POST whose form field `token` says, signed, which agent is looking. Only
this first request carries it, so that the page that is answered holds the session which it opened,
and a pass with which the page opens further ones as long as a shift lasts. Both live in the page
alone: a cookie would be a third party's there.

https://developer.zendesk.com/documentation/apps/build-an-app/building-a-server-side-app/
"""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import parse_qs, urlsplit

import jwt
from fastapi import APIRouter, Body
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from connector.apps import zendesk
from connector.apps.packages import APPS
from connector.service import bearers, problems
from connector.service.auth import was_ended
from connector.service.pages import TYPES
from connector.service.problems import UnauthorizedError
from connector.service.proofs import ZendeskProof
from connector.service.sessions import Session, Sessions
from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

    from connector.service.context import Context
    from connector.settings import Settings
    from memory.record import Account

SHIFT: Final = timedelta(hours=12)
"""How long a page may open sessions after Zendesk vouched for its agent."""

FILES: Final = "/zendesk/"
"""Where the pages' scripts and styles are."""

_SDK: Final = "https://static.zdassets.com"
_LABEL: Final = b"remember-them: pages that Zendesk opened, version 1"
_ALGORITHM: Final = "HS256"
_MOST_FIELDS: Final = 20
_LONGEST_PASS: Final = 2048

Pass = Annotated[str, Body(embed=True, alias="pass", min_length=1, max_length=_LONGEST_PASS)]


def content_policy(settings: Settings) -> str:
    """What a page of the app may load and ask, and that only the account's own pages frame it."""
    parts = urlsplit(settings.zendesk_url or "")
    framing = f"{parts.scheme}://{parts.netloc}" if parts.netloc else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {_SDK}",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            f"frame-ancestors {framing}",
        )
    )


def router(context: Context) -> APIRouter:
    """The paths of the pages, of what they load, and of their further sessions.

    Args:
        context: The service.
    """
    sessions = Sessions(context)
    files = {
        name.removeprefix("assets/"): content
        for name, content in APPS["zendesk"].files().items()
        if name.startswith("assets/")
    }

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await sessions.close()

    routes = APIRouter(include_in_schema=False, lifespan=lifespan)
    headers = {
        "Content-Security-Policy": content_policy(context.settings),
        "Cache-Control": "no-store",
    }

    @routes.post("/")
    async def page(request: Request, page: str = "sidebar") -> Response:
        if page not in zendesk.PAGES:
            raise HTTPException(404)
        told, status = await _opened(context, sessions, request)
        filled = _filled(files[f"{page}.html"], told)
        challenge = {"WWW-Authenticate": problems.SIGNATURE} if status == 401 else {}
        return Response(filled, status, headers | challenge, media_type=TYPES["html"])

    @routes.post(f"{FILES}session")
    async def renewed(earlier: Pass) -> Session:
        agent = await run_in_threadpool(read_pass, context, earlier)
        if agent is None:
            raise UnauthorizedError("The page's pass has ended.", "Open the app in Zendesk again.")
        return await run_in_threadpool(sessions.renewed, *agent)

    @routes.api_route(FILES + "{name}", methods=["GET", "HEAD"])
    def file(name: str) -> Response:
        kind = name.rpartition(".")[2]
        if name not in files or kind not in TYPES or kind == "html":
            raise HTTPException(404)
        return Response(files[name], headers={"Cache-Control": "no-cache"}, media_type=TYPES[kind])

    return routes


async def _opened(
    context: Context, sessions: Sessions, request: Request
) -> tuple[dict[str, Any], int]:
    """What the page is told, and the status that it is answered with.

    A page that could not open its session says so in the agent's language; a bare error would
    stand in the agent's sidebar as it is.
    """
    try:
        session = await sessions.attempt(request, _proof(await request.body()), None)
    except RememberError as error:
        answer = problems.of_error(error)
        return {"problem": json.loads(bytes(answer.body))}, answer.status_code
    account = context.record.account(session["account"])
    return {
        "session": session,
        "pass": new_pass(account, session["agent"]["ref"], context.clock.now()),
    }, 200


def _proof(body: bytes) -> ZendeskProof:
    try:
        fields = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS, strict_parsing=True)
        return ZendeskProof(proof="zendesk", token=fields["token"][0])
    except (ValueError, KeyError, ValidationError):
        raise UnauthorizedError(
            "The page was not opened by Zendesk.", "Open the app in Zendesk again."
        ) from None


def _filled(page: bytes, told: dict[str, Any]) -> bytes:
    """The page with what it is told, as data that no browser takes for a script or for markup."""
    data = json.dumps(told).replace("<", "\\u003c").encode()
    head = b'<head>\n    <base href="%b" />\n    <script type="application/json" id="signed">%b'
    return page.replace(b"<head>", head % (FILES.encode(), data) + b"</script>", 1)


def new_pass(account: Account, agent: str, now: datetime) -> str:
    """A pass for the pages of an agent, whom Zendesk has vouched for now."""
    claims = {
        "sub": agent,
        "account": account.name,
        "iat": now.timestamp(),
        "exp": int((now + SHIFT).timestamp()),
    }
    return jwt.encode(claims, _key(account), algorithm=_ALGORITHM, headers={"kid": account.name})


def read_pass(context: Context, text: str) -> tuple[str, str] | None:
    """The account and the agent's ref of a pass; None where it is forged, over or was ended."""
    name = bearers.account_named(text)
    if name is None or name not in context.memories:
        return None
    account = context.record.account(name)
    try:
        # The time is the injected clock's, so that it is compared here and not there.
        claims = jwt.decode(
            text,
            _key(account),
            algorithms=[_ALGORITHM],
            options={
                "require": ["sub", "account", "iat", "exp"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
    except jwt.InvalidTokenError:
        return None
    if datetime.fromtimestamp(claims["exp"], UTC) <= context.clock.now():
        return None
    began = datetime.fromtimestamp(claims["iat"], UTC)
    with context.record.reading() as connection:
        if was_ended(connection, account, claims["sub"].rpartition(":")[2], began):
            return None
    return account.name, claims["sub"]


def _key(account: Account) -> bytes:
    return hmac.digest(account.key, _LABEL, hashlib.sha256)
