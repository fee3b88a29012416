"""How well details to double-check are found: `tables/check.jsonl`."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from memory.remembering.doubts import doubts_of
from tests.evaluation.tables import Score, read
from tests.evaluation.tickets import events_of


def evaluate() -> Score:
    """Ask for the doubts of every ticket in the table."""
    cases = read("check")
    wrong, said, expected, agreed = [], 0, 0, 0
    for case in cases:
        doubts = doubts_of(events_of(case["messages"], ZoneInfo(case["zone"])))
        found = {(doubt.check.what, doubt.quote) for doubt in doubts}
        told = {(one["what"], one["quote"]) for one in case["expect"]}
        said, expected, agreed = said + len(found), expected + len(told), agreed + len(found & told)
        if found != told:
            wrong.append(case["name"])
    right = len(cases) - len(wrong)
    return Score("check", len(cases), right, agreed / said, agreed / expected, wrong)
