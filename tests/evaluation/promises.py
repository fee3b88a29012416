"""How well promises, their days and their states are found: `tables/promises.jsonl`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from memory.remembering.keeping import promises_of
from memory.remembering.standing import state_of
from tests.evaluation.tables import Score, read
from tests.evaluation.tickets import events_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Line(NamedTuple):
    quote: str
    by: str | None
    due_on: str | None
    state: str


def evaluate() -> Score:
    """Ask for the promises of every ticket in the table."""
    cases = read("promises")
    wrong, said, expected, agreed = [], 0, 0, 0
    for case in cases:
        found = _found(case)
        told = {_line(one) for one in case["expect"]}
        said, expected, agreed = said + len(found), expected + len(told), agreed + len(found & told)
        if found != told:
            wrong.append(case["name"])
    right = len(cases) - len(wrong)
    return Score("promises", len(cases), right, agreed / said, agreed / expected, wrong)


def _found(case: Mapping[str, Any]) -> set[_Line]:
    zone = ZoneInfo(case["zone"])
    solved = case["status"] in {"solved", "closed"}
    found = promises_of(events_of(case["messages"], zone), zone, solved=solved)
    as_of = date.fromisoformat(case["as_of"])
    return {
        _Line(
            one.quote,
            one.promise.promised_by or one.turn.speaker_id,
            one.promise.due_on.isoformat() if one.promise.due_on else None,
            state_of(one.promise.due_on, as_of, kept=one.kept_by is not None).state,
        )
        for one in found
    }


def _line(told: Mapping[str, Any]) -> _Line:
    return _Line(told["quote"], told["by"], told["due_on"], told["state"])
