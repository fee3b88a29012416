"""Rows that cannot be read, hold what nobody knows yet, or hold what no database likes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.demo import faults
from memory.asking.status import status_of
from memory.record import tables as t
from tests.contract.kinds import KINDS
from tests.contract.stories import few
from tests.support.tale import AS_OF, DAY, customer, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.desk import Desk

SECRET = "Apricot"
BROKEN = [(kind, one) for kind in KINDS for one in kind.broken]
UNKNOWN = [(kind, number) for kind in KINDS for number in range(len(kind.unknown))]


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A desk with a few tickets."""
    return open_desk(few())


def _quarantined(desk: Desk) -> list[Any]:
    with desk.record.reading() as connection:
        return list(connection.execute(sa.select(t.quarantine)).all())


@pytest.mark.parametrize(
    ("kind", "case"),
    BROKEN,
    ids=[f"{kind.provider}-{one.what}-{one.field}" for kind, one in BROKEN],
)
def test_a_row_that_cannot_be_read_is_set_aside(desk: Desk, case: Any) -> None:
    """Its id, field and reason are told, none of its words; every other row lands.

    Once the helpdesk has mended it and tells it again, the truth is whole.
    """
    harmed: list[Any] = []

    def harm(rows: list[Any]) -> list[Any]:
        # Always the same row, wherever it is met.
        for row in rows:
            harmed[:] = harmed or [row["id"]]
            if row["id"] == harmed[0]:
                row[case.field] = case.value
                row["note"] = row["description"] = SECRET
        return rows

    desk.helpdesk.faults.append(desk.kind.rows(case.what, harm))
    report = desk.backfill()
    assert report["quarantined"] >= 1
    found = _quarantined(desk)
    told = [one for one in found if one.stream == case.stream and one.id == str(harmed[0])]
    assert [one.field for one in told] == [case.field]
    assert told[0].reason
    assert SECRET not in json.dumps([one.body for one in found])
    missing = [one for one in desk.differences if "is missing" not in one]
    assert len(missing) <= 2


def test_one_row_of_a_thousand_costs_one_row(open_desk: Callable[..., Desk]) -> None:
    """The other 999 land, and `status` counts what was set aside."""
    people = [customer(1000 + n, email=None) for n in range(1000)]
    desk = open_desk(tale([ticket(1, 1000, AS_OF - DAY)], people))

    def harm(rows: list[Any]) -> list[Any]:
        for row in rows:
            if row["id"] == 1500:
                row["updated_at"] = {"day": 1}
        return rows

    desk.helpdesk.faults.append(desk.kind.rows("people", harm))
    report = desk.backfill()
    assert (report["quarantined"], report["customers"]) == (1, 999)
    with desk.record.reading() as connection:
        [account] = status_of(connection, desk.record.accounts(connection))["accounts"]
    assert [(one["id"], one["field"]) for one in account["quarantined"]] == [("1500", "updated_at")]


@pytest.mark.parametrize(
    ("kind", "case"), UNKNOWN, ids=[f"{kind.provider}-{number}" for kind, number in UNKNOWN]
)
def test_what_nobody_knows_yet_is_harmless(desk: Desk, case: int) -> None:
    """A new status, channel or event costs no row; what is known of the row is taken."""
    what, edit = desk.kind.unknown[case]
    desk.helpdesk.faults.append(desk.kind.rows(what, lambda rows: [edit(row) for row in rows]))
    report = desk.backfill()
    desk.clock.advance(DAY)
    desk.sync()
    assert report["quarantined"] == 0
    held, truth = desk.held, desk.truth
    assert held.customers == truth.customers
    assert set(held.tickets) == set(truth.tickets)
    assert [one[:3] for one in held.messages.values()] == [
        truth.messages[key][:3] for key in held.messages
    ]


LEAP = "2016-12-31T23:59:60Z"
TIMES = {
    "leap second": LEAP,
    "spring forward": "2026-03-08T02:30:00-05:00",
    "fall back": "2026-11-01T01:30:00-04:00",
    "half an hour": "2026-03-08T02:30:00+05:30",
    "parts of a second": "2026-03-08T02:30:00.123456789Z",
    "no colon": "2026-03-08T02:30:00+0000",
}


@pytest.mark.parametrize("name", TIMES)
def test_odd_hours_cost_no_row(desk: Desk, name: str) -> None:
    """Leap seconds, hours that come twice or never, offsets, fractions: all are times."""

    def odd(rows: list[Any]) -> list[Any]:
        return [{**row, "created_at": TIMES[name]} for row in rows]

    for what in ("tickets", "people", "messages"):
        desk.helpdesk.faults.append(desk.kind.rows(what, odd))
    report = desk.backfill()
    assert report["quarantined"] == 0
    assert desk.differences == []


ODD = {
    "emoji": "\U0001f9e1\U0001f469\u200d\U0001f469",
    "right to left": "\u202e\u0634\u0643\u0631\u202c",
    "NUL": "a\x00b",
    "half a character": "broken \ud83e half",
    "other half": "broken \udde1",
    "controls": "\x01\x02\x1b[31m\x7f",
    "long": "ab" * 10_000,
    "empty": "",
    "space": " \u00a0\u3000 ",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_words_in_every_text_field_cost_no_row(desk: Desk, name: str) -> None:
    """Nothing is quarantined, everything can be stored and shown, nothing unprintable is kept."""
    kept = {"type", "role", "status", "score", "time_zone", "iana_time_zone", "url"}

    def odd(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: odd(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [odd(one, key) for one in value]
        is_free = isinstance(value, str) and key not in kept and not key.endswith("_at")
        return ODD[name] if is_free else value

    for what in ("tickets", "people", "messages", "organizations"):
        desk.helpdesk.faults.append(desk.kind.rows(what, odd))
    report = desk.backfill()
    assert report["quarantined"] == 0
    held, truth = desk.held, desk.truth
    assert (set(held.customers), set(held.tickets)) == (set(truth.customers), set(truth.tickets))
    assert set(held.messages) == set(truth.messages)
    words = repr((held.customers, held.tickets, held.messages))
    assert [one for one in ("\\x00", "\\ud83e", "\\udde1") if one in words] == []


def test_everything_is_odd_at_once(desk: Desk) -> None:
    """Fields that are not there, null, or of another kind: rows are set aside, nothing else."""
    wrongs: Iterator[Any] = iter([None, [], {}, "x", 1.5, True, -1] * 10**6)

    def odd(rows: list[Any]) -> list[Any]:
        return [
            {key: value if key == "id" else next(wrongs) for key, value in row.items()}
            for row in rows
        ]

    for what in desk.kind.places:
        fault = desk.kind.rows(what, odd)
        desk.helpdesk.faults.append(fault)
    desk.backfill()
    desk.helpdesk.faults[:] = [faults.fewer_rows(3)]
    assert _quarantined(desk)
