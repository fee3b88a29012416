"""Fits the head of personal context to the sentences beside it and writes it with its figures.

Each `.tsv` file beside this module holds sentences of one register. Their kinds are joined by `+`;
`-` stands for what tells nothing and nearly does, `=` for everyday talk to companies.

Run from a checkout, with the dependency group `train` installed:
`python -m memory.remembering.training.train`. Everything reported is out of fold: sentences that
resemble each other (an agent's note and a customer's words about one invented surgery) are grouped
and never stand on both sides of a split. It takes a quarter of an hour on two cores, and 5 GB.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from memory.policy import NEVER_KEPT_KIND
from memory.remembering.cues import NAMES
from memory.remembering.personal import (
    BESIDE_THE_VECTOR,
    ENCODER,
    KINDS,
    VERSION,
    VOICES,
    PersonalHead,
    Thresholds,
    features,
)
from memory.remembering.tokens import ARRAYS, TokenPooling
from memory.remembering.training import pooling
from memory.remembering.training.figures import Trial, any_kind, figures
from memory.remembering.training.pooling import States
from memory.text.encoder import Encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from memory.remembering.personal import Role

HERE = Path(__file__).parent
HEADS = HERE.parent / "heads"
FOLDS = 3
INVERSE_PENALTY = 0.25
REGRESSION: Final = {"customer": 2.0, "agent": 0.7}
"""What the logits of the regression weigh beside those of the tokens; shorthand leaves out the
small words that a sentence's embedding lives by."""
ONE_BOUNDARY = "never_kept"
"""Files of such a name were written to part what is never kept from what sounds like it; of other
kinds their sentences are too many and too alike to learn from."""
SCENARIO = 12
"""How many sentences a scenario has on the mean."""
BASE_RATE = 0.03
"""The share of a customer's sentences that tell something personal."""
NEARLY = 0.1
"""The share of the others that nearly do; among those written they are many times as frequent."""
THRESHOLD, THRESHOLD_OF_NOTES = 0.24, 0.28
"""Of customers' sentences and of notes: where precision is 0.9 on labelled text of other hands
(FIGURES.md)."""
THRESHOLD_OF_FEELINGS = 0.75
"""Of 16 feelings that were judged in service talk (`tests/evaluation/base_rate.py`) 2 were right:
what sounds like one is most often a mood about the matter."""
LEAST_NEVER_KEPT, LEAST_NEVER_KEPT_BESIDE = 0.1, 0.05
"""From where on a sentence may be dropped as never kept; the latter, of one that is personal.

Low: what is dropped in error costs a line in a search, what is kept in error a promise.
"""
FALSE_DROPS = 0.004
"""The share of ordinary sentences that may be taken for a never-kept matter without its words."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The sentences to fit to.

    Attributes:
        labels: Shape (sentences, kinds).
        counts: Which labels are learnt from, in the same shape.
        ordinary: Which of them are everyday talk.
    """

    sentences: list[str]
    roles: list[Any]
    labels: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    ordinary: NDArray[np.bool_]

    def of(self, role: Role) -> Rows:
        """Those of one voice."""
        these = np.flatnonzero(np.array(self.roles) == role)
        return Rows(
            [self.sentences[row] for row in these],
            [role] * len(these),
            self.labels[these],
            self.counts[these],
            self.ordinary[these],
        )

    @property
    def personal(self) -> NDArray[np.bool_]:
        """Whether each sentence has any kind at all."""
        return any_kind(self.labels)

    @property
    def shares(self) -> NDArray[np.float64]:
        """What each sentence weighs when they stand for a customer's sentences, in all 1."""
        nearly = ~self.personal & ~self.ordinary
        weights = np.select(
            [self.personal, nearly],
            [BASE_RATE / self.personal.sum(), (1 - BASE_RATE) * NEARLY / nearly.sum()],
            (1 - BASE_RATE) * (1 - NEARLY) / self.ordinary.sum(),
        )
        return np.asarray(weights, dtype=np.float64)


