"""How well personal context is found in agents' notes of our own: `tables/agent_notes.tsv`.

A line is kinds, joined by `+`, and a note; `-` tells nothing of the customer that is worth keeping,
`never_kept` what must not be kept. A note counts as found when anything of it would be kept, as a
customer's message does in `personal`.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from memory.policy import NEVER_KEPT_KIND
from tests.evaluation.personal import kinds_found
from tests.evaluation.tables import FOLDER, Score

if TYPE_CHECKING:
    from memory.remembering.personal import PersonalHead
    from memory.text.encoder import Encoder

NAME = "agent_notes"
_NOTHING = "-"


def evaluate(encoder: Encoder, head: PersonalHead) -> Score:
    """Read every note of the table; a wrong one is named by its own words.

    A note is right when it is found exactly if it is personal, and nothing that must not be kept
    is. Its kind is not compared: notes are short, and two kinds often fit.
    """
    with (FOLDER / f"{NAME}.tsv").open(encoding="utf-8", newline="") as lines:
        notes = [(row["kinds"], row["text"]) for row in csv.DictReader(lines, delimiter="\t")]
    told = kinds_found([text for _, text in notes], ["agent"] * len(notes), encoder, head)
    worth = [kinds not in {_NOTHING, NEVER_KEPT_KIND} for kinds, _ in notes]
    found = [bool(kinds.keys() - {NEVER_KEPT_KIND}) for kinds in told]
    both = sum(one and other for one, other in zip(worth, found, strict=True))
    wrong = [
        text for (_, text), one, other in zip(notes, worth, found, strict=True) if one is not other
    ]
    return Score(
        NAME,
        len(notes),
        len(notes) - len(wrong),
        both / max(1, sum(found)),
        both / max(1, sum(worth)),
        wrong,
    )
