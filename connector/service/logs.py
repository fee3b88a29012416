"""What the service writes to its log: one line for each request, and what its parts do.

Nothing of a customer stands there: no query, no body, no header, no path but its template, and of
an unexpected error its kind and place, not its words. What other libraries say below a warning is
not ours to vouch for, and is left out at every level.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import traceback
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from pydantic import SecretStr
from starlette.datastructures import MutableHeaders

from connector.settings import OURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from structlog.typing import EventDict, Processor, WrappedLogger

    from connector.clock import Clock
    from connector.service.metrics import Metrics
    from connector.settings import Settings

REQUEST_ID = "X-Request-Id"
"""The header of an answer that names it as the log does."""

UNMATCHED = "unmatched"
"""The route of a request that fits none: its path is a stranger's words."""

MASK = "***"
_SHORTEST_SECRET = 6
_SECRETS = re.compile(
    r"rmbr_[A-Za-z0-9_-]+"  # our own tokens
    r"|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*"  # a JWT
    r"|(?<=[Bb]earer )\S+|(?<=[Bb]asic )\S+"
    r"|(?<=://)[^/@\s]+(?=@)"  # who signs in, in an address
)

_log = logging.getLogger(__name__)


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Let every line of this process go to standard error as the settings say.

    Args:
        settings: `LOG_LEVEL`, `LOG_FORMAT`, and the secrets that no line may show.
        stream: Where to, if not to standard error.
    """
    shared = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        _errors_without_words,
        Masking(_secrets_of(settings)),
    )
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(settings, colours=target.isatty()),
            ],
        )
    )
    # A line that cannot be written would otherwise be printed as it came, with all it holds.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level)
    # Another server of this process, such as the simulated helpdesk's, may have silenced it.
    logging.getLogger("uvicorn.error").setLevel(logging.NOTSET)


def _renderer(settings: Settings, *, colours: bool) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=colours, sort_keys=False)


def _errors_without_words(_log: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception's kind and places: its words, and the lines of code, may quote a customer."""
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    if isinstance(told, BaseException):
        told = (type(told), told, told.__traceback__)
    if isinstance(told, tuple) and told[1] is not None:
        event["error"] = where(told[1], told[2])
    event.pop("stack_info", None)
    return event


def where(error: BaseException, trace: TracebackType | None = None) -> str:
    """An exception's kind and the places it came through, innermost last."""
    frames = traceback.extract_tb(trace or error.__traceback__)[-6:]
    places = " > ".join(f"{one.filename.rpartition('/')[2]}:{one.lineno}" for one in frames)
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


class Masking:
    """Takes secrets out of a line, wherever they stand."""

    def __init__(self, secret: Iterable[str] = ()) -> None:
        known = sorted({one for one in secret if len(one) >= _SHORTEST_SECRET}, key=len)
        self._known = re.compile("|".join(map(re.escape, reversed(known)))) if known else None

    def __call__(self, _log: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """The line without secrets."""
        return {key: self._masked(value) for key, value in event.items()}

    def _masked(self, value: Any) -> Any:
        if isinstance(value, int | float | bool) or value is None:
            return value
        if isinstance(value, SecretStr):
            return MASK
        if isinstance(value, dict):
            return {str(key): self._masked(one) for key, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._masked(one) for one in value]
        text = _SECRETS.sub(MASK, str(value))
        return self._known.sub(MASK, text) if self._known else text


def _secrets_of(settings: Settings) -> list[str]:
    """Every secret of the settings, and the address of the record, which may hold a password."""
    found = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    found += settings.keys
    return [*found, settings.database_url] if settings.database_url else found


class RequestLog:
    """Writes a line for each request, counts and times it, and gives it an id.

    The id stands in every line that is written on the way, and in the answer's headers.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, clock: Clock) -> None:
        self._app = app
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        began = self._clock.monotonic()
        answer: dict[str, Any] = {"status": 0, "streams": False}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                kind = headers.get("content-type", "")
                answer.update(
                    status=message["status"], streams=kind.startswith("text/event-stream")
                )
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, sending)
            finally:
                self._tell(scope, answer, self._clock.monotonic() - began)

    def _tell(self, scope: Mapping[str, Any], answer: Mapping[str, Any], seconds: float) -> None:
        # Whoever hangs up before there is an answer is counted as Nginx counts them.
        status = answer["status"] or 499
        route = route_of(scope)
        self._metrics.request(
            scope["method"], route, status, None if answer["streams"] else seconds
        )
        _log.info(
            "request",
            extra={
                "method": scope["method"],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
            },
        )


def route_of(scope: Mapping[str, Any]) -> str:
    """The template of the path that a request took, such as `/v1/memories/{id}/reveal`."""
    route = scope.get("route")
    return str(getattr(route, "path_format", None) or getattr(route, "path", None) or UNMATCHED)
