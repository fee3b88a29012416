"""The table of mails: what their authors wrote is left, and nothing else."""

from __future__ import annotations

import pytest

from memory.text.clean import clean
from tests.evaluation import cleaning

HUGE = [
    "On 3 May 2026, Bob\n",
    "On 3 May 2026, Bob wrote:\n",
    "From: Bob <bob@example.com>\n",
    "Kind regards,\nMara\n",
    "This e-mail is confidential.\n\n",
    "If you are not the recipient\n",
    "Sent from my iPhone ",
    "> a\nb\n",
    "--\n",
    "Thanks,\n",
    "________\n",
]


def test_every_case_of_the_table_is_right() -> None:
    """What is left is exactly what the table says."""
    assert cleaning.evaluate().wrong == []


@pytest.mark.parametrize("piece", HUGE)
def test_long_runs_of_look_alikes_are_survived(piece: str) -> None:
    """Time grows with the text: quadratic work would time out here."""
    text = "Hello.\n" + piece * (2**17 // len(piece))
    assert len(clean(text)) <= len(text)
