"""Whatever goes wrong on the way, nothing is lost and nothing doubled.

The run recovers, or it stops with an error that says what to do, and the next one goes on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from connector.errors import CredentialsError, HelpdeskError
from tests.contract.stories import few
from tests.contract.troubles import A_DAY, PASSING, STOPPING
from tests.support.tale import AS_OF, DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.demo.faults import Fault
    from tests.contract.desk import Desk

everywhere = pytest.mark.parametrize(
    "what",
    [
        "tickets",
        pytest.param("people", marks=pytest.mark.long),
        pytest.param("messages", marks=pytest.mark.long),
    ],
)


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A desk with a few tickets, in pages of three."""
    opened = open_desk(few())
    opened.helpdesk.faults.append(faults.fewer_rows(3))
    return opened


def _put(desk: Desk, fault: Fault, what: str, times: int | None = None) -> Fault:
    """Put a fault in the way of the second and later requests of one sort."""
    fault.path, fault.times = desk.kind.places[what].path, fault.times if times is None else times
    desk.helpdesk.faults.insert(0, faults.after(1, fault))
    return fault


@everywhere
@pytest.mark.parametrize("name", PASSING)
def test_what_passes_changes_nothing(desk: Desk, name: str, what: str) -> None:
    """One run, and the whole truth; two where this helpdesk means it for good."""
    fault = _put(desk, PASSING[name](desk.kind), what)
    if name in desk.kind.final:
        fault.times = 1
        with pytest.raises((CredentialsError, HelpdeskError)):
            desk.backfill()
    desk.backfill()
    assert desk.differences == []
    assert fault.times == 0


@everywhere
@pytest.mark.parametrize("name", STOPPING)
def test_what_does_not_pass_stops_the_run_and_the_next_goes_on(
    desk: Desk, name: str, what: str
) -> None:
    """With the documented error that says what to do; then the whole truth, asking little twice."""
    make, kind_of_error, code = STOPPING[name]
    _put(desk, make(desk.kind), what, faults.ALWAYS)
    with pytest.raises(kind_of_error) as caught:
        desk.backfill()
    error: Any = caught.value
    assert error.exit_code == code
    assert error.detail.endswith(".")
    assert error.hint.endswith(".")
    del desk.helpdesk.faults[0]
    answered = desk.asked(what)
    desk.clock.advance(DAY)
    desk.backfill()
    assert desk.differences == []
    again = [one for one in desk.asked(what)[len(answered) :] if one in answered]
    assert len(again) <= 1 + 20 * (what == "messages")


def test_a_wait_of_a_day_is_not_waited_for(desk: Desk) -> None:
    """The run stops at once and says for how long; nothing is asked meanwhile."""
    _put(desk, desk.kind.limited(A_DAY), "tickets", faults.ALWAYS)
    began = desk.clock.monotonic()
    with pytest.raises(HelpdeskError):
        desk.backfill()
    assert desk.clock.monotonic() - began < 60
    assert len([one for one in desk.helpdesk.seen if one.status == 429]) == 1


def test_a_wait_that_is_asked_for_is_kept(desk: Desk) -> None:
    """Not a request is sent to the limited place before its time."""
    _put(desk, desk.kind.limited(40), "tickets")
    desk.backfill()
    path = desk.kind.places["tickets"].path
    asked = [one for one in desk.helpdesk.seen if re.search(path, one.path)]
    [refused] = [n for n, one in enumerate(asked) if one.status == 429]
    assert (asked[refused + 1].at - asked[refused].at).total_seconds() >= 39


def test_a_ticket_that_is_not_found_is_skipped(desk: Desk) -> None:
    """It has gone between list and reading; all others are there."""
    fault = faults.status(404, {"error": "RecordNotFound"}, path="/tickets/3(/|$)")
    fault.times = faults.ALWAYS
    desk.helpdesk.faults.insert(0, fault)
    desk.backfill()
    [*missing] = desk.differences
    assert missing
    assert all("'3'" in one or " 3 " in one for one in missing)


def test_a_helpdesk_that_slows_down_to_a_page_a_run_is_read_to_its_end(desk: Desk) -> None:
    """Each run stops after a few answers; every run gets further, and the last one is whole."""
    fault = desk.kind.limited(A_DAY)
    fault.times = faults.ALWAYS
    client: Any = desk.kind.client
    for _ in range(60):
        desk.helpdesk.faults[:] = [
            faults.after(len({*client.recent, *client.history}) + 4, fault),
            faults.fewer_rows(2),
        ]
        try:
            desk.backfill()
        except HelpdeskError:
            desk.clock.advance(DAY)
        else:
            break
    assert desk.differences == []
    assert desk.clock.monotonic() > DAY


def test_a_run_that_was_stopped_syncs_on_to_the_truth(desk: Desk) -> None:
    """A sync after half a backfill, too: it takes what changed, and the backfill the rest."""
    desk.backfill(limit=4)
    desk.clock.advance(AS_OF % 7 + 120)
    _put(desk, faults.status(503), "messages", faults.ALWAYS)
    with pytest.raises(HelpdeskError):
        desk.sync()
    del desk.helpdesk.faults[0]
    desk.sync()
    desk.backfill()
    assert desk.differences == []
