"""What goes wrong between a client and a helpdesk, to be put in its way on purpose.

A fault is asked before each request. It says of how many requests it is the answer (``times``) and
of which paths (``path``: a regular expression found in the path)::

    helpdesk.faults.append(faults.status(503, times=2, path="/comments"))
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

Play = Callable[["Scope", "Receive", "Send"], Awaitable[None]]


@dataclass
class Fault:
    """One way to fail: `play` answers the next `times` requests whose path `path` is found in."""

    play: Play
    times: int = 1
    path: str = ""

    def takes(self, path: str) -> bool:
        """Whether this request is one of those, which are then one fewer."""
        if self.times < 1 or not re.search(self.path, path):
            return False
        self.times -= 1
        return True


def status(
    code: int,
    body: Any = None,
    *,
    headers: dict[str, str] | None = None,
    times: int = 1,
    path: str = "",
) -> Fault:
    """Answers with status `code` and the JSON `body`."""
    content = json.dumps(body if body is not None else {"error": "InternalError"}).encode()
    return Fault(
        _answer(code, content, {"Content-Type": "application/json"} | (headers or {})), times, path
    )


def edge_limited(*, times: int = 1, path: str = "") -> Fault:
    """The other 429: from the edge, without ``Retry-After``, its status a string."""
    body = {"detail": "Too many requests", "status": "429", "title": "Automated response"}
    return status(429, body, times=times, path=path)


def not_json(*, times: int = 1, path: str = "") -> Fault:
    """A proxy's HTML with status 200."""
    return Fault(_answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"}), times, path)


def half_body(*, times: int = 1, path: str = "") -> Fault:
    """Half of an answer, then the connection is gone."""
    content = b'{"tickets": [{"id": 1, '
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content) * 2)}
    answer = _answer(200, content, headers, last=False)

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, receive, send)
        await asyncio.sleep(0)
        scope["state"]["transport"].close()

    return Fault(play, times, path)


def reset(*, times: int = 1, path: str = "") -> Fault:
    """The connection is gone before anything is answered."""

    async def play(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        scope["state"]["transport"].abort()

    return Fault(play, times, path)


def hang(*, times: int = 1, path: str = "") -> Fault:
    """No answer at all, until the client gives up."""

    async def play(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        while (await receive())["type"] != "http.disconnect":
            pass

    return Fault(play, times, path)


def _answer(code: int, content: bytes, headers: dict[str, str], *, last: bool = True) -> Play:
    told = {"Content-Length": str(len(content))} | headers
    raw = [(name.lower().encode(), value.encode()) for name, value in told.items()]

    async def play(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        await send({"type": "http.response.start", "status": code, "headers": raw})
        await send({"type": "http.response.body", "body": content, "more_body": not last})

    return play
