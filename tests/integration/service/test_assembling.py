"""From the settings to what runs: whose sync, whose remembering, whose webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.cli.assembling import Wanted, assembled
from connector.cli.serving import serve
from connector.clock import ManualClock, SystemClock
from connector.errors import ConfigurationError
from connector.settings import Settings
from memory import policy
from memory.errors import UsageError
from memory.record import Record, retention
from memory.record import tables as t
from memory.record.forgotten import put_down

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ZENDESK = {
    "zendesk_url": "https://acme.zendesk.com",
    "zendesk_access_token": "token",
}
FRESHDESK = {"freshdesk_url": "https://acme.freshdesk.com", "freshdesk_api_key": "key"}
BOTH = {**ZENDESK, **FRESHDESK}
FOR_GOOD = {"retention_days": dict.fromkeys(policy.DAYS_KEPT, policy.FOR_GOOD)}
ALONE = Wanted(sync_every=None, worker=False)


@pytest.fixture
def stored(tmp_path: Path) -> Callable[..., None]:
    """Puts accounts into the record."""

    def store(*names: str) -> None:
        record = Record.in_folder(tmp_path)
        for name in names:
            record.add_account(name, "https://acme.example")
        record.close()

    return store


def runs(folder: Path, settings: dict[str, Any], wanted: Wanted = Wanted()) -> dict[str, Any]:  # noqa: B008  it is frozen
    """What would run: parts, accounts that are served, helpdesks whose webhooks are taken."""
    chosen = Settings.model_validate({"home": folder, **settings})
    with assembled(chosen, wanted, SystemClock()) as running:
        return {
            "parts": sorted(f"{one.name} {one.account}" for one in running.parts),
            "served": sorted(running.context.memories),
            "inboxes": sorted(running.context.inboxes),
            "in turns": any(one.wanted is not None for one in running.parts),
        }


def test_one_helpdesk_has_a_sync_and_a_worker(tmp_path: Path) -> None:
    """Its account is in the record from now on, before anything was taken."""
    assert runs(tmp_path, ZENDESK) == {
        "parts": ["sync zendesk:acme", "worker zendesk:acme"],
        "served": ["zendesk:acme"],
        "inboxes": ["zendesk"],
        "in turns": False,
    }


def test_two_helpdesks_run_side_by_side(tmp_path: Path) -> None:
    """The embedded index has one owner, so that their workers take turns."""
    assert runs(tmp_path, BOTH) == {
        "parts": [
            "sync freshdesk:acme",
            "sync zendesk:acme",
            "worker freshdesk:acme",
            "worker zendesk:acme",
        ],
        "served": ["freshdesk:acme", "zendesk:acme"],
        "inboxes": ["freshdesk", "zendesk"],
        "in turns": True,
    }


def test_with_an_index_of_a_server_no_worker_waits_for_another(tmp_path: Path) -> None:
    """A Chroma server takes both at once."""
    assert runs(tmp_path, {**BOTH, "chroma_url": "http://127.0.0.1:1"})["in turns"] is False


def test_a_worker_in_turns_is_wanted_while_tickets_wait(
    tmp_path: Path, stored: Callable[..., None]
) -> None:
    """And not otherwise: it would load the model for nothing."""
    stored("zendesk:acme", "freshdesk:acme")
    chosen = Settings.model_validate({"home": tmp_path, **BOTH, **FOR_GOOD})
    with assembled(chosen, Wanted(sync_every=None), SystemClock()) as running:
        wanted = {one.account: one.wanted for one in running.parts}
        assert [bool(one and one()) for one in wanted.values()] == [False, False]
        account = running.context.record.account("zendesk:acme")
        with running.context.record.writing(account) as writer:
            writer.connection.execute(
                t.outbox.insert().values(
                    account=account.number, ticket_id="1", stamp="1", at=SystemClock().now()
                )
            )
        found = {name: bool(one and one()) for name, one in wanted.items()}
        assert found == {"zendesk:acme": True, "freshdesk:acme": False}


def test_a_worker_in_turns_is_wanted_once_a_day_to_sweep(
    tmp_path: Path, stored: Callable[..., None]
) -> None:
    """Though no ticket waits, as long as any kind is not kept for good."""
    stored("zendesk:acme", "freshdesk:acme")
    chosen = Settings.model_validate({"home": tmp_path, **BOTH})
    clock = ManualClock(SystemClock().now())
    with assembled(chosen, Wanted(sync_every=None), clock) as running:
        [is_wanted] = [one.wanted for one in running.parts if one.account == "zendesk:acme"]
        assert is_wanted is not None
        record, days = running.context.record, chosen.retention_days
        account = record.account("zendesk:acme")
        assert is_wanted()
        retention.sweep_when_due(record, account, days, clock.now())
        assert not is_wanted()
        clock.advance(retention.EVERY.total_seconds())
        assert is_wanted()


def test_a_worker_in_turns_is_wanted_when_somebody_was_forgotten(
    tmp_path: Path, stored: Callable[..., None]
) -> None:
    """At once, and again a minute later while bytes of theirs cannot be removed."""
    stored("zendesk:acme", "freshdesk:acme")
    chosen = Settings.model_validate({"home": tmp_path, **BOTH, **FOR_GOOD})
    clock = ManualClock(SystemClock().now())
    with assembled(chosen, Wanted(sync_every=None), clock) as running:
        wanted = [one.wanted for one in running.parts if one.account == "freshdesk:acme"]
        account = running.context.record.account("zendesk:acme")
        with running.context.record.writing(account) as writer:
            put_down(
                writer.connection, account.number, ["7"], reason="asked", at=SystemClock().now()
            )
        [is_wanted] = wanted
        assert is_wanted is not None
        assert [is_wanted(), is_wanted()] == [True, False]
        clock.advance(61)
        assert is_wanted()


def test_of_several_the_named_one_is_served(tmp_path: Path, stored: Callable[..., None]) -> None:
    """And nothing of the others."""
    stored("freshdesk:acme", "zendesk:other")
    assert runs(tmp_path, BOTH, Wanted(account="zendesk:acme")) == {
        "parts": ["sync zendesk:acme", "worker zendesk:acme"],
        "served": ["zendesk:acme"],
        "inboxes": ["zendesk"],
        "in turns": False,
    }


def test_a_folder_of_another_company_is_refused(
    tmp_path: Path, stored: Callable[..., None]
) -> None:
    """Unless the account is named: two companies' customers must not be mixed up by mistake."""
    stored("zendesk:other")
    with pytest.raises(UsageError, match="zendesk:other"):
        runs(tmp_path, ZENDESK)
    with pytest.raises(UsageError, match="not of zendesk:third"):
        runs(tmp_path, ZENDESK, Wanted(account="zendesk:third"))


