"""A service that is asked anything, and must not fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.testclient import TestClient

    from connector.clock import ManualClock
    from connector.service.context import Context
    from tests.support.book import Book

FAULT: Final = 500
LARGEST_ANSWER: Final = 1 << 20


@dataclass(frozen=True)
class Fuzzed:
    """A service and what it works with."""

    SECRET: ClassVar = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3RpbmdfcHVycG9zZXM="

    client: TestClient
    context: Context
    book: Book
    clock: ManualClock

    def post(
        self,
        path: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        not_set: bool = False,
    ) -> Any:
        """Send bytes as they are; the answer, which is no fault and says where it fails.

        Args:
            path: Where to.
            body: What is sent.
            headers: Besides the type of the body.
            not_set: Whether 503 may say that the service was not told of a helpdesk.
        """
        told = {"content-type": "application/json", **(headers or {})}
        answer = self.client.post(path, content=body, headers=_sendable(told))
        named = not_set and answer.status_code == 503 and "REMEMBER_" in answer.json()["hint"]
        assert answer.status_code < FAULT or named, (path, answer.status_code)
        assert len(answer.content) < LARGEST_ANSWER
        if answer.status_code >= 400:
            assert answer.json()["status"] == answer.status_code
        return answer

    def get(self, path: str, headers: Mapping[str, str]) -> Any:
        """Ask for something; the answer, which is no fault."""
        answer = self.client.get(path, headers=_sendable(headers))
        assert answer.status_code < FAULT, (path, answer.status_code)
        return answer


def _sendable(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as a client can send them: no ends of lines, and no letters beyond Latin-1."""
    plain = str.maketrans("", "", "\r\n\0")
    return [
        (name.encode(), value.translate(plain).encode("latin-1", "replace").strip())
        for name, value in headers.items()
    ]
