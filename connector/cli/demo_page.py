"""The end of the demo: the page an agent has open, and a phone that rings."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import threading
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from connector.cli.assembling import Wanted, assembled
from connector.clock import ScaledClock, SystemClock
from connector.demo.phone import DemoPhone
from connector.demo.ringing import Ringing
from connector.errors import ConfigurationError, RetryableError
from connector.service import logs
from connector.service.serving import address_of, listen, run
from memory.asking.identity import agent_of
from memory.asking.view import View
from memory.record import tokens

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from connector.clock import Clock
    from connector.service.context import Context
    from connector.settings import Settings

PORT = 8787
STREAMS = "remember_streams_open"
"""What the service counts open pages as."""

ALONE_SECONDS = 120.0
"""Without a terminal nobody can press Ctrl-C: nobody at the page for so long ends the demo."""

_LINK_HOURS = 12


def serve_page(
    settings: Settings,
    *,
    account: str,
    clock: ScaledClock,
    agent_email: str,
    callers: Sequence[str],
    stays: bool,
    say: Callable[[str], None],
) -> int:
    """Serve the page on what the demo has remembered, and let its phone ring.

    Args:
        settings: The demo's.
        account: The story's account.
        clock: The story's time.
        agent_email: Whose page it is.
        callers: The numbers that call, in turn.
        stays: Whether to wait for ever for somebody to open the page.
        say: Takes the address of the page once it is served.

    Returns:
        The exit code.
    """
    secret = secrets.token_urlsafe(24)
    known = settings.model_copy(
        update={"ring_generic_secret": SecretStr(secret), "agent_map": None, "public_url": None}
    )
    logs.configure(known)
    with _listener() as listener:
        url = address_of(listener)
        wanted = Wanted(sync_every=None, worker=False, account=account)
        with assembled(known, wanted, clock) as running:
            link = f"{url}/#link={_link(running.context, account, agent_email, clock)}"

            async def ring() -> None:
                phone = DemoPhone(url, secret, clock)
                registry = running.context.metrics.registry
                ringing = Ringing(
                    phone,
                    callers,
                    agent_email,
                    open_pages=lambda: int(registry.get_sample_value(STREAMS) or 0),
                    clock=SystemClock(),
                )
                try:
                    await ringing.run(None if stays else ALONE_SECONDS)
                except RetryableError:
                    return  # whoever stopped the service has stopped the demo
                finally:
                    await phone.close()
                os.kill(os.getpid(), signal.SIGTERM)

            def started() -> None:
                say(link)
                threading.Thread(target=asyncio.run, args=(ring(),), daemon=True).start()

            return run(running, listener, started=started)


def _listener() -> socket.socket:
    """The usual port; a free one where it is taken."""
    try:
        return listen("127.0.0.1", PORT)
    except ConfigurationError:
        return listen("127.0.0.1", 0)


def _link(context: Context, account: str, agent_email: str, clock: Clock) -> str:
    memory = context.memories[account]
    with context.record.reading() as connection:
        agent = agent_of(connection, View(memory.account, clock.now(), UTC), agent_email)
    with context.record.writing(memory.account) as writer:
        _, secret = tokens.create(
            writer.connection,
            memory.account.number,
            name="demo",
            scopes=tokens.AGENT_SCOPES,
            at=clock.now(),
            agent_id=agent.id,
            expires_at=clock.now() + timedelta(hours=_LINK_HOURS),
        )
    return secret
