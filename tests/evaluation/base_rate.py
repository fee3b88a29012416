"""How often something is remembered of service talk that was better not remembered.

The talk is other people's: dialogues of crowd workers with a helpdesk (STAR), one JSON document,
packed by gzip, with `tickets`, each with a `topic` and `messages` of `by` and `text`. What
customers say in them is cleaned, redacted, split and read as remembering does it. Of what is found
200 are drawn, and one reader has judged each by its sentence alone: would a caller be glad, and an
agent helped, if this were remembered of them, as this kind? What is personal but weak, fleeting or
said as a joke is `doubtful`.

The verdicts lie in `tables/base_rate_verdicts.tsv`, which holds none of the text: a digest of kind
and sentence, and `right`, `wrong` or `doubtful`. Another head finds other things; what of its draw
nobody has judged is counted and said. `python -m tests.evaluation.base_rate --show` lists what is
drawn, to be judged.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import sys
from collections import Counter
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from memory.asking.first_view import is_sure
from memory.policy import NEVER_KEPT_KIND
from memory.text.clean import clean
from memory.text.redact import redact
from memory.text.sentences import split, spoken
from tests.evaluation import model
from tests.evaluation.personal import FEWEST_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from memory.remembering.personal import PersonalHead
    from memory.text.encoder import Encoder

STAR: Final = Path(__file__).parents[3] / "shared" / "data" / "star-dev.json.gz"
VERDICTS: Final = Path(__file__).with_name("tables") / "base_rate_verdicts.tsv"
DRAWN: Final = 200
GOAL: Final = 2.0
"""At most so many wrong ones per 1,000 sentences."""

_SEED: Final = b"base rate"
_Z: Final = 1.96
_READINGS: Final = frozenset({"right", "wrong", "doubtful"})


class UnreadableError(ValueError):
    """A file is not what is described above."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found in a sentence of a customer.

    Attributes:
        key: The digest under which it is judged.
        order: Where it stands when some are drawn: by chance, but the same in every run, and
            whatever else was found.
        topic: What the dialogue was about.
        sure: Whether a brief would show it at first glance.
    """

    key: str
    order: bytes
    kind: str
    confidence: float
    sentence: str
    topic: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """What was found in so many sentences, and what was said of those that were drawn.

    Attributes:
        unjudged: How many of the drawn have no verdict.
    """

    name: str
    sentences: int
    hits: int
    right: int
    wrong: int
    doubtful: int
    unjudged: int

    @property
    def judged(self) -> int:
        """How many of the drawn have a verdict."""
        return self.right + self.wrong + self.doubtful

    @property
    def hits_per_1000(self) -> float:
        """Of a thousand sentences."""
        return 1000 * self.hits / max(1, self.sentences)

    @property
    def wrong_per_1000(self) -> float:
        """As the judged ones say."""
        return self.hits_per_1000 * self.wrong / max(1, self.judged)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of `wrong_per_1000`, for the draw (Wilson's)."""
        low, high = wilson(self.wrong, self.judged)
        return self.hits_per_1000 * low, self.hits_per_1000 * high

    @property
    def holds(self) -> str:
        """Whether the goal is held; `not known` where that rests on what nobody has judged."""
        per_drawn = self.hits_per_1000 / max(1, self.judged + self.unjudged)
        if per_drawn * (self.wrong + self.unjudged) <= GOAL:
            return "yes"
        return "no" if per_drawn * self.wrong > GOAL else "not known"


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share; of nothing it is anything."""
    if not of:
        return 0.0, 1.0
    share, square = count / of, _Z**2 / of
    middle = share + square / 2
    spread = _Z * sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, (middle - spread) / (1 + square)), min(1.0, (middle + spread) / (1 + square))


def evaluate(file: Path) -> str:
    """The table for people.

    Raises:
        UnreadableError: The file, or the table of verdicts, is not what is described above.
        OSError: A file cannot be read.
    """
    said = read(file)
    hits, dropped = find(said, model.encoder(), model.head())
    return table(rates(len(said), hits, verdicts()), dropped)


def read(file: Path) -> list[tuple[str, str]]:
    """Every sentence of a customer that remembering would read, with its dialogue's topic.

    Raises:
        UnreadableError: The file is not what is described above.
        OSError: It cannot be read.
    """
    try:
        tickets = json.loads(gzip.decompress(file.read_bytes()))["tickets"]
        texts = [
            (redact(clean(message["text"])), str(ticket["topic"]))
            for ticket in tickets
            for message in ticket["messages"]
            if message["by"] == "customer"
        ]
    except (gzip.BadGzipFile, EOFError, ValueError, KeyError, TypeError):
        raise UnreadableError(f"{file.name} holds no dialogues with topics and messages") from None
    return [
        (span.text, topic)
        for text, topic in texts
        for span in split(text)
        if len(span.text.split()) >= FEWEST_WORDS
    ]


def find(
    said: Sequence[tuple[str, str]], encoder: Encoder, head: PersonalHead
) -> tuple[list[Hit], int]:
    """What the head finds, as often as it was said, and how many sentences it drops."""
    times: Counter[str] = Counter()
    distinct = list(dict.fromkeys(sentence for sentence, _ in said))
    embedded = encoder.encode_and_read(
        [spoken("customer", sentence) for sentence in distinct], head.reader
    )
    found = dict(
        zip(distinct, head.find(distinct, *embedded, ["customer"] * len(distinct)), strict=True)
    )
    hits, dropped = [], 0
    for sentence, topic in said:
        times[sentence] += 1
        for finding in found[sentence]:
            if finding.kind == NEVER_KEPT_KIND:
                dropped += 1
                continue
            key = key_of(finding.kind, sentence)
            order = hashlib.blake2b(f"{key} {times[sentence]}".encode(), key=_SEED).digest()
            sure = is_sure(finding.kind, finding.confidence)
            hits.append(Hit(key, order, finding.kind, finding.confidence, sentence, topic, sure))
    return hits, dropped


def key_of(kind: str, sentence: str) -> str:
    """The digest under which a finding is judged."""
    return hashlib.blake2b(f"{kind}\0{sentence}".encode(), digest_size=12).hexdigest()


def drawn(hits: Iterable[Hit]) -> list[Hit]:
    """So many of them, by chance, and for the most part the same when others are found."""
    return sorted(hits, key=lambda hit: hit.order)[:DRAWN]


def verdicts(file: Path = VERDICTS) -> dict[str, str]:
    """What was judged: digest to `right`, `wrong` or `doubtful`.

    Raises:
        UnreadableError: A line says something else.
        OSError: The file cannot be read.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        judged = {row["digest"]: row["verdict"] for row in csv.DictReader(lines, delimiter="\t")}
    if not _READINGS.issuperset(judged.values()):
        raise UnreadableError(f"{file.name} holds another verdict than {', '.join(_READINGS)}")
    return judged


