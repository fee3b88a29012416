"""The adapter: addresses it takes, and what it makes of broken connections."""

from __future__ import annotations

import asyncio
import socket
import ssl

import httpx
import pytest

from connector.errors import ConfigurationError, HelpdeskError, RetryableError, UnsentError
from connector.http import Transport, base_url

BASE = "https://acme.zendesk.com"


def explained(error: httpx.HTTPError, cause: BaseException | None = None) -> Exception:
    """What an httpx error is told as."""
    error.__context__ = cause
    transport = Transport(BASE)
    asyncio.run(transport.close())
    return transport._explained(error)


@pytest.mark.parametrize(
    ("error", "cause", "kind", "word"),
    [
        (
            httpx.ConnectError("x"),
            socket.gaierror(socket.EAI_NONAME, "x"),
            ConfigurationError,
            "no host acme.zendesk.com",
        ),
        (
            httpx.ConnectError("x"),
            socket.gaierror(socket.EAI_AGAIN, "x"),
            UnsentError,
            "cannot be reached",
        ),
        (httpx.ConnectError("x"), ConnectionRefusedError(), UnsentError, "cannot be reached"),
        (httpx.ConnectError("x"), ssl.SSLCertVerificationError(), HelpdeskError, "certificate"),
        (httpx.ConnectTimeout("x"), None, UnsentError, "does not answer"),
        (httpx.ReadTimeout("x"), None, RetryableError, "silent for 60 s"),
        (httpx.RemoteProtocolError("x"), None, RetryableError, "broke off"),
        (httpx.ReadError("x"), None, RetryableError, "broke off"),
        (httpx.DecodingError("x"), None, RetryableError, "broke off"),
    ],
    ids=lambda value: repr(value) if isinstance(value, BaseException) else None,
)
def test_a_broken_connection_is_told_by_what_to_do(
    error: httpx.HTTPError, cause: BaseException | None, kind: type, word: str
) -> None:
    """A host that does not exist is a setting; no network passes; each names the address."""
    told = explained(error, cause)
    assert type(told) is kind
    assert word in str(told)
    assert "acme.zendesk.com" in str(told)


def test_the_librarys_own_words_are_not_repeated() -> None:
    """They may quote the request."""
    assert "cursor" not in str(explained(httpx.ReadError("GET https://acme/?cursor=x")))


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://acme.zendesk.com/", BASE),
        (" https://ACME.zendesk.com/agent/home?x=1#y ", BASE),
        ("https://acme.zendesk.com:8443", "https://acme.zendesk.com:8443"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("http://localhost:1", "http://localhost:1"),
    ],
)
def test_an_address_is_kept_without_its_path(url: str, base: str) -> None:
    """Whatever page it was copied from."""
    assert base_url(url, "URL") == base


@pytest.mark.parametrize("path", ["https://other.example/api", "//other.example/api", "api", ""])
def test_no_other_host_is_ever_called(path: str) -> None:
    """The credentials belong to one host."""

    async def send() -> None:
        transport = Transport(BASE)
        try:
            await transport.send("GET", path)
        finally:
            await transport.close()

    with pytest.raises(ValueError, match="path"):
        asyncio.run(send())
