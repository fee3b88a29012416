"""The settings: from the environment and a file, checked, and never repeated when secret."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from connector.errors import ConfigurationError
from connector.settings import config_file, load_settings
from memory import policy
from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, and no setting but that."""
    for name in [name for name in os.environ if name.startswith("REMEMBER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def toml(home: Path) -> Callable[[str], None]:
    """Writes the settings' file."""

    def write(text: str) -> None:
        (home / "remember.toml").write_text(text)

    return write


def test_nothing_needs_to_be_set(home: Path) -> None:
    """The defaults the README tells."""
    settings = load_settings()
    assert settings.folder == home
    assert (settings.time_zone, settings.sensitive, settings.log_level) == (
        "UTC",
        "masked",
        "WARNING",
    )
    assert (settings.retry_seconds, settings.zendesk_rate_share) == (300, 0.5)
    assert settings.zendesk_url is None


def test_the_environment_wins_over_the_file(
    toml: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And an empty variable is one that is not set."""
    toml('time_zone = "Europe/Berlin"\ndefault_region = "DE"\nretry_seconds = 7\nlater = "key"\n')
    monkeypatch.setenv("REMEMBER_DEFAULT_REGION", "US")
    monkeypatch.setenv("REMEMBER_RETRY_SECONDS", "")
    settings = load_settings()
    assert (settings.time_zone, settings.default_region) == ("Europe/Berlin", "US")
    assert settings.retry_seconds == 7


def test_another_file_may_be_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REMEMBER_CONFIG, wherever it is; the one in HOME is then not read."""
    (home / "remember.toml").write_text('default_region = "DE"\n')
    (home / "other.toml").write_text('default_region = "FR"\n')
    assert config_file() == home / "remember.toml"
    monkeypatch.setenv("REMEMBER_CONFIG", str(home / "other.toml"))
    assert load_settings().default_region == "FR"


def test_a_named_file_that_is_not_there_is_an_error(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than silently none."""
    monkeypatch.setenv("REMEMBER_CONFIG", str(home / "none.toml"))
    with pytest.raises(ConfigurationError, match=r"none\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SENSITIVE", "sometimes-4711"),
        ("LOG_LEVEL", "loud-4711"),
        ("RETRY_SECONDS", "-4711"),
        ("ZENDESK_RATE_SHARE", "4711"),
        ("PUBLIC_URL", "https://a:4711x"),
        ("ZENDESK_URL", "https://[4711"),
        ("ALLOWED_ORIGINS", "https://a.example http://[4711"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_value_that_cannot_be_used_is_named_but_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """It might be a secret in the wrong place."""
    monkeypatch.setenv(f"REMEMBER_{name}", value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert f"REMEMBER_{name}" in caught.value.detail
    assert "4711" not in caught.value.detail
    assert caught.value.hint


def test_a_file_that_is_no_toml_is_named(toml: Callable[[str], None]) -> None:
    """With the place in it."""
    toml("time_zone = = 1")
    with pytest.raises(ConfigurationError, match=r"remember\.toml .*line 1"):
        load_settings()


@pytest.mark.usefixtures("home")
def test_an_unknown_time_zone_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is done with it."""
    monkeypatch.setenv("REMEMBER_TIME_ZONE", "Europe/Nowhere")
    with pytest.raises(RememberError, match="REMEMBER_TIME_ZONE"):
        load_settings()


@pytest.mark.usefixtures("home")
def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by repr nor by str."""
    for name in ("CLIENT_SECRET", "ACCESS_TOKEN", "API_TOKEN"):
        monkeypatch.setenv(f"REMEMBER_ZENDESK_{name}", "hush-4711")
    settings = load_settings()
    assert "hush" not in repr(settings) + str(settings)
    assert settings.zendesk_client_secret is not None
    assert settings.zendesk_client_secret.get_secret_value() == "hush-4711"


@pytest.mark.usefixtures("home")
def test_days_of_a_kind_are_read(
    monkeypatch: pytest.MonkeyPatch, toml: Callable[[str], None]
) -> None:
    """From the environment and the file; the other kinds have their defaults."""
    toml("retention_days_health = 30\nretention_days_feeling = 31\n")
    monkeypatch.setenv("REMEMBER_RETENTION_DAYS_FEELING", "0")
    days = load_settings().retention_days
    assert (days["health"], days["feeling"], days["work"]) == (30, 0, 1095)
    assert set(days) == set(policy.KINDS)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("SORROW", "30", "names no kind"),
        ("ISSUE", "30", "names no kind"),
        ("HEALTH", "soon-4711", "is no number of days"),
        ("HEALTH", "-1", "is no number of days"),
        ("HEALTH", "1.5", "is no number of days"),
        ("HEALTH", "99999999999999999999", "is no number of days"),
    ],
)
@pytest.mark.usefixtures("home")
def test_days_that_cannot_be_are_named(
    monkeypatch: pytest.MonkeyPatch, kind: str, value: str, words: str
) -> None:
    """An unknown kind, and what is no number, without repeating it."""
    monkeypatch.setenv(f"REMEMBER_RETENTION_DAYS_{kind}", value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert f"REMEMBER_RETENTION_DAYS_{kind} {words}" in caught.value.detail
    assert "4711" not in f"{caught.value.detail}{caught.value.hint}"
    assert caught.value.hint
