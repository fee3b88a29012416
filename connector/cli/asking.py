"""Commands that ask the memory: brief, recall, note, status, export."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.cli.failing import NOTHING_FOUND
from connector.cli.options import Account, Agent, AsJson, Customer, Email, Phone, Ticket

if TYPE_CHECKING:
    from connector.settings import Settings
    from memory.face import Memory


def brief(
    phone: Phone = None,
    email: Email = None,
    customer: Customer = None,
    ticket: Ticket = None,
    agent: Agent = None,
    about: Annotated[
        str | None, typer.Option(help="Search their history for these words, too.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="WHEN", help="The present: a date or RFC 3339 time.")
    ] = None,
    verified: Annotated[
        bool, typer.Option("--verified", help="The caller is who they say, for this call.")
    ] = False,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show hidden words; who asked is written down.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Print all, not the first view.")] = False,
    account: Account = None,
    as_json: AsJson = False,
) -> int:
    """Who is this, and what is there to remember?

    Until --verified a brief shows the name, what they need of us, open tickets by neutral titles
    and whom they would rather speak to.

    Example: remember brief --phone +12125550101 --agent daniel@example.com --verified
    """
    from connector.cli.looking import os_user, write_down
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import print_brief, print_json
    from memory.asking.looked import looks_of, people_of
    from memory.errors import UsageError
    from memory.face import zone

    if reveal and not verified:
        raise UsageError("Hidden words are for verified callers.", "Add --verified.")
    settings = open_settings()
    with open_memory(settings, account) as memory:
        document = memory.brief(
            phone=phone,
            email=email,
            customer=customer,
            ticket=ticket,
            agent=agent,
            about=about,
            as_of=_moment(as_of, zone(settings.time_zone)) if as_of else None,
            verified=verified,
            reveal_to=os_user() if reveal else None,
        )
        for what in looks_of(document):
            write_down(memory, what, people_of(document))
    if as_json:
        print_json(document)
    else:
        print_brief(document, zone(settings.time_zone), full=full)
    found = document["match"]["outcome"] in {"one", "several"}
    return 0 if found else NOTHING_FOUND


def _moment(text: str, zone: tzinfo) -> datetime:
    """A date (its noon in the account's time zone) or a time, of this century."""
    from memory.errors import UsageError

    try:
        moment = datetime.fromisoformat(text)
        if len(text) <= len("2026-07-07"):
            moment = moment.replace(hour=12)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = datetime.min.replace(tzinfo=UTC)
    if not 2000 <= moment.year < 2100:
        raise UsageError(
            "--as-of is not a date or time of this century.",
            "Write 2026-07-07 or 2026-07-07T09:00:00Z.",
        )
    return moment


def recall(
    words: Annotated[str, typer.Argument(help="What to look for.")],
    customer: Customer = None,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Like issues, across all customers.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 10,
    account: Account = None,
    as_json: AsJson = False,
) -> int:
    """Search one customer's history, or everyone's issues.

    Example: remember recall "router keeps dropping" --customer zendesk:123
    """
    from connector.cli.looking import write_down
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import print_hits, print_json, print_like
    from memory.errors import UsageError

    if everyone == (customer is not None):
        raise UsageError("Say whose history to search.", "Give --customer REF or --everyone.")
    with open_memory(open_settings(), account) as memory:
        found = memory.recall(words, customer=customer, limit=limit)
        if customer is not None:
            write_down(memory, "recall", [customer])
    if as_json:
        print_json(found)
    else:
        print_hits(found["hits"])
        print_like(found["like_issues"])
    return 0 if found["hits"] or found["like_issues"] else NOTHING_FOUND


def note(
    words: Annotated[str, typer.Argument(help="The note; ?word marks a thing to check.")],
    customer: Annotated[str, typer.Option(help="A customer ref, such as zendesk:123.")],
    agent: Agent = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Write down what the next agent should know.

    Example: remember note "prefers mornings; street is ?Ashgrove" --customer zendesk:123
    """
    from connector.cli.looking import write_down
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json

    settings = open_settings()
    shared = settings.notes_to_helpdesk == "internal_note"
    with open_memory(settings, account) as memory:
        note_id = memory.note(words, customer=customer, agent=agent, to_helpdesk=shared)
        write_down(memory, "note", [customer], subject=note_id)
        told = _write_to_helpdesk(settings, memory, note_id) if shared else ""
    if as_json:
        print_json({"version": 1, "memory": note_id, "customer": customer})
    else:
        console().print(f"Noted, as {note_id}.{told}")


def _write_to_helpdesk(settings: Settings, memory: Memory, note_id: str) -> str:
    """Write a note to the helpdesk now, where that can be; what has become of it."""
    import logging

    from connector.cli.running import write_notes
    from memory.errors import BusyError, RememberError

    try:
        write_notes(settings, account=memory.account.name)
    except BusyError:
        return " The sync that is running, or the next one, writes it to the helpdesk."
    except RememberError as error:
        logging.getLogger(__name__).warning("Not written to the helpdesk. %s", error.detail)
    place = memory.note_place(note_id)
    if place is None:
        return " The next sync tries to write it to the helpdesk."
    return f" It stands in {place}, too." if place else " No ticket of the customer takes it."


def status(account: Account = None, as_json: AsJson = False) -> None:
    """What is stored, how fresh and how complete."""
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import print_json
    from connector.cli.status import print_status

    with open_memory(open_settings(), account) as memory:
        document = memory.status()
        if account is not None:
            document["accounts"] = [x for x in document["accounts"] if x["account"] == account]
        if as_json:
            print_json(document)
        else:
            print_status(memory.record, document)


def export(
    phone: Phone = None,
    email: Email = None,
    customer: Customer = None,
    ticket: Ticket = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there, readable only by you.")
    ] = None,
    account: Account = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="As without it: an export is always JSON.")
    ] = False,
) -> None:
    """Everything held about a person, as one JSON document.

    Example: remember export --customer zendesk:123 --output mara.json
    """
    from connector.cli.exporting import write_export
    from connector.cli.looking import write_down
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import print_json
    from connector.clock import SystemClock

    del as_json
    with open_memory(open_settings(), account) as memory:
        document: Any = memory.export(phone=phone, email=email, customer=customer, ticket=ticket)
        write_down(memory, "export", [document["customer"]["ref"]])
        if output is None:
            print_json(document)
        else:
            write_export(memory, document, output, SystemClock().now())
