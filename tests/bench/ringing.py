"""How long it takes from the ring to the brief that is seen, in a real browser.

Every time is one of the browser's clock, so that no two clocks are compared.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import httpx
from playwright.sync_api import sync_playwright

from memory.record import Record, queries
from tests.bench import phone
from tests.bench.outcome import Bound, Outcome, quantile
from tests.bench.service import RING_SECRET, serving
from tests.bench.template import FIRST_PHONE
from tests.support import chromium

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

MOST_ABOVE_MS: Final = 300.0
"""What the brief may take longer than the page takes to be painted without one."""

_WARMING: Final = 3
_LOADS: Final = 10
_PATIENCE_MS: Final = 30_000
_LOOK_MS: Final = 20
_TIMES = "performance.getEntriesByName({!r}).map((one) => one.startTime)"


def measure(customers: int, rings: int) -> Outcome:
    """Ring an agent who has the page open, and look when the brief is there.

    Args:
        customers: Of the record.
        rings: How many calls, each of a random customer.
    """
    outcome = Outcome(
        "From the ring to the brief, in a browser",
        ("what", "customers", "times", "p50 ms", "p95 ms"),
        notes=[
            "The page is the service's own; one agent has it open and is rung by random customers.",
            "A ring counts from before its webhook is sent to the end of the frame with its brief.",
        ],
    )
    with serving(customers) as served, sync_playwright() as playwright:
        agent = agents(served.home)[0]
        made = served.command("token", "create", "page", "--agent", agent)
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=list(chromium.ARGUMENTS)
        )
        try:
            bare = _bare(browser, served.url)
            told, painted = _rung(browser, str(made["link"]), agent, customers, rings)
        finally:
            browser.close()
    for what, times in (
        ("the bare page, first contentful paint", bare),
        ("ring to page told", told),
        ("ring to brief painted", painted),
    ):
        p50, p95 = quantile(times, 0.5), quantile(times, 0.95)
        outcome.rows.append((what, customers, len(times), p50, p95))
    above = quantile(painted, 0.5) - quantile(bare, 0.5)
    outcome.bounds.append(
        Bound("ring to brief painted, ms above the bare page", above, most=MOST_ABOVE_MS)
    )
    return outcome


def agents(home: Path) -> list[str]:
    """The e-mails of the agents of a record who may sign in."""
    record = Record.in_folder(home)
    try:
        with record.reading() as connection:
            rows = queries.agents(connection, record.account().number)
            return [row.email for row in rows if row.email and row.active]
    finally:
        record.close()


def _bare(browser: Browser, url: str) -> list[float]:
    """When the page without a link is first painted, loaded again and again."""
    page = browser.new_page()
    times = []
    for place in range(_WARMING + _LOADS):
        page.goto(url)
        painted = _times(page, "first-contentful-paint", 1)
        if place >= _WARMING:
            times += painted
    page.close()
    return times


def _rung(
    browser: Browser, link: str, agent: str, customers: int, rings: int
) -> tuple[list[float], list[float]]:
    """When the page heard of each ring, and when its brief was there."""
    dice = random.Random(5)
    page = browser.new_page()
    with page.expect_response("**/v1/rings/stream", timeout=_PATIENCE_MS):
        page.goto(link)
    told, painted = [], []
    with httpx.Client(base_url=link.partition("#")[0], trust_env=False) as client:
        for place in range(_WARMING + rings):
            caller = f"+{FIRST_PHONE + dice.randrange(customers)}"
            began = float(page.evaluate("performance.now()"))
            _tell(client, f"bench-{place}", "ringing", caller, agent)
            heard = _times(page, "remember-ring", place + 1)[-1]
            seen = _times(page, "remember-brief-painted", place + 1)[-1]
            _tell(client, f"bench-{place}", "ended", caller, agent)
            page.locator('remember-brief[call="ended"]').wait_for(timeout=_PATIENCE_MS)
            if place >= _WARMING:
                told.append(heard - began)
                painted.append(seen - began)
    if page.locator('remember-brief[state="one"]').count() != 1:
        raise RuntimeError("the last ring showed no brief")
    page.close()
    return told, painted


def _times(page: Page, name: str, count: int) -> list[float]:
    """When the page set a mark, or was painted, once it has so many times.

    The browser is asked again and again: a page that waits would have to read a script as text,
    which its security policy forbids.
    """
    for _ in range(_PATIENCE_MS // _LOOK_MS):
        times: list[float] = page.evaluate(_TIMES.format(name))
        if len(times) > count:
            break
        if len(times) == count:
            return times
        page.wait_for_timeout(_LOOK_MS)
    raise RuntimeError(f"{name} came {len(times)} times, not {count}")


def _tell(client: httpx.Client, call_id: str, state: str, caller: str, agent: str) -> None:
    body, headers = phone.ring(RING_SECRET, call_id, state, caller, agent)
    client.post(phone.PATH, content=body, headers=headers).raise_for_status()
