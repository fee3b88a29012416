"""Reads Zendesk's answers: status, headers and body in, JSON or one exact error out. No I/O."""

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

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_CODE = re.compile(r"[A-Za-z][A-Za-z_]{1,39}")
_OAUTH_REFUSALS = frozenset(
    {"invalid_client", "invalid_grant", "invalid_scope", "unauthorized_client"}
)
OAUTH = "oauth"
"""What requests for tokens belong to."""

_HINT = "Check the client id and secret, or the token, in the settings."
_CLIENT_HINT = "Check the client id and secret in the settings."
_CLIENT_HINTS = {
    "invalid_scope": "Allow the OAuth client the scope read, and tickets:write to write notes.",
    "unsupported_grant_type": "Make the OAuth client a confidential one.",
    "unauthorized_client": "Make the OAuth client a confidential one.",
}
_NO_REFUSALS = frozenset({404, 408, 409, 425, 429})
_AGAIN = "Run the command again later; it goes on where it stopped."


class NotOfferedError(MissingError):
    """This account's plan or version of Zendesk does not offer what was asked for."""

    title = "Not offered by this helpdesk"


class RefusedError(CredentialsError):
    """The credentials themselves are refused; a new token may help where one can be had."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Zendesk answered.

    Attributes:
        json: The document.
        server_time: Zendesk's clock, where the answer tells it.
    """

    json: dict[str, Any]
    server_time: datetime | None


def read(
    status: int, headers: Mapping[str, str], body: bytes, stream: str, site: str = "Zendesk"
) -> Answer:
    """Read one answer.

    Args:
        status: The HTTP status.
        headers: The HTTP headers, their names in lower case.
        body: The body, which no error repeats: it may hold a customer's words.
        stream: What was asked for, as the user knows it.
        site: The address asked, for errors about it.

    Raises:
        CredentialsError: Refused (401 as `RefusedError`, 403).
        ConfigurationError: There is no account at this address.
        MissingError: Zendesk does not have it (404); `NotOfferedError` where the plan does not.
        LimitedError: A rate limit is used up (429).
        RetryableError: Zendesk is busy or in trouble (409, 5xx and the like).
        MalformedError: The answer is no JSON object.
        HelpdeskError: Any other refusal.
    """
    if status != 200:
        _refuse(status, headers, body, stream, site)
    return Answer(_document(body, stream, site), http_date(headers.get("date", "")))


def wanted(answer: Answer, key: str, kind: type, stream: str) -> Any:
    """A value that Zendesk promises to send.

    Raises:
        MalformedError: It is not there, or not of the kind.
    """
    value = answer.json.get(key)
    if not isinstance(value, kind):
        raise MalformedError(
            f"Zendesk's answer for {stream} lacks {key}.",
            f"{_AGAIN} If it happens again, check that the address is Zendesk's own.",
        )
    return value


def code(body: bytes) -> str:
    """The short name Zendesk gives an error in any of its envelopes, or nothing.

    Only a name is taken: descriptions may repeat what was sent. The envelopes are `{"error":
    "RecordNotFound"}`, `{"error": {"title": …}}`, `{"errors": [{"code": …, "title": …}]}` and the
    edge's `{"title": …, "status": "429"}`.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict):
        return ""
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    for place in (document.get("error"), first, document):
        named = [place.get("code"), place.get("title")] if isinstance(place, dict) else [place]
        for name in named:
            if isinstance(name, str) and _CODE.fullmatch(name):
                return name
    return ""


def _document(body: bytes, stream: str, site: str) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        what = "a web page" if body.lstrip()[:1] == b"<" else "no JSON document"
        raise MalformedError(
            f"{site} answers {what} when asked for {stream}.",
            "Check that the address is the account's own, https://<subdomain>.zendesk.com.",
        )
    return document


def _refuse(
    status: int, headers: Mapping[str, str], body: bytes, stream: str, site: str
) -> NoReturn:
    name = code(body)
    said = f"({status} {name})" if name else f"({status})"
    no_token = stream == OAUTH and 400 <= status < 500 and status not in _NO_REFUSALS
    if status == 401 or name in _OAUTH_REFUSALS or no_token:
        raise RefusedError(
            f"Zendesk refuses the credentials when asked for {stream} {said}.",
            _CLIENT_HINTS.get(name, _CLIENT_HINT) if no_token else _HINT,
        )
    if status == 403:
        raise CredentialsError(
            f"Zendesk does not let these credentials read {stream} {said}.",
            "They need the scope read, and a user with the role admin.",
        )
    if status == 404:
        _missing(headers, body, name, stream, site)
    if status == 429:
        raise LimitedError(
            f"Zendesk limits the requests for {stream} {said}.",
            _AGAIN,
            seconds=retry_after(headers),
        )
    if status in {408, 409, 425} or status >= 500:
        raise RetryableError(
            f"Zendesk cannot answer for {stream} now {said}.", _AGAIN, seconds=retry_after(headers)
        )
    if 300 <= status < 400:
        raise ConfigurationError(
            f"{site} sends us to another address {said}.",
            "Set the address to the account's own, https://<subdomain>.zendesk.com.",
        )
    raise HelpdeskError(f"Zendesk does not accept the request for {stream} {said}.", _AGAIN)


def _missing(
    headers: Mapping[str, str], body: bytes, name: str, stream: str, site: str
) -> NoReturn:
    is_page = "json" not in headers.get("content-type", "") and not body.lstrip().startswith(b"{")
    if is_page or b"No help desk at" in body:
        raise ConfigurationError(
            f"There is no Zendesk account at {site}.",
            "Check the subdomain: the address is https://<subdomain>.zendesk.com.",
        )
    if name == "InvalidEndpoint":
        raise NotOfferedError(f"This Zendesk account does not offer {stream}.")
    raise MissingError(f"Zendesk does not have what was asked for ({stream}).")
