"""The rows of the simulated account as Zendesk's JSON.

Field names and oddities follow the reference pages of Zendesk's Ticketing API (users, tickets,
ticket comments, incremental exports) and recorded answers of real accounts.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.demo.story_parts import SYSTEM
from connector.demo.times import iso, rails_zone, seconds
from connector.demo.zendesk.voice import voice_fields, voice_via

if TYPE_CHECKING:
    from connector.demo.story_parts import Organization
    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.live import (
        LiveComment,
        LiveEvent,
        LiveIdentity,
        LiveTicket,
        LiveUser,
    )

Row = dict[str, Any]

_VIA_WORDS = {"web": "Web form", "email": "Mail", "voice": "Voice", "api": "Web service"}


@dataclass(frozen=True)
class Rows:
    """Writes rows of `account`; `base` is the canonical address that stands in their URLs."""

    account: Account
    base: str

    def _url(self, kind: str, number: int) -> str:
        return f"{self.base}/api/v2/{kind}/{number}.json"

    def user(self, number: int) -> Row:
        """A user. ``shared_phone_number`` is null where there is no phone."""
        user = self.account.users[number]
        staff = user.role != "end-user"
        return {
            "id": user.id,
            "url": self._url("users", user.id),
            "name": user.name,
            "email": user.email,
            "phone": user.phone,
            "shared_phone_number": user.shared_phone if user.phone else None,
            "role": user.role,
            "role_type": 4 if user.role == "admin" else 0 if staff else None,
            "custom_role_id": None,
            "created_at": iso(user.created),
            "updated_at": iso(user.updated),
            "last_login_at": iso(user.updated) if staff else None,
            "time_zone": rails_zone(user.time_zone),
            "iana_time_zone": user.time_zone,
            "locale": user.language,
            "locale_id": 1,
            "organization_id": user.organization,
            "active": user.active,
            "suspended": user.suspended,
            "verified": staff,
            "shared": False,
            "shared_agent": False,
            "permanently_deleted": user.permanently_deleted,
            "alias": None,
            "details": None,
            "notes": None,
            "signature": None,
            "external_id": None,
            "default_group_id": None,
            "moderator": staff,
            "ticket_restriction": None if staff else "requested",
            "only_private_comments": False,
            "restricted_agent": not staff,
            "report_csv": user.role == "admin",
            "two_factor_auth_enabled": None,
            "photo": None,
            "tags": [],
            "user_fields": {},
        }

    def identity(self, user: LiveUser, identity: LiveIdentity) -> Row:
        """One identity of a user."""
        number = user.id
        return {
            "id": identity.id,
            "url": f"{self.base}/api/v2/users/{number}/identities/{identity.id}.json",
            "user_id": number,
            "type": identity.type,
            "value": identity.value,
            "primary": identity.primary,
            "verified": True,
            "verification_method": "low",
            "deliverable_state": "deliverable",
            "undeliverable_count": 0,
            "created_at": iso(user.created),
            "updated_at": iso(user.updated),
        }

    def organization(self, organization: Organization) -> Row:
        """An organization."""
        at = iso(self.account.began)
        return {
            "id": organization.id,
            "url": self._url("organizations", organization.id),
            "name": organization.name,
            "shared_tickets": False,
            "shared_comments": False,
            "external_id": None,
            "created_at": at,
            "updated_at": at,
            "deleted_at": None,
            "domain_names": [],
            "details": None,
            "notes": None,
            "group_id": None,
            "tags": [],
            "organization_fields": {},
        }

    def ticket(self, number: int) -> Row:
        """A ticket with its first message as ``description``."""
        ticket = self.account.tickets[number]
        first = ticket.comments[0]
        requester = self.account.users[ticket.requester]
        return {
            "id": ticket.id,
            "url": self._url("tickets", ticket.id),
            "external_id": None,
            "encoded_id": f"{ticket.id:X}",
            "via": self._ticket_via(ticket),
            "created_at": iso(ticket.created),
            "updated_at": iso(ticket.updated),
            "generated_timestamp": ticket.generated,
            "type": None,
            "subject": ticket.subject,
            "raw_subject": ticket.subject,
            "description": first.text,
            "priority": None,
            "status": "deleted" if ticket.deleted else ticket.status,
            "recipient": None,
            "requester_id": ticket.requester,
            "submitter_id": first.author,
            "assignee_id": ticket.agent,
            "organization_id": requester.organization,
            "group_id": None,
            "collaborator_ids": [],
            "follower_ids": [],
            "email_cc_ids": [],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": self.is_public(ticket),
            "due_at": None,
            "tags": [],
            "custom_fields": [],
            "fields": [],
            "satisfaction_rating": self._embedded_rating(ticket),
            "sharing_agreement_ids": [],
            "custom_status_id": None,
            "followup_ids": [],
            "ticket_form_id": None,
            "brand_id": None,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
            "support_type": "ai_agent" if ticket.ai else "agent",
        }

    @staticmethod
    def is_public(ticket: LiveTicket) -> bool:
        """Whether the customer sees anything of a ticket."""
        return any(comment.public for comment in ticket.comments)

    def _ticket_via(self, ticket: LiveTicket) -> Row:
        first = ticket.comments[0]
        if first.call and ticket.channel == "voice":
            return voice_via(first, first.call)
        return {"channel": ticket.channel, "source": {"from": {}, "to": {}, "rel": None}}

    def _embedded_rating(self, ticket: LiveTicket) -> Row | None:
        if ticket.rating:
            comment = ticket.rating.comment
            return {"id": ticket.id * 100 + 1, "score": ticket.rating.score, "comment": comment}
        return {"score": "unoffered"} if ticket.solved else None

    def rating(self, number: int) -> Row:
        """A ticket's rating. ``assignee_id`` is the agent at the time it was given."""
        ticket = self.account.tickets[number]
        rating = ticket.rating
        if rating is None:
            raise LookupError(f"ticket {number} has no rating")
        at = iso(seconds(rating.at))
        return {
            "id": number * 100 + 1,
            "url": self._url("satisfaction_ratings", number * 100 + 1),
            "assignee_id": rating.agent or ticket.agent,
            "group_id": None,
            "requester_id": ticket.requester,
            "ticket_id": number,
            "score": rating.score,
            "comment": rating.comment,
            "reason": None,
            "reason_id": None,
            "reason_code": None,
            "created_at": at,
            "updated_at": at,
        }

    def metric_set(self, number: int) -> Row:
        """How long a ticket took and how often it was answered."""
        ticket = self.account.tickets[number]
        staff = [comment for comment in ticket.comments if self._by_staff(comment)]
        minutes = (ticket.solved - ticket.created) // 60 if ticket.solved else None
        return {
            "id": number * 100 + 2,
            "url": self._url("ticket_metrics", number * 100 + 2),
            "ticket_id": number,
            "created_at": iso(ticket.created),
            "updated_at": iso(ticket.updated),
            "replies": sum(comment.public for comment in staff),
            "reopens": 0,
            "assignee_stations": 1 if ticket.agent else 0,
            "group_stations": 0,
            "solved_at": iso(ticket.solved),
            "full_resolution_time_in_minutes": {"calendar": minutes, "business": minutes},
        }

    def _by_staff(self, comment: LiveComment) -> bool:
        author = self.account.users.get(comment.author)
        return author is not None and author.role != "end-user"

    def comment(self, ticket: LiveTicket, comment: LiveComment) -> Row:
        """A comment, with what a reader must drop: the author's address and place."""
        markup = comment.html or _markup(comment.text)
        row: Row = {
            "id": comment.id,
            "type": "Comment",
            "author_id": comment.author,
            "body": comment.text,
            "html_body": markup,
            "plain_body": comment.text,
            "public": comment.public,
            "attachments": [],
            "audit_id": comment.audit,
            "via": self._comment_via(ticket, comment),
            "created_at": iso(comment.at),
            "metadata": {"system": _system(comment.author), "custom": {}},
        }
        if comment.call:
            row |= voice_fields(self.account, comment, comment.call)
        return row

    def _comment_via(self, ticket: LiveTicket, comment: LiveComment) -> Row:
        if comment.call:
            return voice_via(comment, comment.call)
        own = not self._by_staff(comment) and ticket.channel != "voice"
        channel = "api" if comment.api else ticket.channel if own else "web"
        return {"channel": channel, "source": {"from": {}, "to": {}, "rel": comment.rel}}

    def event(self, event: LiveEvent, *, full: bool) -> Row:
        """An update of a ticket; `full` gives its comment whole (``include=comment_events``)."""
        ticket = self.account.tickets[event.ticket]
        via = _VIA_WORDS.get(ticket.channel, ticket.channel)
        children: list[Row] = []
        if event.comment:
            children.append(self._comment_child(ticket, event.comment, via, full=full))
        for number, child in enumerate(event.children, 2):
            children.append({"id": event.id + number, "via": via, **child})
        return {
            "id": event.id,
            "instance_id": event.id,
            "ticket_id": event.ticket,
            "timestamp": event.at,
            "created_at": iso(event.at),
            "updater_id": event.updater,
            "via": via,
            "via_reference_id": None,
            "system": _system(event.updater),
            "metadata": {},
            "merged_ticket_ids": event.merged,
            "event_type": "Audit",
            "child_events": children,
        }

    def _comment_child(
        self, ticket: LiveTicket, comment: LiveComment, via: str, *, full: bool
    ) -> Row:
        if full:
            row = self.comment(ticket, comment)
            del row["metadata"]
            return row | {"event_type": "Comment", "via_reference_id": None}
        return {
            "id": comment.id,
            "via": via,
            "via_reference_id": None,
            "comment_present": True,
            "comment_public": comment.public,
            "event_type": "Comment",
        }


def _markup(text: str) -> str:
    inner = html.escape(text, quote=False).replace("\n", "<br>")
    return f'<div class="zd-comment" dir="auto"><p dir="auto">{inner}</p></div>'


def _system(author: int) -> Row:
    """Address and place of whoever wrote; the numbers are from ranges kept for documentation."""
    if author == SYSTEM:
        return {}
    return {
        "client": "Mozilla/5.0 (X11; Linux x86_64)",
        "ip_address": f"198.51.100.{author % 254 + 1}",
        "location": "Brooklyn, NY, United States",
        "latitude": 40.6782,
        "longitude": -73.9442,
    }
