"""A story is read whole, or refused with the place that is wrong."""

from __future__ import annotations

import copy
import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.demo.story import StoryError, load_story, packaged_story, read_story
from connector.demo.story_parts import SYSTEM, UpdateCustomer

if TYPE_CHECKING:
    from pathlib import Path

STARRED = {
    "agents": [{"id": 9, "name": "A"}],
    "customers": [{"id": 1, "name": "C"}],
    "tickets": [
        {
            "id": 3,
            "customer": 1,
            "agent": 9,
            "topic": "party",
            "complete": True,
            "at": 1589397642,
            "messages": [
                {"by": "customer", "at": 1589397642, "text": "Hello"},
                {"by": "agent", "at": 1589397700, "text": "Hello!"},
            ],
        }
    ],
}


def refusal(document: object) -> str:
    """What the reader says of a document it refuses."""
    with pytest.raises(StoryError) as refused:
        read_story(document)
    assert refused.value.hint
    return refused.value.detail


def put(document: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """`document` with `value` at a dotted path."""
    changed = copy.deepcopy(document)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    node: Any = changed
    for step in steps:
        node = node[step]
    node[last] = value
    return changed


class TestGood:
    """What can be read."""

    def test_the_starred_keys_are_enough(self) -> None:
        """A story of agents, customers and tickets has every default."""
        story = read_story(STARRED)
        ticket = story.tickets[0]
        assert (story.account, story.time_zone, story.default_region) == ("demo", "UTC", "US")
        assert (ticket.title, ticket.state) == ("party", "solved")
        assert ticket.solved == ticket.updated == datetime.fromtimestamp(1589397700, UTC)
        assert (story.changes, story.expect) == ((), ())

    def test_without_as_of_the_present_is_an_hour_after_the_last_time(self) -> None:
        """`as_of` follows from the story where it is not told."""
        assert read_story(STARRED).as_of == datetime.fromtimestamp(1589397700 + 3600, UTC)

    def test_an_empty_story_has_a_present_too(self) -> None:
        """Nobody and nothing is a story as well."""
        story = read_story({"agents": [], "customers": [], "tickets": []})
        assert story.as_of.tzinfo is not None

    def test_an_unfinished_ticket_is_open(self) -> None:
        """Without a status, `complete` decides; an open ticket is not solved."""
        ticket = read_story(put(STARRED, "tickets.0.complete", value=False)).tickets[0]
        assert (ticket.state, ticket.solved) == ("open", None)

    def test_everyone_who_can_write_is_found(self, document: dict[str, Any]) -> None:
        """`by` names the ticket's people, the system, or anybody by id."""
        ticket = read_story(document).tickets[0]
        authors = [ticket.author_of(message) for message in ticket.messages]
        assert authors == [100, 11, 101, 10, SYSTEM]

    def test_a_time_is_rfc_3339_or_unix_seconds(self, document: dict[str, Any]) -> None:
        """Both ways name the same moment."""
        told = read_story(put(document, "tickets.0.updated_at", "2026-06-01T00:00:00+02:00"))
        same = read_story(put(document, "tickets.0.updated_at", 1780264800))
        assert told.tickets[0].updated == same.tickets[0].updated

    def test_a_set_keeps_a_none_and_nothing_that_was_not_given(
        self, document: dict[str, Any]
    ) -> None:
        """Clearing a phone is not the same as leaving it."""
        change = read_story(document).changes[0]
        assert isinstance(change, UpdateCustomer)
        assert change.set == {"phone": None}

    @pytest.mark.parametrize("told", [{"voicemail": True}, {"outcome": "voicemail"}])
    def test_a_voicemail_is_an_outcome_under_two_names(
        self, document: dict[str, Any], told: dict[str, Any]
    ) -> None:
        """Either way of telling it sets both."""
        told = {"minutes": 1, **told}
        call = read_story(put(document, "tickets.0.messages.0.call", told)).tickets[0].messages[0]
        assert call.call
        assert (call.call.voicemail, call.call.outcome) == (True, "voicemail")

    def test_a_call_is_answered_unless_told_otherwise(self, document: dict[str, Any]) -> None:
        """A call nobody took is told by its outcome."""
        path = "tickets.0.messages.0.call.outcome"
        told = [read_story(document), read_story(put(document, path, "missed"))]
        calls = [story.tickets[0].messages[0].call for story in told]
        assert [call and (call.outcome, call.voicemail) for call in calls] == [
            ("answered", False),
            ("missed", False),
        ]

    def test_expectations_are_kept(self, document: dict[str, Any]) -> None:
        """The expect blocks are there for whoever runs them."""
        block = read_story(document).expect[0]
        assert (block.case, block.exit, block.ask) == (1, 0, ("--customer", "zendesk:100"))

    @pytest.mark.parametrize("name", ["story.json", "story.json.gz"])
    def test_a_file_may_be_gzipped(self, tmp_path: Path, name: str) -> None:
        """Both suffixes are read."""
        raw = json.dumps(STARRED).encode()
        (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        assert len(load_story(tmp_path / name).tickets) == 1

    def test_the_packaged_story_has_its_place(self) -> None:
        """It is looked for beside the reader."""
        assert packaged_story().parts[-4:] == ("connector", "demo", "stories", "lumenline.json")


WRONG = [
    ("format", 2, "format: "),
    ("account", "Not A Host", "account: "),
    ("time_zone", "Mars/Base", "time_zone: "),
    ("as_of", "2026-07-07T09:00:00", "as_of: "),
    ("as_of", "1780000000", "as_of: "),
    ("titel", "x", "titel: "),
    ("agents.0.role", "boss", "agents[0].role: "),
    ("agents.1.id", 10, "agents[1].id: 10 is taken"),
    ("organizations", [{"id": 5, "name": "a"}, {"id": 5, "name": "b"}], "organizations[1].id: "),
    ("customers.0.id", "100", "customers[0].id: "),
    ("customers.0.id", -1, "customers[0].id: "),
    ("customers.0.id", 10, "customers[0].id: 10 is taken"),
    ("customers.0.organization", 6, "customers[0].organization: there is no organization 6"),
    ("customers.0.identities", [{"type": "fax", "value": "1"}], "customers[0].identities[0].type"),
    ("tickets.0.customer", 7, "tickets[0].customer: nobody has the id 7"),
    ("tickets.0.agent", 7, "tickets[0].agent: nobody has the id 7"),
    ("tickets.0.agent", None, 'tickets[0].messages[1].by: "agent" in a ticket without one'),
    ("tickets.0.subject", None, "tickets[0].subject: missing"),
    ("tickets.0.status", "done", "tickets[0].status: "),
    ("tickets.0.messages", [], "tickets[0].messages: "),
    ("tickets.0.rating", {"score": "good", "at": 1, "agent": 3}, "tickets[0].rating.agent: "),
    ("tickets.0.messages.0.by", "bob", "tickets[0].messages[0].by: "),
    ("tickets.0.messages.0.by", {"agent": 3}, "tickets[0].messages[0].by.agent: "),
    ("tickets.0.messages.0.by", {"customer": 3}, "tickets[0].messages[0].by.customer: "),
    ("tickets.0.messages.0.txt", "x", "tickets[0].messages[0].txt: "),
    ("tickets.0.messages.0.call.minutes", -1, "tickets[0].messages[0].call.minutes: "),
    ("tickets.0.messages.0.call.outcome", "lost", "tickets[0].messages[0].call.outcome: "),
    (
        "tickets.0.messages.0.call",
        {"minutes": 1, "voicemail": True, "outcome": "missed"},
        "tickets[0].messages[0].call: ",
    ),
    ("tickets.0.messages.0.call.answered_by", 3, "tickets[0].messages[0].call.answered_by: "),
    ("tickets.0.messages.0.at", 1, "tickets[0].messages[0].at: earlier"),
    ("tickets.0.messages.2.at", 1780000050, "tickets[0].messages[2].at: earlier"),
    ("changes.0.do", "explode", "changes[0]: "),
    ("changes.0.customer", 3, "changes[0].customer: nobody has the id 3"),
    ("changes.0.set", {}, "changes[0].set: "),
    ("changes.0.set", {"phon": 1}, "changes[0].set: "),
    ("expect.0.case", "one", "expect[0].case: "),
]


class TestBad:
    """What is refused, and where the refusal points."""

    @pytest.mark.parametrize(("path", "value", "told"), WRONG)
    def test_what_is_wrong_is_named_by_its_path(
        self, document: dict[str, Any], path: str, value: object, told: str
    ) -> None:
        """Whatever is wrong, the message begins with the place to look at."""
        assert refusal(put(document, path, value)).startswith(told)

    def test_what_is_missing_is_named_by_its_path(self, document: dict[str, Any]) -> None:
        """A key that must be there and is not is named, not only its parent."""
        del document["tickets"][0]["messages"][3]["text"]
        assert refusal(document).startswith("tickets[0].messages[3].text: ")

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"do": "delete_ticket", "ticket": 2}, "changes[0].ticket: there is no ticket 2"),
            ({"do": "merge_customers", "loser": 100, "winner": 100}, "changes[0].winner: is"),
            ({"do": "merge_customers", "loser": 3, "winner": 100}, "changes[0].loser: nobody"),
            ({"do": "update_ticket", "ticket": 1, "set": {"agent": 3}}, "changes[0].set.agent: "),
            (
                {"do": "redact_message", "ticket": 1, "message": 9, "words": "x"},
                "changes[0].message: ticket 1 has 5 messages",
            ),
            (
                {"do": "redact_message", "ticket": 1, "message": 0, "words": "absent"},
                "changes[0].words: ",
            ),
            (
                {
                    "do": "add_message",
                    "ticket": 1,
                    "message": {"by": {"agent": 3}, "at": 1790000000, "text": ""},
                },
                "changes[0].message.by.agent: ",
            ),
            ({"do": "add_customer", "customer": {"id": 10, "name": "x"}}, "changes[0].customer.id"),
            ({"do": "spam_ticket", "ticket": 2}, "changes[0].ticket: there is no ticket 2"),
            ({"do": "merge_tickets", "loser": 1, "winner": 2}, "changes[0].winner: there is no"),
            ({"do": "merge_tickets", "loser": 1, "winner": 1}, "changes[0].winner: is the loser"),
            ({"do": "make_private", "ticket": 1, "message": 5}, "changes[0].message: ticket 1 has"),
            ({"do": "update_agent", "agent": 3, "set": {"name": "x"}}, "changes[0].agent: nobody"),
            ({"do": "update_agent", "agent": 11, "set": {"name": None}}, "changes[0].set: "),
            ({"do": "update_agent", "agent": 11, "set": {"email": "x"}}, "changes[0].set: "),
            (
                {"do": "add_identity", "customer": 3, "identity": {"type": "email", "value": "x"}},
                "changes[0].customer: nobody",
            ),
            (
                {"do": "remove_identity", "customer": 100, "identity": {"type": "email"}},
                "changes[0].identity.value: ",
            ),
        ],
    )
    def test_a_change_must_be_possible(
        self, document: dict[str, Any], change: dict[str, Any], told: str
    ) -> None:
        """A change speaks of what the story has told by then."""
        document["changes"] = [{"at": 1790000000, **change}]
        assert refusal(document).startswith(told)

    def test_a_change_may_speak_of_what_an_earlier_one_added(
        self, document: dict[str, Any]
    ) -> None:
        """What is added is there for the changes after it."""
        document["changes"] = [
            {"at": 1790000000, "do": "add_customer", "customer": {"id": 102, "name": "Cy"}},
            {"at": 1790000001, "do": "merge_customers", "loser": 102, "winner": 100},
        ]
        assert len(read_story(document).changes) == 2

    def test_changes_stand_in_the_order_of_time(self, document: dict[str, Any]) -> None:
        """One that comes too late in the list is named."""
        document["changes"].append({"at": 5, "do": "delete_ticket", "ticket": 1})
        assert refusal(document) == "changes[1].at: earlier than the change before it"

    def test_a_refusal_does_not_quote_the_story(self, document: dict[str, Any]) -> None:
        """A message that cannot be read is not printed: it may be a customer's words."""
        assert "grandmother" not in refusal(
            put(document, "tickets.0.messages.0.by", {"x": "my grandmother"})
        )

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    )
    def test_any_json_is_read_or_refused(self, document: object) -> None:
        """No JSON document makes the reader fail in another way."""
        assert refusal(document)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("story.json", b"{"),
            ("story.json", b"\xff\xfe"),
            ("story.json.gz", b"not gzip"),
            ("story.json.gz", gzip.compress(b"{}" * 99, mtime=0)[:-9]),
            ("story.json", b"[" * 100_000),
            ("story.json", b"[]"),
        ],
    )
    def test_a_broken_file_is_named(self, tmp_path: Path, name: str, content: bytes) -> None:
        """A file that is not a story is refused with its path."""
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StoryError, match=name):
            load_story(tmp_path / name)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        """So is one that is not there."""
        with pytest.raises(StoryError, match=r"nowhere\.json"):
            load_story(tmp_path / "nowhere.json")
