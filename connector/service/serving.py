"""Runs the service: requests in this process, sync and remembering each in one of its own."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from connector.errors import ConfigurationError
from connector.service.app import create_app
from connector.service.supervising import Supervisor
from connector.sync.intake import together
from memory import policy
from memory.errors import RecordError, RememberError
from memory.record.traces import forgotten_so_far

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractAsyncContextManager

    from fastapi import FastAPI

    from connector.service.context import Context
    from connector.service.inbox import Inbox
    from connector.service.supervising import Part

GRACE_SECONDS: Final = 6
"""What requests that are under way are given to end; with all else below Docker's ten seconds."""

EVENTS_SECONDS: Final = 3.0
"""What the helpdesks' events that wait are given to be applied."""

KEEP_ALIVE_SECONDS: Final = 75
"""Longer than the minute after which proxies let go of a connection, so that they do it first."""

DEAF_SECONDS: Final = 60
"""After which a client is let go that reads nothing of what it was sent."""

AT_ONCE_SECONDS: Final = 0.5

FORGETS_EVERY: Final = 5.0
"""Seconds after which what is held in memory of somebody who was forgotten is gone."""

STOPPED: Final = 0
STOPPED_AT_ONCE: Final = 130

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """A helpdesk whose events are applied.

    Attributes:
        inbox: Takes the events.
        client: Asks the helpdesk; it is open while events are applied.
    """

    inbox: Inbox
    client: AbstractAsyncContextManager[object]


@dataclass(frozen=True, slots=True)
class Running:
    """What `serve` runs.

    Attributes:
        context: What requests are answered with.
        parts: What runs beside, in processes of its own.
        desks: Whose events are applied.
    """

    context: Context
    parts: Sequence[Part] = ()
    desks: Sequence[Desk] = ()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: An address or a name of this machine.
        port: 0 takes a free one.

    Raises:
        ConfigurationError: It cannot be had.
    """
    try:
        [(family, *_, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listener = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        # Of an address in use Python says twice where; what a name lacks it says in its own way.
        lacks = isinstance(error, socket.gaierror) or not error.errno
        why = error.strerror if lacks else os.strerror(error.errno or 0)
        raise ConfigurationError(
            f"Port {port} of {host} cannot be listened on ({why}).",
            "Another program may listen there, or another `remember serve`; choose with --host "
            "and --port.",
        ) from None
    # Connections inherit it. asyncio sets it only on those whose listener names its protocol, and
    # without it the last piece of an answer waits 40 ms for the reader to confirm the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # So do they this: a connection whose reader takes nothing is cut, with what waits for it.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAF_SECONDS * 1000)
    return listener


def address_of(listener: socket.socket) -> str:
    """Where a socket listens, as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(running: Running, listener: socket.socket | None, *, started: Callable[[], None]) -> int:
    """Run the service until it is told to stop.

    The first SIGTERM or SIGINT stops it gracefully: no new connections, streams end, requests and
    events are finished as far as the time suffices, children end. The second stops it at once.

    Args:
        running: What to run.
        listener: Where to listen; None answers no requests.
        started: Called once everything runs and requests are answered.

    Returns:
        0 when it was stopped gracefully, 130 when it was stopped at once.

    Raises:
        RecordError: The service could not start.
    """
    policy.read_words()
    # What is loaded by now stays; to look through all of it again and again would hold up answers.
    gc.collect()
    gc.freeze()
    with asyncio.Runner() as runner:
        return runner.run(_Service(running, listener, started).run())


class _Service:
    """One run of the service."""

    def __init__(
        self, running: Running, listener: socket.socket | None, started: Callable[[], None]
    ) -> None:
        self._running = running
        self._context = running.context
        self._listener = listener
        self._started = started
        self._stop = asyncio.Event()
        self._at_once = asyncio.Event()
        self._supervisor = Supervisor(running.parts, self._context.standing, self._context.clock)

    async def run(self) -> int:
        """Run until told to stop."""
        with self._signals():
            answering = self._wait() if self._listener is None else self._answer(self._listener)
            work = asyncio.create_task(together(self._supervise(), self._hear(), answering))
            hurry = asyncio.create_task(self._at_once.wait())
            await asyncio.wait({work, hurry}, return_when=asyncio.FIRST_COMPLETED)
            hurry.cancel()
            if work.done():
                work.result()
                return STOPPED
            # What is still under way after that is cancelled with the event loop.
            self._supervisor.hurry()
            work.cancel()
            await asyncio.wait({work}, timeout=AT_ONCE_SECONDS)
            return STOPPED_AT_ONCE

    async def _supervise(self) -> None:
        self._supervisor.open()
        try:
            await self._stop.wait()
        finally:
            await self._supervisor.close()

    async def _hear(self) -> None:
        """Apply the helpdesks' events."""
        async with contextlib.AsyncExitStack() as stack:
            for desk in self._running.desks:
                await stack.enter_async_context(desk.client)
                desk.inbox.open()
            await self._stop.wait()
            await asyncio.gather(
                *(desk.inbox.close(EVENTS_SECONDS) for desk in self._running.desks)
            )

    async def _wait(self) -> None:
        self._started()
        await self._stop.wait()

    async def _answer(self, listener: socket.socket) -> None:
        """Answer requests; at the end streams are closed and the rest is finished."""
        server = _Server(_config(create_app(self._context), self._context))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        beside: list[asyncio.Task[None]] = []
        try:
            await _either(serving, server.ready)
            if not serving.done():
                beside.append(asyncio.create_task(self._context.board.run()))
                beside.append(asyncio.create_task(self._forget()))
                self._started()
                await _either(serving, self._stop)
        finally:
            server.should_exit = True
            for task in beside:
                task.cancel()
            if server.ready.is_set():
                await self._context.board.close()
            await serving
        if not self._stop.is_set():
            raise RecordError("The service has ended by itself.", "The log says why.")

    async def _forget(self) -> None:
        """Let go of what is held in memory of whoever was forgotten since the last look.

        That is what was made of rows that were read, who was looked at lately, and the rings that
        the record has lost.
        """
        context, seen = self._context, None
        while True:
            try:
                found = await asyncio.to_thread(forgotten_so_far, context.record)
                if seen is not None and found != seen:
                    for memory in context.memories.values():
                        await asyncio.to_thread(memory.let_go)
                    context.looks.let_go()
                    await context.board.tend()
                seen = found
            except RememberError as error:
                _log.warning("What is held of forgotten people is kept. %s", error.detail)
            await context.clock.sleep(FORGETS_EVERY)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        both = (signal.SIGINT, signal.SIGTERM)
        for one in both:
            loop.add_signal_handler(one, self._told)
        try:
            yield
        finally:
            for one in both:
                loop.remove_signal_handler(one)

    def _told(self) -> None:
        (self._at_once if self._stop.is_set() else self._stop).set()


async def _either(task: asyncio.Task[None], event: asyncio.Event) -> None:
    """Wait until a task has ended or an event has come."""
    waiting = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it, and says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear none: other parts are to stop with it, in an order."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        try:
            await super().startup(sockets)
        except SystemExit:
            raise RecordError(
                "The service could not start: the record's rings could not be loaded.",
                "The log says where it failed; `remember doctor` looks at the record.",
            ) from None
        self.ready.set()


def _config(app: FastAPI, context: Context) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=context.settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
