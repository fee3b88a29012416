"""What a message of the story becomes in Freshdesk: a description, conversations, a call's note.

A call is a ticket of source 3 and a private note of the agent (source 9, category 2) with what was
said; Freshdesk's API knows nothing else of it. Who answered is whoever wrote the note. A call that
nobody answered names itself in the subject, as the phone system makes the ticket. Codes:
https://developers.freshdesk.com/api/#conversations, and the fixtures of
https://github.com/chatwoot/chatwoot/pull/15261 for categories and web chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.demo.story_parts import SYSTEM, AddTicket, ByCustomer, Message, Ticket
from connector.demo.times import seconds

if TYPE_CHECKING:
    from connector.demo.story_parts import Call, Story

EMAIL, PORTAL, PHONE, OUTBOUND_EMAIL, WEB_CHAT = 1, 2, 3, 10, 15
_SOURCES = {
    "email": EMAIL,
    "web": PORTAL,
    "voice": PHONE,
    "chat": WEB_CHAT,
    "twitter": 5,
    "facebook": 6,
    "feedback": 9,
    "bot": 12,
    "whatsapp": 13,
    "form": 16,
    "instagram": 17,
    "sms": 22,
}

REPLY, NOTE, CALL = 0, 2, 9
"""Sources of a conversation."""

_BY_CUSTOMER, _AMONG_AGENTS, _BY_AGENT, _AUTOMATIC = 1, 2, 3, 5
_UNANSWERED = {"missed": "Missed call", "abandoned": "Abandoned call", "voicemail": "Voicemail"}


@dataclass(slots=True)
class LiveText:
    """What somebody wrote, as it is now."""

    text: str
    html: str | None


@dataclass(slots=True)
class LiveConversation(LiveText):
    """One conversation of a ticket; `user` is None where a bot or the system wrote it."""

    id: int
    user: int | None
    at: int
    updated: int
    incoming: bool
    private: bool
    source: int
    category: int
    edited: int | None = None
    editor: int | None = None

    def edit(self, second: int, editor: int | None) -> None:
        """Notes that it was edited; that moves no ``updated_at`` but its own."""
        self.updated = self.edited = second
        self.editor = editor

    def hide(self) -> None:
        """Makes it a note that only agents see."""
        self.private, self.category = True, _AMONG_AGENTS


def source(ticket: Ticket) -> int:
    """The code of how `ticket` began; an e-mail that an agent began is an outbound one."""
    first = ticket.messages[0]
    if first.call:
        return PHONE
    code = _SOURCES.get(ticket.channel or "web", PORTAL)
    own = ticket.author_of(first) not in {ticket.customer, SYSTEM} and first.by != "customer"
    return OUTBOUND_EMAIL if own and code == EMAIL else code


def subject(ticket: Ticket, phone: str | None) -> str:
    """The subject of `ticket`; of a call that nobody answered it is the phone system's own."""
    call = ticket.messages[0].call
    if call is None or call.outcome == "answered" or call.direction == "outbound":
        return ticket.title
    if ticket.title.startswith(_UNANSWERED[call.outcome]):
        return ticket.title
    return f"{_UNANSWERED[call.outcome]} from {call.from_ or phone or 'an unknown number'}"


def missed(story: Story) -> list[Ticket]:
    """The tickets a phone system makes of calls that left none, in the order of their times.

    Those are inbound calls of known customers that nobody answered. Their numbers go on from the
    highest of the story.
    """
    added = [change.ticket for change in story.changes if isinstance(change, AddTicket)]
    highest = max((ticket.id for ticket in (*story.tickets, *added)), default=0)
    made = []
    for number, lone in enumerate(sorted(story.calls, key=lambda one: one.at), highest + 1):
        call = lone.call
        if lone.customer and call.outcome != "answered" and call.direction == "inbound":
            text = _UNANSWERED[call.outcome]
            words = Message(by="system", at=lone.at, text=text, call=call)
            made.append(Ticket(number, lone.customer, lone.at, (words,)))
    return made


def note(
    text: str, at: int, user: int | None, *, private: bool = True, html: str | None = None
) -> LiveConversation:
    """What an agent noted in a ticket; its id comes when it is put there."""
    return LiveConversation(
        text=text,
        html=html,
        id=0,
        user=user,
        at=at,
        updated=at,
        incoming=False,
        private=private,
        source=NOTE,
        category=_AMONG_AGENTS if private else _BY_AGENT,
    )


def conversations(
    ticket: Ticket, message: Message, author: int, *, is_first: bool
) -> list[LiveConversation]:
    """What `message` adds to the conversations of `ticket`; ids come when they are put there."""
    if message.call:
        return _call_note(ticket, message, message.call, is_first=is_first)
    if is_first and source(ticket) != WEB_CHAT:
        return []
    at = seconds(message.at)
    spoken = LiveConversation(
        text=message.text,
        html=message.html,
        id=0,
        user=author,
        at=at,
        updated=at,
        incoming=_is_incoming(message),
        private=not message.public,
        source=_conversation_source(ticket, message),
        category=_category(message),
    )
    if author == SYSTEM or (ticket.ai and message.by == "agent"):
        spoken.user = None
    return [spoken]


def _call_note(
    ticket: Ticket, message: Message, call: Call, *, is_first: bool
) -> list[LiveConversation]:
    """What the agent noted of a call: what was said, behind the description of a first one."""
    told = [] if is_first else [message.text]
    said = "\n\n".join([*told, *([call.transcript] if call.transcript else [])])
    if not said:
        return []
    answered = call.answered_by or ticket.agent if call.outcome == "answered" else None
    made = note(said, seconds(message.at), answered)
    made.source = CALL
    return [made]


def _is_incoming(message: Message) -> bool:
    return message.by == "customer" or isinstance(message.by, ByCustomer)


def _conversation_source(ticket: Ticket, message: Message) -> int:
    if not message.public and not _is_incoming(message):
        return NOTE
    return WEB_CHAT if source(ticket) == WEB_CHAT else REPLY


def _category(message: Message) -> int:
    if _is_incoming(message):
        return _BY_CUSTOMER
    if not message.public:
        return _AMONG_AGENTS
    return _AUTOMATIC if message.by == "system" else _BY_AGENT
