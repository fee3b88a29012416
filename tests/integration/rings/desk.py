"""A running service that phone systems ring, over real HTTP, and agents who listen to it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn

from connector.clock import ScaledClock
from connector.service.app import create_app
from tests.support.book import AS_OF, Book, agent, customer
from tests.support.service import bearing, context_of, session_of

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from datetime import datetime
    from pathlib import Path

    from connector.clock import Clock
    from connector.rings.ring import Ring
    from connector.service.context import Context

SECRET = "a secret of tests"
PATIENCE = 20.0
"""Seconds after which something that should have come counts as lost."""


def staffed(book: Book) -> Book:
    """Two agents, a customer with a number of her own, and two who share one."""
    book.people(
        agent("11", "Daniel Osei", email="daniel@acme.example"),
        agent("12", "Dana Reyes", email="dana@acme.example"),
        customer("100", "Mara Lindqvist", phone="+12125550101"),
        customer("101", "Ana Brook", phone="+12125550102"),
        customer("102", "Ben Brook", phone="+12125550102"),
    )
    return book


@dataclass(frozen=True, slots=True)
class Told:
    """One server-sent event."""

    id: int
    event: str
    data: dict[str, Any]


class Stream:
    """An open stream, read line by line."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.lines: list[str] = []
        self._lines = answer.iter_lines()

    def next(self) -> Told:
        """The next event."""
        fields: dict[str, str] = {}
        for line in self._lines:
            self.lines.append(line)
            if not line and "data" in fields:
                data = json.loads(fields["data"])
                return Told(int(fields["id"]), fields["event"], data)
            name, colon, value = line.partition(": ")
            if colon and name:
                fields[name] = value
        raise EOFError

    def comment(self) -> str:
        """The next comment."""
        for line in self._lines:
            self.lines.append(line)
            if line.startswith(":"):
                return line
        raise EOFError

    def ends(self) -> bool:
        """Whether nothing but comments comes before the end."""
        try:
            self.next()
        except EOFError:
            return True
        return False


class Callers:
    """Phone systems and agents who know where a service is."""

    def __init__(self, book: Book, clock: Clock, url: str = "") -> None:
        self.book = book
        self.clock = clock
        self.url = url
        self.client = httpx.Client(timeout=PATIENCE)

    def wait(self) -> None:
        """Wait until the service answers."""
        pause = threading.Event()
        for _ in range(int(PATIENCE * 20)):
            try:
                self.client.get(f"{self.url}/healthz")
            except httpx.TransportError:
                pause.wait(0.05)
            else:
                return
        raise TimeoutError("The service does not answer.")

    def ring(
        self,
        state: str = "ringing",
        caller: str | None = "+12125550101",
        agent: str | None = "daniel@acme.example",
        **more: Any,
    ) -> httpx.Response:
        """Tell of a call as any other phone system does."""
        query = more.pop("query", "")
        document = {
            "call_id": "c1",
            "caller": caller,
            "called": None,
            "agent_email": agent,
            "agent_ref": None,
            "state": state,
            "at": self.clock.now().isoformat(),
            **more,
        }
        return self.post(json.dumps(document).encode(), query=query)

    def post(self, body: bytes, *, query: str = "", at: datetime | None = None) -> httpx.Response:
        """Send a signed body."""
        signed_at = str(int((at or self.clock.now()).timestamp()))
        message = signed_at.encode() + b"." + body
        headers = {
            "Content-Type": "application/json",
            "X-Remember-Timestamp": signed_at,
            "X-Remember-Signature": hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest(),
        }
        url = f"{self.url}/v1/rings/generic{query}"
        return self.client.post(url, content=body, headers=headers)

    def session(self, agent_id: str = "11") -> str:
        """An agent's bearer."""
        return session_of(self.book, self.clock, agent_id)

    @contextmanager
    def stream(
        self, agent_id: str = "11", after: int | None = None, bearer: str | None = None
    ) -> Iterator[Stream]:
        """An agent listens."""
        headers = bearing(bearer or self.session(agent_id))
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        path = f"{self.url}/v1/rings/stream"
        with self.client.stream("GET", path, headers=headers) as answer:
            assert answer.status_code == 200
            opened = Stream(answer)
            assert opened.comment() == ": open"
            yield opened


class Desk(Callers):
    """The service as it runs in a thread of its own, and those who call it."""

    def __init__(self, context: Context, book: Book) -> None:
        super().__init__(book, context.clock)
        self.context = context
        self._loop: asyncio.AbstractEventLoop | None = None
        self.server: uvicorn.Server | None = None

    def call(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something in the service's own event loop."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def counted(self, name: str, **labels: str) -> float:
        """A number of the metrics."""
        return self.context.metrics.registry.get_sample_value(name, labels) or 0.0

    def rings(self) -> list[Ring]:
        """Every ring on the board of the first account."""
        agents = ("11", "12", "13")
        found = [self.context.board.of_agent(self.book.name, one, after=0) for one in agents]
        return list({ring.key: ring for rings in found for ring in rings}.values())

    def start(self, *, beats: bool) -> None:
        """Serve; with signs of life where `beats`."""
        started = threading.Event()
        desk = self

        class Server(uvicorn.Server):
            """Tells when it has started."""

            async def startup(self, sockets: Any = None) -> None:
                await super().startup(sockets)
                desk._loop = asyncio.get_running_loop()
                if beats:
                    desk._beats = asyncio.create_task(desk.context.board.run())
                started.set()

        config = uvicorn.Config(
            create_app(self.context),
            port=0,
            log_config=None,
            ws="none",
            timeout_graceful_shutdown=5,
        )
        self.server = Server(config)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()
        assert started.wait(PATIENCE)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        """Stop as a service does that is told to."""
        assert self.server is not None
        if self.server.should_exit:
            return
        self.call(self.context.board.close())
        self.server.should_exit = True
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    _beats: asyncio.Task[None]


@contextmanager
def open_desk(
    book: Book,
    folder: Path,
    *others: str,
    clock: Clock | None = None,
    beats: bool = False,
    **settings: object,
) -> Iterator[Desk]:
    """A running service over a record."""
    clock = clock or ScaledClock(1, AS_OF)
    chosen = {"ring_generic_secret": SECRET, "default_region": "US", **settings}
    desk = Desk(context_of(book, clock, folder, *others, **chosen), book)
    desk.start(beats=beats)
    try:
        yield desk
    finally:
        desk.stop()
        desk.client.close()
