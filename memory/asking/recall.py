"""Search: in one customer's own words, exactly; and across customers for issues like this one."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypedDict

from memory import policy
from memory.asking.document import VERSION
from memory.entities import Role
from memory.record import kept, queries
from memory.remembering.boilerplate import shared_by_many, telling
from memory.text.vectors import best, from_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import sqlalchemy as sa
    from numpy.typing import NDArray

    from memory.asking.document import Hit, LikeIssue
    from memory.asking.view import View
    from memory.record.stored import Stored

    Search = Callable[[NDArray[np.float32], int], Sequence[tuple[str, float]]]

_WORD = re.compile(r"\w+")
_LEAST_SCORE = 0.2
"""Sentences of all-MiniLM-L6-v2 that are nearer than this share a subject."""

_SPARE = 3


class Recall(TypedDict):
    """The answer of `remember recall`."""

    version: int
    query: str
    hits: list[Hit]
    like_issues: list[LikeIssue]


def recall_document(query: str, hits: list[Hit], like: list[LikeIssue]) -> Recall:
    """The answer as a document."""
    return {"version": VERSION, "query": query, "hits": hits, "like_issues": like}


def hits_for(
    connection: sa.Connection,
    view: View,
    *,
    customer_id: str,
    query: str,
    vector: NDArray[np.float32],
    limit: int,
) -> list[Hit]:
    """The sentences of a customer's tickets that are nearest to the query; exact search.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        customer_id: Whose tickets.
        query: The words, for those that stand in a hit.
        vector: The query's vector, of unit length.
        limit: At most so many hits.
    """
    number = view.account.number
    tickets = [row.id for row in queries.tickets_of(connection, number, customer_id)]
    places = _telling(connection, view, queries.sentences_of(connection, number, tickets))
    if not places:
        return []
    private = queries.sensitive_quotes(connection, number, customer_id)
    corrected = kept.corrected_places(connection, number, customer_id)
    asked = _words(query)
    hits: list[Hit] = []
    seen: set[str] = set()
    for place, score in best(vector, from_bytes([row.data for row in places]), limit * _SPARE):
        if score < _LEAST_SCORE or len(hits) == limit:
            break
        at = places[place]
        row = queries.sentence(connection, number, at.ticket_id, at.message_id, at.start)
        if row is None or row.quote in seen or not _may_hit(view, row, customer_id):
            continue
        if (row.ticket_id, row.message_id, row.quote) in corrected:
            continue
        seen.add(row.quote)
        hits.append(_hit(view, row, score, asked, private=row.quote in private))
    return hits


def _telling(connection: sa.Connection, view: View, places: Sequence[Stored]) -> list[Stored]:
    """The sentences that not everybody says: no macro, greeting or notice."""
    own = Counter(row.digest for row in places)
    uses = {row.digest: row.users for row in places}
    dull = shared_by_many(connection, view.account, uses, own)
    return [row for row in places if row.digest not in dull]


def _may_hit(view: View, row: Stored, customer_id: str) -> bool:
    """Said by now, kept, and no other customer's words."""
    another = row.role == Role.CUSTOMER.value and row.author_id != customer_id
    return row.at <= view.as_of and not another and not policy.never_kept_words(row.quote)


def _hit(view: View, row: Stored, score: float, asked: set[str], *, private: bool) -> Hit:
    sensitive = private or policy.sensitive_words(row.quote)
    hidden = sensitive and not view.reveal and view.sensitive != "full"
    return {
        "score": round(score, 3),
        "words": [] if hidden else sorted(asked & _words(row.quote)),
        "hidden": hidden,
        "quote": None if hidden else row.quote,
        "evidence": [] if hidden else [view.evidence(row)],
    }


def like_issues(
    connection: sa.Connection,
    view: View,
    vector: NDArray[np.float32],
    search: Search,
    limit: int,
    *,
    but_of: str | None = None,
) -> list[LikeIssue]:
    """Issues of all customers that are nearest to the query, under neutral titles where needed.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        vector: The query's vector.
        search: Vector and number wanted to memory ids with scores, best first.
        limit: At most so many issues.
        but_of: A customer whose own issues are left out.
    """
    found = [(key, score) for key, score in search(vector, limit * _SPARE) if score >= _LEAST_SCORE]
    ids = [key for key, _ in found]
    rows = {row.id: row for row in queries.issues(connection, view.account.number, ids)}
    evidence: dict[str, dict[str, str]] = {}
    rested = queries.evidence_of(connection, view.account.number, ids)
    for row in telling(connection, view.account, rested):
        evidence.setdefault(row.memory_id, {})[row.part] = row.quote
    corrected = kept.verdicts(connection, view.account.number, ids)
    return [
        _like(view, rows[key], evidence.get(key, {}), score)
        for key, score in found
        if key in rows and key not in corrected and rows[key].customer_id != but_of
    ][:limit]


def _like(view: View, row: Stored, parts: dict[str, str], score: float) -> LikeIssue:
    title = parts.get("title", row.subject)
    hidden = row.sensitive or policy.sensitive_words(title)
    resolution = parts.get("resolution")
    private = hidden or (resolution is not None and policy.sensitive_words(resolution))
    return {
        "score": round(score, 3),
        "title": policy.neutral_title(title) if hidden else title,
        "outcome": row.code,
        "ticket": view.account.ref(row.ticket_id),
        "url": view.ticket_url(row.ticket_id),
        "resolution": None if private else resolution,
        "hidden": hidden,
    }


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) > 2}
