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
    from connector.sync.plan import Plan
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
    plan: Annotated[
        bool, typer.Option("--plan", help="Only print requests, minutes and why; store nothing.")
    ] = False,
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
        raise UsageError("--since is not a date.", "Write 2025-01-01.") from None
    if plan:
        if since or limit:
            raise UsageError("--plan tells of the whole history.", "Leave out --since and --limit.")
        return _plan(helpdesk, account=account, as_json=as_json)
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


def _plan(provider: Provider | None, *, account: str | None, as_json: bool) -> int:
    import asyncio

    from connector.cli.opening import open_helpdesk, open_settings
    from connector.cli.printing import print_json
    from connector.clock import SystemClock
    from connector.sync.plan import plan

    async def ask() -> Plan:
        settings = open_settings()
        async with open_helpdesk(settings, SystemClock(), account, provider) as helpdesk:
            await helpdesk.check()
            return plan(helpdesk.account, await helpdesk.sizes(), helpdesk.share)

    planned = asyncio.run(ask())
    if as_json:
        print_json(planned)
    else:
        _print_plan(planned)
    return 0


def _print_plan(plan: Plan) -> None:
    from connector.cli.printing import console, table

    rows = [
        (
            one["name"],
            one["requests"],
            one["minutes"],
            f"{one['limit']} {one['per_minute']:,}/min",
            one["why"],
        )
        for one in plan["streams"]
    ]
    table("What a backfill will ask", ("stream", "requests", "minutes", "limit", "why"), rows)
    at_most = "at most " if plan["at_most"] else "about "
    console().print(
        f"{plan['account']}: {at_most}{plan['tickets']:,} tickets, {plan['requests']:,} requests. "
        f"{at_most.capitalize()}{plan['minutes']:,.0f} minutes at {plan['share']:.0%} of this "
        "account's limits; single requests and exports go on side by side."
    )


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
    from memory.processor import give_way

    give_way()
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
