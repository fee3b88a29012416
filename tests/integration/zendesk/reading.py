"""Reads a whole account, as a backfill does but without keeping anything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from connector.sync.helpdesk import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.sync.helpdesk import Access
    from connector.zendesk import Zendesk
    from memory.entities import Page


async def check(zendesk: Zendesk) -> Access:
    """Who we are, and nothing more."""
    async with zendesk:
        return await zendesk.check()


async def read(
    zendesk: Zendesk, stream: str, checkpoint: Checkpoint | None = None
) -> tuple[list[Page], Checkpoint]:
    """The pages of a stream to its end, and where it goes on."""
    place, pages = checkpoint or Checkpoint(), []
    async for batch in zendesk.stream(stream, place):
        pages.append(batch.page)
        place = batch.checkpoint
    assert place.done
    return pages, place


async def messages(zendesk: Zendesk, tickets: Sequence[str]) -> list[Page]:
    """All pages of all messages of some tickets, twenty tickets at once."""
    gate = asyncio.Semaphore(20)

    async def one(ticket: str) -> list[Page]:
        async with gate:
            return [page async for page in zendesk.messages(ticket)]

    found = await asyncio.gather(*(one(ticket) for ticket in tickets))
    return [page for pages in found for page in pages]


async def everything(zendesk: Zendesk) -> dict[str, Any]:
    """The whole account: entities by kind and id."""
    async with zendesk:
        await zendesk.check()
        pages = [page for name in zendesk.history for page in (await read(zendesk, name))[0]]
        tickets = sorted({ticket.id for page in pages for ticket in page.tickets})
        pages += await messages(zendesk, tickets)
    return {
        kind: {
            getattr(entity, "id", None) or repr(entity): entity
            for page in pages
            for entity in getattr(page, kind)
        }
        for kind in (
            "people",
            "organizations",
            "identities",
            "tickets",
            "messages",
            "ratings",
            "calls",
            "legs",
            "unreadable",
        )
    }