def test_a_service_alone_serves_what_is_stored(tmp_path: Path, stored: Callable[..., None]) -> None:
    """No helpdesk need be set; one whose account is not stored is not asked, nor added."""
    stored("zendesk:other", "freshdesk:acme")
    assert runs(tmp_path, BOTH, ALONE) == {
        "parts": [],
        "served": ["freshdesk:acme", "zendesk:other"],
        "inboxes": ["freshdesk"],
        "in turns": False,
    }
    assert runs(tmp_path, {}, ALONE)["inboxes"] == []


def test_what_cannot_be_run_is_said(tmp_path: Path, stored: Callable[..., None]) -> None:
    """Nothing at all; no helpdesk to sync, no way to sign in, nothing stored to be served."""
    with pytest.raises(UsageError, match="nothing left"):
        serve(no_http=True, no_sync=True, no_worker=True)
    with pytest.raises(ConfigurationError, match="no helpdesk"):
        runs(tmp_path, {})
    with pytest.raises(ConfigurationError, match="sign in"):
        runs(tmp_path, {"zendesk_url": "https://acme.zendesk.com"})
    with pytest.raises(UsageError, match="no account"):
        runs(tmp_path, {}, ALONE)
    stored("zendesk:acme")
    bare = {"zendesk_url": "https://acme.zendesk.com"}
    assert runs(tmp_path, bare, ALONE)["inboxes"] == []
