"""How much of what answers a question recall finds in long histories that nobody here wrote.

A file holds a JSON array of conversations, each with `speakers` (two names), `turns` (`id`,
`session`, `at`, `speaker`, `text`, and `shares`: the caption of a photo, where there is one) and
`questions` (`question`, `category`, and `evidence`: the ids of the turns that answer it). A
conversation becomes the history of one customer: its sessions are tickets, its turns messages,
the first speaker is the customer and the second an agent. All of it is stored, remembered and
asked by the product's own code, with the model that ships.

What is never kept is not found, though some evidence rests on it: that counts as missed.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from memory.asking.lexical import bm25, with_neighbours
from memory.asking.passages import passages_of
from memory.asking.recall import spoken_query
from memory.asking.search import Search
from memory.entities import Page
from memory.remembering.personal import PersonalHead
from memory.remembering.remember import Rememberer
from memory.text.vectors import cosines
from memory.workplace import Workplace
from tests.support.book import Book, agent, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from memory.asking.passages import Passages
    from memory.text.encoder import Encoder

DEPTHS: Final = (5, 10, 25)
CATEGORIES: Final = frozenset({1, 2, 3, 4})
"""Those whose answer stands in the conversation."""

GOALS: Final = {5: 0.72, 10: 0.80}
"""Depth to the least share of the evidence."""

SLOWEST: Final = 2.0
"""A whole query takes at most so many times what the encoder alone takes."""

METHODS: Final = ("recall", "meaning alone", "words alone")
_LIMIT: Final = 10
"""As many hits as `remember recall` gives where nobody says how many."""

_SPARE: Final = 3
_AT: Final = "%I:%M %p on %d %B, %Y"
_PRESENT: Final = datetime(2030, 1, 1, tzinfo=UTC)


class UnreadableError(ValueError):
    """A file is not what is described above."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a customer's history, and the turns that answer it."""

    customer: str
    words: str
    evidence: frozenset[str]


@dataclass(slots=True)
class Measured:
    """What was found, question by question.

    Attributes:
        shares: Method to the share of the evidence among the first hits, (questions, `DEPTHS`).
        whole: Seconds from the words to the hits, a question each.
        encoding: Seconds that the encoder alone took for the same words.
    """

    shares: dict[str, list[list[float]]] = field(
        default_factory=lambda: {method: [] for method in METHODS}
    )
    whole: list[float] = field(default_factory=list)
    encoding: list[float] = field(default_factory=list)

    @property
    def document(self) -> dict[str, float]:
        """What `--json` prints of it."""
        means = np.mean(self.shares["recall"], axis=0)
        return {
            **{
                str(depth): round(float(mean), 4) for depth, mean in zip(DEPTHS, means, strict=True)
            },
            "p50_ms": milliseconds(self.whole, 50),
            "encoder_p50_ms": milliseconds(self.encoding, 50),
        }

    @property
    def table(self) -> str:
        """The same for people, beside what either half of the search finds alone."""
        heads = "".join(f"{f'recall@{depth}':>11}" for depth in DEPTHS)
        lines = [f"{len(self.whole)} questions   {heads}"]
        for method, shares in self.shares.items():
            means = "".join(f"{mean:>11.3f}" for mean in np.mean(shares, axis=0))
            lines.append(f"{method:<16}{means}")
        for name, seconds in (("whole query", self.whole), ("encoder alone", self.encoding)):
            p50, p95 = milliseconds(seconds, 50), milliseconds(seconds, 95)
            lines.append(f"{name:<16} p50 {p50} ms, p95 {p95} ms")
        document = self.document
        for depth, goal in GOALS.items():
            holds = "yes" if document[str(depth)] >= goal else "no"
            lines.append(f"goal: recall@{depth} >= {goal:.2f}: {holds}")
        times = document["p50_ms"] / document["encoder_p50_ms"]
        holds = "yes" if times <= SLOWEST else "no"
        lines.append(f"goal: p50 <= {SLOWEST:g} times the encoder's: {times:.2f}, {holds}")
        return "\n".join(lines)


def evaluate(file: Path) -> Measured:
    """Remember the conversations of a file and ask their questions.

    Raises:
        UnreadableError: The file is not what is described above.
        OSError: The file cannot be read.
    """
    conversations = read(file)
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder))
        try:
            search = Search(Workplace(book.database_url, Path(folder) / "index"), book.record)
            questions = _fill(book, conversations)
            _remember(book, search._encoder)
            return _ask(book, search, questions)
        finally:
            book.record.close()


