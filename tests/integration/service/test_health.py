"""Alive, ready, and the numbers: what machines look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from connector.service.app import create_app
from connector.service.health import OVERDUE, STUCK_SECONDS
from connector.service.standing import Standing, Trouble
from memory.record import tables as t
from tests.support.book import AS_OF, ticket
from tests.support.service import context_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.clock import ManualClock
    from connector.service.context import Context
    from tests.support.book import Book

EVERY = 60.0
ACCOUNT = "zendesk:acme"


@pytest.fixture
def standing() -> Standing:
    """A sync and a worker that run."""
    made = Standing(EVERY)
    made.tell("sync", ACCOUNT, AS_OF, up=True, doing="Waiting for the next sync.")
    made.tell("worker", ACCOUNT, AS_OF, up=True)
    return made


@pytest.fixture
def context(book: Book, clock: ManualClock, tmp_path: Path, standing: Standing) -> Context:
    """A service that synced a moment ago."""
    with book.record.writing(book.account) as writer:
        writer.synced(AS_OF)
    return replace(context_of(book, clock, tmp_path), standing=standing)


@pytest.fixture
def client(context: Context) -> Iterator[TestClient]:
    """Asks the service."""
    with TestClient(create_app(context), client=("127.0.0.1", 50000)) as asking:
        yield asking


def not_ready(client: TestClient) -> list[dict[str, Any]]:
    """What is not ready; the status says the same as the document."""
    answer = client.get("/readyz")
    document = answer.json()
    assert document["version"] == 1
    assert document["ready"] == (answer.status_code == 200) == (not document["not_ready"])
    found: list[dict[str, Any]] = document["not_ready"]
    assert all(one["detail"] and one["hint"] for one in found)
    return found


def sample(client: TestClient, name: str, **labels: str) -> float | None:
    """A number, as Prometheus would read it."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    for family in text_string_to_metric_families(answer.text):
        for one in family.samples:
            if one.name == name and one.labels == labels:
                return one.value
    return None


def test_who_answers_is_alive(client: TestClient) -> None:
    """Without a bearer, and whatever else is wrong."""
    assert client.get("/healthz").json() == {"version": 1, "alive": True}


def test_all_is_well(client: TestClient) -> None:
    """The record is there and fresh, the parts run, nothing waits."""
    assert not_ready(client) == []


def test_a_service_alone_is_ready_without_parts(
    book: Book, clock: ManualClock, tmp_path: Path
) -> None:
    """Sync and worker may run elsewhere; how old the record is, is their business."""
    with TestClient(create_app(context_of(book, clock, tmp_path))) as client:
        assert not_ready(client) == []


def test_a_part_in_trouble_says_what_to_do(client: TestClient, standing: Standing) -> None:
    """Since when, and what."""
    at = AS_OF + timedelta(minutes=1)
    standing.tell("worker", ACCOUNT, at, up=False, trouble=Trouble("It died.", "Look."))
    assert not_ready(client) == [
        {
            "part": "worker",
            "account": ACCOUNT,
            "since": "2026-07-07T09:01:00Z",
            "detail": "It died.",
            "hint": "Look.",
        }
    ]
    assert sample(client, "remember_part_up", part="worker", account=ACCOUNT) == 0
    assert sample(client, "remember_part_up", part="sync", account=ACCOUNT) == 1


def test_a_sync_that_has_not_ended_for_three_intervals_is_late(
    client: TestClient, clock: ManualClock
) -> None:
    """Up to then it is fresh."""
    clock.advance(OVERDUE * EVERY)
    assert not_ready(client) == []
    clock.advance(1)
    [found] = not_ready(client)
    assert (found["part"], found["account"]) == ("sync", ACCOUNT)
    assert found["since"] == "2026-07-07T09:00:00Z"
    age = sample(client, "remember_sync_age_seconds", account=ACCOUNT)
    assert age == OVERDUE * EVERY + 1


def test_a_sync_in_trouble_is_said_once(
    client: TestClient, clock: ManualClock, standing: Standing
) -> None:
    """That the record is old then is no news."""
    clock.advance(10 * EVERY)
    standing.tell("sync", ACCOUNT, AS_OF, up=True, trouble=Trouble("Refused.", "Mend it."))
    assert [one["detail"] for one in not_ready(client)] == ["Refused."]


