"""The measuring of briefs: how long they are, and whether somebody said what they quote."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from memory import Memory
from tests.evaluation.briefs import Lengths, evidence_in, measure
from tests.support.book import Book, agent, customer
from tests.unit.asking.briefs import brief, check, item

if TYPE_CHECKING:
    from pathlib import Path

UTC = ZoneInfo("UTC")


def evidence(quote: str | None) -> dict[str, str | None]:
    """Of message 7 of ticket 1."""
    return {"ticket": "zendesk:1", "message": "7", "quote": quote}


def test_words_are_counted_as_printed() -> None:
    """The longest of all that were read; the top is the first four lines."""
    lengths = Lengths()
    lengths.read(brief(), {}, UTC)
    short = lengths.words
    lengths.read(brief(check=[check("street")], care=[item("health")]), {}, UTC)
    assert lengths.words == lengths.on_top > short
    lengths.read(brief(), {}, UTC)
    assert lengths.words > short
    assert lengths.briefs == 3


def test_a_quote_that_nobody_said_is_found() -> None:
    """Word for word, in the message it names; what is hidden has no quote."""
    lengths = Lengths()
    told = [item("work", "I bake", evidence=[evidence("I bake"), evidence("I sing")])]
    lengths.read(
        brief(context=told, care=[item("health")]), {("zendesk:1", "7"): "Well, I bake."}, UTC
    )
    assert (lengths.quotes, lengths.unsaid) == (2, 1)
    assert list(evidence_in({"a": [{"b": evidence(None)}]})) == [evidence(None)]
    assert "<= 0  no" in lengths.table


def test_every_customer_of_a_record_is_read(tmp_path: Path) -> None:
    """Not verified, verified, and with what is hidden revealed."""
    book = Book(tmp_path)
    book.people(agent(), customer(), customer("101", "Ines Roth"))
    book.ticket("1")
    book.told("bereavement", "My friend died last week.")
    book.told("work", "I bake bread for a living.")
    book.record.close()
    with Memory.open(tmp_path) as memory:
        lengths = measure(memory)
    assert lengths.customers == 2
    assert lengths.briefs >= 6
    assert lengths.quotes >= 3
    assert (lengths.unsaid, lengths.words <= 90, lengths.on_top <= 40) == (0, True, True)
