"""The settings: environment variables with the prefix `REMEMBER_`, or `remember.toml`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from connector.errors import ConfigurationError
from memory import policy
from memory.face import zone
from memory.face.policies import MOST_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

PREFIX = "REMEMBER_"
OURS = ("connector", "memory")
"""Whose lines `LOG_LEVEL` is about."""

_DEFAULT_HOME = Path("~/.remember-them")


class Settings(BaseSettings):
    """Every setting, with its default. The environment wins over the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    home: Path = Field(_DEFAULT_HOME, description="The data folder.")
    database_url: str | None = Field(
        None,
        repr=False,  # it may hold a password
        description="An SQLAlchemy URL of the record; SQLite in HOME unless set.",
    )
    encryption_key: SecretStr | None = Field(
        None,
        description="Seals what people said where it is stored: 43 random characters or more; "
        "after them, with spaces between, the keys that sealed it before.",
    )
    chroma_url: str | None = Field(
        None,
        repr=False,  # it may hold a password
        description="A Chroma server; an embedded index in HOME unless set.",
    )
    embedding_model: str | None = Field(
        None,
        description="A folder with a sentence-transformers model; the packaged one unless set.",
    )
    default_region: str | None = Field(
        None, description="Where phone numbers without a country code are from, such as US."
    )
    time_zone: str = Field("UTC", description="What “Friday” means: an IANA name.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="How much is logged, on standard error."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How a line of the log looks: for people or for programs."
    )
    sensitive: Literal["full", "masked", "off"] = Field(
        "masked", description="Sensitive memories: shown, hidden until revealed, or left out."
    )
    retention_days: dict[str, int] = Field(
        default_factory=lambda: dict(policy.DAYS_KEPT),
        description="RETENTION_DAYS_<KIND>: for how many days a kind is kept; 0 is for good.",
    )
    recheck_days: float = Field(
        7,
        ge=0,
        description="Within how many days syncs look again at everything; 0 is in every sync.",
    )
    retry_seconds: float = Field(
        300, gt=0, description="How long a run goes on without progress before it stops."
    )
    notes_to_helpdesk: Literal["off", "internal_note"] = Field(
        "off",
        description="Whether a note is also written to the customer's ticket, for agents alone.",
    )
    zendesk_url: str | None = Field(None, description="https://acme.zendesk.com")
    zendesk_client_id: str | None = Field(None, description="OAuth client (client_credentials).")
    zendesk_client_secret: SecretStr | None = Field(None, description="Its secret.")
    zendesk_access_token: SecretStr | None = Field(
        None, description="A static OAuth access token, in place of a client."
    )
    zendesk_email: str | None = Field(
        None,
        repr=False,  # it is a person's
        description="An admin's e-mail, with an API token (these end on 30 April 2027).",
    )
    zendesk_api_token: SecretStr | None = Field(None, description="The API token.")
    zendesk_rate_share: float = Field(
        0.5, gt=0, le=1, description="How much of the account's rate limits may be used."
    )

    zendesk_webhook_secret: SecretStr | None = Field(
        None, description="The signing secret of the webhook that Zendesk calls us with."
    )
    zendesk_app_id: int | None = Field(
        None, description="The number of the installed Zendesk app; rings are told to it."
    )
    zendesk_screen_pop: bool = Field(
        False,
        description="Whether a ring opens the customer's page (needs Talk Partner Edition).",
    )

    freshdesk_url: str | None = Field(None, description="https://acme.freshdesk.com")
    freshdesk_api_key: SecretStr | None = Field(
        None, description="An account administrator's API key, from their profile settings."
    )
    freshdesk_rate_share: float = Field(
        0.5, gt=0, le=1, description="How much of the account's rate limits may be used."
    )
    freshdesk_webhook_secret: SecretStr | None = Field(
        None, description="What Freshdesk's automation rules send as X-Remember-Secret."
    )

    public_url: str | None = Field(
        None, description="Where the service is reached from outside, such as https://r.acme.com."
    )
    allowed_origins: str = Field(
        "", description="Origins of pages that may ask the service, with spaces between."
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses of proxies whose X-Forwarded-* count, with commas."
    )
    agent_map: Path | None = Field(
        None, description="A TOML file: phone-system agents, lines and groups to helpdesk agents."
    )
    ring_twilio_secret: SecretStr | None = Field(None, description="Twilio's primary auth token.")
    ring_aircall_secret: SecretStr | None = Field(
        None, description="The token of Aircall's webhook."
    )
    ring_aircall_api_id: str | None = Field(
        None, description="With the token below: shows the caller's name in Aircall's phone."
    )
    ring_aircall_api_token: SecretStr | None = Field(None, description="The API token.")
    ring_ringcentral_secret: SecretStr | None = Field(
        None, description="The verification token of RingCentral's subscription."
    )
    ring_dialpad_secret: SecretStr | None = Field(
        None, description="The secret of Dialpad's webhook."
    )
    ring_telnyx_public_key: str | None = Field(
        None, description="Telnyx's public key, as its portal shows it (base64)."
    )
    ring_generic_secret: SecretStr | None = Field(
        None, description="What any other phone system signs its rings with."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then the file that `config_file` names."""
        del dotenv_settings, file_secret_settings
        file = config_file()
        toml = (TomlConfigSettingsSource(settings_cls, file),) if file else ()
        days = RetentionDays(settings_cls, toml[0].toml_data if toml else {})
        return (init_settings, days, env_settings, *toml)

    @field_validator("retention_days", mode="before")
    @classmethod
    def _known_days(cls, told: dict[str, object]) -> dict[str, int]:
        """Days by kind, with the defaults of the kinds of which nothing is said.

        Raises:
            ConfigurationError: There is no such kind, or that is no number of days.
        """
        return {**policy.DAYS_KEPT, **{kind: _days(kind, days) for kind, days in told.items()}}

    @field_validator("home")
    @classmethod
    def _can_be_a_path(cls, home: Path) -> Path:
        if "\0" in str(home):
            raise ValueError("it is no path")
        return home

    @field_validator("public_url", "zendesk_url", "freshdesk_url", "chroma_url")
    @classmethod
    def _can_be_read(cls, url: str | None) -> str | None:
        if url is not None:
            _port(url)
        return url

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, told: str) -> str:
        for one in told.replace(",", " ").split():
            _port(one)
        return told

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that seal (the first) and open what people said; none where nothing is."""
        key = self.encryption_key
        return () if key is None else tuple(key.get_secret_value().split())

    @property
    def folder(self) -> Path:
        """The data folder as a path that exists for the system."""
        return self.home.expanduser()


class RetentionDays(PydanticBaseSettingsSource):
    """Finds `REMEMBER_RETENTION_DAYS_<KIND>` in the environment, else `retention_days_<kind>`."""

    def __init__(self, settings_cls: type[BaseSettings], toml: Mapping[str, object]) -> None:
        super().__init__(settings_cls)
        self._toml = toml

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[object, str, bool]:
        """Nothing of any one field: the settings found here are one field together."""
        del field
        return None, field_name, False

    def __call__(self) -> dict[str, object]:
        """The days of each kind that is named, as they are written."""
        start = "retention_days_"
        told = {**self._toml, **{k.removeprefix(PREFIX): v for k, v in os.environ.items() if v}}
        found = {
            name.lower().removeprefix(start): value
            for name, value in told.items()
            if name.lower().startswith(start)
        }
        return {"retention_days": found} if found else {}


def _days(kind: str, days: object) -> int:
    """For how many days a kind is kept.

    Raises:
        ConfigurationError: There is no such kind, or that is no number of days.
    """
    name = f"{PREFIX}RETENTION_DAYS_{kind.upper()}"
    if kind not in policy.KINDS:
        raise ConfigurationError(f"{name} names no kind.", f"Kinds: {', '.join(policy.KINDS)}.")
    text = str(days).strip()
    if not (text.isascii() and text.isdecimal()) or int(text[:6]) > MOST_DAYS:
        raise ConfigurationError(
            f"{name} is no number of days.", f"Write 1 to {MOST_DAYS}, or 0 for good."
        )
    return int(text)


def _port(url: str) -> int | None:
    """The port of an address; a ValueError without its words where it is none."""
    try:
        return urlsplit(url).port
    except ValueError:
        raise ValueError("it is no address") from None


def config_file() -> Path | None:
    """`REMEMBER_CONFIG`, else `remember.toml` in HOME, when it is there.

    Raises:
        ConfigurationError: `REMEMBER_CONFIG` names a file that is not there.
    """
    named = os.environ.get(f"{PREFIX}CONFIG")
    if named:
        if not Path(named).expanduser().is_file():
            raise ConfigurationError(
                f"REMEMBER_CONFIG names a file that is not there: {named}", "Mend the path."
            )
        return Path(named).expanduser()
    home = Path(os.environ.get(f"{PREFIX}HOME") or _DEFAULT_HOME).expanduser()
    file = home / "remember.toml"
    return file if file.is_file() else None


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: One of them cannot be used; its value is not repeated.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(
            f"{PREFIX}{name} cannot be used: {first['msg'].removeprefix('Value error, ')}.",
            "See the table of settings in the README.",
        ) from None
    except (ValueError, RecursionError) as error:  # of the parser, whichever it is
        raise ConfigurationError(
            f"{config_file()} is not TOML: {error}.", "Mend the file."
        ) from None
    zone(settings.time_zone)
    return settings
