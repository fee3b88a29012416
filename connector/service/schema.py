"""`/openapi.json`: what the service takes and answers, with the brief's JSON Schema in it."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from connector.errors import MalformedError
from connector.service.examples import EXAMPLES
from connector.service.problems import (
    MEDIA_TYPE,
    ForbiddenError,
    TooManyError,
    UnauthorizedError,
    of_error,
    problem,
)
from memory.asking.document import VERSION, Brief
from memory.entities import Role, Status
from memory.errors import NotFoundError, RecordError, UsageError
from memory.policy import SECTION_OF_KIND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import FastAPI

    from memory.errors import RememberError

    Json = dict[str, Any]

BRIEF = {"$ref": "#/components/schemas/Brief"}
"""Refers to the brief's schema."""

PROBLEM = {"$ref": "#/components/schemas/Problem"}
"""Refers to the schema of everything that goes wrong."""

_ABOUT = """\
Who is calling, before the agent says hello. Every path takes `Authorization: Bearer`: a session's
bearer (`POST /v1/sessions`) or an API token (`remember token create`). Phones, names and words
travel in bodies, never in addresses. What goes wrong is told as RFC 9457 says. Readers ignore keys
that they do not know; version 1 never takes one away.
"""

_KINDS = sorted(SECTION_OF_KIND)
_OPEN = [Status.NEW, Status.OPEN, Status.PENDING, Status.HOLD]

VALUES: Mapping[tuple[str, str], list[str]] = {
    ("Author", "role"): list(Role),
    ("Match", "by"): ["phone", "email", "customer", "ticket", "ring"],
    ("Match", "outcome"): ["one", "several", "none", "hidden"],
    ("Item", "kind"): _KINDS,
    ("Item", "relation"): ["self", "partner", "child", "parent", "relative", "friend", "pet"],
    ("Item", "consent"): ["unknown", "agreed", "declined"],
    ("Last", "outcome"): ["solved", "open"],
    ("Last", "tone"): ["good", "bad"],
    ("OpenTicket", "status"): list(_OPEN),
    ("Before", "outcome"): ["solved", "open"],
    ("LikeIssue", "outcome"): ["solved", "open"],
    ("Reason", "code"): ["asked_by_name", "contact_time", "rated", "solved"],
    ("Promise", "state"): ["open", "overdue", "kept"],
    ("Withheld", "kind"): [*_KINDS, "check", "issue", "never_kept", "promise"],
    ("Withheld", "why"): ["hidden", "unverified", "policy", "never_kept"],
}
"""What the texts of a brief that are codes can be."""

_WHAT = {
    400: "The request cannot be understood as it was put.",
    401: "There is no bearer, or it is not, or no longer, good.",
    403: "The bearer may not do this.",
    404: "There is nothing of that name.",
    409: "It is no longer as the request takes it to be.",
    413: "The body is too large.",
    415: "The body is not of a type that the path reads.",
    422: "The request is not as documented.",
    429: "Too many tries; `Retry-After` says when the next one is heard.",
    502: "The helpdesk does not answer as it should.",
    503: "The service cannot do this now.",
}


def describe(app: FastAPI) -> None:
    """Let an application publish its paths with every problem they may answer with."""

    def openapi() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation has it


@cache
def brief_schemas() -> Json:
    """The schemas of the brief and its parts, by name, for a document's components."""
    schema = TypeAdapter(Brief).json_schema(ref_template="#/components/schemas/{model}")
    schemas: Json = schema.pop("$defs")
    schemas["Brief"] = schema
    _refine_all(schemas)
    for name in ("Item", "Hit"):
        schemas[name] |= {
            "if": {"properties": {"hidden": {"const": True}}},
            "then": {"properties": {"quote": {"type": "null"}, "evidence": {"maxItems": 0}}},
        }
    return schemas


def _refine_all(schemas: Json) -> None:
    for name, one in schemas.items():
        for key, value in one.get("properties", {}).items():
            _refine(name, key, value)


