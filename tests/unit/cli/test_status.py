"""The status as people read it: how fresh, how complete, what was set aside, what reading cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.cli.status import print_status
from memory.asking.status import USAGE, status_of
from memory.entities import Page, Unreadable
from memory.record import Record
from tests.support.book import ago, customer, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """An empty record."""
    made = Record.in_folder(tmp_path)
    yield made
    made.close()


def _printed(record: Record, capsys: pytest.CaptureFixture[str]) -> str:
    with record.reading() as connection:
        document = status_of(connection, record.accounts())
    print_status(record, document)
    return capsys.readouterr().out


def test_the_status_of_nothing_says_how_to_begin(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the command to run."""
    assert "remember backfill" in _printed(record, capsys)


def test_a_status_tells_all_in_one_screen(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reasons are grouped and counted, with the ids of a few; what waits is named."""
    account = record.add_account("zendesk:acme", "https://acme.zendesk.com")
    bad = [Unreadable("tickets", str(n), "created_at", "not a time", {}) for n in range(7)]
    bad.append(Unreadable("users", "9", "role", "missing", {}))
    with record.writing(account) as writer:
        writer.quarantine(bad, ago(1))
        writer.checkpoint("tickets", "x", done=False, rows=1200)
        writer.checkpoint("users", "x", done=True, rows=30)
        spent = {"requests": 4200, "refused": 3, "waited": 61.5}
        writer.checkpoint(USAGE, json.dumps(spent), done=True)
        writer.synced(ago(0))
        writer.store(Page(people=(customer(),), tickets=(ticket(),)), at=ago(2))
    out = _printed(record, capsys)
    for words in (
        "zendesk:acme",
        "2026-07-07T09:00:00Z",
        "everything since 2026-07-05T09:00:00Z",
        "1 customers, 1 tickets",
        "no: 1 tickets to read",
        "tickets not at its end",
        "tickets 1,200, users 30",
        "4,200 requests, 3 refused; the rate limit cost 62 s",
        "7 times tickets created_at: not a time (0, 1, 2, …)",
        "1 times users role: missing (9)",
    ):
        assert words in out, words
    assert len(out.splitlines()) < 24
