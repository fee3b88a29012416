"""The settings: environment variables with the prefix `REMEMBER_`, or `remember.toml`."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from connector.errors import ConfigurationError
from memory.face import zone

PREFIX = "REMEMBER_"
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
    chroma_url: str | None = Field(
        None, description="A Chroma server; an embedded index in HOME unless set."
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
        None, description="An admin's e-mail, with an API token (these end on 30 April 2027)."
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
        return (init_settings, env_settings, *toml)

    @property
    def folder(self) -> Path:
        """The data folder as a path that exists for the system."""
        return self.home.expanduser()


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
            f"{PREFIX}{name} cannot be used: {first['msg']}.",
            "See the table of settings in the README.",
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{config_file()} is not TOML: {error}.", "Mend the file."
        ) from None
    zone(settings.time_zone)
    return settings