def _refine(name: str, key: str, schema: Json) -> None:
    """Say of a text which it can be, and of a number how large."""
    text = next((one for one in (schema, *schema.get("anyOf", [])) if _is(one, "string")), None)
    if text is not None:
        if (name, key) in VALUES:
            text["enum"] = [str(value) for value in VALUES[name, key]]
        if key == "on" or key.endswith("_on") or (name, key) == ("Customer", "since"):
            text["format"] = "date"
        elif key in {"at", "as_of", "since", "until"} or key.endswith("_at"):
            text["format"] = "date-time"
        if key == "url":
            text["format"] = "uri"
    if key == "version":
        schema["const"] = VERSION
    if _is(schema, "number") and key in {"confidence", "score"}:
        schema |= {"minimum": 0, "maximum": 1}
    if _is(schema, "integer"):
        schema.setdefault("minimum", 0)


def _is(schema: Json, kind: str) -> bool:
    return schema.get("type") == kind


def _document(app: FastAPI) -> Json:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary="A customer relationship memory for helpdesks.",
        description=_ABOUT,
        routes=app.routes,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _refine_all(schemas)
    schemas |= deepcopy(brief_schemas())
    schemas["Problem"] = _PROBLEM
    for name in EXAMPLES.keys() & schemas.keys():
        schemas[name]["examples"] = list(EXAMPLES[name])
    for path, operation in _operations(document):
        _tell_problems(path, operation)
    return document


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


def _tell_problems(path: str, operation: Json) -> None:
    """Add the problems that follow from what a path takes, and the form of all of them."""
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    for status in _expected(path, operation):
        responses.setdefault(str(status), {})
    for status, response in responses.items():
        told = response.setdefault("content", {})
        if status >= "400" and not told.keys() - {MEDIA_TYPE}:
            code = int(status)
            response["description"] = _description(response, code)
            told[MEDIA_TYPE] = {"schema": PROBLEM, "example": _example(code)}
        if not told:
            del response["content"]
    operation["responses"] = dict(sorted(responses.items()))


def _expected(path: str, operation: Json) -> Iterator[int]:
    if not path.startswith("/v1/"):
        return
    if operation.get("security"):
        yield from (401, 403)
    if "requestBody" in operation:
        yield from (400, 413)
        if "application/json" in operation["requestBody"].get("content", {}):
            yield from (415, 422)
    if operation.get("parameters"):
        yield 422
    yield 503


def _description(response: Json, status: int) -> str:
    told = str(response.get("description") or "")
    return _WHAT.get(status, told) if told in {"", _phrase(status)} else told


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


_PROBLEM: Json = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457); never a customer's words, phone or name.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "hint"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "The class of problem, such as `urn:remember-them:unclaimed`; "
            "`about:blank` where the status says it all.",
        },
        "title": {"type": "string", "description": "The class in a few words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What happened."},
        "hint": {"type": "string", "description": "What to do next; may be empty."},
    },
}


_ERRORS: Mapping[int, RememberError] = {
    400: UsageError("That is not a phone number.", "Give it with its country code."),
    401: UnauthorizedError("The bearer is not, or no longer, good.", "Open a session again."),
    403: ForbiddenError(
        "The bearer lacks the scope notes:write.", "Use one that was made with it."
    ),
    404: NotFoundError("Nobody is known by that customer.", "Check it."),
    429: TooManyError("Too many log-ins failed.", "Wait, then try again.", seconds=41),
    502: MalformedError("Zendesk knows no key of the app.", "Check REMEMBER_ZENDESK_APP_ID."),
    503: RecordError("The record was busy for 60 seconds.", "Try again."),
}


def _example(status: int) -> Json:
    if status in _ERRORS:
        answer = of_error(_ERRORS[status])
    else:
        answer = problem(status, detail=_WHAT.get(status, f"{_phrase(status)}."))
    told: Json = json.loads(bytes(answer.body))
    return told
