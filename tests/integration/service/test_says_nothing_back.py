"""What is sent to the service never comes back in what it says is wrong with it, nor in its log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from memory.record.tokens import SCOPES
from tests.support.service import bearing, session_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from connector.clock import ManualClock
    from tests.support.book import Book

MARK = "Qvzxj Wkpfh"
"""A customer's words, phone or name, which no sentence of ours holds."""

Json = dict[str, Any]


def _bodies(client: TestClient) -> Iterator[tuple[str, list[Json]]]:
    """Every path that takes JSON, and the schemas of what it takes."""
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        schema = content["application/json"]["schema"]
        refs = [one.get("$ref", "") for one in schema.get("oneOf", [schema])]
        yield path, [schemas.get(ref.rpartition("/")[2], schema) for ref in refs]


def _wrong(schema: Json) -> Iterator[Json]:
    """Bodies that hold the mark in each place in turn, the rest as it should be or as it may."""
    good = _good(schema)
    yield {**good, MARK: 1}
    yield {MARK: MARK}
    for name in schema.get("properties", {}):
        for value in (
            MARK,
            [MARK],
            {MARK: MARK},
            MARK * 1000,
            f"{MARK}:{MARK}",
            f"{MARK}@x.example",
        ):
            yield {**good, name: value}


def _good(schema: Json) -> Json:
    example = next(iter(schema.get("examples", [])), None)
    if example is not None:
        return dict(example)
    return dict.fromkeys(schema.get("required", []), "zendesk:100") | {
        name: value["const"]
        for name, value in schema.get("properties", {}).items()
        if "const" in value
    }


@pytest.mark.parametrize("who", ["nobody", "agent", "program"])
def test_no_problem_and_no_log_repeats_what_was_sent(
    client: TestClient,
    book: Book,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
    who: str,
) -> None:
    """Wherever in a body it stands: as a value, of whatever type, or as a key."""
    bearers = {
        "nobody": {},
        "agent": bearing(session_of(book, clock)),
        "program": bearing(token_of(book, clock, *SCOPES)),
    }
    asked = 0
    with caplog.at_level(logging.DEBUG):
        for path, schemas in _bodies(client):
            url = path.replace("{provider}", "generic").replace("{id}", "m1")
            for body in (one for schema in schemas for one in _wrong(schema)):
                if "about" in body or path == "/v1/recall":
                    continue  # these load the model; test_schemathesis.py asks them
                answer = client.post(url, json=body, headers=bearers[who])
                if answer.status_code >= 400:
                    assert MARK not in answer.text, (path, answer.text)
                    asked += 1
    assert asked > 50
    assert not [line.getMessage() for line in caplog.records if MARK in line.getMessage()]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/agents/me/day?on=",
        "/v1/rings/generic?account=",
        "/v1/rings/",
        "/v1/",
        "/assets/",
        "/v1/memories/",
    ],
)
def test_no_problem_repeats_an_address(
    client: TestClient, book: Book, clock: ManualClock, path: str
) -> None:
    """Nor what stands in a query."""
    headers = bearing(session_of(book, clock))
    for method in ("GET", "POST"):
        answer = client.request(method, path + MARK, headers=headers)
        assert answer.status_code >= 400
        assert MARK not in answer.text
