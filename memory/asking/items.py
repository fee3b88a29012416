"""The lists of remembered things: what is shown of them, what is hidden, what is left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from memory import policy
from memory.asking.meanings import LASTING, meanings_of
from memory.asking.things import thing_with, things_of, words_of
from memory.record import of_customer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from memory.asking.document import Item, Withheld
    from memory.asking.facts import Facts
    from memory.asking.view import View
    from memory.record import Account
    from memory.record.kept import Verdict
    from memory.record.stored import Stored

_FIRST = {"contact_rule": -2, "access_need": -1}
"""How someone must not be reached comes first, and what they need before what they like."""

_SOON_DAYS = 14

_CLAUSES = re.compile(
    r"[,;:.!?()\u2013\u2014]+|\b(?:so|because|since|as|but|and|que|porque|weil|denn|car)\b",
    re.IGNORECASE,
)

_WORD_STARTS = re.compile(r"(?<!\S)\S")


def items_of(
    view: View, facts: Facts, section: policy.Section
) -> tuple[list[Item], list[Withheld]]:
    """The items of one section, latest first, and what the account's policy keeps back."""
    kept_back: Counter[str] = Counter()
    items: list[Item] = []
    for told in _told(facts, section):
        kind = told[-1].kind
        showing = policy.may_show(kind, view.sensitive, facts.shown.get(kind))
        if showing == "withheld":
            kept_back[kind] += 1
        else:
            hidden = showing == "hidden" and not view.reveal
            items.append(_item(view, facts, told, hidden=hidden))
    if section == "context" and facts.shown.get("note") == "off":
        kept_back.update("note" for _ in facts.notes)
    elif section == "context":
        items.extend(_notes(view, facts))
    items.sort(key=_recency, reverse=True)
    items.sort(key=lambda item: _FIRST.get(item["kind"], 0) or -_is_near(item, view.today))
    return items, [
        {"kind": kind, "count": count, "why": "policy"} for kind, count in sorted(kept_back.items())
    ]


def _recency(item: Item) -> tuple[str, float, str]:
    """The latest last; of one day the surest."""
    return item["said_on"], item["confidence"], item["memory"]


def _is_near(item: Item, today: date) -> bool:
    """Whether it is about a day of the next two weeks: sooner spoken of than what always holds."""
    about = item["about_on"]
    return about is not None and 0 <= (date.fromisoformat(about) - today).days <= _SOON_DAYS


def _told(facts: Facts, section: policy.Section) -> Iterator[Sequence[Stored]]:
    """The memories of each thing that is still so, oldest first."""
    for kind, of_section in policy.SECTION_OF_KIND.items():
        if of_section == section:
            things = things_of(facts.memories.get(kind, ()), facts.evidence, facts.meanings)
            yield from (thing.told for thing in things if thing.told)


def same_thing(
    connection: sa.Connection, account: Account, customer_id: str, memory_id: str, verdict: Verdict
) -> list[str]:
    """The memories that a correction of one is about.

    What is no longer so, or not to be kept, is so wherever it was said before: an earlier memory of
    the same thing would take its place in the brief. What was never so is corrected where the same
    words stand.

    Args:
        connection: Reads one moment of the record.
        account: The account.
        customer_id: Whose memory it is.
        memory_id: The memory.
        verdict: What is wrong with it.
    """
    rows = of_customer.memories_of(connection, account.number, customer_id)
    this = next((row for row in rows if row.id == memory_id), None)
    if this is None or this.kind == "issue":
        return [memory_id]
    evidence: dict[str, list[Stored]] = defaultdict(list)
    alike = [row for row in rows if row.kind == this.kind and row.said_at <= this.said_at]
    for one in of_customer.evidence_of(connection, account.number, [row.id for row in alike]):
        evidence[one.memory_id].append(one)
    if verdict != "wrong":
        meanings = meanings_of(connection, account, alike, evidence)
        return [row.id for row in thing_with(this, alike, evidence, meanings)]
    words = words_of(this, evidence)
    return [row.id for row in alike if words_of(row, evidence) == words]


def _item(view: View, facts: Facts, told: Sequence[Stored], *, hidden: bool) -> Item:
    """One thing as it was told last, with all that was said of it for evidence."""
    row = told[-1]
    quotes: list[tuple[Stored, str]] = []
    for one in reversed(told):
        for said in facts.evidence.get(one.id, ()):
            words = _shown(view, facts, one.kind, said.quote, hidden=hidden)
            if words is not None:
                quotes.append((said, words))
    latest = next((words for said, words in quotes if said.memory_id == row.id), None)
    answers = facts.consent
    return {
        "memory": row.id,
        "kind": row.kind,
        "relation": next((one.relation for one in reversed(told) if one.relation), None),
        "said_on": view.day(row.said_at),
        "said_days_ago": view.days_ago(row.said_at),
        "about_on": _about_on(view, told),
        "hidden": latest is None,
        "quote": latest,
        "evidence": [] if latest is None else [view.evidence(*one) for one in quotes],
        "confidence": max(one.confidence for one in told),
        "consent": next((answers[x.id] for x in reversed(told) if x.id in answers), "unknown"),
        "first_view": True,
    }


def _about_on(view: View, told: Sequence[Stored]) -> str | None:
    """The day that was named last; of what lasts none that had passed when it was told again."""
    latest = told[-1]
    passed = view.day(latest.said_at) if latest.kind in LASTING else ""
    for one in reversed(told):
        about: str | None = one.about_on.isoformat() if one.about_on is not None else None
        if about is not None and (one is latest or about >= passed):
            return about
    return None


def _shown(view: View, facts: Facts, kind: str, quote: str, *, hidden: bool) -> str | None:
    """What of these words may be read; None where none may."""
    if hidden:
        return _need_clause(quote) if kind == "access_need" else None
    may = view.reveal or policy.may_read(quote, view.sensitive, facts.shown)
    return quote if may else None


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
        hidden = not view.reveal and (
            facts.shown.get("note") == "masked"
            or (row.sensitive and not policy.may_read(row.text, view.sensitive, facts.shown))
        )
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
            "consent": facts.consent.get(row.id, "unknown"),
            "first_view": True,
        }
