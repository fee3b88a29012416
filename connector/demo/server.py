"""Serves a story over HTTP on loopback, as a thread of this process or as a process of its own.

Run as a program it prints its address and serves until it is interrupted::

    python -m connector.demo.server STORY --port 8089 --requests-per-minute 700
    python -m connector.demo.server STORY --provider freshdesk --plan growth
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
from collections import deque
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from connector.clock import ScaledClock
from connector.demo import options
from connector.demo.freshdesk.app import Freshdesk
from connector.demo.freshdesk.plan import FreshdeskKeys, FreshdeskPlan, Rates
from connector.demo.story import StoryError, load_story, packaged_story
from connector.demo.zendesk.app import Zendesk
from connector.demo.zendesk.auth import Credentials
from connector.demo.zendesk.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from types import TracebackType

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from connector.demo.faults import Fault
    from connector.demo.freshdesk.account import Account as FreshdeskAccount
    from connector.demo.story import Story
    from connector.demo.zendesk.account import Account as ZendeskAccount
    from connector.demo.zendesk.signed_urls import SignedUrls

__all__ = [
    "Credentials",
    "DemoHelpdesk",
    "FreshdeskKeys",
    "FreshdeskPlan",
    "Limits",
    "Provider",
    "Rates",
    "Seen",
    "main",
]

Provider = Literal["zendesk", "freshdesk"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it was answered; `status` is 0 where a fault left it without an answer."""

    method: str
    path: str
    query: str
    status: int
    at: datetime


class DemoHelpdesk:
    """A simulated helpdesk, serving while the context is open.

    Args:
        story: What it tells.
        provider: Whose API it answers with.
        port: Of 127.0.0.1; 0 takes a free one.
        limits: Requests per minute of a Zendesk; a Freshdesk's are in its `plan`.
        clock: Its present time, aware. Default: the story's, going on from the start.
        latency: Seconds before each answer.
        credentials: What a Zendesk accepts.
        plan: How a Freshdesk account behaves.
        keys: What a Freshdesk accepts.

    Raises:
        ValueError: Limits or credentials for a Freshdesk, or a plan or keys for a Zendesk.

    Attributes:
        url: Where it is served.
        state: The account as it is at this moment.
        faults: What goes wrong next (`connector.demo.faults`); the first that fits answers.
        broken: What failed in the simulation itself; leaving the context raises the first.
        seen: The requests so far, the latest last; the oldest of many are dropped.
    """

    def __init__(
        self,
        story: Story,
        *,
        provider: Provider = "zendesk",
        port: int = 0,
        limits: Limits | None = None,
        clock: Callable[[], datetime] | None = None,
        latency: float = 0.0,
        credentials: Credentials | None = None,
        plan: FreshdeskPlan | None = None,
        keys: FreshdeskKeys | None = None,
    ) -> None:
        strange = (limits, credentials) if provider == "freshdesk" else (plan, keys)
        if strange != (None, None):
            raise ValueError("limits and credentials are a Zendesk's, plan and keys a Freshdesk's")
        self.provider = provider
        self.faults: list[Fault] = []
        self.seen: deque[Seen] = deque(maxlen=100_000)
        self.credentials = credentials or Credentials()
        self.keys = keys or FreshdeskKeys()
        self.broken: list[Exception] = []
        self.clock = clock or ScaledClock(1, story.as_of).now
        self.latency = latency
        self._socket = _listening(port)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._api: Zendesk | Freshdesk
        if provider == "freshdesk":
            known = self.keys
            self._api = Freshdesk(story, self.url, self.clock, plan or FreshdeskPlan(), known)
        else:
            self._api = Zendesk(story, self.url, self.clock, limits or Limits(), self.credentials)
        self._server = _Server(
            uvicorn.Config(
                _Front(self, self._api.app()),
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                date_header=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self.serve, name="demo-helpdesk", daemon=True)

    @property
    def state(self) -> ZendeskAccount | FreshdeskAccount:
        """The account as it is at this moment."""
        return self._api.account

    @property
    def signed_urls(self) -> SignedUrls:
        """Signs for our app when an agent of a Zendesk opens it."""
        if not isinstance(self._api, Zendesk):
            raise TypeError("a Freshdesk signs no addresses")
        return self._api.signed_urls

    def serve(self) -> None:
        """Serves in this thread until it is told to stop."""
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._server.stop()
        self._thread.join()
        if self.broken and error is None:
            raise self.broken[0]


class _Server(uvicorn.Server):
    """A server that, told to stop while nothing is under way, stops at once.

    uvicorn itself looks every tenth of a second whether it is to stop, and then waits another.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Stop, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Serve until told to stop, here or by a signal."""
        self._loop = asyncio.get_running_loop()
        while not self.should_exit:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), timeout=0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of connections; answers that are under way are waited for."""
        if self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
        for one in sockets or []:
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)


class _Front:
    """What stands before the API: faults, latency, Zendesk's ``.json``, ``Date``, a list."""

    def __init__(self, helpdesk: DemoHelpdesk, app: ASGIApp) -> None:
        self._helpdesk = helpdesk
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        helpdesk = self._helpdesk
        answered = 0
        now = helpdesk.clock()

        async def tell(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
                message["headers"].append((b"date", format_datetime(now, usegmt=True).encode()))
            await send(message)

        if helpdesk.provider == "zendesk":
            scope["path"] = scope["path"].removesuffix(".json")
        path = scope["path"]
        try:
            await asyncio.sleep(helpdesk.latency)
            scope.setdefault("state", {})["answer"] = self._app
            fault = next((fault for fault in helpdesk.faults if fault.takes(path)), None)
            await (fault.play if fault else self._app)(scope, receive, tell)
        except Exception as error:
            helpdesk.broken.append(error)
            raise
        finally:
            query = scope["query_string"].decode()
            helpdesk.seen.append(Seen(scope["method"], path, query, answered, now))


class _Protocol(H11Protocol):
    """Lets a fault reach the connection, so that it can end it."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    listener.listen(128)
    return listener


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves a story until interrupted.

    Returns:
        0, or 2 where there is no story that can be served.
    """
    asked = options.arguments(arguments)
    try:
        story = load_story(asked.story or packaged_story())
        helpdesk = DemoHelpdesk(
            story,
            provider=asked.provider,
            port=asked.port,
            clock=ScaledClock(1, asked.as_of or story.as_of).now,
            latency=asked.latency,
            **options.of_provider(asked),
        )
    except (StoryError, OSError) as error:
        print(f"demo helpdesk: {error}", file=sys.stderr)  # noqa: T201 - a program
        return 2
    print(helpdesk.url, flush=True)  # noqa: T201 - a program
    with contextlib.suppress(KeyboardInterrupt):
        helpdesk.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
