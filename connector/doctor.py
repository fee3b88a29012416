"""What is wrong with this set-up, and how to mend it."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from connector.lock import holder
from connector.modes import open_to_others
from connector.settings import PREFIX
from memory.errors import RememberError
from memory.record import Record, queries, tokens
from memory.record.traces import is_due
from memory.remembering.drain import Remembering
from memory.remembering.languages import code_of, what_it_gets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connector.settings import Settings
    from connector.sync.helpdesk import Access
    from memory.record import Account
    from memory.remembering.personal import Head
    from memory.workplace import Workplace

LEAST_FREE_BYTES = 1 << 30
MOST_LANGUAGES = 8
SHORTEST_SECRET = 16
"""Characters of a secret that nobody guesses."""

DAYS_TO_RENEW = 30
"""So long before a token ends it is time for another."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        ok: False when it needs mending.
        hint: What to do, where there is something.
    """

    check: str
    ok: bool
    detail: str
    hint: str = ""


def examine(
    settings: Settings, workplace: Workplace, asks: Mapping[str, Callable[[], Access]]
) -> Iterator[Finding]:
    """Look at everything a run needs, cheapest first.

    Args:
        settings: As they were read.
        workplace: Where record, index and model are.
        asks: By the name of each helpdesk that is configured, what asks it who we are.
    """
    yield _folder(settings)
    yield _free_space(settings)
    yield from _secrets(settings)
    accounts: list[Account] = []
    if settings.database_url is None and not (settings.folder / "record.sqlite").exists():
        yield Finding("record", ok=True, detail="none yet: the first backfill makes it")
    else:
        try:
            record = Record.open(workplace.database_url, workplace.keys)
            accounts = record.accounts()
            yield Finding("record", ok=True, detail=f"{len(accounts)} account(s)")
            for account in accounts:
                yield _waiting(record, account)
                yield from _tokens(record, account)
            record.close()
        except RememberError as error:
            yield _failed("record", error)
    yield _region(settings)
    yield from _helpdesks(asks)
    if accounts:
        yield from _remembering(settings, workplace, accounts)
        yield _forgetting(workplace)


def _folder(settings: Settings) -> Finding:
    folder = settings.folder
    if not folder.is_dir():
        return Finding("data folder", ok=True, detail=f"{folder} is not there yet")
    if not os.access(folder, os.W_OK):
        return Finding(
            "data folder", ok=False, detail=f"{folder} cannot be written", hint="Mend its owner."
        )
    found = sum(1 for _ in open_to_others(folder))
    if found:
        return Finding(
            "data folder",
            ok=False,
            detail=f"{folder} can be read by other users of this machine: {found} files or folders",
            hint=f"chmod -R go= {folder}",
        )
    return Finding("data folder", ok=True, detail=str(folder))


def _secrets(settings: Settings) -> Iterator[Finding]:
    """Those that the operator thinks up, and that anybody on the network may try."""
    for name in ("freshdesk_webhook_secret", "ring_generic_secret"):
        secret = getattr(settings, name)
        if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
            yield Finding(
                "secret",
                ok=False,
                detail=f"{PREFIX}{name.upper()} is shorter than {SHORTEST_SECRET} characters",
                hint="Make one with `openssl rand -hex 32`, here and where it is sent from.",
            )


def _tokens(record: Record, account: Account) -> Iterator[Finding]:
    """Programs' tokens that are about to end: what uses one is shut out then."""
    now = datetime.now(UTC)
    with record.reading() as connection:
        found = tokens.tokens(connection, account.number)
    for one in found:
        if one.agent_id is None and one.stands(now) and one.expires_at is not None:
            days = (one.expires_at - now).days
            if days < DAYS_TO_RENEW:
                yield Finding(
                    "token",
                    ok=False,
                    detail=f"{account.name}: token {one.id} ends in {days} days",
                    hint="Make another with `remember token create`, put it in its place, and then "
                    f"`remember token revoke {one.id}`.",
                )


