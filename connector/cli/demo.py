"""The command that shows the main job, with no account: `remember demo`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.options import AsJson

if TYPE_CHECKING:
    from connector.demo.story import Story
    from connector.settings import Settings
    from connector.sync.report import Report
    from memory import Memory
    from memory.asking.document import Brief

_SHOWN_CASES = (1, 2, 5)


def demo(
    story: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Another story to serve (JSON or JSON.gz)."),
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--all", help="Print the brief of everyone the story expects.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Serve a simulated helpdesk, backfill it, print briefs, and serve the page an agent has open.

    Everything happens on this machine, in a data folder of its own. At the end a phone rings while
    the page is open; Ctrl-C ends it. With --json it ends with the briefs.

    Example: remember demo --all
    """
    from connector.cli.opening import open_settings
    from connector.cli.printing import print_json
    from connector.demo.story import load_story, packaged_story

    told = load_story(story or packaged_story())
    settings = _demo_settings(open_settings(), told)
    report, briefs, sizes = _play(settings, told, everyone=everyone)
    if as_json:
        print_json(
            {"version": 1, "report": report, "sizes": sizes, "briefs": [b for _, b in briefs]}
        )
        return 0
    _tell(settings, told, report, briefs, sizes)
    return _serve(settings, told)


def _demo_settings(settings: Settings, told: Story) -> Settings:
    """The user's settings, but for what the story says and a data folder of its own."""
    from pydantic import SecretStr

    from connector.demo.server import Credentials

    known = Credentials()
    return settings.model_copy(
        update={
            "home": settings.folder / "demo",
            "database_url": None,
            "chroma_url": None,
            "default_region": told.default_region,
            "time_zone": told.time_zone,
            "zendesk_client_id": known.client_id,
            "zendesk_client_secret": SecretStr(known.client_secret),
            "zendesk_rate_share": 1.0,
            "retention_days": {},  # the story does not grow old
        }
    )


def _play(
    settings: Settings, told: Story, *, everyone: bool
) -> tuple[Report, list[tuple[str, Brief]], dict[str, int]]:
    from connector.cli.opening import open_memory
    from connector.cli.running import run
    from connector.clock import ScaledClock, SystemClock
    from connector.demo.server import DemoHelpdesk
    from connector.demo.zendesk.limits import UNLIMITED
    from connector.lock import hold

    with hold(settings.folder, "demo", SystemClock()):
        for leftover in ("record.sqlite", "record.sqlite-wal", "record.sqlite-shm"):
            (settings.folder / leftover).unlink(missing_ok=True)
        shutil.rmtree(settings.folder / "index", ignore_errors=True)
    account = f"zendesk:{told.account}"
    with DemoHelpdesk(told, limits=UNLIMITED) as helpdesk:
        report = run(
            settings.model_copy(update={"zendesk_url": helpdesk.url}),
            "demo",
            lambda job: job.together.backfill(),
            account=account,
            remember=True,
            clock=ScaledClock(1, told.as_of),
        )
    with open_memory(settings, account) as memory:
        return report, _briefs(memory, told, everyone=everyone), _sizes(settings)


def _briefs(memory: Memory, told: Story, *, everyone: bool) -> list[tuple[str, Brief]]:
    """The people of the story's expectations; the customer with most tickets where it has none."""
    from memory.record import queries

    cases = sorted({one.case for one in told.expect} if everyone else set(_SHOWN_CASES))
    asked = {one.case: one for one in reversed(told.expect)}
    asked |= {one.case: one for one in reversed(told.expect) if "--verified" in one.ask}
    briefs = [
        (asked[case].who, _asked(memory, told, asked[case].ask)) for case in cases if case in asked
    ]
    if briefs:
        return briefs
    with memory.record.reading() as connection:
        busiest = queries.busiest_customers(connection, memory.account.number, 1)
    return [
        (
            f"the customer with the most tickets, {row.tickets}",
            memory.brief(customer=memory.account.ref(row.id), as_of=told.as_of, verified=True),
        )
        for row in busiest
    ]


