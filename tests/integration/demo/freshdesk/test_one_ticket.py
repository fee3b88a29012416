"""One ticket: its text, its conversations, its archive, its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

AS_OF = 1783414800
EVER = {"updated_since": "1970-01-01T00:00:00Z"}

TICKET_FIELDS = """id subject description description_text structured_description status priority
source type requester_id responder_id group_id company_id product_id email_config_id tags
custom_fields cc_emails fwd_emails reply_cc_emails to_emails support_email due_by fr_due_by
is_escalated fr_escalated spam association_type attachments created_at updated_at""".split()  # noqa: SIM905
CONVERSATION_FIELDS = """id ticket_id user_id body body_text structured_body incoming private source
category support_email from_email to_emails cc_emails bcc_emails attachments created_at updated_at
last_edited_at last_edited_user_id thread_id automation_id auto_response delivery_details
source_additional_info""".split()  # noqa: SIM905


def talk(api: httpx.Client, number: int, **params: Any) -> list[dict[str, Any]]:
    """The conversations of a ticket."""
    answer = api.get(f"/tickets/{number}/conversations", params=params)
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()
    return rows


def codes(row: dict[str, Any]) -> tuple[Any, ...]:
    """Who spoke in a conversation, and how."""
    return tuple(row[name] for name in ("user_id", "incoming", "private", "source", "category"))


class TestTicket:
    """`GET /tickets/{id}`."""

    def test_it_has_every_field_nulls_too(self, reader: httpx.Client) -> None:
        """Its first message is its description, as markup and plain."""
        row = reader.get("/tickets/2").json()
        assert set(TICKET_FIELDS) <= set(row)
        assert row["description"] == "<div>It costs too much</div>"
        assert (row["requester_id"], row["responder_id"], row["company_id"]) == (100, 11, 5)
        assert (row["created_at"], row["priority"]) == ("2026-06-17T09:00:00Z", 1)
        assert "deleted" not in row
        assert "archived" not in row

    @pytest.mark.parametrize(
        ("number", "source", "status"),
        [(1, 3, 2), (2, 1, 2), (3, 15, 2), (5, 1, 3), (6, 2, 2), (7, 3, 2), (8, 1, 4), (9, 10, 2)],
    )
    def test_source_and_status_are_codes(
        self, reader: httpx.Client, number: int, source: int, status: int
    ) -> None:
        """A call, e-mail, web chat, the portal, and an e-mail that an agent began."""
        row = reader.get(f"/tickets/{number}").json()
        assert (row["source"], row["status"]) == (source, status)

    def test_with_conversations_it_has_the_first_ten(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
    ) -> None:
        """Oldest first, for one credit more, like everything that is included."""
        at = AS_OF - 99
        texts = [{"by": "customer", "at": at + n, "text": str(n)} for n in range(15)]
        document["tickets"][1] |= {"at": at, "messages": texts}
        api = connect(serve())
        whole = api.get("/tickets/2", params={"include": "conversations"})
        shown = [row["body_text"] for row in whole.json()["conversations"]]
        assert shown == [str(n) for n in range(1, 11)]
        assert whole.headers["x-ratelimit-used-currentrequest"] == "2"
        more = api.get("/tickets/2", params={"include": "requester,company,stats"})
        assert more.headers["x-ratelimit-used-currentrequest"] == "4"
        row = more.json()
        assert (row["requester"]["id"], row["company"]["id"]) == (100, 5)
        assert "first_responded_at" in row["stats"]

    @pytest.mark.parametrize(
        ("path", "code"),
        [("?include=description", "invalid_value"), ("?page=1", "invalid_field")],
    )
    def test_what_cannot_be_asked_is_400(self, reader: httpx.Client, path: str, code: str) -> None:
        """Its description is always there and cannot be included."""
        refused = reader.get(f"/tickets/1{path}")
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["code"] == code

    @pytest.mark.parametrize("path", ["/tickets/99", "/tickets/99/conversations"])
    def test_an_unknown_ticket_is_404_and_nothing_else(
        self, reader: httpx.Client, path: str
    ) -> None:
        """The body is empty."""
        refused = reader.get(path)
        assert (refused.status_code, refused.content) == (404, b"")


class TestConversations:
    """`GET /tickets/{id}/conversations`."""

    def test_the_first_message_is_not_among_them(self, reader: httpx.Client) -> None:
        """Who wrote each of the others is told by user, `incoming`, `private` and two codes."""
        rows = talk(reader, 2)
        assert set(CONVERSATION_FIELDS) <= set(rows[0])
        assert [(row["body_text"], *codes(row)) for row in rows] == [
            ("Let me see", 11, False, False, 0, 3),
            ("She is upset", 11, False, True, 2, 2),
            ("I pay for it", 101, True, False, 0, 1),
            ("Known", 10, False, False, 0, 3),
            ("Rang again\n\nHm", 11, False, True, 9, 2),
        ]

    def test_a_call_is_a_private_note_of_whoever_answered(self, reader: httpx.Client) -> None:
        """With what was said, behind a description; nothing tells how long or from where."""
        row = reader.get("/tickets/1").json()
        (note,) = talk(reader, 1)
        assert row["description_text"] == "Inbound call"
        assert (note["body_text"], *codes(note)) == (
            "Customer: My friend died",
            *(12, False, True, 9, 2),
        )
        assert "97" not in str(note | row)

    def test_a_web_chat_has_its_first_message_in_both_places(self, reader: httpx.Client) -> None:
        """The greeting behind it comes from nobody."""
        rows = talk(reader, 3)
        assert [(row["body_text"], *codes(row)) for row in rows] == [
            ("Is <anyone> there?", 102, True, False, 15, 1),
            ("Somebody will be with you soon", None, False, False, 15, 5),
            ("Here I am", 11, False, False, 15, 3),
        ]
        described = reader.get("/tickets/3").json()
        assert described["description"] == rows[0]["body"] == "<div>Is &lt;anyone&gt; there?</div>"

    def test_what_a_bot_says_has_no_user(self, reader: httpx.Client) -> None:
        """It is public and automatic."""
        (row,) = talk(reader, 6)
        assert codes(row) == (None, False, False, 0, 3)
        assert row["auto_response"] is True

    def test_a_missed_call_names_itself_and_who_rang(self, reader: httpx.Client) -> None:
        """Nobody could note what was said."""
        assert reader.get("/tickets/7").json()["subject"] == "Missed call from +12125550102"
        assert talk(reader, 7) == []

    @pytest.mark.parametrize(
        ("call", "subject", "notes"),
        [
            ({"outcome": "abandoned", "from": "anonymous"}, "Abandoned call from anonymous", []),
            ({"outcome": "voicemail", "transcript": "Ring me"}, "Voicemail from", ["Ring me"]),
            ({"voicemail": True}, "Voicemail from an unknown number", []),
            ({"outcome": "missed", "direction": "outbound"}, "Matter 7", []),
            ({}, "Matter 7", []),
        ],
    )
    def test_only_what_nobody_answered_does(
        self,
        *,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        call: dict[str, Any],
        subject: str,
        notes: list[str],
    ) -> None:
        """A voicemail's words are a note of nobody."""
        seventh = document["tickets"][6]
        seventh["customer"] = 102
        seventh["messages"][0]["call"] = {"minutes": 0, **call}
        api = connect(serve())
        assert api.get("/tickets/7").json()["subject"].startswith(subject)
        told = talk(api, 7)
        assert [row["body_text"] for row in told] == notes
        assert {row["user_id"] for row in told} <= {None}

    def test_a_story_may_name_such_a_call_itself(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
    ) -> None:
        """Then that is the subject."""
        document["tickets"][6]["subject"] = "Missed call from Bo"
        assert connect(serve()).get("/tickets/7").json()["subject"] == "Missed call from Bo"

    @pytest.mark.parametrize("wanted", [True, False])
    def test_the_phone_system_makes_tickets_of_calls_that_left_none(
        self,
        *,
        document: dict[str, Any],
        serve: Any,
        connect: Any,
        clock: ManualClock,
        wanted: bool,
    ) -> None:
        """Of those that nobody answered, at their time, where the account is set up so."""
        lost = {"minutes": 0.5, "outcome": "missed"}
        heard = {"minutes": 0.5, "outcome": "voicemail", "transcript": "Ring me"}
        document["calls"] = [
            {"id": 3, "at": AS_OF + 9, "call": {**lost, "outcome": "abandoned"}, "customer": 100},
            {"id": 1, "at": AS_OF - 9, "call": lost, "customer": 101},
            {"id": 2, "at": AS_OF, "call": heard, "customer": 101},
            {"id": 4, "at": AS_OF, "call": {"minutes": 3}, "customer": 100},
            {"id": 5, "at": AS_OF, "call": {**lost, "direction": "outbound"}, "customer": 100},
            {"id": 6, "at": AS_OF, "call": lost},
            {"id": 7, "at": AS_OF + 9, "call": lost, "customer": 103},
        ]
        document["changes"] = [
            {"at": AS_OF + 5, "do": "delete_customer_permanently", "customer": 103}
        ]
        api = connect(serve(missed_calls=wanted))
        now = {"updated_since": "2026-07-07T08:59:00Z", "order_type": "asc"}
        rows = api.get("/tickets", params=now).json()
        told = [(row["subject"], row["source"], row["requester_id"], row["status"]) for row in rows]
        assert (
            told
            == [
                ("Missed call from +12125550102", 3, 101, 2),
                ("Voicemail from +12125550102", 3, 101, 2),
            ][: 2 * wanted]
        )
        clock.advance(9)
        later = [row["subject"] for row in api.get("/tickets", params=now).json()]
        assert later[2:] == ["Abandoned call from +12125550101"][:wanted]
        if wanted:
            assert talk(api, rows[1]["id"])[0]["body_text"] == "Ring me"
            assert api.get(f"/tickets/{rows[0]['id']}").json()["description_text"] == "Missed call"

    def test_it_comes_in_pages_of_thirty_unless_told_otherwise(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
    ) -> None:
        """At most a hundred; the last page has no Link; there is no filter by time."""
        at = document["tickets"][1]["at"]
        texts = [{"by": "customer", "at": at + n, "text": str(n)} for n in range(66)]
        document["tickets"][1]["messages"] = texts
        api = connect(serve())
        answer = api.get("/tickets/2/conversations")
        sizes = [len(answer.json())]
        while "link" in answer.headers:
            answer = api.get(answer.links["next"]["url"])
            sizes.append(len(answer.json()))
        assert sizes == [30, 30, 5]
        assert len(talk(api, 2, per_page=100)) == 65
        for params in ({"per_page": 101}, {"updated_since": "2026-01-01"}):
            assert api.get("/tickets/2/conversations", params=params).status_code == 400