def read() -> Rows:
    """The sentences of all files, each text once."""
    rows: dict[str, tuple[Role, str, bool]] = {}
    for file in sorted(HERE.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            role, kinds, text = line.split("\t")
            rows.setdefault(text, (VOICES[role == "agent"], kinds, ONE_BOUNDARY in file.name))
    roles, told, bounded = zip(*rows.values(), strict=True)
    labels = np.array([[kind in kinds.split("+") for kind in KINDS] for kinds in told])
    counts = ~np.array(bounded)[:, None] | (np.array(KINDS) == NEVER_KEPT_KIND)
    return Rows(list(rows), list(roles), labels, counts, np.array([one == "=" for one in told]))


@dataclass(frozen=True, slots=True)
class Seen:
    """What the head is given of the sentences.

    Attributes:
        vectors: Shape (sentences, dimensions).
        surface: What the regression reads, shape (sentences, features).
        states: What the token pooling reads.
    """

    vectors: NDArray[np.float32]
    surface: NDArray[np.float32]
    states: States


def see(rows: Rows) -> Seen:
    """The sentences, encoded."""
    spoken = [f"{role}: {text}" for role, text in zip(rows.roles, rows.sentences, strict=True)]
    encoder = Encoder.load()
    vectors = encoder.encode(spoken)
    surface = features(rows.sentences, vectors, rows.roles)
    return Seen(vectors, surface, States.of(spoken, encoder))


def scenarios(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """A number for each sentence; those that tell nearly the same have the same."""
    from sklearn.cluster import MiniBatchKMeans

    clusters = MiniBatchKMeans(
        len(vectors) // SCENARIO, random_state=0, n_init=1, max_iter=3, init="random"
    )
    groups: NDArray[np.int64] = clusters.fit_predict(vectors)
    return groups


@dataclass(frozen=True, slots=True)
class Fitted:
    """The head of one voice.

    Attributes:
        weights: Of the regression, shape (features, kinds).
        bias: Shape (kinds,).
        arrays: Of the token pooling.
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    arrays: dict[str, NDArray[np.float32]]

    def logits(self, seen: Seen, these: NDArray[np.int64]) -> NDArray[np.float32]:
        """Logits (sentences, kinds) of some sentences."""
        reader = TokenPooling(
            pooling.LAYERS, {name: array[None] for name, array in self.arrays.items()}
        )
        surface = seen.surface[these] @ self.weights + self.bias
        return surface + pooling.read(reader, seen.states, these)


def fit(seen: Seen, rows: Rows, voice: Role, these: NDArray[np.int64]) -> Fitted:
    """The head of a voice, fitted to some sentences: each kind against all others."""
    from sklearn.linear_model import LogisticRegression

    weights, bias = [], []
    for kind in range(len(KINDS)):
        learnt = these[rows.counts[these, kind]]
        one = LogisticRegression(C=INVERSE_PENALTY, max_iter=3000)
        one.fit(seen.surface[learnt], rows.labels[learnt, kind])
        weights.append(REGRESSION[voice] * one.coef_[0])
        bias.append(REGRESSION[voice] * one.intercept_[0])
    arrays = pooling.fit(seen.states, rows.labels, rows.counts, these, progress=say)
    rounded = np.column_stack(weights).astype(np.float16).astype(np.float32)
    return Fitted(rounded, np.array(bias, dtype=np.float32), arrays)


def learnt_by(voice: Role, rows: Rows) -> NDArray[np.bool_]:
    """Which sentences a voice's head is fitted to.

    What customers say helps to read notes, of which there are few; notes do not help to read
    customers.
    """
    return np.array([voice in {"agent", role} for role in rows.roles])


def out_of_fold(
    voice: Role, seen: Seen, rows: Rows, groups: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Logits (sentences of the voice, kinds), each from a head that has not seen its scenario."""
    from sklearn.model_selection import StratifiedGroupKFold

    mine = np.array(rows.roles) == voice
    learnt = learnt_by(voice, rows)
    strata = np.where(rows.personal, rows.labels.argmax(axis=1), len(KINDS) + rows.ordinary)
    logits = np.zeros((len(mine), len(KINDS)), dtype=np.float32)
    splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in splits.split(strata, strata, groups):
        asked = test[mine[test]]
        logits[asked] = fit(seen, rows, voice, train[learnt[train]]).logits(seen, asked)
    held_out: NDArray[np.float32] = logits[mine]
    return held_out


def calibrate(logits: NDArray[np.float32], rows: Rows) -> NDArray[np.float32]:
    """Platt's slopes and offsets (2, kinds): logits as probabilities at the shares of `Rows`."""
    from sklearn.linear_model import LogisticRegression

    lines = [
        LogisticRegression(C=1e9).fit(
            logits[:, [kind]], rows.labels[:, kind], sample_weight=rows.shares * len(logits)
        )
        for kind in range(len(KINDS))
    ]
    told = [[line.coef_[0, 0] for line in lines], [line.intercept_[0] for line in lines]]
    rounded: NDArray[np.float32] = np.array(told).round(4).astype(np.float32)
    return rounded


def limits_of(probabilities: NDArray[np.float32], rows: Rows) -> Thresholds:
    """The thresholds that out-of-fold probabilities (sentences, kinds) ask for."""
    forbidden = np.sort(probabilities[rows.ordinary, -1])
    allowed = int(FALSE_DROPS * len(forbidden))
    return Thresholds(
        customers=THRESHOLD,
        notes=THRESHOLD_OF_NOTES,
        feeling=THRESHOLD_OF_FEELINGS,
        never_kept=max(LEAST_NEVER_KEPT, round(float(forbidden[-1 - allowed]) + 0.01, 2)),
        never_kept_beside=LEAST_NEVER_KEPT_BESIDE,
        never_kept_words=0.01,
    )


def throughput(head: PersonalHead, rows: Rows, seen: Seen) -> float:
    """Sentences a second that the head reads, encoder aside: the best of three rounds."""
    some = np.arange(min(len(rows.sentences), 5000))
    sentences, roles = rows.sentences[: len(some)], rows.roles[: len(some)]
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        readings = pooling.read(head.reader, seen.states, some)
        head.find(sentences, seen.vectors[some], readings, roles)
        rounds.append(time.perf_counter() - start)
    return len(some) / min(rounds)


def write(head: PersonalHead, fitted: Sequence[Fitted]) -> None:
    """The two files of the packaged head."""
    HEADS.mkdir(exist_ok=True)
    packed: dict[str, Any] = {
        name: np.stack([one.arrays[name] for one in fitted]).astype(np.float16) for name in ARRAYS
    }
    packed["weights"] = np.stack([one.weights for one in fitted]).astype(np.float16)
    packed["bias"] = np.stack([one.bias for one in fitted])
    np.savez_compressed(HEADS / "head.npz", **packed)
    about = {
        "version": VERSION,
        "encoder": ENCODER,
        "dimensions": (len(fitted[0].weights) - BESIDE_THE_VECTOR) // 2,
        "layers": list(pooling.LAYERS),
        "kinds": list(KINDS),
        "cues": list(NAMES),
        "slopes": _rounded(head.calibration[0]),
        "offsets": _rounded(head.calibration[1]),
        "thresholds": asdict(head.thresholds),
    }
    (HEADS / "head.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _rounded(table: NDArray[np.float32]) -> list[list[float]]:
    return [[round(float(one), 4) for one in row] for row in table]


def say(line: str) -> None:
    """How far the fitting is."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Fit, calibrate, write, and print the figures."""
    rows = read()
    seen = see(rows)
    groups = scenarios(seen.vectors)
    held_out = [out_of_fold(voice, seen, rows, groups) for voice in VOICES]
    lines = [
        calibrate(logits, rows.of(voice)) for voice, logits in zip(VOICES, held_out, strict=True)
    ]
    fitted = [fit(seen, rows, voice, np.flatnonzero(learnt_by(voice, rows))) for voice in VOICES]
    head = PersonalHead(
        np.stack([one.weights for one in fitted]),
        np.stack([one.bias for one in fitted]),
        TokenPooling(
            pooling.LAYERS,
            {name: np.stack([one.arrays[name] for one in fitted]) for name in ARRAYS},
        ),
        np.stack(lines, axis=1),
        thresholds=Thresholds(1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    )
    logits = np.zeros(rows.labels.shape, dtype=np.float32)
    voices = np.array([VOICES.index(role) for role in rows.roles])
    for voice, told in enumerate(held_out):
        logits[voices == voice] = told
    probabilities = head.probabilities_of(logits, voices)
    head.thresholds = limits_of(probabilities, rows)
    write(head, fitted)
    trial = Trial(rows.sentences, rows.roles, rows.labels, rows.ordinary, rows.shares)
    head = PersonalHead.load()
    text = figures(trial, probabilities, head, FOLDS, throughput(head, rows, seen))
    page = HERE / "FIGURES.md"
    before, _, after = page.read_text(encoding="utf-8").partition("<!-- figures -->")
    _, _, rest = after.partition("<!-- /figures -->")
    page.write_text(f"{before}<!-- figures -->\n{text}\n<!-- /figures -->{rest}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
