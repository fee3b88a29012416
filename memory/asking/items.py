"""The lists of remembered things: what is shown of them, what is hidden, what is left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from memory import policy
from memory.record import of_customer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import sqlalchemy as sa

    from memory.asking.document import Item, Withheld
    from memory.asking.facts import Facts
    from memory.asking.view import View
    from memory.record.kept import Verdict
    from memory.record.stored import Stored

FEELING_FADES_AFTER_DAYS = 14

_FIRST = {"contact_rule": -2, "access_need": -1}
"""How someone must not be reached comes first, and what they need before what they like."""

_CLAUSES = re.compile(
    r"[,;:.!?()\u2013\u2014]+|\b(?:so|because|since|as|but|and|que|porque|weil|denn|car)\b",
    re.IGNORECASE,
)

_WORD_STARTS = re.compile(r"(?<!\S)\S")

_DISTINCT_BY_WORDS = frozenset({"life_event", "work", "interest", "loyalty", "preference"})
"""Kinds of which a customer may have several; of the others the latest per relation stands."""


def items_of(
    view: View, facts: Facts, section: policy.Section
) -> tuple[list[Item], list[Withheld]]:
    """The items of one section, latest first, and what the account's policy keeps back."""
    kept_back: Counter[str] = Counter()
    items: list[Item] = []
    for row in _latest(view, facts, section):
        showing = policy.may_show(row.kind, view.sensitive)
        if showing == "withheld":
            kept_back[row.kind] += 1
        else:
            hidden = showing == "hidden" and not view.reveal
            items.append(_item(view, facts, row, hidden=hidden))
    if section == "context":
        items.extend(_notes(view, facts))
    items.sort(key=lambda item: (item["said_on"], item["memory"]), reverse=True)
    items.sort(key=lambda item: _FIRST.get(item["kind"], 0))
    return items, [
        {"kind": kind, "count": count, "why": "policy"} for kind, count in sorted(kept_back.items())
    ]


def _latest(view: View, facts: Facts, section: policy.Section) -> Iterator[Stored]:
    """What was said last of each thing; a mood only while it lasts."""
    for kind, of_section in policy.SECTION_OF_KIND.items():
        if of_section != section:
            continue
        latest: dict[object, Stored] = {}
        for row in facts.memories.get(kind, ()):
            if kind == "feeling" and view.days_ago(row.said_at) > FEELING_FADES_AFTER_DAYS:
                continue
            latest[_thing(row, facts.evidence)] = row
        yield from latest.values()


def same_thing(
    connection: sa.Connection, account: int, customer_id: str, memory_id: str, verdict: Verdict
) -> list[str]:
    """The memories that a correction of one is about.

    What is no longer so, or not to be kept, is so wherever it was said before: an earlier memory of
    the same thing would take its place in the brief. What was never so is corrected where the same
    words stand.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        customer_id: Whose memory it is.
        memory_id: The memory.
        verdict: What is wrong with it.
    """
    rows = of_customer.memories_of(connection, account, customer_id)
    this = next((row for row in rows if row.id == memory_id), None)
    if this is None or this.kind == "issue":
        return [memory_id]
    evidence: dict[str, list[Stored]] = defaultdict(list)
    alike = [row for row in rows if row.kind == this.kind and row.said_at <= this.said_at]
    for one in of_customer.evidence_of(connection, account, [row.id for row in alike]):
        evidence[one.memory_id].append(one)
    key = _words if verdict == "wrong" else _thing
    return [row.id for row in alike if key(row, evidence) == key(this, evidence)]


def _thing(row: Stored, evidence: Mapping[str, Sequence[Stored]]) -> object:
    """What a memory is about: of equal ones the brief shows what was said last."""
    by_words = row.kind in _DISTINCT_BY_WORDS
    return _words(row, evidence) if by_words else (row.relation, row.code)


def _words(row: Stored, evidence: Mapping[str, Sequence[Stored]]) -> str:
    said = evidence.get(row.id, ())
    return said[0].quote.casefold() if said else ""


def _item(view: View, facts: Facts, row: Stored, *, hidden: bool) -> Item:
    evidence = facts.evidence.get(row.id, ())
    quote: str | None = evidence[0].quote if evidence else None
    if row.kind == "access_need" and quote is not None and hidden:
        quote = _need_clause(quote)
        hidden = quote is None
    elif quote is not None and not view.reveal and view.sensitive != "full":
        hidden = hidden or policy.sensitive_words(quote)
    return {
        "memory": row.id,
        "kind": row.kind,
        "relation": row.relation,
        "said_on": view.day(row.said_at),
        "said_days_ago": view.days_ago(row.said_at),
        "about_on": row.about_on.isoformat() if row.about_on else None,
        "hidden": hidden,
        "quote": None if hidden else quote,
        "evidence": [] if hidden else [view.evidence(one, quote) for one in evidence],
        "confidence": row.confidence,
        "consent": "unknown",
        "first_view": True,
    }


def _need_clause(quote: str) -> str | None:
    """The longest ending of a clause that says what is needed and not why.

    "caller HoH pls email" gives "pls email": the beginning is the reason.
    """
    for clause in _CLAUSES.split(quote):
        for word in _WORD_STARTS.finditer(clause):
            rest = clause[word.start() :]
            if policy.need_of(rest) is None:
                break
            if not policy.sensitive_words(rest):
                return rest.strip()
    return None


def _notes(view: View, facts: Facts) -> Iterator[Item]:
    for row in facts.notes:
        hidden = row.sensitive and view.sensitive != "full" and not view.reveal
        yield {
            "memory": row.id,
            "kind": "note",
            "relation": None,
            "said_on": view.day(row.at),
            "said_days_ago": view.days_ago(row.at),
            "about_on": None,
            "hidden": hidden,
            "quote": None if hidden else row.text,
            "evidence": [],
            "confidence": 1.0,
            "consent": "unknown",
            "first_view": True,
        }
