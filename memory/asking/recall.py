"""Search: in one customer's own words, exactly; and across customers for issues like this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from memory import policy
from memory.asking.document import VERSION, Hit, LikeIssue
from memory.asking.ranking import LEAST_ALIKE, Ranking
from memory.asking.speaking import as_embedded
from memory.record import issues, kept, of_customer
from memory.remembering.boilerplate import telling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import numpy as np
    import sqlalchemy as sa
    from numpy.typing import NDArray

    from memory.asking.passages import Passages, Said
    from memory.asking.view import View
    from memory.record.stored import Stored

    Search = Callable[[NDArray[np.float32], int], Sequence[tuple[str, float]]]

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


def spoken_query(passages: Passages, query: str) -> str:
    """The words whose vector `hits_for` takes: the query as a sentence of this history."""
    return as_embedded(query, passages.people, passages.customer_id)


def hits_for(
    view: View, passages: Passages, query: str, vector: NDArray[np.float32], limit: int
) -> list[Hit]:
    """What was said in a customer's tickets that answers to a query, by meaning and by words.

    Of each passage the sentence that answers best is a hit. All of the history is searched, so
    what is found is exact. A hit's score is between 0 and 1, and tells of this query alone: how
    near the passage comes to one that meaning, words, speaker and ticket all hold for the best.

    Args:
        view: How the question is asked.
        passages: Of the customer, read with the same view.
        query: The words.
        vector: Of `spoken_query`.
        limit: At most so many hits.
    """
    if not passages.quotes:
        return []
    ranking = Ranking(view, passages, query, vector)
    hits: list[Hit] = []
    seen: set[str] = set()
    for place, score in ranking.best(limit):
        row = passages.said(place)
        if row.quote in seen:
            continue
        seen.add(row.quote)
        standing = passages.words.standing_in(row.quote, ranking.asked)
        hits.append(_hit(view, passages, row, score, standing))
        if len(hits) == limit:
            break
    return hits


def _hit(view: View, passages: Passages, row: Said, score: float, standing: list[str]) -> Hit:
    mode, shown = view.sensitive, passages.shown
    readable = policy.may_read(row.quote, mode, shown) and all(
        policy.may_show(one.kind, mode, shown.get(one.kind)) == "shown"
        and (mode == "full" or not one.sensitive or policy.is_sensitive(one.kind))
        for one in passages.private.get(row.quote, ())
    )
    hidden = not view.reveal and not readable
    return {
        "score": round(score, 3),
        "words": [] if hidden else standing,
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
    but_of: Collection[str] = (),
) -> list[LikeIssue]:
    """Issues of all customers that are nearest to the query, under neutral titles where needed.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        vector: The query's vector.
        search: Vector and number wanted to memory ids with scores, best first.
        limit: At most so many issues.
        but_of: The ids of a customer whose own issues are left out.
    """
    found = [(key, score) for key, score in search(vector, limit * _SPARE) if score >= LEAST_ALIKE]
    ids = [key for key, _ in found]
    rows = {row.id: row for row in issues.visible(connection, view.account.number, ids)}
    evidence: dict[str, dict[str, str]] = {}
    rested = of_customer.evidence_of(connection, view.account.number, ids)
    for row in telling(connection, view.account, rested):
        evidence.setdefault(row.memory_id, {})[row.part] = row.quote
    corrected = kept.verdicts(connection, view.account.number, ids)
    return [
        _like(view, rows[key], evidence.get(key, {}), score)
        for key, score in found
        if key in rows and key not in corrected and rows[key].customer_id not in but_of
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
