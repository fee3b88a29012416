"""The command that seals what people said with another key."""

from __future__ import annotations

from typing import Annotated

import typer

from connector.cli.options import Account, AsJson


def rotate_key(
    keep_open: Annotated[
        bool, typer.Option("--open", help="Store the words open, so that no key is needed.")
    ] = False,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Seal every word that is stored with the first key of REMEMBER_ENCRYPTION_KEY.

    Before: put the new key in front of the old one, with a space between. Afterwards the old one
    may go. It can be stopped and run again; backups keep the key that they were made with.

    Example: remember policy rotate-key
    """
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json
    from connector.cli.progress import shown
    from connector.clock import SystemClock
    from connector.errors import ConfigurationError
    from connector.lock import hold
    from connector.sync.helpdesk import Usage
    from connector.sync.report import StreamState
    from memory.record.resealing import reseal
    from memory.record.traces import remove_traces

    settings, clock = open_settings(), SystemClock()
    if not settings.keys:
        raise ConfigurationError(
            "REMEMBER_ENCRYPTION_KEY is not set.",
            "Set it to the key that is to seal, and, after a space, the one that does now.",
        )
    with (
        hold(settings.folder, "policy rotate-key", clock),
        open_memory(settings, account) as memory,
        shown(Usage(), clock) as listener,
    ):
        held = memory.account
        changed = reseal(
            memory.record,
            held,
            keep_open=keep_open,
            report=lambda count: listener.stream(StreamState("sealing", count, None)),
        )
        clean = remove_traces(memory.record, clock.now())
    if as_json:
        print_json(
            {
                "version": 1,
                "account": held.name,
                "changed": changed,
                "sealed": not keep_open,
                "traces_removed": clean,
            }
        )
        return
    done = "stored open" if keep_open else "sealed with the first key"
    console().print(f"{changed:,} texts of {held.name} are {done} now.")
