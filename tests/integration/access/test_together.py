"""Who writes at the same time writes one chain; who is merged or forgotten does not break it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from memory import Memory
from memory.entities import Merge
from memory.face.looking import Seen
from memory.record import access, looks
from memory.record import tables as t
from tests.integration.access.conftest import verdict
from tests.support.book import ago

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.book import Book

THREADS, PROCESSES, EACH = 4, 2, 15

PROCESS = """
import sys
from datetime import UTC, datetime
from memory.record import Record
record = Record.open(sys.argv[1])
account = record.account("zendesk:acme")
for number in range(int(sys.argv[3])):
    with record.writing(account) as writer:
        writer.log_access(at=datetime.now(UTC), agent=sys.argv[2], proof="x", source="command",
                          what="brief", customer_id=str(100 + number % 5))
record.close()
"""


def test_many_writers_write_one_chain(known: Book) -> None:
    """Threads of this process and other processes, the first looks of customers among them."""

    def write(thread: int) -> None:
        for number in range(EACH):
            with known.record.writing(known.account) as writer:
                writer.log_access(
                    at=ago(0),
                    agent=f"thread {thread}",
                    proof="x",
                    source="service",
                    what="brief",
                    customer_id=str(100 + number % 5),
                )

    others = [
        subprocess.Popen([sys.executable, "-c", PROCESS, known.database_url, f"p{n}", str(EACH)])
        for n in range(PROCESSES)
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    assert [one.wait(120) for one in others] == [0] * PROCESSES
    assert verdict(known) == access.Verdict((THREADS + PROCESSES) * EACH)
    rows = known.rows(t.access)
    assert set(Counter(row["agent"] for row in rows).values()) == {EACH}
    assert len(known.rows(t.alias)) == len({row["alias"] for row in rows}) == 5


def _seen(customer: str, what: str = "brief", subject: str | None = None) -> Seen:
    return Seen(ago(0), "zendesk:11", "zendesk", "service", what, customer, subject)


def _opened(book: Book, folder: Path) -> Memory:
    return Memory.open(folder, database_url=book.database_url)


def test_a_merge_keeps_who_saw_what(known: Book, tmp_path: Path) -> None:
    """Both pasts are asked for by either ref, and a later look is at the winner."""
    memory_id = known.told("interest", "I love sailing", ticket_id="7", customer_id="101", by="101")
    with _opened(known, tmp_path) as memory:
        memory.write_down([_seen("zendesk:100"), _seen("zendesk:101", "reveal", memory_id)])
        known.store(merges=(Merge("101", "100"),))
        memory.write_down([_seen("zendesk:101", "verify", "ticket:7")])
        for ref in ("zendesk:100", "zendesk:101"):
            found = memory.who_saw(customer=ref)["entries"]
            assert [(one["what"], one["customer"]) for one in found] == [
                ("verify", "zendesk:100"),
                ("reveal", "zendesk:100"),
                ("brief", "zendesk:100"),
            ]
            assert found[0]["subject"] == "ticket:7"
        exported = memory.export(customer="zendesk:100")["access"]
        assert [one["what"].partition(":")[0] for one in exported] == [  # type: ignore[attr-defined]
            *("brief", "reveal", "verify")
        ]
        assert memory.check_access()["whole"]


def test_who_is_forgotten_is_in_no_entry_and_the_chain_holds(known: Book, tmp_path: Path) -> None:
    """A look that is written late leads nowhere, too; what was seen of others is as it was."""
    with _opened(known, tmp_path) as memory:
        memory.write_down([_seen("zendesk:100"), _seen("zendesk:101"), _seen("zendesk:100")])
        head = access.Anchor.parse(memory.check_access()["head"] or "")
        memory.forget(customer="zendesk:100")
        memory.write_down([_seen("zendesk:100", "recall")])
        assert memory.check_access(head)["whole"]
        assert memory.check_access()["entries"] == 4
        found = memory.who_saw(agent="zendesk:11")["entries"]
        assert [(one["what"], one["customer"]) for one in found] == [
            ("recall", None),
            ("brief", None),
            ("brief", "zendesk:101"),
            ("brief", None),
        ]
    assert [row["customer_id"] for row in known.rows(t.alias)] == ["101"]
    with known.record.reading() as connection:
        assert not looks.has_alias(connection, known.number, ["100"])
