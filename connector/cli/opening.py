"""From the settings to the memory and the helpdesk they describe."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connector.errors import ConfigurationError
from connector.providers import Provider
from connector.settings import OURS, load_settings
from memory.errors import UsageError
from memory.face import Memory
from memory.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.clock import Clock
    from connector.freshdesk import Freshdesk
    from connector.rings.board import Board, Listener
    from connector.rings.notify import Herald
    from connector.service.metrics import Metrics
    from connector.settings import Settings
    from connector.zendesk import Zendesk
    from connector.zendesk.auth import Credentials


def open_settings() -> Settings:
    """The settings, with logging set up as they say; logs go to standard error."""
    settings = load_settings()
    if settings.log_format == "json":
        from connector.service import logs

        logs.configure(settings)
        return settings
    # What other libraries say below a warning may be a customer's words: rows that are read.
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level)
    return settings


def open_memory(settings: Settings, account: str | None) -> Memory:
    """The memory in the settings' data folder."""
    return Memory.open(
        settings.folder,
        database_url=settings.database_url,
        encryption_keys=settings.keys,
        chroma_url=settings.chroma_url,
        model=settings.embedding_model,
        account=account,
        time_zone=settings.time_zone,
        default_region=settings.default_region,
        sensitive=settings.sensitive,
        days_kept=settings.retention_days,
    )


def workplace(settings: Settings) -> Workplace:
    """Where remembering finds the record, the index and the model."""
    return Workplace(
        database_url=settings.database_url or f"sqlite:///{settings.folder / 'record.sqlite'}",
        keys=settings.keys,
        index_folder=settings.folder / "index",
        index_url=settings.chroma_url,
        model=settings.embedding_model,
        time_zone=settings.time_zone,
        days_kept=settings.retention_days,
    )


def configured(settings: Settings) -> Sequence[Provider]:
    """The helpdesks whose address is set."""
    urls = {Provider.ZENDESK: settings.zendesk_url, Provider.FRESHDESK: settings.freshdesk_url}
    return [provider for provider, url in urls.items() if url]


def open_helpdesk(
    settings: Settings, clock: Clock, account: str | None, provider: Provider | None = None
) -> Zendesk | Freshdesk:
    """The helpdesk that is meant.

    Args:
        settings: Where it is, and how to sign in.
        clock: Tells the time and waits.
        account: The account the user named.
        provider: The helpdesk the user named; else the account's, else the one that is set.

    Raises:
        UsageError: Several are set and none is named.
        ConfigurationError: Its address or every way to sign in is missing.
    """
    known = configured(settings)
    if provider is None and account is not None:
        of_account = account.partition(":")[0]
        provider = Provider(of_account) if of_account in set(Provider) else None
    if provider is None and len(known) > 1:
        raise UsageError(
            f"The settings describe several helpdesks: {', '.join(known)}.",
            "Name one, such as `remember sync zendesk`, or add --account.",
        )
    if (provider or (known or [Provider.ZENDESK])[0]) is Provider.FRESHDESK:
        return open_freshdesk(settings, clock, account)
    return open_zendesk(settings, clock, account)


def open_freshdesk(settings: Settings, clock: Clock, account: str | None) -> Freshdesk:
    """The Freshdesk account that the settings describe.

    Raises:
        ConfigurationError: Its address or the API key is missing.
    """
    from connector.freshdesk import ApiKey, Freshdesk

    if not settings.freshdesk_url:
        raise ConfigurationError(
            "REMEMBER_FRESHDESK_URL is not set.",
            "Set it to your account's address, such as https://acme.freshdesk.com; "
            "`remember demo` needs no account.",
        )
    if not settings.freshdesk_api_key:
        raise ConfigurationError(
            "There is no way to sign in to Freshdesk in the settings.",
            "Set REMEMBER_FRESHDESK_API_KEY to an account administrator's API key.",
        )
    return Freshdesk(
        settings.freshdesk_url,
        ApiKey(settings.freshdesk_api_key.get_secret_value()),
        share=settings.freshdesk_rate_share,
        retry_seconds=settings.retry_seconds,
        clock=clock,
        account=_own_name(account, Provider.FRESHDESK, settings.freshdesk_url),
    )


