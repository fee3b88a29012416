"""`/openapi.json`: every path with its examples, and the brief's schema, which real briefs keep."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from connector.clock import ManualClock
from connector.service.app import create_app
from connector.service.schema import VALUES, brief_schemas
from memory.asking.document import Brief
from memory.entities import Status
from memory.words import expressions
from tests.support.book import AS_OF, Book, ago, customer
from tests.support.service import context_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.service.context import Context

Json = dict[str, Any]
Operation = tuple[str, str, Json]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """What the service publishes."""
    folder = tmp_path_factory.mktemp("home")
    book = Book(folder)
    with TestClient(create_app(context_of(book, ManualClock(AS_OF), folder))) as asking:
        answer = asking.get("/openapi.json")
    book.record.close()
    assert answer.status_code == 200
    told: Json = answer.json()
    return told


def _operations(document: Json) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _valid(document: Json, schema: Json, value: object) -> None:
    """Hold a value to a schema of the document, with its formats."""
    whole = {**schema, "components": document["components"]}
    _validator(json.dumps(whole)).validate(value)


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema), validate_formats=True)


def _examples(content: Json, document: Json) -> list[Any]:
    """The examples beside a schema, or in it."""
    shown = [content["example"]] if "example" in content else []
    shown += [one["value"] for one in content.get("examples", {}).values()]
    schema = content["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    inner = document["components"]["schemas"].get(name, schema)
    return [*shown, *inner.get("examples", []), *([inner["example"]] if "example" in inner else [])]


def test_every_path_says_what_it_does(document: Json) -> None:
    """In a few words, and in sentences."""
    for path, method, operation in _operations(document):
        assert operation.get("summary"), (method, path)
        assert operation.get("description"), (method, path)
        assert not operation["summary"].endswith("."), path


def test_every_body_has_an_example_that_is_valid(document: Json) -> None:
    """Of what is sent, and of what is answered, good or bad."""
    for path, method, operation in _operations(document):
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for told in (*bodies, *operation["responses"].values()):
            for kind, content in told.get("content", {}).items():
                where = f"{method} {path} {kind} {told.get('description')}"
                examples = _examples(content, document)
                assert examples, where
                for one in examples:
                    _valid(document, content["schema"], one)


def test_every_problem_is_told_in_one_form(document: Json) -> None:
    """RFC 9457, with its own status."""
    for path, method, operation in _operations(document):
        for status, told in operation["responses"].items():
            if status < "400" or path == "/readyz":
                continue
            [(kind, content)] = told["content"].items()
            assert kind == "application/problem+json", (method, path, status)
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert content["example"]["status"] == int(status)


def test_what_needs_a_bearer_says_so(document: Json) -> None:
    """With 401 and 403; webhooks are proven in their vendors' ways, and health is for all."""
    free = (
        "/v1/webhooks/",
        "/v1/rings/{provider}",
        "/v1/sessions",
        "/healthz",
        "/readyz",
        "/metrics",
    )
    for path, method, operation in _operations(document):
        if path.startswith(free) or not path.startswith("/v1/"):
            continue
        assert operation["security"] == [{"bearer": []}], (method, path)
        assert {"401", "403"} <= set(operation["responses"])


def test_only_one_in_every_path_is_an_unused_schema(document: Json) -> None:
    """Every component is referred to; the framework's own errors are not answered, nor told."""
    text = str(document)
    names = set(document["components"]["schemas"])
    assert not names & {"HTTPValidationError", "ValidationError"}
    assert {name for name in names if f"#/components/schemas/{name}'" not in text} == set()


def test_the_brief_is_told_with_nullability_and_codes(document: Json) -> None:
    """Every key is required; what may be null says so; codes are listed."""
    schemas = document["components"]["schemas"]
    brief = schemas["Brief"]
    assert set(brief["required"]) == set(Brief.__annotations__) == set(brief["properties"])
    assert {"type": "null"} in brief["properties"]["customer"]["anyOf"]
    assert brief["properties"]["version"]["const"] == 1
    assert schemas["Match"]["properties"]["outcome"]["enum"] == ["one", "several", "none", "hidden"]
    assert schemas["Item"]["properties"]["said_on"]["format"] == "date"


def test_codes_are_told_of_keys_that_are_there() -> None:
    """And relations are those that are found in words."""
    for name, key in VALUES:
        assert key in brief_schemas()[name]["properties"]
    assert set(VALUES["Item", "relation"]) == {name for name, _ in expressions("relations")}


def _everything(book: Book) -> None:
    """Has every part of a brief remembered of customer 100, and a number that two share."""
    book.people(
        customer("101", "Bo", phone="+12125550109"), customer("102", "Cy", phone="+12125550109")
    )
    book.ticket("1", at=ago(9))
    book.ticket("2", at=ago(40), status=Status.SOLVED)
    book.ticket("3", at=ago(80), status=Status.SOLVED)
    book.told("bereavement", "My friend died.", relation="friend")
    book.told("access_need", "Please speak slowly.", code="speak slowly")
    book.told("interest", "I breed greyhounds.")
    book.told("promise", "We will call by Friday.", by="11", about_on=ago(2).date(), code="call")
    book.told("check", "Is it Main Street?", by="11")
    book.told("agent_request", "I want Daniel.", code="11")
    book.issue("2", "Roaming bill too high", restatement="Too high", resolution="Taken off")
    book.contact("1", "11", 97.0)
    book.note("?the street")
    book.never_kept("3", 2)


@pytest.mark.parametrize("verified", [True, False], ids=["verified", "unverified"])
@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("customer", "zendesk:100"),
        ("customer", "zendesk:999"),
        ("phone", "+12125550101"),
        ("phone", "+12125550109"),
        ("phone", "anonymous"),
        ("email", "mara@example.com"),
        ("ticket", "zendesk:1"),
    ],
)
def test_real_briefs_keep_the_schema(
    book: Book, document: Json, by: str, value: str, *, verified: bool
) -> None:
    """Of one person, several, nobody and a hidden number; with each kind of thing remembered."""
    _everything(book)
    for sensitive in ("full", "masked", "off"):
        brief = book.brief(
            by=by, value=value, agent="zendesk:11", verified=verified, sensitive=sensitive
        )
        _valid(document, {"$ref": "#/components/schemas/Brief"}, brief)


def test_a_brief_full_of_things_has_them_in_the_schema_test(book: Book) -> None:
    """The record above does fill what it is to fill."""
    _everything(book)
    brief = book.brief(agent="zendesk:11")
    for part in ("adjustments", "care", "context", "open", "before", "promises", "check"):
        assert dict(brief)[part], part
    assert brief["you"]
    assert brief["last"]
    assert brief["preferred_agent"]


def test_what_is_no_brief_is_refused_by_the_schema(book: Book, document: Json) -> None:
    """A key that lacks, a code that is none, hidden words that are there."""
    _everything(book)
    schema = {"$ref": "#/components/schemas/Brief"}
    whole = book.brief()
    for wrong in (
        {key: value for key, value in whole.items() if key != "withheld"},
        {**whole, "version": 2},
        {**whole, "match": {**whole["match"], "outcome": "maybe"}},
        {**whole, "care": [{**whole["care"][0], "hidden": True, "quote": "My friend died."}]},
        {**whole, "customer": "Mara"},
    ):
        with pytest.raises(jsonschema_rs.ValidationError):
            _valid(document, schema, wrong)


def test_the_document_is_made_once(client: TestClient, context: Context) -> None:
    """It is the same for everyone."""
    assert context.memories
    assert client.get("/openapi.json").content == client.get("/openapi.json").content
