"""How well problems are told apart, and returns found: `tables/recurring.jsonl`.

The issues are found by the real code. Their vectors stand beside the table, so that measuring
needs no model: `python -m tests.evaluation.recurring` encodes them anew, which is due when what
is embedded of an issue has changed.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from memory.asking.recurring import IssueText, back_of, groups_of
from memory.entities import Role
from memory.remembering.issues import issue_of
from memory.remembering.turns import turns_of
from memory.text.encoder import Encoder
from memory.text.vectors import to_bytes
from tests.evaluation.tables import Score, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from memory.remembering.issues import Issue

_VECTORS = Path(__file__).with_name("tables") / "recurring_vectors.jsonl"
_ROLES = {"customer": Role.CUSTOMER, "agent": Role.AGENT, "note": Role.AGENT}


@dataclass(slots=True)
class _Counts:
    """Of pairs, or of tickets that came back."""

    found: int = 0
    expected: int = 0
    both: int = 0

    def add(self, found: set[Any], expected: set[Any]) -> bool:
        """Count one case; whether it is right."""
        self.found += len(found)
        self.expected += len(expected)
        self.both += len(found & expected)
        return found == expected


def evaluate() -> Score:
    """Whether each two tickets of a case are one problem: right where all of a case are."""
    return _evaluate("recurring", pairs=True)


def evaluate_back() -> Score:
    """Which tickets came though their problem had been called solved, of the groups found."""
    return _evaluate("recurring: back", pairs=False)


def _evaluate(name: str, *, pairs: bool) -> Score:
    vectors = _vectors()
    wrong, counts, cases = [], _Counts(), read("recurring")
    for case in cases:
        ids = [ticket["id"] for ticket in case["tickets"]]
        issues = [
            _issue_text(ticket, vectors.get(_key(case["name"], ticket)))
            for ticket in case["tickets"]
        ]
        groups = groups_of(issues)
        if pairs:
            found = _pairs([[ids[place] for place in group] for group in groups])
            right = counts.add(found, _pairs(case["groups"]))
        else:
            right = counts.add({ids[at] for at in back_of(issues, groups)}, set(case["back"]))
        if not right:
            wrong.append(case["name"])
    precision, recall = counts.both / counts.found, counts.both / counts.expected
    return Score(name, len(cases), len(cases) - len(wrong), precision, recall, wrong)


def _pairs(groups: Sequence[Sequence[str]]) -> set[frozenset[str]]:
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


def _issue_text(ticket: dict[str, Any], vector: bytes | None) -> IssueText:
    issue = _issue(ticket)
    parts = [(one.part, one.quote) for one in issue.evidence] if issue else []
    return IssueText(
        title=issue.title if issue else ticket["subject"],
        words=" ".join(words for part, words in parts if part in {"restatement", "detail"}),
        reply=" ".join(words for part, words in parts if part in {"resolution", "answer"}),
        vector=vector,
        day=date.fromisoformat(ticket["on"]),
        status=ticket["status"],
    )


def _issue(ticket: dict[str, Any]) -> Issue | None:
    turns = [turn for place, told in enumerate(ticket["messages"]) for turn in _turns(place, told)]
    told = {key: ticket[key] for key in ("id", "subject", "status")}
    return issue_of(SimpleNamespace(**told, requester_id="customer"), turns)


def _turns(place: int, told: dict[str, str]) -> Iterator[Any]:
    role = _ROLES[told["by"]]
    spoken = told["text"].startswith(("Agent:", "Customer:"))
    message = SimpleNamespace(
        ticket_id="1",
        id=str(place),
        author_id=told["by"],
        answered_by="agent",
        role=role.value,
        public=told["by"] != "note",
        at=None,
        text=told["text"],
        channel="voice" if spoken else "email",
        direction=None,
    )
    return turns_of(message, "customer")


def _vectors() -> dict[str, bytes]:
    (stored,) = read("recurring_vectors")
    return {key: base64.b64decode(data) for key, data in stored.items()}


def encode() -> None:
    """Encode the issues of the table and write their vectors beside it."""
    tickets = [(case["name"], one) for case in read("recurring") for one in case["tickets"]]
    issues = {_key(name, one): _issue(one) for name, one in tickets}
    texts = {key: issue.text for key, issue in issues.items() if issue}
    matrix = Encoder.load(threads=1).encode(list(texts.values()))
    vectors = {
        key: base64.b64encode(to_bytes(row)).decode()
        for key, row in zip(texts, matrix, strict=True)
    }
    _VECTORS.write_text(json.dumps(vectors, sort_keys=True) + "\n", encoding="utf-8")


def _key(case: str, ticket: dict[str, Any]) -> str:
    return f"{case}/{ticket['id']}"


if __name__ == "__main__":
    encode()