def open_zendesk(settings: Settings, clock: Clock, account: str | None) -> Zendesk:
    """The Zendesk account that the settings describe.

    Raises:
        ConfigurationError: Its address or every way to sign in is missing.
    """
    from connector.zendesk import Zendesk
    from connector.zendesk.auth import NOTES_SCOPE

    if not settings.zendesk_url:
        raise ConfigurationError(
            "REMEMBER_ZENDESK_URL is not set.",
            "Set it to your account's address, such as https://acme.zendesk.com, or "
            "REMEMBER_FRESHDESK_URL to a Freshdesk's; `remember demo` needs no account.",
        )
    writes = settings.notes_to_helpdesk == "internal_note"
    return Zendesk(
        settings.zendesk_url,
        _credentials(settings, *([NOTES_SCOPE] if writes else [])),
        share=settings.zendesk_rate_share,
        retry_seconds=settings.retry_seconds,
        clock=clock,
        account=_own_name(account, Provider.ZENDESK, settings.zendesk_url),
    )


def open_listeners(
    settings: Settings, clock: Clock, accounts: Sequence[str], board: Board, metrics: Metrics
) -> Sequence[Listener]:
    """Who hears of rings beside the agents' own streams, as the settings say.

    Args:
        settings: Say which app, and how to sign in.
        clock: Tells the time and waits.
        accounts: Those that are served.
        board: Knows the callers' names.
        metrics: Count the notices.

    Raises:
        ConfigurationError: There is an app to tell, and no way to sign in to its Zendesk.
    """
    from connector.rings.aircall_card import AircallCards
    from connector.rings.notify import Notices
    from connector.zendesk.auth import APPS_SCOPE, WRITE_SCOPE
    from connector.zendesk.notify import AppNotices, ScreenPops, open_session

    heralds: list[Herald] = []
    url = settings.zendesk_url or ""
    account = _at_address(url, accounts)
    if account is not None and settings.zendesk_app_id is not None:
        session = open_session(url, _credentials(settings, APPS_SCOPE), clock)
        heralds.append(AppNotices(account, session, settings.zendesk_app_id))
    if account is not None and settings.zendesk_screen_pop:
        session = open_session(url, _credentials(settings, WRITE_SCOPE), clock)
        heralds.append(ScreenPops(account, session))
    if settings.ring_aircall_api_id and settings.ring_aircall_api_token:
        token = settings.ring_aircall_api_token.get_secret_value()
        heralds.append(AircallCards(settings.ring_aircall_api_id, token, board.name))
    return [Notices(herald, clock, metrics.notified) for herald in heralds]


def _at_address(url: str, accounts: Sequence[str]) -> str | None:
    """Which Zendesk account is at an address: the only one, or the one of its name."""
    ours = [one for one in accounts if one.partition(":")[0] == Provider.ZENDESK]
    if not url or len(ours) == 1:
        return ours[0] if url else None
    label = (urlsplit(url).hostname or "").partition(".")[0]
    return next((one for one in ours if one == f"{Provider.ZENDESK}:{label}"), None)


def _own_name(account: str | None, provider: Provider, url: str) -> str | None:
    """An address on this machine says nothing about the account; a name may be given to it."""
    loopback = url.startswith(("http://127.", "http://localhost", "http://[::1]"))
    named = account is not None and account.startswith(f"{provider}:")
    return account if loopback and named else None


def _credentials(settings: Settings, *scopes: str) -> Credentials:
    """Who we are to Zendesk; a client's tokens are good for reading and for `scopes`."""
    from connector.zendesk.auth import SCOPE, AccessToken, ApiToken, ClientCredentials

    if settings.zendesk_client_id and settings.zendesk_client_secret:
        secret = settings.zendesk_client_secret.get_secret_value()
        return ClientCredentials(settings.zendesk_client_id, secret, (SCOPE, *scopes))
    if settings.zendesk_access_token:
        return AccessToken(settings.zendesk_access_token.get_secret_value())
    if settings.zendesk_email and settings.zendesk_api_token:
        return ApiToken(settings.zendesk_email, settings.zendesk_api_token.get_secret_value())
    raise ConfigurationError(
        "There is no way to sign in to Zendesk in the settings.",
        "Set REMEMBER_ZENDESK_CLIENT_ID and REMEMBER_ZENDESK_CLIENT_SECRET (an OAuth client made "
        "by an admin), or REMEMBER_ZENDESK_ACCESS_TOKEN.",
    )
