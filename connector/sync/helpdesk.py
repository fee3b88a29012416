"""What a helpdesk connector must offer, so that backfill and sync need not know which it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Protocol

from connector.fields import FieldError, Row
from memory.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from memory.entities import Page


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a stream goes on.

    Attributes:
        start: The second to start from (Unix), before the helpdesk has handed out a cursor.
        cursor: The helpdesk's own mark of the place, opaque to us.
        done: Whether the stream has reached its end at least once.
        began: The second (Unix) at which this reading of a recheck began, or from which a replay
            has told everything; 0 for other streams.
    """

    start: int = 0
    cursor: str | None = None
    done: bool = False
    began: int = 0

    def to_text(self) -> str:
        """The checkpoint as the record stores it."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Checkpoint:
        """Read a stored checkpoint; keys of a newer version are ignored.

        Raises:
            RecordError: It is none.
        """
        try:
            row = Row(json.loads(text))
            return cls(
                start=int(row.number("start") or 0),
                cursor=row.text("cursor"),
                done=row.flag("done", default=False),
                began=int(row.number("began") or 0),
            )
        except (ValueError, RecursionError, FieldError):
            raise unusable() from None


def unusable() -> RecordError:
    """A checkpoint in the record is none."""
    return RecordError(
        "The record does not say where a stream goes on.",
        "Restore it from a backup, or move it away and run `remember backfill` again.",
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """One page of a stream with the checkpoint that is true once the page is stored.

    Attributes:
        told_until: For a replay: of tickets with a lower version it has told every message.
        untold_second: A second (Unix) of which the helpdesk has more to tell than it can; the
            tickets of that time are to be read.
        warning: A sentence the user should read, such as what this account may not be asked.
    """

    page: Page
    checkpoint: Checkpoint
    told_until: int | None = None
    untold_second: int | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What the helpdesk told us of itself and of us when first asked.

    Attributes:
        user_id: The agent our credentials act for.
        server_time: The helpdesk's clock, from its answer.
        warnings: Sentences the user should read.
    """

    user_id: str
    server_time: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """What a backfill will ask of one stream.

    Attributes:
        stream: Its name.
        rows: How many there are; for `comments` the tickets whose messages are read one by one.
        per_request: How many rows an answer brings at most.
        limit: The limit it uses up besides the account's; `account` where it has none of its own.
        per_minute: What that limit grants a minute to all who use the account.
        credits: What one request costs.
        is_bound: Whether `rows` is only known to be no more than this.
    """

    stream: str
    rows: int
    per_request: int
    limit: str
    per_minute: int
    credits: int = 1
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large an account is and what it may be asked, so that a backfill can be planned.

    Attributes:
        tickets: How many there are; no more than these where they cannot be counted.
        needs: Of every stream of the history, and of `comments`: a row for each ticket.
        replay: Of the replay, where there is one: a row for each event of any ticket.
        per_minute: What the account's limit grants a minute to all who use it.
        is_bound: Whether `tickets` is only known to be no more than this.
    """

    tickets: int
    needs: tuple[Need, ...]
    per_minute: int
    replay: Need | None = None
    is_bound: bool = False


@dataclass(slots=True)
class Usage:
    """Requests made and refused (429), and seconds spent waiting for a rate limit, per stream."""

    requests: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)


class Helpdesk(Protocol):
    """A helpdesk account, read through its API.

    Every method raises `connector.errors.CredentialsError`, or `HelpdeskError` when trying
    again did not help.
    """

    @property
    def account(self) -> str:
        """Provider and subdomain, `zendesk:acme`."""

    @property
    def url(self) -> str:
        """The base of the agent's pages."""

    @property
    def usage(self) -> Usage:
        """What was spent so far."""

    @property
    def recent(self) -> Sequence[str]:
        """Streams to read from a recent day on, before all others."""

    @property
    def history(self) -> Sequence[str]:
        """Streams to read from the beginning, in this order."""

    @property
    def undated(self) -> Sequence[str]:
        """Streams of the history that are read whole even when only late tickets are wanted."""

    @property
    def changes(self) -> Sequence[str]:
        """Streams that bring what changed since a checkpoint, in this order."""

    @property
    def replay(self) -> str | None:
        """The stream that tells all tickets' messages from the oldest on, many to an answer.

        A helpdesk that has one also brings new messages among its `changes`; of one that has
        none (None), every ticket that changed is read again.
        """

    @property
    def rechecks(self) -> Sequence[str]:
        """Streams that list every ticket and person there is, as they are now.

        What the record holds and none of them lists is no longer there, or no longer listed.
        """

    @property
    def lists_the_gone(self) -> bool:
        """Whether its lists show also those who are gone for good.

        Of a helpdesk whose lists do not, authors whom no list ever showed are asked for.
        """

    async def check(self) -> Access:
        """Ask who we are; refuse an anonymous or unprivileged answer."""

    @property
    def share(self) -> float:
        """How much of the account's limits we may use, between 0 and 1."""

    async def sizes(self) -> Sizes:
        """Count what a backfill would read, in as few requests as that takes."""

    def stream(self, name: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """The pages of a stream from the checkpoint to its present end.

        The last batch's checkpoint has `done` set and is where the next run goes on.
        """

    def messages(self, ticket_id: str) -> AsyncIterator[Page]:
        """All messages of a ticket; the last page names it in `whole_tickets`.

        A ticket the helpdesk no longer has yields one page naming it in `gone_tickets`.
        """

    def identities(self, person_id: str) -> AsyncIterator[Page]:
        """All identities of a person; the last page names them in `identified`."""

    async def ticket(self, ticket_id: str) -> Page:
        """One ticket as it is now, without its messages; in `gone_tickets` when there is none."""

    async def person(self, person_id: str) -> Page:
        """One person as they are now; in `gone_people` when there is nobody of this id."""

    async def organization(self, organization_id: str) -> Page:
        """One organization as it is now; an empty page when there is none."""

    async def add_note(self, ticket_id: str, text: str) -> str:
        """Write a private note to a ticket; the id of the message it has become.

        Nothing is sent twice: where the request may have arrived, what went wrong is raised, and
        the ticket's messages tell whether the note stands there.

        Raises:
            CredentialsError: We may not write.
            RetryableError: It may have been written, or not.
            MalformedError: It was written, but as what the answer does not tell.
            MissingError: There is no such ticket.
            HelpdeskError: The ticket does not take it, such as a closed one.
        """

    def share_a_limit(self, stream: str, other: str) -> bool:
        """Whether the answers so far show that two streams use up one limit of their own."""
