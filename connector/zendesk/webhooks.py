"""Reads the events of Zendesk's webhooks: what each is about. No I/O.

https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/
"""

from __future__ import annotations

import re

from connector.errors import EventError
from connector.fields import FieldError, Row
from connector.sync.webhooks import Event

TICKET_EVENTS = frozenset(
    """
    created comment_added comment_made_private comment_redacted attachment_linked_to_comment
    attachment_redacted_from_comment agent_assignment_changed group_assignment_changed
    requester_changed submitter_changed organization_changed status_changed custom_status_changed
    priority_changed subject_changed description_changed tags_changed custom_field_changed
    form_changed brand_changed external_id_changed email_ccs_changed followers_changed
    problem_link_changed task_due_at_changed type_changed merged marked_as_spam soft_deleted
    permanently_deleted undeleted sla_policy_changed schedule_changed
    """.split()  # noqa: SIM905 - a list would take a line per word
)
USER_EVENTS = frozenset(
    """
    created deleted merged active_changed suspended_changed name_changed alias_changed
    notes_changed details_changed tags_changed custom_field_changed custom_role_changed
    identity_created identity_changed identity_deleted organization_membership_created
    organization_membership_deleted group_membership_created group_membership_deleted
    default_group_changed role_changed time_zone_changed external_id_changed photo_changed
    last_login_changed only_private_comments_changed password_changed
    """.split()  # noqa: SIM905 - as above
)
ORGANIZATION_EVENTS = frozenset(
    """
    created deleted name_changed tags_changed custom_field_changed external_id_changed
    """.split()  # noqa: SIM905 - as above
)

_KNOWN = {"ticket": TICKET_EVENTS, "user": USER_EVENTS, "organization": ORGANIZATION_EVENTS}
_TYPE = re.compile(r"zen:event-type[:/](?P<family>[a-z_]+)\.(?P<what>[a-z_]+)")
_SUBJECT = re.compile(r"zen:[a-z_]+:(?P<id>\d{1,19})", re.ASCII)
_NOBODY = frozenset({None, "", "0"})


def read_event(document: object) -> Event:
    """What an event of a webhook is about.

    Types that nobody knows give an event that is ignored. Ids are text in events, and "none" is
    empty or `0`.

    Args:
        document: The JSON document that Zendesk sent, its signature verified.

    Raises:
        EventError: It is not an event, or does not say what it is about.
    """
    try:
        return _event(Row(document))
    except FieldError as error:
        where = f"its {error.path} {error.reason}" if error.path else f"it {error.reason}"
        raise EventError(
            f"Zendesk's event cannot be read: {where}.",
            "Send events of tickets, users and organizations as Zendesk makes them.",
        ) from None


def _event(row: Row) -> Event:
    name = row.word("type")
    if name is None:
        raise FieldError("type", "is missing")
    found = _TYPE.fullmatch(name)
    if found is None or found["what"] not in _KNOWN.get(found["family"], ()):
        return Event(name)
    this = _about(row)
    if found["family"] == "organization":
        return Event(name, organizations=(this,))
    told = row.child("event")
    if found["family"] == "ticket":
        target = _id(told, "target_ticket_id") if found["what"] == "merged" else None
        return Event(name, tickets=_each(this, target))
    if found["what"] == "merged":
        other = _id(told.child("user"), "id")
        both = None if other is None or other == this else (this, other)
        return Event(name, people=_each(this, other), merged=both)
    joined = found["what"].startswith("organization_membership")
    organization = _id(row.child("detail"), "organization_id") if joined else None
    return Event(name, people=(this,), organizations=_each(organization))


def _about(row: Row) -> str:
    """The id of what the event is about: in its detail, and in its subject `zen:ticket:123`."""
    found = _id(row.child("detail"), "id")
    if found is not None:
        return found
    subject = _SUBJECT.fullmatch(row.word("subject") or "")
    if subject is None or subject["id"] in _NOBODY:
        raise FieldError("detail.id", "is missing")
    return subject["id"]


def _id(row: Row, key: str) -> str | None:
    found = row.maybe_id(key)
    return None if found in _NOBODY else found


def _each(*ids: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in ids if one is not None))
