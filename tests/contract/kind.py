"""What the contract suite must know of a helpdesk to hold its connector to the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.demo import faults

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from connector.demo.faults import Fault
    from connector.demo.server import DemoHelpdesk
    from connector.sync.helpdesk import Helpdesk
    from tests.contract.held import Held

Rows = list[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows of one sort stand in the helpdesk's answers.

    Attributes:
        path: A regular expression found in the paths of those answers and no others.
        key: Under which key of the document they stand; "" where the document is their list.
    """

    path: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be read, and what is said of it.

    Attributes:
        what: Where the row stands, a key of `Kind.places`.
        field: Which field of the row is made unreadable.
        value: What it is set to.
        stream: Under which stream it is quarantined.
    """

    what: str
    field: str
    value: Any
    stream: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One helpdesk and its connector.

    Attributes:
        provider: `zendesk`, `freshdesk`.
        client: The connector's class: names its streams.
        connect: Makes a client of the simulated helpdesk at a URL; takes a clock and the client's
            options.
        unlimited: Options with which a simulated helpdesk of this provider limits nobody.
        limits: Options with which it allows so many requests per minute.
        settings: The settings with which `remember` reads a helpdesk at a URL, without prefix.
        truth: What a record must hold once everything has been read.
        refused: Options for `connect` whose credentials are refused, by a name for them; each
            secret in them is the word `wrong`.
        unprivileged: Options for `connect` whose credentials may not read what is needed, by a name
            for them.
        lesser: Options for `connect` whose credentials may read what is needed but not who the
            agents are: a run goes on without.
        nobody: Answers to "who are we" that name nobody, by a name for them.
        places: Where rows stand: `tickets`, `people`, `messages`, `ratings` and `organizations`
            at least; paths of `tickets` and `people` are those of the history's streams.
        me: The path of the very first request for data.
        limited: The helpdesk's own 429; takes the seconds of its `Retry-After` or None.
        edge: The other 429, of what stands before the helpdesk.
        broken: Rows that cannot be read.
        unknown: Edits of rows after which they hold a status, channel or event that nobody knows
            yet, with where those rows stand.
        final: What passes with other helpdesks and is meant for good here, by its name in
            `troubles.PASSING`.
        silent: The changes of the suite's story of which no list tells: a recheck finds them.
        described: Whether a ticket's first text comes with the ticket, and not with its messages.
        others: Further options like `unlimited`, with which it behaves as other accounts do.
        repeating: Streams that go on with the second they stopped in, whose rows come once more.
    """

    provider: str
    client: type[Helpdesk]
    connect: Callable[..., Helpdesk]
    unlimited: Mapping[str, Any]
    limits: Callable[[int], Mapping[str, Any]]
    settings: Callable[[str], dict[str, str]]
    truth: Callable[[DemoHelpdesk], Held]
    refused: Mapping[str, Mapping[str, Any]]
    unprivileged: Mapping[str, Mapping[str, Any]]
    nobody: Mapping[str, Callable[[], Fault]]
    places: Mapping[str, Place]
    me: str
    limited: Callable[[float | None], Fault]
    edge: Callable[[], Fault]
    broken: Sequence[Broken]
    unknown: Sequence[tuple[str, Callable[[Any], Any]]]
    lesser: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    final: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    described: bool = False
    others: Sequence[Mapping[str, Any]] = ()
    repeating: frozenset[str] = frozenset()

    @property
    def account(self) -> str:
        """The account that every story of the suite tells of."""
        return f"{self.provider}:acme"

    @property
    def streams(self) -> list[str]:
        """Every stream there is, each once."""
        one: Any = self.client
        told = [one.recent, one.history, one.changes, one.rechecks, [one.replay or ""]]
        return list(dict.fromkeys(name for names in told for name in names if name))

    def rows(self, what: str, edit: Callable[[Rows], Rows], *, times: int = faults.ALWAYS) -> Fault:
        """Answers with rows of one sort as they are after `edit`."""
        place = self.places[what]

        def change(document: Any) -> Any:
            if not place.key:
                return edit(document) if isinstance(document, list) else document
            if place.key in document:
                document[place.key] = edit(document[place.key])
            return document

        return faults.edited(change, times=times, path=place.path)
