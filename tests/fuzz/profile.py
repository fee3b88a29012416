"""How much is tried: a seeded little in `make test`, all there is time for in `make fuzz`."""

from __future__ import annotations

import os
import random
from typing import Final

from hypothesis import HealthCheck, settings

LONG: Final = os.environ.get("HYPOTHESIS_PROFILE") == "long"
"""Whether `make fuzz` runs: other examples every time, and many of them."""

SEED: Final = int(os.environ.get("FUZZ_SEED", "1")) if LONG else 1
"""What is drawn by hand is drawn with it."""


def fuzzing(examples: int) -> settings:
    """How a property is tried: the same few examples every time, ten times as many when long.

    Args:
        examples: How many are tried in `make test`.
    """
    return settings(
        max_examples=examples * 10 if LONG else examples,
        derandomize=not LONG,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def drawn(name: str) -> random.Random:
    """A source of chance of one test's own."""
    return random.Random(f"{SEED}:{name}")
