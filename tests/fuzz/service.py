"""A service that is asked anything, and must not fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from connector.service.tries import MOST, WINDOW

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

    def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> Any:
        """Send bytes as they are; the answer, which is no fault and says where it fails.

        Args:
            path: Where to.
            body: What is sent.
            headers: Besides the type of the body.
        """
        answer = self.send(path, body, {"content-type": "application/json", **(headers or {})})
        if answer.status_code >= 400:
            assert answer.json()["status"] == answer.status_code
        return answer

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """Send bytes as they are; the answer, which is no fault and of a size."""
        answer = self.client.post(path, content=body, headers=_sendable(headers))
        assert answer.status_code < FAULT, (path, answer.status_code)
        assert len(answer.content) < LARGEST_ANSWER
        return answer

    def get(self, path: str, headers: Mapping[str, str]) -> Any:
        """Ask for something; the answer, which is no fault."""
        answer = self.client.get(path, headers=_sendable(headers))
        assert answer.status_code < FAULT, (path, answer.status_code)
        return answer

    def rest(self) -> None:
        """Let so much time pass that a log-in may fail, and the next one is heard."""
        self.clock.advance(WINDOW / MOST + 1)


def _sendable(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as a client can send them: no ends of lines, and no letters beyond Latin-1."""
    plain = str.maketrans("", "", "\r\n\0")
    return [
        (name.encode(), value.translate(plain).encode("latin-1", "replace").strip())
        for name, value in headers.items()
    ]