def test_before_the_first_sync_has_ended_nothing_is_ready(client: TestClient, book: Book) -> None:
    """And it is said how far it is."""
    with book.record.writing(book.account) as writer:
        writer.connection.execute(t.account.update().values(synced_at=None))
    [found] = not_ready(client)
    assert found["part"] == "sync"
    assert "Waiting for the next sync." in found["detail"]


def test_tickets_that_wait_for_long_are_stuck(
    client: TestClient, book: Book, clock: ManualClock, standing: Standing
) -> None:
    """Not those that become fewer."""
    standing.sync_every = None
    book.store(tickets=(ticket("1"), ticket("2")))
    assert not_ready(client) == []
    clock.advance(STUCK_SECONDS - 1)
    assert not_ready(client) == []
    with book.record.writing(book.account) as writer:
        writer.connection.execute(t.outbox.delete().where(t.outbox.c.ticket_id == "1"))
    assert not_ready(client) == []
    clock.advance(STUCK_SECONDS - 1)
    assert not_ready(client) == []
    clock.advance(1)
    [found] = not_ready(client)
    assert (found["part"], found["since"]) == ("outbox", "2026-07-07T09:04:59Z")
    assert sample(client, "remember_outbox_tickets", account=ACCOUNT) == 1


def test_a_record_of_another_migration_is_not_ready(client: TestClient, book: Book) -> None:
    """Two versions of the program may share a database for a while."""
    with book.record.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    [found] = not_ready(client)
    assert found["part"] == "record"
    assert "0001" in found["detail"]


def test_a_record_that_cannot_be_reached_is_not_ready(
    client: TestClient, book: Book, clock: ManualClock, tmp_path: Path
) -> None:
    """Since it was first noticed, until it is back; the service itself is alive."""
    file = tmp_path / "record.sqlite"
    book.record.engine.dispose()
    for one in tmp_path.glob("record.sqlite*"):
        one.rename(one.with_name(one.name.replace("record", "away")))
    file.mkdir()
    [found] = not_ready(client)
    assert (found["part"], found["since"]) == ("record", "2026-07-07T09:00:00Z")
    assert str(file) not in found["detail"]
    clock.advance(7)
    assert not_ready(client)[0]["since"] == "2026-07-07T09:00:00Z"
    assert client.get("/healthz").status_code == 200
    file.rmdir()
    for one in tmp_path.glob("away.sqlite*"):
        one.rename(one.with_name(one.name.replace("away", "record")))
    assert not_ready(client) == []


def test_requests_are_counted_by_route_and_status(client: TestClient) -> None:
    """A path that nobody knows is no label."""
    client.get("/healthz")
    client.get("/v1/+12125550101")
    client.request("BREW", "/healthz")
    told = {"method": "GET", "route": "/healthz", "status": "200"}
    assert sample(client, "remember_http_requests_total", **told) == 1
    lost = {"method": "GET", "route": "unmatched", "status": "404"}
    assert sample(client, "remember_http_requests_total", **lost) == 1
    odd = {"method": "other", "route": "/healthz", "status": "405"}
    assert sample(client, "remember_http_requests_total", **odd) == 1
    assert "12125550101" not in client.get("/metrics").text


def test_what_is_not_on_a_list_is_other(client: TestClient, context: Context) -> None:
    """So that nobody can make labels without end."""
    metrics = context.metrics
    metrics.brief(0.01, "Mara Lindqvist")
    metrics.ring("mara", "+12125550101")
    metrics.notified("Mara")
    metrics.webhook("mara", "Mara")
    metrics.ring_to_brief(0.2)
    assert sample(client, "remember_briefs_total", outcome="other") == 1
    assert sample(client, "remember_rings_total", provider="other", state="other") == 1
    assert sample(client, "remember_notices_total", outcome="other") == 1
    assert sample(client, "remember_ring_to_brief_seconds_count") == 1
    text = client.get("/metrics").text
    assert "ara" not in text.replace("parameter", "")
    assert "2125550101" not in text