def rates(sentences: int, hits: Sequence[Hit], judged: Mapping[str, str]) -> list[Rate]:
    """Of all that is remembered, and of what a brief shows at first glance."""
    sure = [hit for hit in hits if hit.sure]
    return [
        _rate("remembered", sentences, hits, judged),
        _rate("first view", sentences, sure, judged),
    ]


def _rate(name: str, sentences: int, hits: Sequence[Hit], judged: Mapping[str, str]) -> Rate:
    counts = Counter(judged.get(hit.key, "unjudged") for hit in drawn(hits))
    return Rate(
        name,
        sentences,
        len(hits),
        **{verdict: counts[verdict] for verdict in ("right", "wrong", "doubtful", "unjudged")},
    )


def table(rows: Sequence[Rate], dropped: int) -> str:
    """What a person reads."""
    head = (
        f"{'':<12}{'found':>7}{'per 1,000':>11}{'judged':>8}{'right':>7}{'doubtful':>10}"
        f"{'wrong':>7}{'wrong per 1,000':>26}{'goal':>7}  holds"
    )
    lines = [
        f"Base rate, {rows[0].sentences:,} sentences of customers, {dropped} dropped as never kept",
        "",
        head,
    ]
    for row in rows:
        low, high = row.interval
        wrong = f"{row.wrong_per_1000:.1f} ({low:.1f} to {high:.1f})"
        lines.append(
            f"{row.name:<12}{row.hits:>7}{row.hits_per_1000:>11.1f}{row.judged:>8}{row.right:>7}"
            f"{row.doubtful:>10}{row.wrong:>7}{wrong:>26}{f'<= {GOAL:.0f}':>7}  {row.holds}"
        )
    lines += [
        f"Of those drawn for {row.name!r} {row.unjudged} have no verdict yet:"
        " python -m tests.evaluation.base_rate --show"
        for row in rows
        if row.unjudged
    ]
    return "\n".join(lines)


def shown(hits: Sequence[Hit], judged: Mapping[str, str]) -> str:
    """What is drawn, for a person to judge, a line each, the unjudged first."""
    both = {hit.key: hit for hit in [*drawn(hits), *drawn(hit for hit in hits if hit.sure)]}
    lines = [
        "\t".join(
            (
                hit.key,
                judged.get(hit.key, "?"),
                hit.kind,
                f"{hit.confidence:.2f}",
                hit.topic,
                hit.sentence.replace("\t", " ").replace("\n", " "),
            )
        )
        for hit in sorted(both.values(), key=lambda hit: (hit.key in judged, hit.kind, hit.key))
    ]
    return "\n".join(["digest\tverdict\tkind\tconfidence\ttopic\tsentence", *lines])


def main(arguments: list[str] | None = None) -> int:
    """Print the table, or what is to be judged; 1 when a file cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.base_rate")
    parser.add_argument("--star", type=Path, metavar="FILE", default=STAR, help="dialogues")
    parser.add_argument("--show", action="store_true", help="list what is drawn, to be judged")
    options = parser.parse_args(arguments)
    try:
        said = read(options.star)
        hits, dropped = find(said, model.encoder(), model.head())
        judged = verdicts()
        answer = (
            shown(hits, judged) if options.show else table(rates(len(said), hits, judged), dropped)
        )
    except (OSError, UnreadableError) as error:
        sys.stderr.write(f"The base rate was not measured: {error}\n")
        return 1
    sys.stdout.write(f"{answer}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
