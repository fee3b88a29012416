"""What is certified of a forgetting: when, how much, and what is outside; never whose or what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypedDict

from memory.record.forgotten import OUTSIDE, OUTSIDE_NOTES

if TYPE_CHECKING:
    from memory.record.forgotten import Forgotten
    from memory.record.record import Account

BACKUPS: Final = "backups"
HELPDESK: Final = "helpdesk"
OLD_ROWS: Final = "postgresql_old_rows"
OTHERS_TICKETS: Final = "tickets_of_others"
OTHERS_NOTES: Final = "notes_of_others"


class Certificate(TypedDict):
    """What is certified of a forgetting: when and how much, never whose or what."""

    version: Literal[1]
    account: str
    certificate: str
    reason: str
    accepted_at: str
    complete_at: str | None
    counts: dict[str, int]
    outside: list[str]


def certificate_of(account: Account, one: Forgotten, *, dialect: str) -> Certificate:
    """The certificate of a forgetting: times and counts, no content and no id.

    Args:
        account: Where they were known.
        one: As `pending` or `forgotten` tell of it.
        dialect: The record's database, `sqlite` or `postgresql`.
    """
    done = one.complete_at
    return {
        "version": 1,
        "account": account.name,
        "certificate": one.certificate,
        "reason": one.reason,
        "accepted_at": f"{one.accepted_at:%Y-%m-%dT%H:%M:%SZ}",
        "complete_at": f"{done:%Y-%m-%dT%H:%M:%SZ}" if done is not None else None,
        "counts": dict(sorted(one.counts.items())),
        "outside": outside_of(one, dialect=dialect),
    }


def outside_of(one: Forgotten, *, dialect: str) -> list[str]:
    """What may still hold something of a forgotten person, and is not ours to remove.

    Codes: `backups`, `helpdesk` (unless the helpdesk itself erased them), `postgresql_old_rows`
    (until PostgreSQL has vacuumed, and its own backups), `tickets_of_others`, `notes_of_others`.
    """
    looked = one.reason == "asked"  # for who names them; of whom the helpdesk deletes nobody looks
    codes = {
        BACKUPS: True,
        HELPDESK: looked,
        OLD_ROWS: dialect != "sqlite",
        OTHERS_TICKETS: one.counts.get(OUTSIDE, 0) > 0 or not looked,
        OTHERS_NOTES: one.counts.get(OUTSIDE_NOTES, 0) > 0 or not looked,
    }
    return [code for code, holds in codes.items() if holds]
