"""Walks Zendesk Talk's exports of calls and of their legs, which never say where they end.

A call is listed from its first second on and changes for minutes after its end, so the last hour
is read again each time.
https://developer.zendesk.com/api-reference/voice/talk-api/incremental_exports/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.sync.helpdesk import Batch, Checkpoint
from connector.zendesk.client import wanted
from connector.zendesk.walks import next_start

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from connector.zendesk.session import Session
    from connector.zendesk.walks import Export

PATH = "/api/v2/channels/voice/stats/incremental"
OVERLAP = 3600
"""Seconds of calls that are read again."""

_PAGE = 50


async def walk(
    session: Session, export: Export, checkpoint: Checkpoint, latest: Callable[[], int]
) -> AsyncIterator[Batch]:
    """Walk calls or legs; each page names a next one, the last page itself.

    The walk ends with a short page that reaches the present, or leads back to where it began: a
    short page further back may only mean that pages are shorter than they used to be.

    Args:
        session: What asks.
        export: What to ask for.
        checkpoint: Where to begin.
        latest: Tells the latest second to begin from.

    Raises:
        MalformedError: An answer lacks its rows.
    """
    stream, place = export.stream, checkpoint
    while True:
        start = max(min(place.start, latest()), 0)
        asked = {"start_time": str(start), **export.params}
        answer = await session.get(stream, f"{PATH}/{export.key}", asked)
        found = wanted(answer, export.key, list, stream)
        after = max(next_start(answer.json, start), start)
        warning = None
        if len(found) < _PAGE:
            end = after == start or after >= latest() - OVERLAP
        else:
            end = after > latest()
            if after == start:
                warning = f"Zendesk lists too many {stream} in one second; some may be missing."
                after = start + 1
        # Never further back than this reading began: without news it would recede for ever.
        resume = max(after - OVERLAP, checkpoint.start) if end else after
        place = Checkpoint(resume, done=end)
        yield Batch(export.read(answer.json), place, warning=warning)
        if end:
            return
