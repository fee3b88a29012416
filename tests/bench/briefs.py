"""How long a brief takes, beside ten plain look-ups and beside a memory library's search."""

from __future__ import annotations

import random
from collections import defaultdict
from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory import Memory
from memory.record import tables
from tests.bench import library, stock
from tests.bench.outcome import Bound, Outcome, quantile
from tests.bench.template import (
    CUSTOMERS,
    FIRST_CUSTOMER,
    FIRST_PHONE,
    FIRST_TICKET,
    TICKET_BAND,
    TICKETS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from memory.asking.document import Brief

_WARM_UP = 40
_FLAT, _SELECTS = 1.5, 5.0


class Crowd:
    """One record that is asked about its customers."""

    def __init__(self, customers: int, stack: ExitStack) -> None:
        self.customers = customers
        self.folder = stock.crowd_record(customers)
        _read_through(self.folder / "record.sqlite")
        self.memory = stack.enter_context(open_memory(self.folder))
        self.account = self.memory.account.number
        self.dice = random.Random(customers)

    def brief(self) -> Brief:
        """A random customer rings and is verified."""
        return brief_of(self.memory, self.dice.randrange(self.customers))

    def ten_selects(self) -> int:
        """Read a random customer's ten tickets, one by one, by primary key."""
        who = self.dice.randrange(self.customers)
        c = tables.ticket.c
        found = 0
        with self.memory.record.reading() as connection:
            for place in range(TICKETS):
                key = str(FIRST_TICKET + place * TICKET_BAND + who)
                question = sa.select(tables.ticket).where(c.account == self.account, c.id == key)
                found += connection.execute(question).one().id == key
        return found


def open_memory(folder: Path) -> Memory:
    """The memory of a data folder, as the story's company has it set up."""
    told = stock.story()
    return Memory.open(folder, default_region=told.default_region, time_zone=told.time_zone)


def brief_of(memory: Memory, number: int) -> Brief:
    """The verified brief of the customer of that number, who rings."""
    brief = memory.brief(phone=f"+{FIRST_PHONE + number}", verified=True, as_of=stock.story().as_of)
    customer = brief["customer"]
    if customer is None or customer["ref"] != f"zendesk:{FIRST_CUSTOMER + number}":
        raise RuntimeError("the brief is not of the customer who rang")
    return brief


def seconds(work: Callable[[], object]) -> float:
    """How long that takes, once."""
    start = perf_counter()
    work()
    return perf_counter() - start


def measure(sizes: Sequence[int], times: int, vectors: Sequence[int], queries: int) -> Outcome:
    """Time briefs, look-ups and searches in turns, so that all have the same weather.

    Args:
        sizes: Numbers of customers, smallest first.
        times: Briefs on each record.
        vectors: Of `sizes`, those at which the library is asked as well.
        queries: Searches in each collection.
    """
    taken: dict[tuple[str, int], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        crowds = [Crowd(size, stack) for size in sizes]
        for crowd in crowds:
            for _ in range(_WARM_UP):
                crowd.brief()
                crowd.ten_selects()
        for _ in range(times):
            for crowd in crowds:
                taken["brief", crowd.customers].append(seconds(crowd.brief))
                taken["ten SELECTs", crowd.customers].append(seconds(crowd.ten_selects))
        bytes_of = {one.customers: _size(one) for one in crowds}
    for size in vectors:
        taken["Chroma query(where=customer)", size] = library.filtered_queries(size, queries)
    outcome = Outcome(
        "Brief by phone, verified, in this process",
        ("what", "customers", "p50 ms", "p95 ms", "p99 ms", "times", "MB"),
        bounds=list(_bounds(taken, sizes)),
        notes=[
            "Briefs and SELECTs in turns on all records, of random customers, files in the cache.",
            "Ten SELECTs: ticket rows by primary key, on the same engine in one transaction.",
            f"Customers: {TICKETS} tickets of {_messages_a_ticket():.1f} messages each.",
            f"{CUSTOMERS} are remembered by the real code; the others are copies under new ids,",
            "without the places of embedded sentences, which a brief does not read.",
            f"Chroma: {library.VECTORS} vectors a customer, 10 results, warm, no documents.",
        ],
    )
    for (what, size), values in taken.items():
        figures = [1000 * quantile(values, share) for share in (0.5, 0.95, 0.99)]
        megabytes = bytes_of[size] / 1e6 if what == "brief" else ""
        outcome.rows.append((what, size, *figures, len(values), megabytes))
    return outcome


def _bounds(taken: dict[tuple[str, int], list[float]], sizes: Sequence[int]) -> list[Bound]:
    def middle(what: str, size: int) -> float:
        return quantile(taken[what, size], 0.5)

    small, large = sizes[0], sizes[-1]
    bounds = [
        Bound(
            f"brief p50, {size:,} customers / ten SELECTs",
            middle("brief", size) / middle("ten SELECTs", size),
            most=_SELECTS,
        )
        for size in sizes
    ]
    if small != large:
        flat = middle("brief", large) / middle("brief", small)
        bounds.insert(0, Bound(f"brief p50, {large:,} / {small:,} customers", flat, most=_FLAT))
    return bounds


def _read_through(file: Path) -> None:
    """Bring a file into the system's cache."""
    with file.open("rb") as opened:
        while opened.read(1 << 24):
            pass


def _size(crowd: Crowd) -> int:
    return (crowd.folder / "record.sqlite").stat().st_size


def _messages_a_ticket() -> float:
    with open_memory(stock.template_record()) as memory:
        counts = memory.status()["accounts"][0]
    return counts["messages"] / counts["tickets"]
