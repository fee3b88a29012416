"""The one place that speaks HTTP to helpdesks; everything above it is pure or injected.

httpx is imported here only, so that changing to its successor is a line.
"""

from __future__ import annotations

import json
import socket
import ssl
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import httpx

from connector.errors import (
    ConfigurationError,
    HelpdeskError,
    MalformedError,
    RetryableError,
    UnsentError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECTIONS = 20
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 60.0
LARGEST_ANSWER = 256 * 1024 * 1024
"""Bytes of an answer after decompression; a page of Zendesk's is up to some 64 MB."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_SUCH_HOST = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it came. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire(Protocol):
    """Something that takes a request to a helpdesk and brings its answer."""

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a request with the document as its JSON body."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...


def base_url(url: str, setting: str) -> str:
    """A helpdesk's address without path, checked.

    Args:
        url: What the setting says.
        setting: Its name, for the error.

    Raises:
        ConfigurationError: It is no https address (or http on this machine), or holds a password.
    """
    hint = f"Set {setting} to an address such as https://acme.zendesk.com."
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ConfigurationError(f"{setting} is not a web address.", hint) from None
    host = (parts.hostname or "").lower()
    if not host or parts.scheme not in {"http", "https"}:
        raise ConfigurationError(f"{setting} is not a web address.", hint)
    if parts.username or parts.password:
        raise ConfigurationError(f"{setting} holds a user name or password.", hint)
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise ConfigurationError(f"{setting} would send credentials to {host} unencrypted.", hint)
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


class Transport:
    """Connections to one helpdesk. Redirects are not followed; other hosts are never called."""

    def __init__(
        self, base: str, *, silence: float = SILENCE_SECONDS, largest: int = LARGEST_ANSWER
    ) -> None:
        """Connect to a helpdesk; nothing is sent yet.

        Args:
            base: Its address without a path, as `base_url` gives it.
            silence: Seconds after which a connection without a sign of life is given up.
            largest: Bytes after which an answer is given up.
        """
        self._base = base
        self._silence = silence
        self._largest = largest
        self._client = httpx.AsyncClient(
            base_url=base,
            timeout=httpx.Timeout(silence, connect=CONNECT_SECONDS, pool=None),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            headers={"User-Agent": "remember-them", "Accept": "application/json"},
            follow_redirects=False,
            verify=_trusted(encrypted=urlsplit(base).scheme == "https"),
            trust_env=urlsplit(base).hostname not in _LOOPBACK,
        )

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a request with the document as its JSON body.

        Raises:
            ConfigurationError: There is no such host.
            RetryableError: The helpdesk cannot be reached, or stopped in the middle.
            HelpdeskError: Its certificate cannot be verified, or the answer is too large.
        """
        if not path.startswith("/") or path.startswith("//"):
            raise ValueError("A path of the helpdesk is needed, not another address.")
        content = None if document is None else json.dumps(document).encode()
        kind = {} if content is None else {"Content-Type": "application/json"}
        try:
            async with self._client.stream(
                method, path, params=params, content=content, headers={**kind, **(headers or {})}
            ) as answer:
                body = await self._body(answer)
                return Response(answer.status_code, dict(answer.headers), body)
        except httpx.HTTPError as error:
            # httpx's own message may quote the request; only the kind of failure is told.
            raise self._explained(error) from None

    async def _body(self, answer: httpx.Response) -> bytes:
        body = bytearray()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > self._largest:
                raise MalformedError(
                    f"An answer of {self._base} is larger than {self._largest >> 20} MiB.",
                    "Check that the address is the helpdesk's own.",
                )
        return bytes(body)

    def _explained(self, error: httpx.HTTPError) -> HelpdeskError | ConfigurationError:
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, socket.gaierror) and cause.errno in _NO_SUCH_HOST:
                return ConfigurationError(
                    f"There is no host {urlsplit(self._base).hostname}.",
                    f"Check the spelling of {self._base}, and that this machine is online.",
                )
            if isinstance(cause, ssl.SSLCertVerificationError):
                return HelpdeskError(
                    f"The certificate of {self._base} cannot be verified.",
                    "If a proxy inspects traffic, let this machine trust its certificate.",
                )
        sayings: dict[type[httpx.HTTPError], str] = {
            httpx.ConnectTimeout: "does not answer",
            httpx.ConnectError: "cannot be reached",
            httpx.ReadTimeout: f"was silent for {self._silence:.0f} s",
        }
        what = sayings.get(type(error), "broke off the connection")
        unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        return (UnsentError if unsent else RetryableError)(
            f"{self._base} {what}.",
            "Check the network and run the command again; it goes on where it stopped.",
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()


@cache
def _trusted(*, encrypted: bool) -> ssl.SSLContext:
    """Whose certificates are trusted; nobody's, at once, where nothing is encrypted.

    To read the world's certificates takes longer than a request to this machine.
    """
    return httpx.create_ssl_context() if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
