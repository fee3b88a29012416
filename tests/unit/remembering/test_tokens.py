"""The part of the head that reads tokens: what it depends on, and how its readings are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.remembering.embedding import Embedded, missing
from memory.remembering.personal import WordHead
from memory.remembering.tokens import TokenPooling

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATES, WIDTH, QUESTIONS, KINDS = 6, 4, 2, 3


def arrays(seed: int = 0, voices: int = 2) -> dict[str, NDArray[Any]]:
    """Some weights."""
    chance = np.random.default_rng(seed)
    shapes = {
        "project": (voices, STATES, WIDTH),
        "project_bias": (voices, WIDTH),
        "ask": (voices, WIDTH, QUESTIONS),
        "answer": (voices, WIDTH * (QUESTIONS + 1), KINDS),
        "answer_bias": (voices, KINDS),
    }
    return {name: chance.normal(size=shape).astype(np.float16) for name, shape in shapes.items()}


POOLING = TokenPooling([4, 6], arrays())


def texts(lengths: list[int], tokens: int, seed: int = 0) -> tuple[Any, Any]:
    """Texts of so many tokens, filled up to `tokens` with what must not matter."""
    chance = np.random.default_rng(seed)
    states = chance.normal(size=(len(lengths), tokens, STATES)).astype(np.float32)
    return states, np.arange(tokens) < np.array(lengths)[:, None]


@settings(deadline=None)  # the first reading loads torch
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 1000))
def test_a_text_is_read_alone(lengths: list[int], seed: int) -> None:
    """Neither its company nor the padding changes what is read of a text."""
    states, present = texts(lengths, 9, seed)
    together = POOLING.read(states, present)
    alone = [
        POOLING.read(states[row : row + 1, :length], present[row : row + 1, :length])[0]
        for row, length in enumerate(lengths)
    ]
    assert together.shape == (len(lengths), 2 * KINDS)
    np.testing.assert_allclose(together, np.array(alone), rtol=1e-4, atol=1e-4)


def test_each_voice_reads_for_itself() -> None:
    """What both make of a text stands side by side."""
    both = arrays(voices=2)
    one, other = (
        TokenPooling([4, 6], {name: array[[voice]] for name, array in both.items()})
        for voice in (0, 1)
    )
    states, present = texts([3, 5], 5)
    apart = np.hstack([one.read(states, present), other.read(states, present)])
    read = TokenPooling([4, 6], both).read(states, present)
    np.testing.assert_allclose(read, apart, rtol=1e-4, atol=1e-5)


def test_wild_states_do_not_overflow() -> None:
    """However large the states are, a reading is a number."""
    states, present = texts([2, 4], 4)
    assert np.isfinite(POOLING.read(states * 1e4, present)).all()


def test_a_reading_comes_back_as_it_was_kept() -> None:
    """Through float16, as vectors do."""
    readings = np.array([[0.5, -3.25, 8.0], [1.0, 2.0, 3.0]], dtype=np.float32)
    kept = [POOLING.to_bytes(row) for row in readings]
    assert np.array_equal(TokenPooling.from_bytes(kept), readings)


def test_a_reading_of_another_head_is_known() -> None:
    """Its own readings bear its mark; those of other weights bear another, and none has none."""
    other = TokenPooling([4, 6], arrays(seed=1))
    kept = POOLING.to_bytes(np.zeros(2 * KINDS))
    assert POOLING.made(kept)
    assert not other.made(kept)
    assert not POOLING.made(None)


@pytest.mark.parametrize("name", ["project_bias", "ask", "answer", "answer_bias"])
def test_arrays_that_do_not_belong_together_are_refused(name: str) -> None:
    """A damaged head is not applied."""
    damaged = arrays() | {name: arrays()[name][:, 1:]}
    with pytest.raises(ValueError, match="do not belong together"):
        TokenPooling([4, 6], damaged)


class Reads(WordHead):
    """A head that reads tokens."""

    reader = POOLING  # type: ignore[assignment]


def test_only_what_is_new_is_encoded() -> None:
    """A text that is known needs no encoding, unless this head has not read it yet."""
    mine, others = POOLING.to_bytes(np.zeros(2 * KINDS)), b"else" + b"\0\0" * 2 * KINDS
    known = Embedded(
        {b"1": b"v", b"2": b"v", b"3": b"v"},
        {b"1": mine, b"2": others},
    )
    wanted = {b"1": "one", b"2": "two", b"3": "three", b"4": "four"}
    assert missing(wanted, known, Reads()) == {b"2": "two", b"3": "three", b"4": "four"}
    assert missing(wanted, known, WordHead()) == {b"4": "four"}
