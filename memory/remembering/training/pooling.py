"""Fits the token pooling of the head, with torch.

The encoder is not touched: its states are computed once and read as they are. Each token's states
are brought to one scale first; in what is written that is part of the projection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from memory.remembering.tokens import TokenPooling
    from memory.text.encoder import Encoder

LAYERS: Final = (2, 4, 6)
WIDTH, QUESTIONS = 256, 4
ROUNDS: Final = 5
BATCH: Final = 64
RATE: Final = 1e-3
SMOOTHED: Final = 0.02
"""How far a label stands from 0 or 1: some of the sentences are labelled wrongly."""
FORGOTTEN: Final = 0.4
"""The share of what was pooled that a round of fitting does not see (dropout)."""
UNSEEN: Final = 0.1
"""The same of a token's states."""
_LEAST_SPREAD: Final = 1e-2


@dataclass(frozen=True, slots=True)
class States:
    """The tokens of sentences, one after another.

    Attributes:
        flat: Shape (tokens of all sentences, layers * dimensions), float16.
        starts: Where each sentence begins in `flat`; one more for the end.
    """

    flat: NDArray[np.float16]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, spoken: Sequence[str], encoder: Encoder) -> States:
        """Those of sentences with the role in front."""
        found = {
            row: states.astype(np.float16) for row, states in encoder.token_states(spoken, LAYERS)
        }
        starts = np.cumsum([0, *(len(found[row]) for row in range(len(spoken)))])
        return cls(np.concatenate([found.pop(row) for row in range(len(spoken))]), starts)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many tokens each sentence has."""
        return np.diff(self.starts)

    def padded(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Some sentences as `TokenReader.read` has them."""
        lengths = self.lengths[rows]
        place = np.arange(lengths.max())
        present = place < lengths[:, None]
        tokens = np.minimum(self.starts[rows][:, None] + place, len(self.flat) - 1)
        return self.flat[tokens].astype(np.float32) * present[..., None], present


def fit(
    states: States,
    labels: NDArray[np.bool_],
    counts: NDArray[np.bool_],
    rows: NDArray[np.int64],
    progress: Callable[[str], object] = lambda _: None,
) -> dict[str, NDArray[np.float32]]:
    """Fit to some of the sentences; what `TokenPooling` takes for one voice.

    Args:
        states: Of all sentences.
        labels: Shape (sentences, kinds), of all.
        counts: Which of the labels tell anything, in the same shape.
        rows: Which sentences to fit to.
        progress: Told after each round.
    """
    import torch

    torch.manual_seed(0)
    sample = states.flat[:: max(1, len(states.flat) // 100_000)].astype(np.float32)
    middle, spread = sample.mean(axis=0), np.maximum(sample.std(axis=0), _LEAST_SPREAD)
    net = _net(len(middle), labels.shape[1])
    steps = ROUNDS * -(-len(rows) // BATCH)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1)
    chance = np.random.default_rng(0)
    for number in range(ROUNDS):
        lost = []
        for batch in _batches(states, rows, chance):
            told, present = states.padded(batch)
            wanted = labels[batch] * (1 - 2 * SMOOTHED) + SMOOTHED
            logits = net(torch.from_numpy((told - middle) / spread), torch.from_numpy(present))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                logits,
                torch.from_numpy(wanted.astype(np.float32)),
                weight=torch.from_numpy(counts[batch].astype(np.float32)),
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            lost.append(loss.item())
        progress(f"round {number + 1} of {ROUNDS}: loss {np.mean(lost):.4f}")
    return _unscaled(net, middle, spread)


def _batches(
    states: States, rows: NDArray[np.int64], chance: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Batches of sentences about equally long, in an order of chance."""
    mixed = chance.permutation(rows)
    mixed = mixed[np.argsort(states.lengths[mixed] // 3, kind="stable")]
    batches = [mixed[start : start + BATCH] for start in range(0, len(mixed), BATCH)]
    return (batches[place] for place in chance.permutation(len(batches)))


def _net(inputs: int, outputs: int) -> Any:
    """What `TokenPooling.read` computes, as a module that can be fitted."""
    from torch import Tensor, cat, nn, softmax

    class Net(nn.Module):  # type: ignore[misc]  # torch is not typed here
        def __init__(self) -> None:
            super().__init__()
            self.project = nn.Linear(inputs, WIDTH)
            self.ask = nn.Linear(WIDTH, QUESTIONS, bias=False)
            self.answer = nn.Linear(WIDTH * (QUESTIONS + 1), outputs)
            self.unseen, self.forgotten = nn.Dropout(UNSEEN), nn.Dropout(FORGOTTEN)

        def forward(self, states: Tensor, present: Tensor) -> Tensor:
            told = nn.functional.silu(self.project(self.unseen(states)))
            asked = self.ask(told).masked_fill(~present[..., None], -1e9)
            evenly = present / present.sum(dim=1, keepdim=True)
            heard = cat([softmax(asked, dim=1), evenly[..., None]], dim=2)
            pooled = (heard.transpose(1, 2) @ told).flatten(1)
            return self.answer(self.forgotten(pooled))

    return Net()


def _unscaled(
    net: Any, middle: NDArray[np.float32], spread: NDArray[np.float32]
) -> dict[str, NDArray[np.float32]]:
    """The arrays of a fitted module, for states as the encoder gives them."""
    given = {name: value.detach().numpy() for name, value in net.state_dict().items()}
    project = given["project.weight"].T / spread[:, None]
    return {
        "project": project,
        "project_bias": given["project.bias"] - middle @ project,
        "ask": given["ask.weight"].T,
        "answer": given["answer.weight"].T,
        "answer_bias": given["answer.bias"],
    }


def read(pooling: TokenPooling, states: States, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Logits (rows, kinds) of some of the sentences."""
    found = np.zeros((len(rows), pooling.outputs), dtype=np.float32)
    order = np.argsort(states.lengths[rows], kind="stable")
    for start in range(0, len(order), BATCH):
        places = order[start : start + BATCH]
        found[places] = pooling.read(*states.padded(rows[places]))
    return found
