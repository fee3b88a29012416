"""What rows hold and what they do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.story import read_story
from connector.demo.times import iso
from connector.demo.zendesk.account import Account
from connector.demo.zendesk.changes import advance
from connector.demo.zendesk.rows import Rows
from connector.demo.zendesk.voice import formatted

if TYPE_CHECKING:
    from collections.abc import Callable

USER_FIELDS = """id url name email phone shared_phone_number role role_type custom_role_id
created_at updated_at
last_login_at time_zone iana_time_zone locale locale_id organization_id active suspended
verified alias details notes signature external_id photo tags user_fields"""
TICKET_FIELDS = """id url external_id via created_at updated_at generated_timestamp type subject
raw_subject description priority status recipient requester_id submitter_id assignee_id
organization_id group_id collaborator_ids is_public due_at tags custom_fields satisfaction_rating
brand_id"""
COMMENT_FIELDS = """id type author_id body html_body plain_body public attachments audit_id via
created_at metadata"""
TALK_FIELDS = """from to recording_url recording_duration call_duration call_id answered_by_id
answered_by_name transcription_text transcription_status started_at location outbound"""
PARTNER_FIELDS = """app_id call_id call_started_at call_ended_at direction from_line to_line
recording_url title transcript"""


@pytest.fixture
def rows(document: dict[str, Any]) -> Callable[..., Rows]:
    """Rows of the small story, with another first call or changes where a test gives them."""

    def make(call: dict[str, Any] | None = None, changes: Any = ()) -> Rows:
        if call is not None:
            document["tickets"][0]["messages"][0]["call"] = call
        document["changes"] = list(changes)
        account = Account(read_story(document))
        advance(account, 2_000_000_000)
        return Rows(account, "https://acme.example")

    return make


def first_comment(rows: Rows) -> dict[str, Any]:
    """The row of the first comment of ticket 1."""
    ticket = rows.account.tickets[1]
    return rows.comment(ticket, ticket.comments[0])


def test_a_user_has_every_field_of_use(rows: Callable[..., Rows]) -> None:
    """Fields of the reference page."""
    assert set(USER_FIELDS.split()) <= set(rows().user(100))


def test_a_ticket_has_every_field_of_use(rows: Callable[..., Rows]) -> None:
    """Fields of the reference page."""
    row = rows().ticket(1)
    assert set(TICKET_FIELDS.split()) <= set(row)
    assert (row["url"], row["organization_id"]) == ("https://acme.example/api/v2/tickets/1.json", 5)


def test_a_comment_has_every_field_of_use(rows: Callable[..., Rows]) -> None:
    """Fields of the reference page."""
    assert set(COMMENT_FIELDS.split()) <= set(first_comment(rows()))


@pytest.mark.parametrize(("kind", "fields"), [("talk", TALK_FIELDS), ("partner", PARTNER_FIELDS)])
def test_a_call_has_the_fields_of_its_kind(
    rows: Callable[..., Rows], kind: str, fields: str
) -> None:
    """Two kinds, with few names in common."""
    data = first_comment(rows({"kind": kind, "minutes": 1}))["data"]
    assert set(fields.split()) <= set(data)


@pytest.mark.parametrize(
    ("call", "caller", "called"),
    [
        ({"minutes": 1}, "+12125550101", "+18005550142"),
        ({"minutes": 1, "from": "anonymous"}, "anonymous", "+18005550142"),
        ({"minutes": 1, "direction": "outbound"}, "+18005550142", "+12125550101"),
    ],
)
def test_a_call_names_both_numbers(
    rows: Callable[..., Rows], call: dict[str, Any], caller: str, called: str
) -> None:
    """Who rings whom depends on the direction."""
    comment = first_comment(rows(call))
    assert (comment["data"]["from"], comment["data"]["to"]) == (caller, called)
    assert comment["via"]["source"]["from"]["phone"] == caller


def test_a_voicemail_says_so(rows: Callable[..., Rows]) -> None:
    """Nobody answered it."""
    comment = first_comment(rows({"minutes": 0.5, "voicemail": True}))
    assert comment["via"]["source"]["rel"] == "voicemail"
    assert (comment["data"]["answered_by_id"], comment["data"]["answered_by_name"]) == (None, None)


def test_given_markup_is_kept_and_redacted(
    rows: Callable[..., Rows], document: dict[str, Any]
) -> None:
    """`html` stands as told, until words in it are blacked out."""
    document["tickets"][0]["messages"][0] |= {"text": "R&D told", "html": "<p>R&amp;D told</p>"}
    assert first_comment(rows())["html_body"] == "<p>R&amp;D told</p>"
    change = {"at": 1790000000, "do": "redact_message", "ticket": 1, "message": 0, "words": "R&D"}
    assert first_comment(rows(changes=[change]))["html_body"] == "<p>\u2587\u2587\u2587 told</p>"


def test_a_change_has_the_same_effect_in_one_step_and_in_many(
    rows: Callable[..., Rows], document: dict[str, Any]
) -> None:
    """What an account holds depends on the time alone, not on when it was asked."""
    document["changes"] = [
        {"at": 1790000000, "do": "merge_customers", "loser": 101, "winner": 100},
        {"at": 1790000100, "do": "update_ticket", "ticket": 1, "set": {"status": "closed"}},
        {"at": 1790000200, "do": "delete_ticket", "ticket": 1},
    ]
    steps, once = Account(read_story(document)), Account(read_story(document))
    for now in range(1790000000, 1790000300, 50):
        advance(steps, now)
    advance(once, 1790000300)
    told = [
        json.dumps([Rows(account, "").ticket(1), Rows(account, "").user(100)])
        for account in (steps, once)
    ]
    assert told[0] == told[1]


def test_what_a_change_adds_comes_no_earlier_than_the_change(rows: Callable[..., Rows]) -> None:
    """A ticket imported with old times still reaches a reader who has read up to now."""
    told = {"by": "customer", "at": 1780000500, "text": "Old"}
    old = {"id": 2, "customer": 100, "subject": "Old", "at": 1780000500, "messages": [told]}
    at = 1790000000
    account = rows(
        changes=[
            {"at": at, "do": "add_ticket", "ticket": old},
            {"at": at, "do": "add_message", "ticket": 1, "message": told},
        ]
    ).account
    assert [account.tickets[key].generated for key in (1, 2)] == [at, at]
    assert account.event_order.after((at, 0), 9, at)[0] != []
    assert [event.at for event in account.events_of(account.tickets[2])] == [at]
    assert account.tickets[1].comments[-1].at == 1780000500


def test_a_change_moves_nothing_back_in_the_exports(rows: Callable[..., Rows]) -> None:
    """A merge that was before a ticket's last message leaves the ticket where it stands."""
    before = rows().ticket(1)
    merge = {"at": 1780000050, "do": "merge_customers", "loser": 100, "winner": 101}
    after = rows(changes=[merge]).ticket(1)
    assert after["requester_id"] == 101
    assert after["generated_timestamp"] == before["generated_timestamp"] > 1780000050


def test_times_and_numbers_are_written_zendesks_way() -> None:
    """UTC with a Z; North American numbers with brackets, others as they are."""
    assert (iso(1780000000), iso(None)) == ("2026-05-28T20:26:40Z", None)
    assert formatted("+12125550101") == "+1 (212) 555-0101"
    assert formatted("+493023125000") == "+493023125000"
    assert formatted("anonymous") == "anonymous"