def read(file: Path) -> list[dict[str, Any]]:
    """The conversations of a file.

    Raises:
        UnreadableError: The file is not what is described above.
        OSError: The file cannot be read.
    """
    try:
        conversations: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        for one in conversations:
            for turn in one["turns"]:
                datetime.strptime(turn["at"], _AT).replace(tzinfo=UTC)
                _ = turn["id"], turn["session"], turn["speaker"], turn["text"]
            for asked in one["questions"]:
                _ = asked["question"], asked["evidence"], asked["category"]
            _first, _second = one["speakers"]
    except (ValueError, KeyError, TypeError):
        # Nothing of the text is shown, nor by the cause.
        raise UnreadableError(
            "it holds no conversations with speakers, turns and questions; see the head of"
            " tests/evaluation/locomo.py for what is to stand in it"
        ) from None
    if not any(True for one in conversations for _ in _questions("", one)):
        raise UnreadableError("it holds no question of the categories 1 to 4 with evidence")
    return conversations


def milliseconds(seconds: Sequence[float], percent: int) -> float:
    """A percentile of times in seconds, in milliseconds to one decimal."""
    return round(float(np.percentile(seconds, percent)) * 1000, 1)


def share_found(found: Sequence[str], evidence: frozenset[str]) -> list[float]:
    """The share of the evidence among the first hits, for each of `DEPTHS`.

    Args:
        found: Turns, best first, each once.
        evidence: Turns, at least one.
    """
    return [len(evidence.intersection(found[:depth])) / len(evidence) for depth in DEPTHS]


def _fill(book: Book, conversations: Sequence[dict[str, Any]]) -> list[Question]:
    """Store every conversation as the history of a customer of its own."""
    questions: list[Question] = []
    for number, one in enumerate(conversations):
        who, helper = f"{100 + number}", f"{500 + number}"
        first, second = one["speakers"]
        people = (customer(who, first, language="en"), agent(helper, second))
        tickets: dict[str, Any] = {}
        messages = []
        for place, turn in enumerate(one["turns"]):
            name = f"{number}-{turn['session']}"
            at = datetime.strptime(turn["at"], _AT).replace(tzinfo=UTC) + timedelta(seconds=place)
            author = who if turn["speaker"] == first else helper
            more = {"ticket_id": name, "author_id": author, "at": at, "channel": "chat"}
            text = "\n".join(part for part in (turn["text"], turn.get("shares")) if part)
            messages.append(message(turn["id"], text, **more))
            if name not in tickets:
                tickets[name] = ticket(name, who, at=at, channel="chat", assignee_id=helper)
        book.store(
            Page(
                people=people,
                tickets=tuple(tickets.values()),
                messages=tuple(messages),
                whole_tickets=tuple(tickets),
            )
        )
        questions += _questions(who, one)
    return questions


def _questions(who: str, conversation: dict[str, Any]) -> Iterable[Question]:
    turns = {turn["id"] for turn in conversation["turns"]}
    for asked in conversation["questions"]:
        evidence = turns.intersection(asked["evidence"])
        if evidence and asked["category"] in CATEGORIES:
            yield Question(who, asked["question"], frozenset(evidence))


def _remember(book: Book, encoder: Encoder) -> None:
    rememberer = Rememberer(book.record, book.account, encoder, PersonalHead.load())
    rememberer.remember_next()
    while rememberer.progress.waiting:
        rememberer.remember_next()


def _ask(book: Book, search: Search, questions: Sequence[Question]) -> Measured:
    measured = Measured()
    view = book.view(as_of=_PRESENT, reveal=True)
    encoder = search._encoder
    for one in questions:
        begun = perf_counter()
        search.of(view, one.words, one.customer, _LIMIT)
        measured.whole.append(perf_counter() - begun)
        with book.record.reading() as connection:
            passages = passages_of(connection, view, one.customer)
        spoken = spoken_query(passages, one.words)
        begun = perf_counter()
        vector = encoder.encode([spoken])[0]
        measured.encoding.append(perf_counter() - begun)
        deep = search.of(view, one.words, one.customer, max(DEPTHS) * _SPARE)
        found = {
            "recall": [hit["evidence"][0]["message"] for hit in deep["hits"]],
            "meaning alone": _by_meaning(passages, vector),
            "words alone": _by_words(passages, one.words),
        }
        for method, messages in found.items():
            shares = share_found(list(dict.fromkeys(messages)), one.evidence)
            measured.shares[method].append(shares)
    return measured


def _by_meaning(passages: Passages, vector: NDArray[np.float32]) -> list[str]:
    """Turns by the cosine of their nearest sentence."""
    order = np.argsort(-cosines(vector, passages.matrix), kind="stable")
    return [passages.said(int(place)).message_id for place in order]


def _by_words(passages: Passages, query: str) -> list[str]:
    """Turns by BM25 over themselves and their neighbours."""
    words = passages.words
    counts = passages.read.count(sorted(set(words.stems(query))))
    lengths = passages.read.lengths
    counts = np.add.reduceat(counts, passages.starts, axis=1)
    lengths = np.add.reduceat(lengths, passages.starts)
    tickets = passages.tickets
    scores = bm25(with_neighbours(counts, tickets), with_neighbours(lengths, tickets))
    order = np.argsort(-scores, kind="stable")
    return [passages.messages[passage].id for passage in order]
