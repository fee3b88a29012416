"""The first question to a helpdesk: who are we, and may we read what is needed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo import faults
from connector.errors import ConfigurationError, CredentialsError, HelpdeskError
from tests.contract.kinds import KINDS

if TYPE_CHECKING:
    from connector.demo.faults import Fault
    from tests.contract.desk import Desk
    from tests.contract.kind import Kind


def _each(name: str) -> pytest.MarkDecorator:
    """Every helpdesk with each of its entries of one sort."""
    told = [(kind, key) for kind in KINDS for key in getattr(kind, name)]
    ids = [f"{kind.provider}-{key}" for kind, key in told]
    return pytest.mark.parametrize(("kind", "case"), told, ids=ids)


def _check(desk: Desk, **options: Any) -> Any:
    return desk.ask(lambda helpdesk: helpdesk.check(), desk.client(**options))


def test_a_helpdesk_says_who_we_are_and_what_time_it_is(desk: Desk) -> None:
    """An admin's id, its own clock to the second, and nothing to worry about."""
    access = _check(desk)
    assert access.user_id == "10"
    assert abs(access.server_time - desk.clock.now()) < timedelta(seconds=1)
    assert access.warnings == ()


@_each("refused")
def test_wrong_credentials_are_refused(desk: Desk, case: str) -> None:
    """Exit 4, what to mend; the secret is not repeated, and nothing is asked again and again."""
    with pytest.raises(CredentialsError, match="refuse") as caught:
        _check(desk, **desk.kind.refused[case])
    assert caught.value.exit_code == 4
    assert "wrong" not in caught.value.detail + caught.value.hint
    assert caught.value.hint
    assert len(desk.helpdesk.seen) <= 3


@_each("unprivileged")
def test_credentials_that_grant_too_little_are_refused(desk: Desk, case: str) -> None:
    """Before anything is read: exit 4, and the role that is needed is named."""
    with pytest.raises(CredentialsError, match="admin") as caught:
        _check(desk, **desk.kind.unprivileged[case])
    assert caught.value.exit_code == 4


@_each("lesser")
def test_credentials_that_grant_a_little_less_leave_out_the_names_of_agents(
    desk: Desk, case: str
) -> None:
    """A warning says so before anything is read, and whose key is needed; the rest is the truth."""
    desk.backfill(client=desk.client(**desk.kind.lesser[case]))
    [warning] = desk.heard.warnings
    assert "admin" in warning
    assert [one for one in desk.differences if not one.startswith("agents: ")] == []
    assert desk.held.agents.keys() <= desk.truth.agents.keys()


@_each("nobody")
def test_an_answer_that_names_nobody_is_no_answer(desk: Desk, case: str) -> None:
    """A status of 200 alone is no sign of who we are."""
    desk.helpdesk.faults.append(_always(desk.kind.nobody[case](), desk.kind.me))
    with pytest.raises(CredentialsError) as caught:
        _check(desk)
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    "fault",
    [
        faults.not_json(),
        faults.status(200, ["something", "else"]),
        faults.status(200, {"hello": "world"}),
        faults.empty(200),
        faults.status(301, headers={"Location": "https://elsewhere.example/"}),
        faults.Fault(
            faults.edited(lambda _: "a page", content_type="text/html").play,
        ),
    ],
    ids=["page", "list", "stranger", "empty", "redirect", "text"],
)
def test_another_site_at_the_address_is_named(desk: Desk, fault: Fault) -> None:
    """Exit 2 or 7, with the address to check; credentials go nowhere else."""
    desk.helpdesk.faults.append(_always(fault, ""))
    with pytest.raises((ConfigurationError, HelpdeskError)) as caught:
        _check(desk)
    assert caught.value.exit_code in {2, 7}
    assert "address" in caught.value.detail + caught.value.hint


def test_a_page_that_is_not_there_means_there_is_no_such_account(desk: Desk) -> None:
    """A web page with 404 in place of an answer: exit 2, the subdomain is to be checked."""
    headers = {"Content-Type": "text/html"}
    fault = faults.status(404, "no such page", headers=headers)
    desk.helpdesk.faults.append(_always(fault, ""))
    with pytest.raises(ConfigurationError) as caught:
        _check(desk)
    assert caught.value.exit_code == 2


def test_nobody_at_the_address_is_told_soon(desk: Desk) -> None:
    """A refused connection names the address; a person waits no longer than seconds."""
    began = desk.clock.monotonic()
    desk.helpdesk.url = "http://127.0.0.1:9"
    with pytest.raises(HelpdeskError, match=r"127\.0\.0\.1:9 cannot be reached") as caught:
        _check(desk)
    assert caught.value.exit_code == 7
    assert desk.clock.monotonic() - began <= 15


@pytest.mark.parametrize("seconds", [-7200, -90, 90, 7200])
def test_a_clock_that_is_wrong_is_noted_and_costs_nothing(desk: Desk, seconds: int) -> None:
    """Fast or slow, the whole truth arrives, with a note that says by how much."""
    wrong = ManualClock(desk.clock.now() + timedelta(seconds=seconds))
    desk.backfill(client=desk.client(clock=wrong))
    assert desk.differences == []
    [warning] = desk.heard.warnings
    assert f"{abs(seconds)} s" in warning


def _always(fault: Fault, path: str) -> Fault:
    return faults.Fault(fault.play, faults.ALWAYS, path)


def test_the_suite_knows_every_stream(kind: Kind) -> None:
    """Each helpdesk names streams of history and of changes, none of them twice."""
    for names in (kind.client.history, kind.client.changes):
        assert isinstance(names, tuple)
        assert len(set(names)) == len(names) > 0
