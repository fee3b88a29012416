"""What goes wrong between a client and a helpdesk, to be put in its way on purpose.

A fault is asked before each request. It says of how many requests it is the answer (``times``) and
of which paths (``path``: a regular expression found in the path)::

    helpdesk.faults.append(faults.status(503, times=2, path="/comments"))

Some let the helpdesk itself answer, and change what it says on its way (``edited``, ``dribbled``,
``cut_short``, ``fewer_rows``).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

ALWAYS = 10**9
"""As `times`: every request from now on."""

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


def page(code: int, *, times: int = 1, path: str = "") -> Fault:
    """A proxy's error page."""
    content = b"<!DOCTYPE html><title>Error</title><h1>Something is wrong</h1>"
    return Fault(_answer(code, content, {"Content-Type": "text/html"}), times, path)


def after(requests: int, fault: Fault) -> Fault:
    """A fault that lets so many of its requests pass before it answers the first one."""

    class Later(Fault):
        passed = 0

        def takes(self, path: str) -> bool:
            if fault.times > 0 and re.search(fault.path, path):
                self.passed += 1
            return self.passed > requests and fault.takes(path)

    return Later(fault.play)


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


def empty(
    code: int, *, headers: dict[str, str] | None = None, times: int = 1, path: str = ""
) -> Fault:
    """Answers with status `code` and nothing at all, as an edge or a proxy does."""
    return Fault(_answer(code, b"", headers or {}), times, path)


def edited(
    edit: Callable[[Any], Any], *, content_type: str = "", times: int = 1, path: str = ""
) -> Fault:
    """The helpdesk's own answer with its JSON document changed.

    Args:
        edit: Takes the document and returns what is sent in its place; refusals pass unchanged.
        content_type: What the answer calls itself, if it lies about that.
        times: Of how many requests it is the answer.
        path: Which requests.
    """

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        own = await _own_answer(scope, receive)
        if own.code == 200:
            own.content = json.dumps(edit(json.loads(own.content))).encode()
        if content_type:
            own.headers["content-type"] = content_type
        await _answer(own.code, own.content, own.headers)(scope, receive, send)

    return Fault(play, times, path)


def cut_short(*, times: int = 1, path: str = "") -> Fault:
    """The helpdesk's own answer without its end, though its length is told right: no JSON."""

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        own = await _own_answer(scope, receive)
        half = own.content[: len(own.content) * 2 // 3]
        await _answer(own.code, half, own.headers)(scope, receive, send)

    return Fault(play, times, path)


def dribbled(*, pieces: int = 20, pause: float = 0.002, times: int = 1, path: str = "") -> Fault:
    """The helpdesk's own answer, piece by piece with `pause` seconds in between."""

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        own = await _own_answer(scope, receive)
        size = max(len(own.content) // pieces, 1)
        parts = [own.content[n : n + size] for n in range(0, len(own.content), size)]
        await send(_start(own.code, own.headers | {"content-length": str(len(own.content))}))
        for part in parts:
            await asyncio.sleep(pause)
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return Fault(play, times, path)


def fewer_rows(most: int, *, times: int = ALWAYS, path: str = "") -> Fault:
    """Pages of at most `most` rows, whatever size is asked for."""

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        asked = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        told = [
            (key, str(min(int(value), most)) if key in {"per_page", "page[size]"} else value)
            for key, value in asked
        ]
        scope["query_string"] = urlencode(told).encode()
        await scope["state"]["answer"](scope, receive, send)

    return Fault(play, times, path)


@dataclass
class _Own:
    """What the helpdesk itself answers."""

    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


async def _own_answer(scope: Scope, receive: Receive) -> _Own:
    own = _Own()

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            own.code = message["status"]
            own.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            del own.headers["content-length"]
        else:
            own.content += message.get("body", b"")

    await scope["state"]["answer"](scope, receive, take)
    return own


def _start(code: int, headers: dict[str, str]) -> Message:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": code, "headers": raw}


def _answer(code: int, content: bytes, headers: dict[str, str], *, last: bool = True) -> Play:
    start = _start(code, {"Content-Length": str(len(content))} | headers)

    async def play(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        await send(start)
        await send({"type": "http.response.body", "body": content, "more_body": not last})

    return play