class TestArchive:
    """Tickets that have been closed and idle for 120 days."""

    def test_they_are_only_under_a_path_of_their_own(self, reader: httpx.Client) -> None:
        """By the usual path they are 404, with their conversations."""
        assert reader.get("/tickets/4").status_code == 404
        assert reader.get("/tickets/4/conversations").status_code == 404
        row = reader.get("/tickets/archived/4", params={"include": "requester"}).json()
        assert (row["archived"], row["description_text"]) == (True, "Long ago")
        assert row["requester"]["id"] == 100
        (answer,) = reader.get("/tickets/archived/4/conversations").json()
        assert answer["body_text"] == "Indeed"

    @pytest.mark.parametrize("number", [1, 5, 99])
    def test_no_other_ticket_is_there(self, reader: httpx.Client, number: int) -> None:
        """Neither a recent one, nor an old one that is not closed."""
        assert reader.get(f"/tickets/archived/{number}").status_code == 404
        assert reader.get(f"/tickets/archived/{number}/conversations").status_code == 404

    def test_a_ticket_is_archived_on_its_hundred_and_twentieth_idle_day(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        clock: ManualClock,
    ) -> None:
        """By the helpdesk's clock, between two requests."""
        fifth = document["tickets"][4]
        fifth |= {"at": AS_OF - 120 * 86_400 + 60, "status": "closed"}
        fifth["messages"][0]["at"] = fifth["at"]
        api = connect(serve())
        assert api.get("/tickets/5").status_code == 200
        clock.advance(60)
        assert api.get("/tickets/5").status_code == 404
        assert api.get("/tickets/archived/5").status_code == 200

    def test_an_account_may_archive_nothing(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """Then every ticket is where it was."""
        api = connect(serve(archives=False))
        assert "archived" not in api.get("/tickets/4").json()
        assert api.get("/tickets/archived/4").status_code == 404
        assert len(api.get("/tickets", params=EVER).json()) == 9


class TestRatings:
    """Satisfaction ratings, of a ticket and of all."""

    def test_they_are_of_a_ticket_or_of_all(self, reader: httpx.Client) -> None:
        """103 is the happiest."""
        (row,) = reader.get("/tickets/8/satisfaction_ratings").json()
        assert row == reader.get("/surveys/satisfaction_ratings").json()[0]
        assert (row["ticket_id"], row["user_id"], row["agent_id"]) == (8, 103, 10)
        assert (row["feedback"], row["ratings"]) == ("Kind", {"default_question": 103})

    def test_an_older_survey_has_other_numbers(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """1 is happy."""
        (row,) = connect(serve(classic_ratings=True)).get("/surveys/satisfaction_ratings").json()
        assert row["ratings"] == {"default_question": 1}

    @pytest.mark.parametrize(
        ("params", "count"),
        [
            ({"created_since": "2026-06-18T09:00:00Z"}, 1),
            ({"created_since": "2026-06-18T09:00:01Z"}, 0),
            ({"user_id": 103}, 1),
            ({"user_id": 100}, 0),
        ],
    )
    def test_they_can_be_narrowed_down(
        self, reader: httpx.Client, params: dict[str, Any], count: int
    ) -> None:
        """By time and by customer."""
        rows = reader.get("/surveys/satisfaction_ratings", params=params).json()
        assert len(rows) == count


class TestNotes:
    """`POST /tickets/{id}/notes`."""

    def test_a_note_stands_among_the_conversations_and_moves_the_ticket(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., httpx.Client]
    ) -> None:
        """It is the key owner's, and private unless told otherwise."""
        helpdesk = serve()
        api = connect(helpdesk, helpdesk.keys.agent)
        made = api.post("/tickets/1/notes", json={"body": "Prefers <b>Fay</b><br>&amp; mornings"})
        assert made.status_code == 201
        assert made.json() == talk(api, 1)[-1]
        assert (made.json()["body_text"], *codes(made.json())) == (
            "Prefers Fay\n& mornings",
            *(11, False, True, 2, 2),
        )
        assert api.get("/tickets/1").json()["updated_at"] == "2026-07-07T09:00:00Z"
        public = api.post("/tickets/1/notes", json={"body": "Hello", "private": False}).json()
        assert (public["private"], public["category"]) == (False, 3)

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({}, "body", "missing_field"),
            ({"body": 3}, "body", "datatype_mismatch"),
            ({"body": " "}, "body", "invalid_value"),
            ({"body": "x", "private": "yes"}, "private", "datatype_mismatch"),
            ({"body": "x", "colour": "red"}, "colour", "invalid_field"),
        ],
    )
    def test_a_note_that_cannot_be_is_400(
        self, reader: httpx.Client, body: dict[str, Any], field: str, code: str
    ) -> None:
        """With the field that is wrong."""
        refused = reader.post("/tickets/1/notes", json=body)
        assert refused.status_code == 400
        told = refused.json()["errors"][0]
        assert (told["field"], told["code"]) == (field, code)

    @pytest.mark.parametrize(
        ("content", "kind", "status"),
        [
            (b'{"body": "x"}', "text/plain", 415),
            (b"{", "application/json", 400),
            (b"[]", "application/json; charset=utf-8", 400),
        ],
    )
    def test_only_a_json_object_is_read(
        self, reader: httpx.Client, content: bytes, kind: str, status: int
    ) -> None:
        """And only where it calls itself one."""
        headers = {"Content-Type": kind}
        refused = reader.post("/tickets/1/notes", content=content, headers=headers)
        assert refused.status_code == status

    def test_a_ticket_in_trash_spam_or_archive_takes_none(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """405 for those that are there to be read, 404 for the archived one."""
        api = happen({"do": "delete_ticket", "ticket": 1}, {"do": "spam_ticket", "ticket": 2})
        note = {"body": "x"}
        answers = [api.post(f"/tickets/{number}/notes", json=note) for number in (1, 2, 4, 99)]
        assert [answer.status_code for answer in answers] == [405, 405, 404, 404]