def _free_space(settings: Settings) -> Finding:
    folder = settings.folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Finding(
        "disk",
        ok=free >= LEAST_FREE_BYTES,
        detail=f"{free / 1e9:.1f} GB free",
        hint="" if free >= LEAST_FREE_BYTES else "Make room; a record needs a few GB.",
    )


def _waiting(record: Record, account: Account) -> Finding:
    with record.reading() as connection:
        counts = queries.counts(connection, account.number)
        unreadable = len(queries.quarantined(connection, account.number))
    detail = (
        f"{counts['tickets']:,} tickets, {counts['unread']:,} to read, "
        f"{counts['outbox']:,} to remember, {unreadable} quarantined"
    )
    hint = "`remember status` names the quarantined rows." if unreadable else ""
    if counts["unread"] or counts["outbox"]:
        hint = "Run `remember backfill` or `remember sync` to go on."
    return Finding(account.name, ok=True, detail=detail, hint=hint)


def _forgetting(workplace: Workplace) -> Finding:
    with closing(Record.open(workplace.database_url)) as record:
        due = is_due(record)
    if not due:
        return Finding("forgetting", ok=True, detail="nothing is left of whoever was forgotten")
    return Finding(
        "forgetting",
        ok=False,
        detail="bytes of people who were forgotten may be left in our files",
        hint="`remember sync` or a start of `remember serve` removes them; make room on the disk "
        "if they say that it is full.",
    )


def _region(settings: Settings) -> Finding:
    if settings.default_region:
        return Finding("default region", ok=True, detail=settings.default_region)
    return Finding(
        "default region",
        ok=True,
        detail="not set: phone numbers without a country code are not recognised",
        hint="Set REMEMBER_DEFAULT_REGION, such as US or DE.",
    )


def _helpdesks(asks: Mapping[str, Callable[[], Access]]) -> Iterator[Finding]:
    if not asks:
        yield Finding(
            "helpdesk",
            ok=False,
            detail="none is configured",
            hint="Set REMEMBER_ZENDESK_URL or REMEMBER_FRESHDESK_URL, and a way to sign in.",
        )
    for name, ask in asks.items():
        try:
            access = ask()
        except RememberError as error:
            yield _failed("helpdesk", error)
            continue
        yield Finding("helpdesk", ok=True, detail=f"{name}: signed in as user {access.user_id}")
        for sentence in access.warnings:
            yield Finding("helpdesk", ok=False, detail=f"{name}: {sentence}")


def _remembering(
    settings: Settings, workplace: Workplace, accounts: list[Account]
) -> Iterator[Finding]:
    """The model and the index, unless a run is using them."""
    try:
        with FileLock(settings.folder / "lock").acquire(blocking=False):
            for account in accounts:
                with Remembering.open(workplace, account.name) as remembering:
                    added, removed = remembering.healed
                    rememberer = remembering.rememberer
                    spoken = _languages(remembering.record, account, rememberer.head)
                yield Finding(
                    f"index of {account.name}",
                    ok=not (added or removed),
                    detail=f"{added} issues were missing, {removed} too many; mended now"
                    if added or removed
                    else "whole",
                )
                yield Finding("model", ok=True, detail=f"{rememberer.encoder.name} loads")
                yield from spoken
    except Timeout:
        yield Finding(
            "index", ok=True, detail=f"not looked at: in use by {holder(settings.folder)}"
        )
    except RememberError as error:
        yield _failed("remembering", error)


def _languages(record: Record, account: Account, head: Head) -> list[Finding]:
    """What customers get in the languages that most of them speak."""
    spoken: Counter[str] = Counter()
    with record.reading() as connection:
        for row in queries.languages(connection, account.number):
            spoken[code_of(row.language)] += row.customers
    return [
        Finding(
            f"language {code}" if code else "language not known",
            ok=True,
            detail=f"{count:,} {'customer' if count == 1 else 'customers'}: "
            + what_it_gets(code, head),
        )
        for code, count in spoken.most_common(MOST_LANGUAGES)
    ]


def _failed(check: str, error: RememberError) -> Finding:
    return Finding(check, ok=False, detail=error.detail, hint=error.hint)
