"""Puts the service together: its paths, what guards them, and what every answer says."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from connector.errors import ConfigurationError
from connector.service import (
    actions,
    agents,
    briefs,
    customers,
    health,
    pages,
    problems,
    rings,
    schema,
    sessions,
    signed,
    webhooks,
)
from connector.service.logs import RequestLog, where
from memory import __version__

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fastapi import APIRouter
    from starlette.datastructures import Headers
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from connector.service.context import Context
    from connector.settings import Settings

ROUTERS: tuple[Callable[[Context], APIRouter], ...] = (
    sessions.router,
    briefs.router,
    actions.router,
    agents.router,
    customers.router,
    rings.router,
    webhooks.router,
    health.router,
    pages.router,
    signed.router,
)
"""The families of paths; each module of the service that has any names its `router` here."""

LARGEST = 1 << 20
"""Bytes of a body: a note of the longest kind, in the widest letters, many times over."""

LARGEST_WEBHOOK = 256 << 10
"""Bytes of a body that anybody may send; it is read before its signature can be checked."""

_WEBHOOKS = ("/v1/rings/", "/v1/webhooks/")
_MOST_DIGITS = 18

_log = logging.getLogger(__name__)


def create_app(context: Context) -> FastAPI:
    """The service as an ASGI application.

    Its lifespan loads the board of rings at the start and closes it at the end, when it writes down
    who saw what as far as that still waits; whoever runs it for long tends the board meanwhile
    (`Board.run`).

    Raises:
        ConfigurationError: `ALLOWED_ORIGINS` names something that is no origin.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await context.board.load()
        try:
            yield
        finally:
            await context.board.close()
            await asyncio.to_thread(context.looks.close)

    app = FastAPI(
        title="remember-them",
        version=__version__,
        docs_url=None,  # the page loads its script from elsewhere; /openapi.json is there
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.context = context
    problems.install(app)
    app.add_middleware(_Limit)
    app.add_middleware(_Unexpected)
    app.add_middleware(_Headers, encrypted=(context.settings.public_url or "").startswith("https:"))
    app.add_middleware(
        _Cors,
        allow_origins=origins(context.settings),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Retry-After"],
        # The service often stands in the company's own network, the helpdesk's page does not.
        allow_private_network=True,
    )
    app.add_middleware(RequestLog, metrics=context.metrics, clock=context.clock)
    for router in ROUTERS:
        app.include_router(router(context))
    schema.describe(app)
    return app


def origins(settings: Settings) -> list[str]:
    """The origins of pages that may ask the service.

    Raises:
        ConfigurationError: One of them is no origin; `*` is none.
    """
    named = settings.allowed_origins.replace(",", " ").split()
    for one in named:
        parts = urlsplit(one)
        if one != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in {"http", "https"}:
            raise ConfigurationError(
                "REMEMBER_ALLOWED_ORIGINS names something that is no origin.",
                "An origin is scheme and host, such as https://acme.zendesk.com; * is not allowed.",
            )
    return [one.lower() for one in named]


class _Cors(CORSMiddleware):
    """Says no in the form of every other error."""

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        if answer.status_code < 400:
            return answer
        return problems.problem(
            403,
            detail="Pages of this origin may not ask the service, or not like this.",
            hint="Name the origin in REMEMBER_ALLOWED_ORIGINS.",
            headers={"Vary": "Origin"},
        )


class _Headers:
    """Sets on every answer what browsers shall make of it; what is set already stays."""

    def __init__(self, app: ASGIApp, *, encrypted: bool) -> None:
        self._app = app
        self._always = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if encrypted:
            self._always["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/v1/"):
                    headers["Cache-Control"] = "no-store"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class _Unexpected:
    """Answers a fault of ours with a problem; the log says where it was, never what of."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001  whatever it is, nobody else catches it
            # An exception's own words, or a line of a traceback, may be a customer's.
            _log.error("A fault: %s", where(error))
            if not started:
                await problems.unexpected()(scope, receive, send)


class _Limit:
    """Stops reading a body that is too large, whether or not it said so beforehand."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = LARGEST_WEBHOOK if scope["path"].startswith(_WEBHOOKS) else LARGEST
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        told = declared.lstrip(b"0")[: _MOST_DIGITS + 1]  # a number of thousands of digits is none
        too_large = declared.isdigit() and (len(told) > _MOST_DIGITS or int(told or b"0") > largest)
        read = 0

        async def receiving() -> Message:
            nonlocal read
            if too_large:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise HTTPException(413)
            return message

        await self._app(scope, receiving, send)
