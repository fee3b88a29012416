"""Runs an application on loopback in a thread of its own, for a browser to ask."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp


@contextlib.contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application's address while the context is open; its lifespan runs, too."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the service does
        port = listening.getsockname()[1]
        config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        ready = threading.Event()
        startup = server.startup

        async def started(sockets: list[socket.socket] | None = None) -> None:
            try:
                await startup(sockets)
            finally:
                ready.set()

        server.startup = started  # type: ignore[method-assign]  # uvicorn says nothing of its start
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            assert ready.wait(30), "The server did not start."
            assert server.started, "The server did not start."
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()
