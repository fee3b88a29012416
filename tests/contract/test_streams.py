"""Streams end, go on from any checkpoint, and say the same from there as they did at once."""

from __future__ import annotations

import contextlib
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from connector.errors import HelpdeskError
from connector.sync.helpdesk import Checkpoint
from tests.contract.kinds import KINDS
from tests.support.tale import AS_OF, DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sync.helpdesk import Batch
    from tests.contract.desk import Desk

EVERY = [(kind, stream) for kind in KINDS for stream in kind.streams]
each_stream = pytest.mark.parametrize(
    ("kind", "stream"), EVERY, ids=[f"{kind.provider}-{stream}" for kind, stream in EVERY]
)
START = Checkpoint(AS_OF - 300 * DAY)
MOST = 100
"""Requests after which a walk in circles counts as endless."""


@pytest.fixture(autouse=True)
def _small_pages(desk: Desk) -> None:
    """Several pages of everything."""
    desk.helpdesk.faults.append(faults.fewer_rows(4))


def _rows(batches: list[Batch]) -> int:
    return sum(batch.page.rows for batch in batches)


@each_stream
def test_a_stream_ends_and_says_so_once(desk: Desk, stream: str) -> None:
    """Only the last batch is done, and every mark on the way is new."""
    batches = desk.batches(stream, START)
    assert [batch.checkpoint.done for batch in batches] == [False] * (len(batches) - 1) + [True]
    marks = [batch.checkpoint.to_text() for batch in batches]
    assert len(set(marks)) == len(marks)


@each_stream
def test_a_stream_goes_on_from_each_checkpoint(desk: Desk, stream: str) -> None:
    """What was told before it is not told again; what comes after it is told alike.

    A stream that goes on with the second it stopped in may tell the last page's rows once more.
    A checkpoint survives being written down: keys of a newer version are ignored.
    """
    batches = desk.batches(stream, START)
    step = max(len(batches) // 5, 1)
    for place, batch in list(enumerate(batches[:-1], 1))[::step]:
        text = batch.checkpoint.to_text()
        again = Checkpoint.from_text(text.replace("{", '{"newer": [1], ', 1))
        assert again == batch.checkpoint
        rest = desk.batches(stream, again)
        if stream in desk.kind.repeating:
            assert _told(batches[place:]) <= _told(rest) <= _told(batches[place - 1 :])
        else:
            assert [one.page for one in rest] == [one.page for one in batches[place:]]
        assert rest[-1].checkpoint.done


def _told(batches: list[Batch]) -> set[object]:
    return {
        row
        for batch in batches
        for one in fields(batch.page)
        if isinstance(rows := getattr(batch.page, one.name), tuple)
        for row in rows
    }


@each_stream
def test_a_finished_stream_brings_nothing_new(desk: Desk, stream: str) -> None:
    """From its end it ends again, however often: at most what a page boundary repeats."""
    batches = desk.batches(stream, START)
    if stream.endswith("_recheck"):
        return  # a recheck that has ended begins anew
    place = batches[-1].checkpoint
    for _ in range(3):
        again = desk.batches(stream, place)
        assert _rows(again) <= max(1, _rows(batches[-1:]), len(desk.helpdesk.state.story.tickets))
        assert len(again) <= len(batches)
        place = again[-1].checkpoint
        assert place.done


@each_stream
def test_a_page_that_repeats_for_ever_is_not_followed_for_ever(desk: Desk, stream: str) -> None:
    """A helpdesk that answers every request with the first answer's rows and marks is left."""
    path = _path(desk, stream)
    if path is None:
        pytest.skip("a single page")
    desk.helpdesk.faults[:] = [_first_for_ever(path)]
    began = len(desk.helpdesk.seen)
    with contextlib.suppress(HelpdeskError):
        assert desk.batches(stream, START)[-1].checkpoint.done
    assert len(desk.helpdesk.seen) - began <= MOST


def _first_for_ever(path: str) -> faults.Fault:
    """The first answer again and again; after too many of them nothing more."""
    kept: list[Any] = []
    small = faults.fewer_rows(4)
    asked = iter(range(10**6))

    async def play(scope: Any, receive: Any, send: Any) -> None:
        if next(asked) > MOST:
            await faults.status(403).play(scope, receive, send)
        elif kept:
            await faults.status(200, kept[0]).play(scope, receive, send)
        else:
            own = scope["state"]["answer"]
            scope["state"]["answer"] = lambda *call: _fewer(small, own, *call)
            await faults.edited(_keep(kept)).play(scope, receive, send)

    return faults.Fault(play, faults.ALWAYS, path)


async def _fewer(small: faults.Fault, own: Any, scope: Any, receive: Any, send: Any) -> None:
    scope["state"]["answer"] = own
    await small.play(scope, receive, send)


def _keep(kept: list[Any]) -> Callable[[Any], Any]:
    def edit(document: Any) -> Any:
        kept.append(document)
        return document

    return edit


def _path(desk: Desk, stream: str) -> str | None:
    """The path a stream of several pages is read from."""
    began = len(desk.helpdesk.seen)
    batches = desk.batches(stream, START)
    paths = [one.path for one in list(desk.helpdesk.seen)[began:] if one.method == "GET"]
    return None if len(batches) < 2 else f"^{re.escape(paths[-1])}$"
