"""Opens many streams of rings and rings them, as a process of its own; prints what it took.

It goes on by lines on standard input: first the secrets, then a word for each step. One JSON line
comes out at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Final

import httpx

from tests.bench import phone

if TYPE_CHECKING:
    from collections.abc import Sequence

_WARMING: Final = 5
_WEBHOOKS: Final = 30
_AT_ONCE: Final = 50
_PATIENCE: Final = 30.0


@dataclass(slots=True)
class Ears:
    """All that listen.

    Attributes:
        open: How many are being answered.
        errors: How many were refused or cut off.
        heard: When each heard of the call that rings now.
        moved: Set whenever one of these grows.
    """

    open: int = 0
    errors: int = 0
    heard: list[float] = field(default_factory=list)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, count: int, *, opened: bool = False) -> None:
        """Wait until so many are open, or have heard; those that never do are missing then."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while (self.open if opened else len(self.heard)) < count:
                    self.moved.clear()
                    await self.moved.wait()


async def listen(url: str, bearer: str, ears: Ears, gate: asyncio.Semaphore) -> None:
    """One stream, read for as long as the process runs; that it ends earlier is an error."""
    parts = httpx.URL(url)
    try:
        async with gate:
            reader, writer = await asyncio.open_connection(parts.host, parts.port)
            writer.write(
                f"GET /v1/rings/stream HTTP/1.1\r\nHost: {parts.host}:{parts.port}\r\n"
                f"Authorization: Bearer {bearer}\r\nAccept: text/event-stream\r\n\r\n".encode()
            )
            status = await reader.readline()
            if b" 200 " not in status:
                raise ConnectionError(status.decode())
            await reader.readuntil(b": open")
        ears.open += 1
        ears.moved.set()
        while line := await reader.readline():
            if line.startswith(b"event: ring.ringing"):
                ears.heard.append(perf_counter())
                ears.moved.set()
        raise ConnectionError("cut off")
    except (OSError, asyncio.IncompleteReadError):
        ears.errors += 1
        ears.moved.set()


async def work(url: str, streams: int, rings: int) -> dict[str, object]:
    """All steps; milliseconds of the webhooks, and from each webhook to the first and last."""
    secrets = json.loads(await _line())
    first: list[float] = []
    last: list[float] = []
    heard = 0
    ears = Ears()
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=_PATIENCE) as client:

        async def tell(call: str, state: str) -> None:
            body, headers = phone.ring(secrets["ring"], call, state, None)
            answer = await client.post(phone.PATH, content=body, headers=headers)
            answer.raise_for_status()

        post = []
        for place in range(_WARMING + _WEBHOOKS):
            began = perf_counter()
            await tell(f"warm-{place}", "ringing")
            post.append(1000 * (perf_counter() - began))
            await tell(f"warm-{place}", "ended")
        _say("warm")
        await _line()
        gate = asyncio.Semaphore(_AT_ONCE)
        bearers = secrets["bearers"]
        listening = [
            asyncio.create_task(listen(url, bearers[place % len(bearers)], ears, gate))
            for place in range(streams)
        ]
        await ears.until(streams, opened=True)
        _say("open")
        await _line()
        for place in range(rings):
            ears.heard.clear()
            began = perf_counter()
            told = asyncio.create_task(tell(f"call-{place}", "ringing"))
            await ears.until(streams)
            await told
            times = [1000 * (at - began) for at in ears.heard]
            first.append(min(times, default=1000 * _PATIENCE))
            last.append(max(times, default=1000 * _PATIENCE))
            await tell(f"call-{place}", "ended")
            heard += len(ears.heard)
        errors = ears.errors
        for one in listening:
            one.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return {
        "post_ms": post[_WARMING:],
        "first_ms": first,
        "last_ms": last,
        "heard": heard,
        "errors": errors,
    }


async def _line() -> str:
    return await asyncio.to_thread(sys.stdin.readline)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> None:
    """Listen at the address, with so many streams, to so many calls."""
    url, streams, rings = arguments
    _say(json.dumps(asyncio.run(work(url, int(streams), int(rings)))))


if __name__ == "__main__":
    main(sys.argv[1:])
