"""Whom another process forgot, a running service knows no more, and holds nothing of."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from connector.cli.assembling import Wanted, assembled
from connector.clock import ManualClock, SystemClock
from connector.service.auth import Principal
from connector.service.serving import _Service
from connector.settings import Settings
from memory.record import Record, access
from memory.record import tables as t
from memory.record.forgotten import put_down
from tests.integration.service.calls import (
    ELLEN,
    MARA,
    PHONE,
    SECRETS,
    Asking,
    agent_of,
    ring,
    with_a_past,
)
from tests.support.house import House

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from connector.service.context import Context
    from tests.support.book import Book

PATIENCE = 60

OF_MARA = ("Mara", "Lindqvist", MARA, PHONE, "mara@", *(set(SECRETS) - {"I have a bad heart"}))
"""What tells of her; the heart is Ellen's."""


class _Looking(ManualClock):
    """A clock that counts how often somebody has slept."""

    looks = 0

    async def sleep(self, seconds: float) -> None:
        """Another look has been had."""
        self.looks += 1
        await super().sleep(seconds)


def test_connections_and_what_they_hold_are_new_once_somebody_was_forgotten(tmp_path: Path) -> None:
    """By whichever process; as long as nobody is, they stay."""
    record = Record.in_folder(tmp_path)
    record.add_account("zendesk:acme", "https://acme.zendesk.com")
    record.close()
    clock = _Looking(SystemClock().now())

    async def play() -> None:
        wanted = Wanted(sync_every=None, worker=False)
        with assembled(Settings(home=tmp_path), wanted, clock) as running:
            context = running.context
            task = asyncio.create_task(_Service(running, None, lambda: None)._forget())

            async def look_on() -> None:
                until = clock.looks + 2
                while clock.looks < until:
                    assert not task.done(), task.exception()
                    await asyncio.sleep(0.001)

            await look_on()
            pool = context.record.engine.pool
            await look_on()
            assert context.record.engine.pool is pool
            await _look(context, "zendesk:7")
            assert "zendesk:7" in str(context.looks.__dict__)
            account = context.record.account()
            with context.record.writing(account) as writer:
                put_down(writer.connection, account.number, ["7"], reason="asked", at=clock.now())
            await look_on()
            assert context.record.engine.pool is not pool
            context.looks.flush()
            assert "zendesk:7" not in str(context.looks.__dict__)
            task.cancel()

    asyncio.run(asyncio.wait_for(play(), PATIENCE))


async def _look(context: Context, customer: str) -> None:
    who = Principal("zendesk:acme", "zendesk:11", frozenset(), "zendesk", None)
    memory = context.memories["zendesk:acme"]
    at = context.clock.now()
    await context.looks.look(memory, who, "brief", [customer], agent=None, call=None, at=at)


def _marks(text: str, *asked: str) -> list[str]:
    """What an answer tells of Mara beyond what was asked."""
    for one in asked:
        text = text.replace(one, "")
    return [one for one in OF_MARA if one in text]


def _answers(daniel: Asking, ring_key: str, memories: dict[str, str]) -> dict[str, tuple[int, Any]]:
    """What an agent is told of Mara, by each way there is to ask: the status, and the marks."""
    call = {"ring": ring_key, "customer": MARA}
    asked: list[tuple[str, dict[str, str]]] = [
        ("/v1/briefs", {"phone": PHONE}),
        ("/v1/briefs", {"email": "mara@example.com"}),
        ("/v1/briefs", {"customer": MARA}),
        ("/v1/briefs", {"ticket": "zendesk:1"}),
        ("/v1/briefs", {"ring": ring_key}),
        ("/v1/briefs", call),
        ("/v1/customers", {"words": "mara lind"}),
        ("/v1/customers", {"words": PHONE}),
        (f"/v1/memories/{memories['bereavement']}/reveal", call),
        (f"/v1/memories/{memories['note']}/reveal", call),
    ]
    found = {}
    for path, body in asked:
        told = daniel.post(path, **body)
        found[f"{path} {sorted(body)}"] = told.status_code, _marks(told.text, *body.values())
    for path in ("/v1/agents/me/regulars", "/v1/agents/me/day"):
        told = daniel.get(path)
        found[path] = told.status_code, _marks(told.text)
    return found


def _forget(folder: Path) -> None:
    """Forget Mara by the command, in a process of its own."""
    told = House(folder, {"DEFAULT_REGION": "US"}).run("forget", "--customer", MARA, "--yes")
    assert told.code == 0, told.err


@pytest.mark.slow
def test_whom_another_process_forgot_is_unknown_at_once(
    book: Book, client: TestClient, context: Context, clock: ManualClock, tmp_path: Path
) -> None:
    """Whatever is asked, though she is in a call, verified, and was shown a moment ago.

    Nothing is written down of her either; and that she was shown leads to nobody in the log.
    """
    memories = with_a_past(book)
    daniel = agent_of(client, book, clock)
    key = ring(client, context, PHONE, "daniel@acme.example", state="answered")
    assert daniel.post("/v1/verifications", ring=key, customer=MARA).status_code == 201
    before = _answers(daniel, key, memories)
    assert {path for path, (code, marks) in before.items() if code != 200 or not marks} == set()
    entries = len(book.rows(t.access))

    _forget(tmp_path)

    after = _answers(daniel, key, memories)
    assert {path: marks for path, (_, marks) in after.items() if marks} == {}
    assert {code for code, _ in after.values()} == {200, 404}
    refused = [
        ("/v1/verifications", {"ticket": "zendesk:2", "customer": MARA}),
        ("/v1/recall", {"words": "router", "customer": MARA, "ring": key}),
        ("/v1/notes", {"words": "Likes tea.", "customer": MARA}),
        ("/v1/feedback", {"verdict": "same_person", "customer": ELLEN, "other": MARA}),
        ("/v1/feedback", {"verdict": "do_not_offer", "customer": MARA}),
        ("/v1/feedback", {"verdict": "helped", "memory": memories["interest"]}),
        ("/v1/feedback", {"verdict": "wrong", "memory": memories["interest"]}),
    ]
    for path, body in refused:
        told = daniel.post(path, **body)
        assert (told.status_code, _marks(told.text, *body.values())) == (404, []), path
    context.looks.flush()
    assert len(book.rows(t.access)) > entries
    with book.record.reading() as connection:
        assert access.verify(connection, book.number).whole
    held = [str(row) for table in t.metadata.sorted_tables for row in book.rows(table)]
    assert [one for row in held for one in _marks(row)] == []
    assert {row["customer_id"] for row in book.rows(t.alias)} <= {"101", "102"}
