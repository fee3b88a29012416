"""Which helpdesk a command means."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from connector.cli.opening import configured, open_helpdesk
from connector.clock import ManualClock
from connector.errors import ConfigurationError
from connector.providers import Provider
from connector.settings import Settings
from memory.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLOCK = ManualClock(datetime(2026, 7, 7, tzinfo=UTC))
ZENDESK: dict[str, Any] = {
    "zendesk_url": "https://acme.zendesk.com",
    "zendesk_access_token": SecretStr("t"),
}
FRESHDESK: dict[str, Any] = {
    "freshdesk_url": "https://harbour.freshdesk.com",
    "freshdesk_api_key": SecretStr("k"),
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    """Makes settings of nothing but what is told."""
    for name in [one for one in os.environ if one.startswith("REMEMBER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    return Settings


@pytest.mark.parametrize(
    ("told", "account", "provider", "expected"),
    [
        (ZENDESK, None, None, "zendesk:acme"),
        (FRESHDESK, None, None, "freshdesk:harbour"),
        (ZENDESK | FRESHDESK, None, Provider.FRESHDESK, "freshdesk:harbour"),
        (ZENDESK | FRESHDESK, None, Provider.ZENDESK, "zendesk:acme"),
        (ZENDESK | FRESHDESK, "freshdesk:harbour", None, "freshdesk:harbour"),
        (ZENDESK | FRESHDESK, "zendesk:acme", None, "zendesk:acme"),
    ],
    ids=str,
)
def test_it_is_the_one_that_is_named_or_the_only_one(
    told: dict[str, Any],
    account: str | None,
    provider: Provider | None,
    expected: str,
    settings: Callable[..., Settings],
) -> None:
    """By its name, by the account's, or because no other is set."""
    read = settings(**told)
    assert open_helpdesk(read, CLOCK, account, provider).account == expected


def test_several_are_not_guessed_between(settings: Callable[..., Settings]) -> None:
    """Whoever runs it is asked."""
    read = settings(**ZENDESK, **FRESHDESK)
    assert configured(read) == [Provider.ZENDESK, Provider.FRESHDESK]
    with pytest.raises(UsageError, match="several"):
        open_helpdesk(read, CLOCK, None)


@pytest.mark.parametrize(
    ("told", "provider", "missing"),
    [
        ({}, None, "ZENDESK_URL"),
        ({}, Provider.FRESHDESK, "FRESHDESK_URL"),
        (ZENDESK, Provider.FRESHDESK, "FRESHDESK_URL"),
        ({"freshdesk_url": "https://harbour.freshdesk.com"}, None, "sign in"),
    ],
    ids=str,
)
def test_what_is_missing_is_named(
    told: dict[str, Any], provider: Provider | None, missing: str, settings: Callable[..., Settings]
) -> None:
    """The setting, and what to set it to."""
    with pytest.raises(ConfigurationError, match=missing):
        open_helpdesk(settings(**told), CLOCK, None, provider)


def test_only_an_address_of_this_machine_may_be_called_something_else(
    settings: Callable[..., Settings],
) -> None:
    """And only as an account of its own kind."""
    local = {**FRESHDESK, "freshdesk_url": "http://127.0.0.1:8089"}
    read = settings(**local)
    assert open_helpdesk(read, CLOCK, "freshdesk:acme").account == "freshdesk:acme"
    named = open_helpdesk(read, CLOCK, "zendesk:acme", Provider.FRESHDESK)
    assert named.account == "freshdesk:127.0.0.1-8089"
    real = settings(**FRESHDESK)
    assert open_helpdesk(real, CLOCK, "freshdesk:acme").account == "freshdesk:harbour"
