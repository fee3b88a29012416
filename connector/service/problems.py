"""Every error of the service as an RFC 9457 document; none of them holds a customer's words."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from connector.errors import (
    ConfigurationError,
    CredentialsError,
    EventError,
    HelpdeskError,
    RetryableError,
)
from connector.rings.board import ClaimedError
from connector.rings.event import RingRefusedError, RingUnreadableError
from memory.errors import (
    BusyError,
    NotAllowedError,
    NotFoundError,
    RecordError,
    RememberError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA_TYPE = "application/problem+json"


class ServiceError(RememberError):
    """A request that is refused.

    Attributes:
        status: The answer's status.
        headers: What the answer says beside its body.
    """

    status: ClassVar[int] = 400

    def __init__(
        self, detail: str, hint: str = "", *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail, hint)
        self.headers = dict(headers or {})


class UnauthorizedError(ServiceError):
    """Nobody we know asks."""

    exit_code = 4
    status = 401
    title = "Not signed in"

    def __init__(self, detail: str, hint: str = "") -> None:
        super().__init__(detail, hint, headers={"WWW-Authenticate": "Bearer"})


class ForbiddenError(ServiceError):
    """Whoever asks may not have this."""

    exit_code = 4
    status = 403
    title = "Not allowed"


class TooManyError(ServiceError):
    """Too many tries.

    Attributes:
        seconds: After how long the next one is heard.
    """

    exit_code = 7
    status = 429
    title = "Too many tries"

    def __init__(self, detail: str, hint: str = "", *, seconds: float) -> None:
        super().__init__(detail, hint, headers={"Retry-After": str(ceil(seconds))})


STATUS: Mapping[type[RememberError], int] = {
    UsageError: 400,
    NotFoundError: 404,
    NotAllowedError: 403,
    BusyError: 503,
    RecordError: 503,
    ClaimedError: 409,
    RingRefusedError: 401,
    RingUnreadableError: 400,
    EventError: 400,
    ConfigurationError: 503,
    CredentialsError: 502,
    RetryableError: 503,
    HelpdeskError: 502,
    RememberError: 500,
}
"""The nearest ancestor counts; a `ServiceError` knows its own."""

_SAYINGS = {
    400: ("The body cannot be read.", "Send JSON in UTF-8."),
    404: ("There is nothing at this path.", "See /openapi.json for what there is."),
    405: ("The path does not know this method.", "See /openapi.json for what there is."),
    413: ("The body is too large.", "Send less."),
    415: ("The body is not JSON by its Content-Type.", "Send application/json."),
}
"""What the framework's own refusals mean, and what to do."""

SIGNATURE = "Signature"
"""The challenge of paths that take what is signed as its vendor prescribes."""

_UNEXPECTED = "Something went wrong that should not have."


def problem(
    status: int,
    *,
    detail: str,
    hint: str = "",
    kind: str = "about:blank",
    title: str = "",
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An answer that says what is wrong.

    Args:
        status: The answer's status.
        detail: What happened. Never a customer's words, phone or name.
        hint: What to do next.
        kind: The URN of the class of problem, or `about:blank` where the status says it all.
        title: The class of problem in a few words; the status' own unless given.
        headers: What the answer says beside its body.
    """
    document = {
        "type": kind,
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "hint": hint,
    }
    told = dict(headers or {})
    if status == 401:  # without a challenge it would be no 401 (RFC 9110, section 15.5.2)
        told.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(document, status, headers=told, media_type=MEDIA_TYPE)


def of_error(error: RememberError) -> JSONResponse:
    """The answer to a request that ended in one of our own errors."""
    told = error.problem()
    return problem(
        _status(error),
        detail=error.detail,
        hint=error.hint,
        kind=str(told["type"]),
        title=error.title,
        headers=_headers(error),
    )


def unexpected() -> JSONResponse:
    """The answer to a request that met a fault of ours; what it was stands in the log alone."""
    return problem(500, detail=_UNEXPECTED, hint="Try again; the service's log says where it was.")


def install(app: FastAPI) -> None:
    """Let an application answer with problems, whatever goes wrong."""
    app.add_exception_handler(RememberError, _remember_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)


def _headers(error: RememberError) -> Mapping[str, str]:
    if isinstance(error, ServiceError):
        return error.headers
    return {"WWW-Authenticate": SIGNATURE} if isinstance(error, RingRefusedError) else {}


def _status(error: RememberError) -> int:
    if isinstance(error, ServiceError):
        return error.status
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


async def _remember_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RememberError):
        raise error
    return of_error(error)


async def _http_exception(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    phrase = HTTPStatus(error.status_code).phrase
    detail, hint = _SAYINGS.get(error.status_code, (f"{phrase}.", ""))
    return problem(error.status_code, detail=detail, hint=hint, headers=error.headers)


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    faults: Sequence[Mapping[str, object]] = error.errors()
    if _in_body(faults) and not _is_json(request.headers.get("content-type", "")):
        detail, hint = _SAYINGS[415]
        return problem(415, detail=detail, hint=hint)
    return problem(
        422,
        kind="urn:remember-them:invalid",
        title="The request is not as documented",
        detail="; ".join(dict.fromkeys(_told(one) for one in faults)),
        hint="See /openapi.json for what the path takes.",
    )


def _in_body(faults: Sequence[Mapping[str, object]]) -> bool:
    """Whether a body came that was not read as JSON, since it did not say that it is."""
    return any(isinstance(one.get("input"), bytes) for one in faults)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("application/") and kind.endswith(("/json", "+json"))


def _told(fault: Mapping[str, object]) -> str:
    """A fault in words, without what was sent: the place is named as far as it is documented."""
    place = _place(fault)
    if fault["type"] == "extra_forbidden":
        return f"{'.'.join(place[:-1])}: holds a key that is not documented"
    if fault["type"] == "union_tag_invalid":  # pydantic's own words repeat the tag
        context = fault.get("ctx")
        tags = context["expected_tags"] if isinstance(context, dict) else "what is documented"
        return f"{'.'.join(place)}: its kind is none of {tags}"
    return f"{'.'.join(place)}: {fault['msg']}"


def _place(fault: Mapping[str, object]) -> tuple[str, ...]:
    found = fault["loc"]
    return tuple(str(part) for part in found) if isinstance(found, tuple | list) else ()
