"""A process that writes a record: one page after the other, or a page that it never finishes.

writer.py DATABASE_URL pages      writes until it is killed, and says when it begins
writer.py DATABASE_URL half       writes half a page, says so, and waits
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from memory.entities import Page
from memory.record import Record
from memory.record import tables as t
from tests.support.book import ago, message, ticket

if TYPE_CHECKING:
    from memory.record import Writer

_MORE_THAN_A_CACHE = 20
"""Megabytes, so that SQLite has written some of it to its files before the end."""


def write_page(writer: Writer, number: int) -> None:
    """A ticket with its message and a note about customer 100, as one page."""
    at = ago(400 - number / 1000)
    writer.store(
        Page(
            tickets=(ticket(f"{number}", at=at),),
            messages=(message(f"m{number}", f"Words {number}", ticket_id=f"{number}", at=at),),
            whole_tickets=(f"{number}",),
        ),
        at=at,
    )
    writer.add_note(
        note_id=f"n{number}",
        customer_id="100",
        agent_id="11",
        at=at,
        text=f"Note {number}",
        sensitive=False,
    )


def _pages(record: Record) -> None:
    account, number = record.account(), 0
    while True:
        number += 1
        with record.writing(account) as writer:
            write_page(writer, number)
        if number == 3:
            _say("begun")


def _half(record: Record) -> None:
    account = record.account()
    with record.writing(account) as writer:
        write_page(writer, 2)
        row = {"account": account.number, "ticket_id": "2", "at": ago(1), "channel": "voice"}
        row |= {"public": True, "origin": "ticket", "text": "long " * 200_000}
        for number in range(_MORE_THAN_A_CACHE):
            writer.connection.execute(t.message.insert(), [{**row, "id": f"long{number}"}])
        _say("half")
        sys.stdin.read()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    opened = Record.open(sys.argv[1])
    {"pages": _pages, "half": _half}[sys.argv[2]](opened)
