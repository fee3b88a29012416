"""Whether every brief of the packaged story is short enough, and says nothing that nobody said.

The story is taken over HTTP from the simulated helpdesk and remembered by the real code. Every
customer is looked up by ref: not verified, verified, verified and asked for by the agent of the
last contact, and with what is hidden revealed.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from memory import Memory
from memory.asking.first_view import first_view_length
from memory.asking.limits import MOST_WORDS, MOST_WORDS_ON_TOP, TOP_LINES
from memory.asking.lines import lines_of
from memory.asking.phrases import count_words
from memory.record import queries, tables
from memory.remembering.drain import Remembering
from memory.workplace import Workplace
from tests.bench.stock import account_name, backfill, story

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from memory.asking.document import Brief

_READER: Final = "evaluation"
"""To whom hidden words are shown, as the record's log has it."""


@dataclass(slots=True)
class Lengths:
    """The longest of all briefs, and the quotes that were looked for in their messages.

    Attributes:
        words: Of the longest first view.
        on_top: Words of the longest name line with the three lines after it.
        unsaid: Quotes that do not stand in the message they name.
    """

    customers: int = 0
    briefs: int = 0
    words: int = 0
    on_top: int = 0
    quotes: int = 0
    unsaid: int = 0

    @property
    def table(self) -> str:
        """What a person reads."""
        lines = [
            f"The packaged story, {self.briefs:,} briefs of {self.customers:,} customers",
            "",
            f"{'':<28}{'found':>7}{'goal':>8}  holds",
        ]
        for name, found, goal in (
            ("most words, first view", self.words, MOST_WORDS),
            ("most words, top", self.on_top, MOST_WORDS_ON_TOP),
            (f"not said, of {self.quotes:,} quotes", self.unsaid, 0),
        ):
            holds = "yes" if found <= goal else "no"
            lines.append(f"{name:<28}{found:>7}{f'<= {goal}':>8}  {holds}")
        return "\n".join(lines)

    def read(self, brief: Brief, texts: Mapping[tuple[str, str], str], zone: ZoneInfo) -> None:
        """Count one brief."""
        printed = lines_of(brief, longest=first_view_length(brief), zone=zone)
        counts = [count_words(str(line)) for line in printed]
        self.briefs += 1
        self.words = max(self.words, sum(counts))
        self.on_top = max(self.on_top, sum(counts[:TOP_LINES]))
        for evidence in evidence_in(brief):
            if evidence["quote"] is not None:
                self.quotes += 1
                said = texts.get((evidence["ticket"], evidence["message"]), "")
                self.unsaid += evidence["quote"] not in said


def evaluate() -> Lengths:
    """Remember the story and read every brief of it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        backfill(home, remember=False)
        workplace = Workplace(f"sqlite:///{home / 'record.sqlite'}", home / "index")
        with Remembering.open(workplace, account_name()) as remembering:
            remembering.drain(wait=lambda: False, report=lambda _: None)
        told = story()
        region, zone = told.default_region, told.time_zone
        with Memory.open(home, default_region=region, time_zone=zone) as memory:
            return measure(memory)


def measure(memory: Memory) -> Lengths:
    """Read every brief of a record."""
    with memory.record.reading() as connection:
        number, t = memory.account.number, tables.message.c
        ids = queries.customer_ids(connection, number)
        rows = connection.execute(sa.select(t.ticket_id, t.id, t.text).where(t.account == number))
        texts = {(memory.account.ref(one.ticket_id), one.id): one.text for one in rows}
        agents = {
            one.name: memory.account.ref(one.id) for one in queries.agents(connection, number)
        }
    found, zone = Lengths(customers=len(ids)), ZoneInfo(story().time_zone)
    for one in ids:
        for brief in _briefs(memory, memory.account.ref(one), agents):
            found.read(brief, texts, zone)
    return found


def _briefs(memory: Memory, ref: str, agents: Mapping[str | None, str]) -> Iterator[Brief]:
    asked: dict[str, Any] = {"customer": ref, "as_of": story().as_of}
    yield memory.brief(**asked)
    verified = memory.brief(**asked, verified=True)
    yield verified
    last = verified["last"]
    if last is not None and last["agent"] in agents:
        yield memory.brief(**asked, verified=True, agent=agents[last["agent"]])
    yield memory.brief(**asked, verified=True, reveal_to=_READER)


def evidence_in(node: Any) -> Iterator[dict[str, Any]]:
    """Every piece of evidence of a document."""
    parts: Iterable[Any] = ()
    if isinstance(node, dict):
        if {"ticket", "message", "quote"} <= node.keys():
            yield node
            return
        parts = node.values()
    elif isinstance(node, list):
        parts = node
    for part in parts:
        yield from evidence_in(part)
