"""Commands that look after the set-up: doctor, reindex and backup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.options import Account, AsJson

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.providers import Provider
    from connector.settings import Settings
    from connector.sync.helpdesk import Access


def doctor(account: Account = None, as_json: AsJson = False) -> int:
    """What is wrong with this set-up, and how to mend it."""
    from dataclasses import asdict

    from rich.text import Text

    from connector.cli.opening import open_settings, workplace
    from connector.cli.printing import console, print_json
    from connector.doctor import examine

    settings = open_settings()
    findings = list(examine(settings, workplace(settings), _asks(settings, account)))
    if as_json:
        print_json({"version": 1, "findings": [asdict(one) for one in findings]})
    else:
        out = console()
        for one in findings:
            mark = ("ok    ", "green") if one.ok else ("mend  ", "red")
            out.print(Text.assemble(mark, f"{one.check}: {one.detail}"))
            if one.hint:
                out.print(Text(f"      {one.hint}", style="dim"))
    return 0 if all(one.ok for one in findings) else 1


def _asks(settings: Settings, account: str | None) -> dict[str, Callable[[], Access]]:
    import asyncio

    from connector.cli.opening import configured, open_helpdesk
    from connector.clock import SystemClock

    async def check(provider: Provider) -> Access:
        async with open_helpdesk(settings, SystemClock(), account, provider) as helpdesk:
            return await helpdesk.check()

    def ask(provider: Provider) -> Callable[[], Access]:
        return lambda: asyncio.run(check(provider))

    return {provider.title(): ask(provider) for provider in configured(settings)}


def reindex(
    memories: Annotated[
        bool,
        typer.Option("--memories", help="Also remember every ticket again, from its messages."),
    ] = False,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild the index from the record; notes stay as they are.

    Example: remember reindex --memories
    """
    import shutil

    from connector.cli.opening import open_memory, open_settings, workplace
    from connector.cli.printing import console, print_json
    from connector.cli.progress import shown
    from connector.clock import SystemClock
    from connector.lock import hold
    from connector.sync.helpdesk import Usage
    from connector.sync.report import StreamState
    from memory.remembering.remember import Progress

    settings, clock = open_settings(), SystemClock()
    with (
        hold(settings.folder, "reindex", clock),
        open_memory(settings, account) as memory,
        shown(Usage(), clock) as listener,
    ):
        if memories:
            with memory.record.writing(memory.account) as writer:
                writer.remember_everything_again()
        if settings.chroma_url is None:
            shutil.rmtree(workplace(settings).index_folder, ignore_errors=True)

        def report(progress: Progress) -> None:
            total = progress.remembered + progress.waiting
            listener.stream(StreamState("remembering", progress.remembered, total))

        name = memory.account.name
        progress = memory.remember(report)
    if as_json:
        print_json(
            {
                "version": 1,
                "account": name,
                "remembered": progress.remembered,
                "encoded": progress.encoded,
                "skipped": progress.skipped,
            }
        )
    else:
        console().print(
            f"The index is rebuilt; {progress.remembered:,} tickets remembered, "
            f"{progress.encoded:,} sentences encoded."
        )


def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy is to be; it must be a new file.")],
    as_json: AsJson = False,
) -> None:
    """Copy the record to a file as it stands at one moment, while others write it.

    The index is not copied; `remember reindex` makes it from the record.

    Example: remember backup monday.sqlite
    """
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json
    from memory.record.backup import back_up

    with open_memory(open_settings(), None) as memory:
        done = back_up(memory.record, file)
    if as_json:
        print_json(
            {
                "version": 1,
                "file": str(done.file),
                "bytes": done.bytes,
                "accounts": list(done.accounts),
            }
        )
    else:
        told = f"{done.file}: {done.bytes / 1e6:,.1f} MB, {', '.join(done.accounts)}."
        console().print(told, soft_wrap=True, markup=False)
