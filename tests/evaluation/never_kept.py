"""How well what must never be kept is dropped, and nothing else: `tables/never_kept.jsonl`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.policy import NEVER_KEPT_KIND
from tests.evaluation.personal import kinds_found
from tests.evaluation.tables import Score, read

if TYPE_CHECKING:
    from memory.remembering.personal import PersonalHead, Role
    from memory.text.encoder import Encoder

NAME = "never_kept"


def evaluate(encoder: Encoder, head: PersonalHead) -> Score:
    """Read every case of the table, a customer's words or an agent's note.

    What must not be kept and is even remembered as something else is said to be so.
    """
    cases = read(NAME)
    roles: list[Role] = ["agent" if case["by"] == "note" else "customer" for case in cases]
    told = kinds_found([case["text"] for case in cases], roles, encoder, head)
    found = [NEVER_KEPT_KIND in kinds for kinds in told]
    expected = [bool(case["expect"]) for case in cases]
    both = sum(one and other for one, other in zip(expected, found, strict=True))
    wrong = [
        f"{case['name']} (remembered)" if one and kinds else case["name"]
        for case, one, other, kinds in zip(cases, expected, found, told, strict=True)
        if one is not other
    ]
    return Score(
        NAME,
        len(cases),
        len(cases) - len(wrong),
        both / max(1, sum(found)),
        both / max(1, sum(expected)),
        wrong,
    )
