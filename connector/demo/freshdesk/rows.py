"""The rows of the simulated account as Freshdesk's JSON: nulls are sent, times are in UTC.

Field names follow https://developers.freshdesk.com/api/ and the shapes that connectors read from
live accounts.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.demo.freshdesk.talking import EMAIL
from connector.demo.times import iso, rails_zone, seconds

if TYPE_CHECKING:
    from connector.demo.freshdesk.account import Account, LiveAgent, LiveContact, LiveTicket
    from connector.demo.freshdesk.talking import LiveConversation, LiveText
    from connector.demo.story_parts import Organization, Rating

Row = dict[str, Any]

STATUSES = {"new": 2, "open": 2, "pending": 3, "solved": 4, "closed": 5, "hold": 7}
"""The code of each status of a story; 7 is "Waiting on Third Party", one of the usual seven."""

_DAY = 86_400
_GLOBAL, _RESTRICTED = 1, 3
_SCORES = {"good": 103, "bad": -103}
_CLASSIC_SCORES = {"good": 1, "bad": 3}
_LANGUAGES_WITH_COUNTRY = {"pt-BR", "pt-PT", "es-LA", "zh-CN", "zh-TW"}


@dataclass(frozen=True)
class Rows:
    """Writes rows of `account`, ratings as the older survey has them where it is `classic`."""

    account: Account
    classic: bool = False

    def ticket(self, ticket: LiveTicket, *, described: bool, archived: bool = False) -> Row:
        """A ticket; only one that is `described` has its first text."""
        requester = self.account.contacts[ticket.requester]
        mail = f"support@{self.account.story.account}.example" if ticket.source == EMAIL else None
        row: Row = {
            "id": ticket.id,
            "subject": ticket.subject,
            "status": STATUSES[ticket.status],
            "priority": 1,
            "source": ticket.source,
            "type": None,
            "requester_id": ticket.requester,
            "responder_id": ticket.agent,
            "group_id": None,
            "company_id": requester.company,
            "product_id": None,
            "email_config_id": None,
            "support_email": mail,
            "to_emails": [mail] if mail else None,
            "cc_emails": [],
            "fwd_emails": [],
            "reply_cc_emails": [],
            "ticket_cc_emails": [],
            "tags": [],
            "custom_fields": {},
            "spam": ticket.spam,
            "is_escalated": False,
            "fr_escalated": False,
            "due_by": iso(ticket.created + 3 * _DAY),
            "fr_due_by": iso(ticket.created + _DAY),
            "association_type": None,
            "associated_tickets_count": None,
            "created_at": iso(ticket.created),
            "updated_at": iso(ticket.updated),
        }
        if described:
            row |= {
                "description": _markup(ticket.description),
                "description_text": ticket.description.text,
                "structured_description": None,
            }
        if ticket.deleted:
            row["deleted"] = True
        return row | ({"archived": True} if archived else {})

    def stats(self, ticket: LiveTicket) -> Row:
        """When what happened first and last in a ticket."""
        public = [one for one in ticket.conversations if not one.private]
        answers = [one.at for one in public if not one.incoming and one.user]
        asked = [one.at for one in public if one.incoming]
        closed = ticket.solved if ticket.status == "closed" else None
        return {
            "agent_responded_at": iso(max(answers, default=None)),
            "requester_responded_at": iso(max(asked, default=None)),
            "first_responded_at": iso(min(answers, default=None)),
            "status_updated_at": iso(ticket.status_changed),
            "reopened_at": iso(ticket.reopened),
            "resolved_at": iso(ticket.solved),
            "closed_at": iso(closed),
            "pending_since": iso(ticket.status_changed) if ticket.status == "pending" else None,
        }

    def requester(self, ticket: LiveTicket) -> Row:
        """Who asks, as it is put into a ticket."""
        contact = self.account.contacts[ticket.requester]
        names = ("id", "name", "email", "mobile", "phone")
        return {name: getattr(contact, name) for name in names}

    def conversation(self, ticket: LiveTicket, conversation: LiveConversation) -> Row:
        """One conversation of a ticket."""
        return {
            "id": conversation.id,
            "ticket_id": ticket.id,
            "user_id": conversation.user,
            "body": _markup(conversation),
            "body_text": conversation.text,
            "structured_body": None,
            "incoming": conversation.incoming,
            "private": conversation.private,
            "source": conversation.source,
            "category": conversation.category,
            "support_email": None,
            "from_email": None,
            "to_emails": [],
            "cc_emails": [],
            "bcc_emails": None,
            "attachments": [],
            "thread_id": None,
            "automation_id": None,
            "auto_response": conversation.user is None,
            "email_failure_count": None,
            "delivery_details": None,
            "source_additional_info": None,
            "last_edited_at": iso(conversation.edited),
            "last_edited_user_id": conversation.editor,
            "created_at": iso(conversation.at),
            "updated_at": iso(conversation.updated),
        }

    def rating(self, ticket: LiveTicket, rating: Rating) -> Row:
        """What a customer thought of an answer."""
        at = seconds(rating.at)
        scores = _CLASSIC_SCORES if self.classic else _SCORES
        return {
            "id": ticket.id * 100 + ticket.ratings.index(rating) + 1,
            "survey_id": 1,
            "user_id": ticket.requester,
            "agent_id": rating.agent or ticket.agent,
            "group_id": None,
            "ticket_id": ticket.id,
            "feedback": rating.comment,
            "ratings": {"default_question": scores[rating.score]},
            "created_at": iso(at),
            "updated_at": iso(at),
        }

    def contact(self, contact: LiveContact, *, whole: bool) -> Row:
        """A contact; a list shows neither further addresses nor tags."""
        row: Row = {
            "id": contact.id,
            "name": contact.name,
            "email": contact.email,
            "phone": contact.phone,
            "mobile": contact.mobile,
            "company_id": contact.company,
            "active": False,
            "address": None,
            "description": None,
            "job_title": None,
            "language": _language(contact.language),
            "time_zone": rails_zone(contact.time_zone),
            "twitter_id": None,
            "facebook_id": None,
            "unique_external_id": None,
            "custom_fields": {},
            "created_at": iso(contact.created),
            "updated_at": iso(contact.updated),
        }
        if whole:
            row |= {
                "other_emails": contact.other_emails,
                "other_companies": [],
                "view_all_tickets": False,
                "tags": [],
                "avatar": None,
            }
        return row | ({"deleted": True} if contact.deleted else {})

    def agent(self, agent: LiveAgent, *, restricted: bool = False) -> Row:
        """An agent; their id is the one that tickets and conversations name.

        Those who are `restricted` see only their own tickets.
        """
        return {
            "id": agent.id,
            "available": agent.active,
            "occasional": False,
            "type": "support_agent",
            "ticket_scope": _RESTRICTED if restricted else _GLOBAL,
            "group_ids": [],
            "role_ids": [1 if agent.admin else 2],
            "skill_ids": [],
            "signature": None,
            "deactivated": not agent.active,
            "contact": {
                "name": agent.name,
                "email": agent.email,
                "phone": None,
                "mobile": None,
                "active": agent.active,
                "job_title": None,
                "language": "en",
                "time_zone": rails_zone(self.account.story.time_zone),
                "last_login_at": iso(agent.created),
                "created_at": iso(agent.created),
                "updated_at": iso(agent.updated),
            },
            "created_at": iso(agent.created),
            "updated_at": iso(agent.updated),
        }

    def company(self, company: Organization) -> Row:
        """A company."""
        at = iso(self.account.companies_changed)
        return {
            "id": company.id,
            "name": company.name,
            "description": None,
            "note": None,
            "domains": [],
            "health_score": None,
            "account_tier": None,
            "renewal_date": None,
            "industry": None,
            "custom_fields": {},
            "created_at": at,
            "updated_at": at,
        }


def _markup(text: LiveText) -> str:
    inner = html.escape(text.text, quote=False).replace("\n", "<br>")
    return text.html or f"<div>{inner}</div>"


def _language(code: str) -> str:
    return code if code in _LANGUAGES_WITH_COUNTRY else code.partition("-")[0]
