"""Fits the head of personal context to the sentences beside it and writes it with its figures.

Each `.tsv` file beside this module holds sentences of one register. Their kinds are joined by `+`;
`-` stands for what tells nothing and nearly does, `=` for everyday talk to companies.

Run from a checkout, with the dependency group `train` installed:
`python -m memory.remembering.training.train`. Everything reported is out of fold: sentences that
resemble each other (an agent's note and a customer's words about one invented surgery) are grouped
and never stand on both sides of a split.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from memory.remembering.cues import NAMES
from memory.remembering.personal import (
    BESIDE_THE_VECTOR,
    ENCODER,
    KINDS,
    VERSION,
    PersonalHead,
    Thresholds,
    features,
)
from memory.remembering.training.figures import Trial, any_kind, figures
from memory.text.encoder import DIGEST, Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).parent
HEADS = HERE.parent / "heads"
FOLDS = 5
INVERSE_PENALTY = 0.25
ALIKE = 0.5
"""Cosine distance under which sentences count as one scenario (average linkage)."""
BASE_RATE = 0.03
"""The share of a customer's sentences that tell something personal."""
NEARLY = 0.1
"""The share of the others that nearly do; among those written they are many times as frequent."""
THRESHOLD = 0.22
"""Chosen on labelled text of other hands (FIGURES.md): precision is 0.9 there down to 0.1, but in
talk that is full of roles and jokes a lower threshold finds too much."""
THRESHOLD_OF_NOTES = 0.17
"""Chosen on notes of another hand (FIGURES.md): few sentences of a note tell nothing at all."""
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
        ordinary: Which of them are everyday talk.
    """

    sentences: list[str]
    roles: list[Any]
    labels: NDArray[np.bool_]
    ordinary: NDArray[np.bool_]

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
    rows: dict[str, list[str]] = {}
    for file in sorted(HERE.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            role, kinds, text = line.split("\t")
            rows.setdefault(text, [role, kinds])
    labels = np.array([[kind in kinds.split("+") for kind in KINDS] for _, kinds in rows.values()])
    ordinary = np.array([kinds == "=" for _, kinds in rows.values()])
    return Rows(list(rows), [role for role, _ in rows.values()], labels, ordinary)


def embedded(rows: Rows) -> NDArray[np.float32]:
    """The vectors of the sentences; those of earlier runs are kept in the temporary folder."""
    spoken = [f"{role}: {text}" for role, text in zip(rows.roles, rows.sentences, strict=True)]
    kept = Path(tempfile.gettempdir()) / f"remember-training-{DIGEST[:12]}.npz"
    known: dict[str, NDArray[np.float32]] = {}
    if kept.exists():
        with np.load(kept, allow_pickle=False) as arrays:
            known = dict(zip(arrays["keys"].tolist(), arrays["vectors"], strict=True))
    keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in spoken]
    new = {key: text for key, text in zip(keys, spoken, strict=True) if key not in known}
    if new:
        vectors = Encoder.load(threads=1).encode(list(new.values()))
        known |= dict(zip(new, vectors, strict=True))
        np.savez(kept, keys=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[key] for key in keys])


def scenarios(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """A number for each sentence; those that tell nearly the same have the same."""
    from sklearn.cluster import AgglomerativeClustering

    groups: NDArray[np.int64] = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=ALIKE
    ).fit_predict(vectors)
    return groups


def fit(
    read_by_head: NDArray[np.float32], labels: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (features, kinds) and biases, each kind against all other sentences."""
    from sklearn.linear_model import LogisticRegression

    fitted = [
        LogisticRegression(C=INVERSE_PENALTY, max_iter=3000).fit(read_by_head, target)
        for target in labels.T
    ]
    weights = np.column_stack([one.coef_[0] for one in fitted]).astype(np.float16)
    bias = np.array([one.intercept_[0] for one in fitted], dtype=np.float32)
    return weights.astype(np.float32), bias


def out_of_fold(
    read_by_head: NDArray[np.float32], rows: Rows, groups: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Logits (sentences, kinds), each from a head that has not seen the sentence's scenario."""
    from sklearn.model_selection import StratifiedGroupKFold

    kind = rows.labels.argmax(axis=1)
    strata = np.where(rows.personal, kind, len(KINDS) + rows.ordinary)
    logits = np.zeros((len(kind), len(KINDS)), dtype=np.float32)
    splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in splits.split(kind, strata, groups):
        weights, bias = fit(read_by_head[train], rows.labels[train])
        logits[test] = read_by_head[test] @ weights + bias
    return logits


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
        never_kept=max(LEAST_NEVER_KEPT, round(float(forbidden[-1 - allowed]) + 0.01, 2)),
        never_kept_beside=LEAST_NEVER_KEPT_BESIDE,
        never_kept_words=0.01,
    )


def throughput(head: PersonalHead, rows: Rows, vectors: NDArray[np.float32]) -> float:
    """Sentences a second that the head reads, encoder aside: the best of five rounds."""
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        head.find(rows.sentences, vectors, rows.roles)
        rounds.append(time.perf_counter() - start)
    return len(vectors) / min(rounds)


def write(head: PersonalHead, weights: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
    """The two files of the packaged head."""
    HEADS.mkdir(exist_ok=True)
    np.savez_compressed(HEADS / "head.npz", weights=weights.astype(np.float16), bias=bias)
    about = {
        "version": VERSION,
        "encoder": ENCODER,
        "dimensions": (len(weights) - BESIDE_THE_VECTOR) // 2,
        "kinds": list(KINDS),
        "cues": list(NAMES),
        "slopes": [round(float(one), 4) for one in head.calibration[0]],
        "offsets": [round(float(one), 4) for one in head.calibration[1]],
        "thresholds": asdict(head.thresholds),
    }
    (HEADS / "head.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Fit, calibrate, write, and print the figures."""
    rows = read()
    vectors = embedded(rows)
    read_by_head = features(rows.sentences, vectors, rows.roles)
    logits = out_of_fold(read_by_head, rows, scenarios(vectors))
    outputs = logits.shape[1]
    bare = PersonalHead(
        np.eye(outputs, dtype=np.float32),
        np.zeros(outputs, dtype=np.float32),
        calibrate(logits, rows),
        Thresholds(1.0, 1.0, 1.0, 1.0, 1.0),
    )
    probabilities = bare.probabilities_of(logits)
    limits = limits_of(probabilities, rows)
    weights, bias = fit(read_by_head, rows.labels)
    write(PersonalHead(weights, bias, bare.calibration, limits), weights, bias)
    head = PersonalHead.load()
    trial = Trial(rows.sentences, rows.roles, rows.labels, rows.ordinary, rows.shares)
    text = figures(trial, probabilities, head, FOLDS, throughput(head, rows, vectors))
    page = HERE / "FIGURES.md"
    before, _, after = page.read_text(encoding="utf-8").partition("<!-- figures -->")
    _, _, rest = after.partition("<!-- /figures -->")
    page.write_text(f"{before}<!-- figures -->\n{text}\n<!-- /figures -->{rest}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
