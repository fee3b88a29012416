"""Reads Freshdesk's answers: status, headers and body in, JSON or one exact error out. No I/O."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from connector.errors import (
    ConfigurationError,
    CredentialsError,
    HelpdeskError,
    LimitedError,
    MalformedError,
    MissingError,
    RetryableError,
)
from connector.headers import http_date, retry_after
from connector.paging import query_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_CODE = re.compile(r"[A-Za-z][A-Za-z_]{1,39}")
_FIELD = re.compile(r"[A-Za-z_][A-Za-z_.\[\]]{0,39}")
_LINK = re.compile(r"<([^<>]*+)>\s*+;([^,<]*+)")
_NEXT = re.compile(r"\brel\s*+=\s*+\"?next\b", re.IGNORECASE)
_AGAIN = "Run the command again later; it goes on where it stopped."


class ForbiddenError(CredentialsError):
    """The key's owner may not read this, or the account's plan does not hold it."""


class InvalidError(HelpdeskError):
    """Freshdesk does not accept what was asked (400).

    Attributes:
        field: The field or parameter it names, where it names one.
        code: Its short name of what is wrong, such as `invalid_field`.
    """

    def __init__(self, detail: str, hint: str = "", *, field: str = "", code: str = "") -> None:
        super().__init__(detail, hint)
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What Freshdesk answered.

    Attributes:
        json: The document: an object, or a list of them.
        server_time: Freshdesk's clock, where the answer tells it.
        next_page: The number of the next page, where there is one.
    """

    json: Any
    server_time: datetime | None = None
    next_page: int | None = None


def read(
    status: int, headers: Mapping[str, str], body: bytes, stream: str, site: str = "Freshdesk"
) -> Answer:
    """Read one answer.

    Args:
        status: The HTTP status.
        headers: The HTTP headers, their names in lower case.
        body: The body, which no error repeats: it may hold a customer's words.
        stream: What was asked for, as the user knows it.
        site: The address asked, for errors about it.

    Raises:
        CredentialsError: The key is refused (401); `ForbiddenError` where it may not (403).
        ConfigurationError: There is no account at this address.
        MissingError: Freshdesk does not have it (404).
        LimitedError: A rate limit is used up (429).
        RetryableError: Freshdesk is busy or in trouble (5xx and the like).
        InvalidError: It does not accept what was asked (400).
        MalformedError: The answer is no JSON.
        HelpdeskError: Any other refusal.
    """
    if status not in {200, 201}:
        _refuse(status, headers, body, stream, site)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        what = "a web page" if _is_page(body) else "no JSON document"
        raise MalformedError(
            f"{site} answers {what} when asked for {stream}.",
            "Check that the address is the account's own, https://<domain>.freshdesk.com.",
        ) from None
    return Answer(document, http_date(headers.get("date", "")), _next_page(headers.get("link", "")))


def rows(answer: Answer, stream: str) -> list[Any]:
    """The rows of a list.

    Raises:
        MalformedError: It is none.
    """
    if not isinstance(answer.json, list):
        raise _unexpected(stream, "no list")
    return answer.json


def record(answer: Answer, stream: str) -> dict[str, Any]:
    """The one object that was asked for.

    Raises:
        MalformedError: It is none.
    """
    if not isinstance(answer.json, dict):
        raise _unexpected(stream, "no object")
    return answer.json


def told(body: bytes) -> tuple[str, str]:
    """The short name of an error and the field it is about, each empty where it is not told.

    Only names are taken: messages may repeat what was sent. The envelopes are `{"code": …,
    "message": …}` and `{"description": …, "errors": [{"field": …, "message": …, "code": …}]}`; a
    body may also be empty.
    https://developers.freshdesk.com/api/#errors
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(document, dict):
        return "", ""
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else document
    if not isinstance(first, dict):
        return "", ""
    code, field = first.get("code"), first.get("field")
    return (
        code if isinstance(code, str) and _CODE.fullmatch(code) else "",
        field if isinstance(field, str) and _FIELD.fullmatch(field) else "",
    )


def _next_page(link: str) -> int | None:
    """The page a `Link` header leads to; the address itself is never followed."""
    found = next((one[1] for one in _LINK.finditer(link) if _NEXT.search(one[2])), None)
    number = query_value(found, "page")
    return int(number) if number and re.fullmatch(r"\d{1,9}", number, re.ASCII) else None


def _unexpected(stream: str, what: str) -> MalformedError:
    return MalformedError(
        f"Freshdesk's answer for {stream} is {what}.",
        f"{_AGAIN} If it happens again, check that the address is Freshdesk's own.",
    )


def _is_page(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


def _refuse(
    status: int, headers: Mapping[str, str], body: bytes, stream: str, site: str
) -> NoReturn:
    code, field = told(body)
    said = f"({status} {code})" if code else f"({status})"
    if status == 401:
        raise CredentialsError(
            f"Freshdesk refuses the API key when asked for {stream} {said}.",
            "Check the API key in the settings; it stands in its owner's profile settings.",
        )
    if status == 403:
        raise ForbiddenError(
            f"Freshdesk does not let this API key have {stream} {said}.",
            "Use the key of an agent who is an account administrator and sees all tickets.",
        )
    if status == 404 and not _is_page(body):
        raise MissingError(f"Freshdesk does not have what was asked for ({stream}).")
    if status == 404 or 300 <= status < 400:
        raise ConfigurationError(
            f"There is no Freshdesk account at {site} {said}.",
            "Set the address to the account's own, https://<domain>.freshdesk.com.",
        )
    if status == 429:
        raise LimitedError(
            f"Freshdesk limits the requests for {stream} {said}.",
            _AGAIN,
            seconds=retry_after(headers),
        )
    if status in {408, 425} or status >= 500:
        raise RetryableError(
            f"Freshdesk cannot answer for {stream} now {said}.",
            _AGAIN,
            seconds=retry_after(headers),
        )
    if status == 400:
        raise InvalidError(
            f"Freshdesk does not accept the request for {stream} {said}.",
            _AGAIN,
            field=field,
            code=code,
        )
    raise HelpdeskError(f"Freshdesk does not accept the request for {stream} {said}.", _AGAIN)
