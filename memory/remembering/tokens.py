"""The part of the head that reads a sentence token by token.

A sentence's embedding is the mean of its last layer and says what the sentence is about. Who it
is about, and whether it is told, asked or supposed, is plainer in the layers below and in single
words. So the tokens of some layers are projected, and a few learned questions each weigh them
anew before they are summed ("A Structured Self-Attentive Sentence Embedding", arXiv 1703.03130).
It reads the states of the one forward pass that makes the embedding: a few products of small
matrices. They are torch's, so that they share the threads of the pass; numpy's would fight them.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from memory.text.vectors import from_bytes, to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

ARRAYS = ("project", "project_bias", "ask", "answer", "answer_bias")
MARK_BYTES = 4
_NOTHING = -1e9


class TokenPooling:
    """One for each voice, side by side: what customers say and what agents note read differently.

    Attributes:
        layers: Which layers of the encoder it reads.
        mark: By which its readings are known; that of another one differs.
    """

    def __init__(self, layers: Sequence[int], arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the fitted arrays, the first axis of each being the voices.

        Args:
            layers: In the order in which a token's states stand side by side.
            arrays: `project` (voices, layers * dimensions, width) and its `project_bias`
                (voices, width); `ask` (voices, width, questions); `answer` (voices,
                (questions + 1) * width, kinds), the last of the parts being for the plain mean,
                and its `answer_bias` (voices, kinds).

        Raises:
            KeyError: An array is missing.
            ValueError: Their shapes do not belong together.
        """
        self.layers = tuple(layers)
        self._arrays = [arrays[name].astype(np.float32) for name in ARRAYS]
        project, project_bias, ask, answer, answer_bias = self._arrays
        voices, _, width = project.shape
        kinds = int(answer_bias.shape[-1])
        expected = [
            (voices, width),
            (voices, width, ask.shape[-1]),
            (voices, (ask.shape[-1] + 1) * width, kinds),
            (voices, kinds),
        ]
        if [each.shape for each in (project_bias, ask, answer, answer_bias)] != expected:
            raise ValueError("the arrays of the token pooling do not belong together")
        self.width = int(project.shape[1])
        self._outputs = int(voices) * kinds
        whole = b"".join(arrays[name].tobytes() for name in ARRAYS)
        self.mark = hashlib.blake2b(whole, digest_size=MARK_BYTES).digest()

    @property
    def outputs(self) -> int:
        """How many logits it gives a text: of each voice one for each kind."""
        return self._outputs

    def read(self, states: NDArray[np.float32], present: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Logits (texts, outputs), given `states` and `present` as `TokenReader.read` has them."""
        import torch

        project, project_bias, ask, answer, answer_bias = self._tensors
        seen, here = torch.from_numpy(states), torch.from_numpy(present)
        with torch.inference_mode():
            told = torch.nn.functional.silu(seen @ project + project_bias)
            evenly = (here / here.sum(dim=1, keepdim=True))[:, :, None]
            found = []
            for voice, mine in enumerate(told.chunk(len(ask), dim=2)):
                asked = (mine @ ask[voice]).masked_fill(~here[:, :, None], _NOTHING)
                heard = torch.cat([torch.softmax(asked, dim=1), evenly], dim=2)
                pooled = (heard.transpose(1, 2) @ mine).flatten(1)
                found.append(pooled @ answer[voice] + answer_bias[voice])
            logits: NDArray[np.float32] = torch.cat(found, dim=1).numpy()
        return logits

    @cached_property
    def _tensors(self) -> list[Any]:
        """The arrays for torch, the projections of all voices side by side."""
        import torch

        project, project_bias, *others = self._arrays
        side_by_side = [np.concatenate(list(project), axis=1), project_bias.reshape(-1)]
        return [torch.from_numpy(np.ascontiguousarray(one)) for one in [*side_by_side, *others]]

    def to_bytes(self, reading: NDArray[np.floating]) -> bytes:
        """A text's logits as the record keeps them: behind the mark of who made them."""
        return self.mark + to_bytes(reading)

    def made(self, reading: bytes | None) -> bool:
        """Whether a stored reading is its own."""
        return reading is not None and reading[:MARK_BYTES] == self.mark

    @staticmethod
    def from_bytes(readings: Sequence[bytes]) -> NDArray[np.float32]:
        """What `to_bytes` wrote, in shape (readings, outputs)."""
        return from_bytes([reading[MARK_BYTES:] for reading in readings])
