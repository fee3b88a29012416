"""The status of every account, for people: a few lines each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from connector.cli.printing import console
from memory.asking.status import detail_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.asking.status import AccountStatus, Detail, Status
    from memory.record import Record

_STORED = ("customers", "tickets", "messages", "memories")
_FEW, _MOST = 3, 8
"""Rows that are named of a reason for quarantine, and reasons; the JSON document has them all."""


def print_status(record: Record, status: Status) -> None:
    """Print how fresh and complete each account is, what was set aside, and what reading cost."""
    out = console()
    if not status["accounts"]:
        out.print("Nothing is stored yet. Run `remember backfill`, or `remember demo`.")
    with record.reading() as connection:
        for one in status["accounts"]:
            detail = detail_of(connection, record.account(one["account"], connection))
            out.print(Text(one["account"], style="bold"))
            for label, words in _lines(one, detail):
                out.print(Text.assemble((f"  {label:<12}", "dim"), words))


def _lines(one: AccountStatus, detail: Detail) -> Iterator[tuple[str, str]]:
    yield "synced", one["synced_at"] or "never"
    if one["oldest_unchecked"]:
        yield "checked", f"everything since {one['oldest_unchecked']}"
    yield "stored", ", ".join(f"{one[key]:,} {key}" for key in _STORED)  # type: ignore[literal-required]
    waiting = [f"{count:,} {words}" for words, count in detail.waiting.items()]
    halfway = [name for name, (_, done) in detail.streams.items() if not done]
    waiting += [f"{name} not at its end" for name in halfway]
    yield "complete", "yes" if one["complete"] else f"no: {', '.join(waiting) or 'never synced'}"
    read = [f"{name} {rows:,}" for name, (rows, _) in sorted(detail.streams.items()) if rows]
    if read:
        yield "rows read", ", ".join(read)
    if detail.usage:
        yield "last run", _spent(detail)
    yield from _quarantined(one, detail)


def _spent(detail: Detail) -> str:
    usage = detail.usage
    return (
        f"{usage['requests']:,} requests, {usage['refused']:,} refused; "
        f"the rate limit cost {usage['waited']:,.0f} s"
    )


def _quarantined(one: AccountStatus, detail: Detail) -> Iterator[tuple[str, str]]:
    """Rows set aside, by what was wrong with them, with the ids of the first few."""
    yield "quarantined", f"{len(one['quarantined']):,}"
    reasons = sorted(detail.quarantined.items(), key=lambda each: (-each[1], each[0]))
    for (stream, field, reason), count in reasons[:_MOST]:
        ids = [
            row["id"]
            for row in one["quarantined"]
            if (row["stream"], row["field"], row["reason"]) == (stream, field, reason)
        ]
        more = ", …" if len(ids) > _FEW else ""
        yield "", f"{count:,} times {stream} {field}: {reason} ({', '.join(ids[:_FEW])}{more})"
    if len(reasons) > _MOST:
        yield "", f"and {len(reasons) - _MOST} more reasons"
