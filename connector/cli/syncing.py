"""Commands that read a helpdesk: backfill and sync."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.failing import QUARANTINED
from connector.cli.options import Account, AsJson
from connector.providers import Provider

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from connector.cli.running import Job
    from connector.sync.report import Report


_Which = Annotated[
    Provider | None,
    typer.Argument(help="Which helpdesk; needed when the settings describe several."),
]


def backfill(
    helpdesk: _Which = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Take nothing older than this day.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, help="Stop after so many tickets, newest first; run again without to go on."
        ),
    ] = None,
    no_remember: Annotated[
        bool, typer.Option("--no-remember", help="Only sync; the next run remembers.")
    ] = False,
    account: Account = None,
    as_json: AsJson = False,
) -> int:
    """Take a helpdesk's whole history, recent callers first, and remember it.

    It can be stopped at any time; the same command goes on where it stopped.

    Example: remember backfill zendesk --since 2025-01-01
    """
    from datetime import UTC, datetime

    from memory.errors import UsageError

    try:
        oldest = datetime.fromisoformat(since).replace(tzinfo=UTC) if since else None
    except ValueError:
        raise UsageError(f"--since is not a date: {since!r}.", "Write 2025-01-01.") from None
    return _run(
        "backfill",
        lambda job: job.together.backfill(since=oldest, limit=limit),
        provider=helpdesk,
        account=account,
        remember=not no_remember,
        as_json=as_json,
    )


def sync(
    helpdesk: _Which = None,
    every: Annotated[
        int | None, typer.Option(metavar="SECONDS", min=1, help="Again and again, this far apart.")
    ] = None,
    account: Account = None,
    as_json: AsJson = False,
) -> int:
    """Take what changed since the last backfill or sync, and remember it.

    Example: remember sync zendesk --every 60
    """

    async def work(job: Job) -> Report:
        while True:
            report = await job.together.sync()
            if every is None:
                return report
            _print(report, as_json=as_json)
            await job.clock.sleep(every)

    return _run("sync", work, provider=helpdesk, account=account, remember=True, as_json=as_json)


def _run(
    command: str,
    work: Callable[[Job], Awaitable[Report]],
    *,
    provider: Provider | None,
    account: str | None,
    remember: bool,
    as_json: bool,
) -> int:
    from connector.cli.opening import open_settings
    from connector.cli.running import run

    report = run(
        open_settings(), command, work, account=account, remember=remember, provider=provider
    )
    _print(report, as_json=as_json)
    return QUARANTINED if report["quarantined"] else 0


def _print(report: Report, *, as_json: bool) -> None:
    from connector.cli.printing import console, print_json, table

    if as_json:
        print_json(report)
        return
    rows = [
        (one["name"], one["rows"], one["requests"], one["refused"], "yes" if one["done"] else "no")
        for one in report["streams"]
    ]
    table("What was read", ("stream", "rows", "requests", "refused", "done"), rows)
    out = console()
    out.print(
        f"{report['account']}: {report['customers']:,} customers, {report['tickets']:,} tickets, "
        f"{report['messages']:,} messages. Remembered {report['remembered']:,} tickets, encoded "
        f"{report['encoded']:,} sentences, skipped {report['skipped']:,}. "
        f"{report['seconds']:.0f} s, {report['requests']:,} requests."
    )
    if report["quarantined"]:
        out.print(f"{report['quarantined']} rows could not be read; `remember status` names them.")
