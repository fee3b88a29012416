"""Trouble on our side of the wire: a record that is busy, and odd stops of the run itself."""

from __future__ import annotations

import asyncio
import gc
import threading
from typing import TYPE_CHECKING

import pytest

from tests.contract.stories import few

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sync.helpdesk import Helpdesk
    from tests.contract.desk import Desk


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A desk with a few tickets."""
    return open_desk(few())


def test_a_record_that_another_writes_is_waited_for(desk: Desk) -> None:
    """Who writes meanwhile holds everything up for as long as it takes, and nothing is lost."""
    desk.backfill(limit=1)
    began = threading.Event()

    def write_for_long() -> None:
        with desk.record.writing(desk.account):
            began.set()
            threading.Event().wait(0.7)

    other = threading.Thread(target=write_for_long)
    other.start()
    began.wait()
    desk.backfill()
    other.join()
    assert desk.differences == []


# Seen once in hundreds of runs: a connection that was just being made when the run was cancelled
# is left to the garbage collector, which is called here so that no other test meets it.
@pytest.mark.filterwarnings(
    "ignore:.*(socket|_SelectorTransport):pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("requests", [3, 6, 9, 12])
def test_a_run_that_is_cancelled_lets_go_and_the_next_goes_on(desk: Desk, requests: int) -> None:
    """However many requests are answered before: no task is left behind, nothing is lost."""

    def stop(rows: list[object]) -> list[object]:
        if len(desk.helpdesk.seen) >= requests:
            task.cancel()
        return rows

    task: _Task = _Task()
    for what in ("people", "tickets", "messages"):
        desk.helpdesk.faults.append(desk.kind.rows(what, stop))
    client: Helpdesk = desk.client()
    with pytest.raises(asyncio.CancelledError):
        desk.backfill(client=task.caught(client))
    gc.collect()
    desk.helpdesk.faults.clear()
    desk.backfill()
    assert desk.differences == []


class _Task:
    """The task a client is used in, to be cancelled from another thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[object] | None = None

    def caught(self, client: Helpdesk) -> Helpdesk:
        """The client, which will say in which task it is used."""
        check = client.check

        async def first() -> object:
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
            return await check()

        client.check = first  # type: ignore[assignment,method-assign]
        return client

    def cancel(self) -> None:
        """Stop the task, from wherever."""
        if self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
