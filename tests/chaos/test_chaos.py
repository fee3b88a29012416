"""Random stories, faults and kills: what is left in the end is the truth. `make chaos` has more."""

from __future__ import annotations

import pytest

from tests.chaos.seed import play

SEEDS = (1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 11)))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_ends_with_the_truth(seed: int) -> None:
    """Nothing lost, nothing doubled, nothing kept that should be gone."""
    outcome = play(seed)
    story = "\n".join([*outcome.told, f"Again: python -m tests.chaos --seed {seed}"])
    assert outcome.wrong == [], story
