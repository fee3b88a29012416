"""`GET /search/tickets`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.demo.freshdesk.problems import RefusedError
from connector.demo.freshdesk.search import _Query

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

AS_OF = 1783414800


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("status:3", [5]),
        ("status:>3", [8, 5]),
        ("status:5", []),
        ("agent_id:10", [8]),
        ("agent_id:null", []),
        ("tag:'vip'", []),
        ("created_at:'2026-06-17' AND agent_id:10", [8]),
        ("created_at:<'2026-06-16'", [5]),
        ("created_at:>'2026-06-17' AND (status:4 OR status:3)", [8]),
        ("status:4 OR status:3 AND agent_id:10", [8]),
        ("updated_at:>'2026-06-20'", [2]),
    ],
)
def test_it_finds_what_the_query_says(reader: httpx.Client, query: str, wanted: list[int]) -> None:
    """Newest first; `AND` binds more than `OR`; the archived ticket is never found."""
    found = reader.get("/search/tickets", params={"query": f'"{query}"'}).json()
    assert [row["id"] for row in found["results"]] == wanted
    assert found["total"] == len(wanted)


@pytest.mark.parametrize(
    ("params", "field", "code"),
    [
        ({}, "query", "invalid_value"),
        ({"query": "status:2"}, "query", "invalid_value"),
        ({"query": '"status:2 AND"'}, "query", "invalid_value"),
        ({"query": '"(status:2"'}, "query", "invalid_value"),
        ({"query": '"status:2 status:3"'}, "query", "invalid_value"),
        ({"query": f'"{"status:2 OR " * 50}status:3"'}, "query", "invalid_value"),
        ({"query": f'"{"(" * 510}"'}, "query", "invalid_value"),
        ({"query": '"created_at:>yesterday"'}, "query", "invalid_value"),
        ({"query": '"requester_id:100"'}, "requester_id", "invalid_field"),
        ({"query": '"status:2"', "page": 11}, "page", "invalid_value"),
        ({"query": '"status:2"', "per_page": 100}, "per_page", "invalid_field"),
    ],
)
def test_what_cannot_be_asked_is_400(
    reader: httpx.Client, params: dict[str, Any], field: str, code: str
) -> None:
    """With the field that is wrong."""
    refused = reader.get("/search/tickets", params=params)
    assert refused.status_code == 400
    told = refused.json()["errors"][0]
    assert (told["field"], told["code"]) == (field, code)


@given(st.text(st.sampled_from("status:2<>()'\" ANDOR"), max_size=40))
def test_any_query_is_read_or_refused(words: str) -> None:
    """Nothing that is written there fails in another way."""
    with contextlib.suppress(RefusedError):
        _Query(f'"{words}"').read()


def test_it_hands_out_thirty_a_page_and_is_late(
    document: dict[str, Any],
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., httpx.Client],
    clock: ManualClock,
) -> None:
    """What is younger than two minutes is not found yet."""
    first = document["tickets"][7]
    old = [{**first, "id": n} for n in range(1, 36)]
    new = {**first, "id": 99, "at": AS_OF - 60}
    new["messages"] = [{"by": "customer", "at": AS_OF - 60, "text": "Hi"}]
    document["tickets"] = [*old, new]
    api = connect(serve())
    asked = {"query": '"status:4"', "page": "2"}
    found = api.get("/search/tickets", params=asked).json()
    assert (found["total"], len(found["results"])) == (35, 5)
    clock.advance(60)
    assert api.get("/search/tickets", params=asked).json()["total"] == 36
