"""What counts as boilerplate: said often, and in a share of an account's tickets."""

from __future__ import annotations

import pytest

from memory.remembering.boilerplate import FEWEST_USES, ONE_IN, is_boilerplate


@pytest.mark.parametrize(
    ("uses", "tickets", "boilerplate"),
    [
        (FEWEST_USES, 1, True),
        (FEWEST_USES, FEWEST_USES * ONE_IN, True),
        (FEWEST_USES, FEWEST_USES * ONE_IN + 1, False),
        (FEWEST_USES - 1, 10, False),
        (2000, 200_000, True),
        (1999, 200_000, False),
    ],
)
def test_a_number_of_uses_and_a_share_of_the_tickets(
    uses: int, tickets: int, *, boilerplate: bool
) -> None:
    """Few uses are never boilerplate, and in a large account it takes more of them."""
    assert is_boilerplate(uses, tickets) is boilerplate
