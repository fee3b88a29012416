"""What is right to ask of the own account: each way of asking, and each is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.support.book import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Json = Mapping[str, Any]

NEW_RING: Final = "<the ring that has just come>"
"""Stands in a question for the key of a ring that rings."""

WHOM: Final = ("phone", "email", "customer", "ticket", "ring")
"""Of which a question names one, or a customer and their call."""


class Right(NamedTuple):
    """A question that is answered.

    Attributes:
        operation: The method and path, or the name of the function.
        asked: Its body and parameters, or its arguments.
        shows: Whether words of the own account are in the answer.
    """

    operation: Any
    asked: dict[str, Any]
    shows: bool = False


_BRIEFS: Final = ("post", "/v1/briefs")
_RECALL: Final = ("post", "/v1/recall")
_VERIFY: Final = ("post", "/v1/verifications")
_REVEAL: Final = ("post", "/v1/memories/{id}/reveal")
_FEEDBACK: Final = ("post", "/v1/feedback")
_MARA: Final = {"customer": "zendesk:100"}
_BY_TICKET: Final = {**_MARA, "ticket": "zendesk:1"}
_BY_RING: Final = {**_MARA, "ring": NEW_RING}

OVER_HTTP: Final = (
    Right(_BRIEFS, {"phone": "+12125550101"}, shows=True),
    Right(_BRIEFS, {"email": "alpha@example.com"}, shows=True),
    Right(_BRIEFS, _MARA, shows=True),
    Right(_BRIEFS, {"ticket": "zendesk:1"}, shows=True),
    Right(_BRIEFS, {"ring": NEW_RING}, shows=True),
    Right(("post", "/v1/customers"), {"words": "alpha"}, shows=True),
    Right(_VERIFY, _BY_TICKET),
    Right(_VERIFY, _BY_RING),
    Right(_BRIEFS, _BY_TICKET, shows=True),
    Right(_BRIEFS, _BY_RING, shows=True),
    Right(_REVEAL, {"id": "health-m007", **_BY_TICKET}, shows=True),
    Right(_REVEAL, {"id": "health-m007", **_BY_RING}, shows=True),
    Right(_RECALL, {"words": "bill"}, shows=True),
    Right(_RECALL, {"words": "sails", **_BY_TICKET}, shows=True),
    Right(_RECALL, {"words": "sails", **_BY_RING}, shows=True),
    Right(("post", "/v1/notes"), {"words": "prefers mornings", **_MARA}),
    Right(("get", "/v1/agents/me/regulars"), {}, shows=True),
    Right(("get", "/v1/agents/me/day"), {}, shows=True),
    Right(_FEEDBACK, {"verdict": "helped", "memory": "issue-1"}),
    Right(_FEEDBACK, {"verdict": "wrong", "memory": "work-m004"}),
    Right(_FEEDBACK, {"verdict": "outdated", "memory": "work-m008"}),
    Right(_FEEDBACK, {"verdict": "unwanted", "memory": "moment-m011"}),
    Right(_FEEDBACK, {"verdict": "same_person", **_MARA, "other": "zendesk:770"}),
    Right(_FEEDBACK, {"verdict": "different_person", **_MARA}),
    Right(_FEEDBACK, {"verdict": "do_not_offer", **_MARA}),
    Right(_FEEDBACK, {"verdict": "offer_again", **_MARA}),
)
"""In this order: who is verified may be revealed."""

_AGENT: Final = "zendesk:11"
_CALL: Final = {"call": "ticket:zendesk:1", "agent": _AGENT}
_VERIFIED: Final = {"call": "ticket:zendesk:0", "agent": _AGENT}

OF_MEMORY: Final = (
    Right("agent_ref", {"ref_or_email": _AGENT}),
    Right("status", {}),
    Right("policies", {}),
    Right("policy_of", _MARA),
    Right("brief", {"phone": "+12125550101"}, shows=True),
    Right("brief", {"email": "alpha@example.com"}, shows=True),
    Right("brief", _MARA, shows=True),
    Right("brief", {"ticket": "zendesk:1"}, shows=True),
    Right("brief", {"ring": "r0", "phone": "+12125550101"}, shows=True),
    Right("customers", {"words": "alpha"}, shows=True),
    Right("recall", {"words": "sails"}, shows=True),
    Right("recall", {"words": "sails", **_MARA}, shows=True),
    Right("verify", {**_MARA, **_CALL, "proof": "link"}),
    Right("search", {"words": "sails", **_MARA, **_CALL}, shows=True),
    Right(
        "reveal", {"memory_id": "health-m007", **_MARA, **_VERIFIED, "proof": "link"}, shows=True
    ),
    Right("export", {"phone": "+12125550101"}, shows=True),
    Right("export", {"email": "alpha@example.com"}, shows=True),
    Right("export", _MARA, shows=True),
    Right("export", {"ticket": "zendesk:1"}, shows=True),
    Right("regulars", {"agent": _AGENT}, shows=True),
    Right("day", {"agent": _AGENT}, shows=True),
    Right("who_saw", _MARA, shows=True),
    Right("write_down", {"seen": []}),
    Right("check_access", {}),
    Right("note", {"words": "prefers mornings", **_MARA}),
    Right("note_place", {"note_id": "n0"}),
    Right("say_helped", {"memory_id": "issue-1", "agent": _AGENT}),
    Right("say_consent", {"memory_id": "health-m003", "answer": "agreed"}),
    Right("correct", {"memory_id": "work-m004", "verdict": "wrong"}),
    Right("same_person", {**_MARA, "other": "zendesk:770"}),
    Right("different_person", _MARA),
    Right("do_not_offer", {"agent": _AGENT, **_MARA}),
    Right("offer_again", {"agent": _AGENT, **_MARA}),
    Right("set_kind", {"kind": "work", "days": 400}),
    Right("sweep", {}),
    Right("opt_out", {"customer": "zendesk:101"}),
    Right("opt_in", {"customer": "zendesk:101"}),
    Right("cut_off", {"customer": "zendesk:101", "before": AS_OF}),
    Right("would_forget", {"customer": "zendesk:540"}),
    Right("would_forget", {"phone": "+12125550102"}),
    Right("would_forget", {"email": "alpha@example.com"}),
    Right("forget", {"customer": "zendesk:540"}),
    Right("forget", {"phone": "+12125550102"}),
    Right("forget", {"email": "alpha@example.com"}),
    Right("allow", {"customer": "zendesk:550"}),
    Right("let_go", {}),
)
"""In this order: who is forgotten is asked about no more."""


def resolved(document: Json, found: Any) -> Json:
    """A schema of a document, which may refer to it."""
    while "$ref" in found:
        found = document["components"]["schemas"][found["$ref"].rpartition("/")[2]]
    schema: Json = found
    return schema


def variants(document: Json, operation: Json) -> list[Json]:
    """The schemas that a body of an operation may have; one that is empty where it has none."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = resolved(document, content.get("schema", {}))
    every = schema.get("oneOf") or schema.get("anyOf") or [schema]
    return [resolved(document, one) for one in every]


def ways(document: Json, operation: Json) -> Iterator[tuple[str, str | None]]:
    """What a body may name somebody by, and what it may choose of."""
    for schema in variants(document, operation):
        for name, one in schema.get("properties", {}).items():
            if name in WHOM:
                yield name, None
            for value in one.get("enum") or ([one["const"]] if "const" in one else []):
                yield name, value
