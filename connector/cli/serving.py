"""The command that runs for long: requests, sync and remembering in one."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.options import Account

if TYPE_CHECKING:
    import socket

    from connector.settings import Settings


def serve(
    host: Annotated[
        str, typer.Option(help="Where to listen; 0.0.0.0 is every address of this machine.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Where to listen; 0 takes a free one.")
    ] = 8787,
    sync_every: Annotated[
        int, typer.Option(metavar="SECONDS", min=1, help="How far apart two syncs are.")
    ] = 60,
    no_http: Annotated[bool, typer.Option("--no-http", help="Answer no requests.")] = False,
    no_sync: Annotated[
        bool, typer.Option("--no-sync", help="Read no helpdesk but for what its webhooks tell.")
    ] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Remember nothing; another process does.")
    ] = False,
    account: Account = None,
) -> int:
    """Run the service: answer agents and phone systems, sync, and remember.

    A helpdesk of which nothing was taken yet is backfilled first. Ctrl-C or SIGTERM stops the
    service once what it is at is done, with exit 0; a second one stops it at once, with exit 130.

    Example: remember serve --port 8787 --sync-every 60
    """
    from connector.cli.assembling import Wanted, assembled
    from connector.cli.opening import open_settings
    from connector.clock import SystemClock
    from connector.lock import hold
    from connector.service import logs
    from connector.service.serving import listen, run
    from memory.errors import UsageError

    if no_http and no_sync and no_worker:
        raise UsageError("There is nothing left to run.", "Leave out one of the --no-… options.")
    settings, clock = open_settings(), SystemClock()
    logs.configure(settings)
    wanted = Wanted(None if no_sync else float(sync_every), not no_worker, account)
    with ExitStack() as stack:
        if not (no_sync and no_worker):
            stack.enter_context(hold(settings.folder, "serve", clock))
        listener = None if no_http else stack.enter_context(listen(host, port))
        running = stack.enter_context(assembled(settings, wanted, clock))
        return run(running, listener, started=lambda: _say(settings, listener))


def _say(settings: Settings, listener: socket.socket | None) -> None:
    """One line that says where, for people and for whoever waits for the service."""
    from connector.service.serving import address_of

    if listener is None:
        typer.echo("Running without HTTP. Stop with Ctrl-C.")
        return
    where = address_of(listener)
    page = (settings.public_url or where).rstrip("/")
    typer.echo(f"Serving {where} · page {page}/ · stop with Ctrl-C")
