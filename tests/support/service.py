"""A service over a small record, for tests: its context, tokens and sessions, no waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.rings.agents import AgentMap
from connector.rings.board import Board
from connector.service import bearers
from connector.service.auth import Principal
from connector.service.context import Context
from connector.service.metrics import Metrics
from connector.settings import Settings
from memory.face import Memory
from memory.record import tokens
from memory.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from connector.clock import Clock
    from tests.support.book import Book


def memory_of(book: Book, clock: Clock, folder: Path) -> Memory:
    """The memory of one account, without its index."""
    return Memory(
        book.record,
        Workplace(book.database_url, folder / "index"),
        account=book.name,
        default_region="US",
        now=clock.now,
    )


def context_of(book: Book, clock: Clock, folder: Path, *others: str, **settings: object) -> Context:
    """What a service works with.

    Args:
        book: The record, and the account that is served.
        clock: The only source of the time.
        folder: The data folder.
        others: Other accounts of the record that are served, by name.
        settings: That differ from what they are unless set.
    """
    chosen = Settings.model_validate({"home": folder, **settings})
    memories = {book.name: memory_of(book, clock, folder)}
    for name in others:
        memories[name] = Memory(
            book.record, Workplace(book.database_url, folder / "index"), account=name, now=clock.now
        )
    return Context(
        settings=chosen,
        clock=clock,
        record=book.record,
        memories=memories,
        board=Board(book.record, AgentMap.load(chosen.agent_map), clock),
        metrics=Metrics(),
    )


def token_of(
    book: Book,
    clock: Clock,
    *scopes: str,
    agent_id: str | None = None,
    expires_at: datetime | None = None,
) -> str:
    """The text of a new token; of a sign-in link where it is an agent's."""
    with book.record.writing(book.account) as writer:
        _, text = tokens.create(
            writer.connection,
            book.number,
            name="A test's",
            scopes=scopes,
            at=clock.now(),
            agent_id=agent_id,
            expires_at=expires_at,
        )
    return text


def session_of(
    book: Book,
    clock: Clock,
    agent_id: str = "11",
    *,
    scopes: Iterable[str] = tokens.AGENT_SCOPES,
    proof: bearers.Proof = "zendesk",
) -> str:
    """The bearer of an agent's session, as if it had just been opened."""
    who = Principal(book.name, book.account.ref(agent_id), frozenset(scopes), proof, None)
    return bearers.signed(book.account, who, clock.now())[0]


def bearing(bearer: str) -> dict[str, str]:
    """The headers of a request with a bearer."""
    return {"Authorization": f"Bearer {bearer}"}
