"""The brief as a document: the keys and values of version 1, which other programs read.

Dates are ISO 8601 texts in the account's time zone (`*_on`), times RFC 3339 in UTC (`*_at`,
`as_of`). Nothing here is prose: words are the interface's.
"""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

VERSION = 1


class Author(TypedDict):
    """Who said something; `role` is customer, agent or other."""

    name: str | None
    role: str


class Evidence(TypedDict):
    """Words that stand in a message, and where."""

    ticket: str
    message: str
    url: str
    said_on: str
    channel: str
    author: Author
    quote: str


class Candidate(TypedDict):
    """One of several people a phone may belong to."""

    ref: str
    name: str | None
    organization: str | None
    last_contact_on: str | None


class Match(TypedDict):
    """How the customer was looked up; `outcome` is one, several, none or hidden.

    `candidates` are those among whom to pick; where it is one, those who are said to be that one
    person, if they are several in the helpdesk.
    """

    by: str
    value: str
    outcome: str
    candidates: list[Candidate]


class Rhythm(TypedDict):
    """How regularly someone gets in touch; `weekday` is ISO's, Monday 1, where there is one."""

    every_days: int
    weekday: int | None


class Customer(TypedDict):
    """Who it is; `contacts` counts tickets."""

    ref: str
    name: str | None
    pronunciation: str | None
    phone: str | None
    email: str | None
    organization: str | None
    language: str | None
    time_zone: str | None
    since: str
    contacts: int
    rhythm: Rhythm | None
    url: str


class Item(TypedDict):
    """One remembered thing. While `hidden`, `quote` is null and `evidence` empty."""

    memory: str
    kind: str
    relation: str | None
    said_on: str
    said_days_ago: int
    about_on: str | None
    hidden: bool
    quote: str | None
    evidence: list[Evidence]
    confidence: float
    consent: str
    first_view: bool


class Last(TypedDict):
    """The last contact; `outcome` is solved or open, `tone` good or bad where they rated it."""

    on: str
    channel: str
    minutes: float | None
    agent: str | None
    outcome: str
    tone: str | None
    restatement: str | None
    evidence: list[Evidence]


class You(TypedDict):
    """What the asking agent and this customer share; `minutes` of the last talk."""

    agent: str
    times: int
    last_on: str
    minutes: float | None
    last_about: str | None
    evidence: list[Evidence]


class OpenTicket(TypedDict):
    """A ticket that is not solved; `hidden` when `title` is a neutral one."""

    ticket: str
    title: str
    status: str
    opened_on: str
    url: str
    hidden: bool
    first_view: bool


class Missed(TypedDict):
    """A contact nobody answered."""

    on: str
    channel: str
    evidence: list[Evidence]
    first_view: bool


class Before(TypedDict):
    """A problem that was solved, once or again and again.

    Attributes:
        times: How often it was solved.
        outcome: `open` while a ticket about it is open, else `solved`.
        tickets: Those that were solved, then open ones that came though it had been solved.
    """

    title: str
    times: int
    first_on: str
    last_on: str
    outcome: str
    resolution: str | None
    tickets: list[str]
    evidence: list[Evidence]
    hidden: bool
    first_view: bool


class Agent(TypedDict):
    """An agent as others see them."""

    ref: str
    name: str | None


class Reason(TypedDict):
    """Why an agent is preferred: `times` of `of` requests, or talks."""

    code: str
    times: int
    of: int


class PreferredAgent(TypedDict):
    """Whom the customer would rather speak to."""

    agent: Agent
    reason: Reason
    confidence: float
    is_you: bool


class Promise(TypedDict):
    """What an agent promised."""

    memory: str
    title: str
    promised_by: str | None
    due_on: str | None
    state: str
    overdue_days: int
    evidence: list[Evidence]
    hidden: bool
    first_view: bool


class Check(TypedDict):
    """A detail to double-check."""

    memory: str
    what: str
    noted_on: str
    evidence: list[Evidence]
    first_view: bool


class Suggestion(TypedDict):
    """Words an agent may say."""

    situation: str
    text: str


class Hit(TypedDict):
    """A sentence that recall found.

    `score`, from 0 to 1, orders the hits of one query and cannot be compared with another's;
    `words` are those of the quote that are a form of a word of the query.
    """

    score: float
    words: list[str]
    hidden: bool
    quote: str | None
    evidence: list[Evidence]


class LikeIssue(TypedDict):
    """An issue of another customer that is like the one asked for."""

    score: float
    title: str
    outcome: str
    ticket: str
    url: str
    resolution: str | None
    hidden: bool


class About(TypedDict):
    """What was found for the words of `--about`."""

    query: str
    hits: list[Hit]
    like_issues: list[LikeIssue]


class Withheld(TypedDict):
    """What is there and not shown; `why` is hidden, unverified, policy or never_kept."""

    kind: str
    count: int
    why: str


class Brief(TypedDict):
    """The "remember them" brief."""

    version: int
    account: str
    as_of: str
    synced_at: str | None
    match: Match
    verified: bool
    customer: Customer | None
    adjustments: list[Item]
    care: list[Item]
    context: list[Item]
    last: Last | None
    you: You | None
    open: list[OpenTicket]
    missed: list[Missed]
    before: list[Before]
    preferred_agent: PreferredAgent | None
    promises: list[Promise]
    check: list[Check]
    suggestions: list[Suggestion]
    about: About | None
    withheld: list[Withheld]
