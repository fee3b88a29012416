"""The tables of cases in this folder, and how many of one a rule gets right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Score:
    """How well a table's cases are answered.

    Attributes:
        name: The table's.
        cases: How many there are.
        right: How many are answered exactly as expected.
        precision: Of what was found, the share that was expected.
        recall: Of what was expected, the share that was found.
        wrong: The names of the cases that are not right.
    """

    name: str
    cases: int
    right: int
    precision: float
    recall: float
    wrong: list[str]


def read(name: str) -> list[dict[str, Any]]:
    """The cases of a table, in its order."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]
