"""Writes notes that were taken here to the helpdesk as well, each once, whatever happens between.

Before a note is sent the record says to which ticket, and the note's last line says which note it
is (`memory.record.notes.MARKER`). A note of which it is not known whether it arrived is looked for
in that ticket before it is sent again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from connector.errors import (
    ConfigurationError,
    CredentialsError,
    HelpdeskError,
    MalformedError,
    RetryableError,
)
from memory.record import notes

if TYPE_CHECKING:
    from connector.sync.helpdesk import Helpdesk
    from connector.sync.intake import Intake
    from memory.record import Writer
    from memory.record.stored import Stored

STREAM = "notes"
MOST_TICKETS = 5
"""Tickets a note is offered to; a customer whose last five are closed has no place for it."""


async def write_notes(intake: Intake, helpdesk: Helpdesk) -> None:
    """Write the notes that are due to their customers' tickets.

    What goes wrong is told to the listener, and ends nothing but this: a note that the helpdesk
    cannot take now stays due, one that no ticket takes stays here alone.

    Args:
        intake: Where it is written down.
        helpdesk: Where the notes go.
    """
    with intake.record.reading() as connection:
        due = notes.due_notes(connection, intake.account.number)
    if not due:
        return
    state = intake.tally.state(STREAM)
    try:
        for note in due:
            state.rows += await _Note(intake, helpdesk, note).write()
    except (CredentialsError, ConfigurationError, HelpdeskError) as error:
        intake.listener.warn(
            f"Notes wait to be written to the helpdesk; they are safe here. {error.detail}"
        )
        return
    state.done = True
    intake.listener.stream(state)


class _Note:
    """One note on its way to the helpdesk."""

    def __init__(self, intake: Intake, helpdesk: Helpdesk, row: Stored) -> None:
        self._intake = intake
        self._helpdesk = helpdesk
        self._row = row

    async def write(self) -> bool:
        """Write it to the first ticket that takes it; whether it stands there now."""
        if self._row.ticket_id is not None and await self._stands_in(self._row.ticket_id):
            return True
        with self._intake.record.reading() as connection:
            tickets = notes.tickets_for_note(
                connection, self._intake.account.number, self._row.customer_id
            )
        for ticket_id in tickets[:MOST_TICKETS]:
            if not await self._place(due=True, ticket_id=ticket_id):
                return False
            message_id = await self._send(ticket_id)
            if message_id is not None:
                await self._place(due=False, ticket_id=ticket_id, message_id=message_id)
                return True
        await self._place(due=False)
        self._intake.listener.warn(
            f"No ticket of its customer takes the note {self._row.id}; it stays here alone."
        )
        return False

    async def _stands_in(self, ticket_id: str) -> bool:
        """Whether the ticket has it already; then that is written down."""
        async for page in self._helpdesk.messages(ticket_id):
            for message in page.messages:
                if any(x["note"] == self._row.id for x in notes.MARKER.finditer(message.text)):
                    await self._place(due=False, ticket_id=ticket_id, message_id=message.id)
                    return True
        return False

    async def _send(self, ticket_id: str) -> str | None:
        """Send it to a ticket; the message it has become, or None where the ticket refuses it."""
        author = self._row.author_name
        words = f"{self._row.text}\n\n{author}" if author else self._row.text
        try:
            return await self._helpdesk.add_note(ticket_id, notes.marked(words, self._row.id))
        except (RetryableError, MalformedError):
            raise
        except CredentialsError:
            await self._place(due=True)
            raise
        except HelpdeskError:
            return None

    async def _place(
        self, *, due: bool, ticket_id: str | None = None, message_id: str | None = None
    ) -> bool:
        found: list[bool] = []

        def write(writer: Writer) -> None:
            place = partial(notes.place_note, writer.connection, self._intake.account.number)
            found.append(place(self._row.id, due=due, ticket_id=ticket_id, message_id=message_id))

        await self._intake.write(write)
        return found[0]