def _asked(memory: Memory, told: Story, ask: tuple[str, ...]) -> Brief:
    options = {
        name.removeprefix("--"): value
        for name, value in zip(ask, (*ask[1:], ""), strict=True)
        if name in {"--phone", "--email", "--customer", "--ticket"}
    }
    return memory.brief(**options, as_of=told.as_of, verified=True)


def _sizes(settings: Settings) -> dict[str, int]:
    """Bytes on disk of the record and of the index."""
    index = settings.folder / "index"
    return {
        "record_bytes": sum(x.stat().st_size for x in settings.folder.glob("record.sqlite*")),
        "index_bytes": sum(x.stat().st_size for x in index.rglob("*") if x.is_file()),
    }


def _tell(
    settings: Settings,
    told: Story,
    report: Report,
    briefs: list[tuple[str, Brief]],
    sizes: dict[str, int],
) -> None:
    from connector.cli.printing import console, print_brief
    from memory.face import zone

    out = console()
    seconds = max(report["seconds"], 0.1)
    out.print(
        f"[bold]{told.name}[/bold]: {report['customers']:,} customers, {report['tickets']:,} "
        f"tickets and {report['messages']:,} messages taken over HTTP and remembered in "
        f"{seconds:.0f} s ({report['messages'] / seconds:,.0f} messages a second). "
        f"{report['encoded']:,} sentences encoded, {report['skipped']:,} skipped. "
        f"Record {sizes['record_bytes'] / 1e6:.0f} MB, index {sizes['index_bytes'] / 1e6:.0f} MB."
    )
    for who, brief in briefs:
        out.print(f"\n[dim]The phone rings: {who}; the agent has ticked “verified”.[/dim]")
        print_brief(brief, zone(settings.time_zone))
    as_of = told.as_of.strftime("%Y-%m-%dT%H:%M:%SZ")
    phone = next((x.ask[1] for x in told.expect if x.ask[0] == "--phone"), None)
    who = f"--phone '{phone}'" if phone else f"--customer {_ref(briefs)}"
    command = "remember" if shutil.which("remember") else sys.argv[0]
    out.print(
        "\nWhat to try next:\n"
        f"  export REMEMBER_HOME={settings.folder} REMEMBER_DEFAULT_REGION={told.default_region} "
        f"REMEMBER_TIME_ZONE={told.time_zone}\n"
        f"  {command} brief {who} --as-of {as_of}             # before the caller is verified\n"
        f"  {command} brief {who} --as-of {as_of} --verified --full\n"
        f'  {command} recall "the bill is too high" --everyone\n'
        f"  {command} status",
        soft_wrap=True,
        highlight=False,
    )


def _serve(settings: Settings, told: Story) -> int:
    """Serve the page until Ctrl-C; a story in which nobody calls an agent has none."""
    from connector.cli.demo_page import serve_page
    from connector.cli.printing import console
    from connector.clock import ScaledClock

    callers = {x.case: x.ask[1] for x in reversed(told.expect) if x.ask[0] == "--phone"}
    agents = [x.ask[x.ask.index("--agent") + 1] for x in told.expect if "--agent" in x.ask]
    if not callers or not agents:
        return 0

    def say(link: str) -> None:
        console().print(
            f"\nThe page of {agents[0]}, whose phone rings while it is open:\n  {link}\n"
            "Ctrl-C ends the demo.",
            soft_wrap=True,
            highlight=False,
        )

    return serve_page(
        settings,
        account=f"zendesk:{told.account}",
        clock=ScaledClock(1, told.as_of),
        agent_email=agents[0],
        callers=[callers[case] for case in sorted(callers)],
        stays=sys.stdin.isatty(),
        say=say,
    )


def _ref(briefs: list[tuple[str, Brief]]) -> str:
    customer = briefs[0][1]["customer"] if briefs else None
    return customer["ref"] if customer else "REF"
