"""What happens after the first reading, and how little of it Freshdesk tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.freshdesk.account import Account
from connector.demo.story import read_story

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk

AS_OF = 1783414800
THEN = "2026-07-07T10:00:00Z"
EVER: dict[str, Any] = {"updated_since": "1970-01-01T00:00:00Z", "per_page": 100}


def moved(api: httpx.Client) -> list[int]:
    """The tickets whose `updated_at` the changes have moved."""
    rows = api.get("/tickets", params={"updated_since": THEN}).json()
    assert {row["updated_at"] for row in rows} <= {THEN}
    return sorted(row["id"] for row in rows)


def changed_contacts(api: httpx.Client, **params: Any) -> list[int]:
    """The contacts that changed with the changes."""
    rows = api.get("/contacts", params={"_updated_since": THEN, **params}).json()
    return sorted(row["id"] for row in rows)


def talk(api: httpx.Client, number: int) -> list[dict[str, Any]]:
    """The conversations of a ticket."""
    rows: list[dict[str, Any]] = api.get(f"/tickets/{number}/conversations").json()
    return rows


class TestTickets:
    """Changes of tickets."""

    def test_nothing_happens_before_its_time(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., httpx.Client],
        clock: ManualClock,
    ) -> None:
        """A second earlier the ticket is still in its place."""
        document["changes"] = [{"at": AS_OF + 60, "do": "scrub_ticket", "ticket": 1}]
        api = connect(serve())
        clock.advance(59)
        assert api.get("/tickets/1").status_code == 200
        clock.advance(1)
        assert api.get("/tickets/1").status_code == 404

    @pytest.mark.parametrize(("by", "status"), [("customer", 2), ("agent", 4)])
    def test_a_message_moves_its_ticket(
        self, happen: Callable[..., httpx.Client], by: str, status: int
    ) -> None:
        """A customer's opens a resolved one again."""
        told = {"by": by, "at": AS_OF + 3600, "text": "One more thing"}
        api = happen({"do": "add_message", "ticket": 8, "message": told})
        assert moved(api) == [8]
        assert talk(api, 8)[-1]["body_text"] == "One more thing"
        row = api.get("/tickets/8?include=stats").json()
        assert row["status"] == status
        assert row["stats"]["reopened_at"] == (THEN if by == "customer" else None)

    def test_what_is_new_is_no_older_than_its_coming(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Though a reader who goes on from the present must find it."""
        told = {"by": "customer", "at": AS_OF - 9, "text": "Hi"}
        new = {"id": 50, "customer": 104, "subject": "New", "at": AS_OF - 9, "messages": [told]}
        customer = {"id": 104, "name": "Di", "created_at": AS_OF - 99}
        api = happen(
            {"do": "add_customer", "customer": customer}, {"do": "add_ticket", "ticket": new}
        )
        assert moved(api) == [50]
        assert changed_contacts(api) == [104]

    def test_an_update_moves_the_ticket_and_a_rating_does_not(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Status, agent, subject and requester; a rating has its own list."""
        rating = {"score": "bad", "at": AS_OF + 3600, "comment": "No"}
        values = {"status": "closed", "agent": 10, "customer": 103, "subject": "Else"}
        api = happen(
            {"do": "update_ticket", "ticket": 2, "set": values},
            {"do": "update_ticket", "ticket": 8, "set": {"rating": rating}},
        )
        assert moved(api) == [2]
        row = api.get("/tickets/2").json()
        names = ("status", "responder_id", "requester_id", "subject")
        assert [row[name] for name in names] == [5, 10, 103, "Else"]
        rated = api.get("/surveys/satisfaction_ratings", params={"created_since": THEN}).json()
        assert [row["ratings"]["default_question"] for row in rated] == [-103]
        both = api.get("/tickets/8/satisfaction_ratings").json()
        assert len({row["id"] for row in both}) == 2

    @pytest.mark.parametrize(
        ("do", "mark"), [("delete_ticket", "deleted"), ("spam_ticket", "spam")]
    )
    def test_a_ticket_in_trash_or_spam_can_be_read_by_id(
        self, happen: Callable[..., httpx.Client], do: str, mark: str
    ) -> None:
        """And comes back with all it had."""
        api = happen({"do": do, "ticket": 2})
        assert moved(api) == []
        assert api.get("/tickets/2").json()[mark] is True
        assert len(talk(api, 2)) == 5

    @pytest.mark.parametrize("do", ["delete_ticket", "spam_ticket"])
    def test_it_comes_back_with_all_it_had(
        self, happen: Callable[..., httpx.Client], do: str
    ) -> None:
        """In the plain list, as changed."""
        api = happen({"do": do, "ticket": 2}, {"do": "restore_ticket", "ticket": 2})
        assert moved(api) == [2]
        assert "deleted" not in api.get("/tickets/2").json()
        assert len(talk(api, 2)) == 5

    def test_an_account_may_hide_its_trash(self, happen: Callable[..., httpx.Client]) -> None:
        """Then only the list of deleted tickets tells of one."""
        api = happen({"do": "delete_ticket", "ticket": 2}, shows_trash=False)
        assert api.get("/tickets/2").status_code == 404
        assert api.get("/tickets/2/conversations").status_code == 404
        assert len(api.get("/tickets", params={"filter": "deleted", **EVER}).json()) == 1

    def test_a_scrubbed_ticket_is_silently_nowhere(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """In no list, and 404; a later change to it does nothing."""
        api = happen({"do": "scrub_ticket", "ticket": 8}, {"do": "restore_ticket", "ticket": 8})
        for view in ({}, {"filter": "deleted"}, {"filter": "spam"}):
            rows = api.get("/tickets", params={**EVER, **view}).json()
            assert 8 not in [row["id"] for row in rows]
        for path in ("/tickets/8", "/tickets/archived/8", "/tickets/8/conversations"):
            assert api.get(path).status_code == 404
        assert api.get("/surveys/satisfaction_ratings").json() == []

    def test_a_redacted_conversation_moves_only_itself(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Nobody who goes by the ticket's `updated_at` hears of it."""
        api = happen({"do": "redact_message", "ticket": 2, "message": 1, "words": "see"})
        assert moved(api) == []
        row = talk(api, 2)[0]
        assert row["body_text"] == "Let me \u2587\u2587\u2587"
        assert "see" not in row["body"]
        assert (row["updated_at"], row["last_edited_at"], row["last_edited_user_id"]) == (
            *(THEN, THEN),
            11,
        )

    def test_a_redacted_call_is_black_in_the_note(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Its description, which has no such words, is as it was."""
        api = happen({"do": "redact_message", "ticket": 1, "message": 0, "words": "friend"})
        assert moved(api) == []
        assert (
            talk(api, 1)[0]["body_text"] == "Customer: My \u2587\u2587\u2587\u2587\u2587\u2587 died"
        )
        assert api.get("/tickets/1").json()["description_text"] == "Inbound call"

    @pytest.mark.parametrize(("number", "words"), [(2, "costs"), (3, "<anyone>")])
    def test_a_redacted_description_moves_the_ticket(
        self, happen: Callable[..., httpx.Client], number: int, words: str
    ) -> None:
        """In a web chat it is black in both places."""
        api = happen({"do": "redact_message", "ticket": number, "message": 0, "words": words})
        assert moved(api) == [number]
        row = api.get(f"/tickets/{number}?include=conversations").text
        assert words.strip("<>") not in row

    def test_a_message_made_private_moves_only_itself(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """From then on it is a note among agents; a description cannot be hidden."""
        api = happen(
            {"do": "make_private", "ticket": 2, "message": 4},
            {"do": "make_private", "ticket": 2, "message": 0},
        )
        assert moved(api) == []
        row = talk(api, 2)[3]
        assert (row["body_text"], row["private"], row["category"]) == ("Known", True, 2)
        assert row["updated_at"] == THEN
        assert api.get("/tickets/2").json()["description_text"] == "It costs too much"

    def test_a_merge_closes_the_loser_and_copies_its_words(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """A note in it names the winner; its rating stays with it; no field tells."""
        api = happen({"do": "merge_tickets", "loser": 2, "winner": 8})
        assert moved(api) == [2, 8]
        loser, winner = talk(api, 2), talk(api, 8)
        assert api.get("/tickets/2").json()["status"] == 5
        assert loser[-1]["body_text"] == "This ticket is closed and merged into ticket 8"
        assert (loser[-1]["private"], loser[-1]["source"]) == (True, 2)
        assert [row["body_text"] for row in winner[:-1]] == [row["body_text"] for row in loser[:-1]]
        assert winner[-1]["body_text"] == "Merged from ticket 2\n\nMatter 2\n\nIt costs too much"
        assert not {row["id"] for row in loser} & {row["id"] for row in winner}
        assert {row["ticket_id"] for row in winner} == {8}

    def test_what_is_gone_is_not_merged(self, happen: Callable[..., httpx.Client]) -> None:
        """The other one stays as it was."""
        api = happen(
            {"do": "scrub_ticket", "ticket": 2}, {"do": "merge_tickets", "loser": 2, "winner": 8}
        )
        assert (moved(api), talk(api, 8)) == ([], [])


class TestContacts:
    """Changes of contacts."""

    def test_an_update_moves_the_contact(self, happen: Callable[..., httpx.Client]) -> None:
        """A phone can be cleared; whether it is shared is not known."""
        values = {"phone": None, "name": "Ana B", "organization": None, "language": "es-ES"}
        change = {"do": "update_customer", "customer": 100, "set": values | {"shared_phone": True}}
        api = happen(change)
        assert (changed_contacts(api), moved(api)) == ([100], [])
        row = api.get("/contacts/100").json()
        names = ("phone", "name", "company_id", "language")
        assert [row[name] for name in names] == [None, "Ana B", None, "es"]

    def test_a_merge_leaves_nothing_of_the_loser_and_moves_no_ticket(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Tickets and words are the winner's, as are addresses and numbers where there is room."""
        api = happen({"do": "merge_customers", "loser": 101, "winner": 100})
        assert api.get("/contacts/101").status_code == 404
        assert api.get("/contacts", params={"state": "deleted"}).json() == []
        assert (moved(api), changed_contacts(api)) == ([], [100])
        rows = api.get("/tickets", params={**EVER, "requester_id": 100}).json()
        assert {row["id"] for row in rows} == {1, 2, 4, 5, 6, 7}
        assert [row["user_id"] for row in talk(api, 2)] == [11, 11, 100, 10, 11]
        winner = api.get("/contacts/100").json()
        assert winner["other_emails"] == ["ana@work.example", "bo@mail.example"]
        assert (winner["phone"], winner["mobile"]) == ("+12125550101", "+12125550111")

    def test_an_account_may_move_merged_tickets(self, happen: Callable[..., httpx.Client]) -> None:
        """The archived one among them is archived no more."""
        api = happen(
            {"do": "merge_customers", "loser": 100, "winner": 103}, merge_moves_tickets=True
        )
        assert moved(api) == [1, 2, 4]
        assert api.get("/contacts/103").json()["company_id"] == 5

    def test_whatever_the_loser_does_later_the_winner_does(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """Also through two merges; whoever is merged already is not merged again."""
        at = AS_OF + 3600
        told = {"by": "customer", "at": at, "text": "Hi"}
        new = {"id": 50, "customer": 103, "subject": "New", "at": at, "messages": [told]}
        words = {"by": {"customer": 103}, "at": at, "text": "Me too"}
        api = happen(
            {"do": "merge_customers", "loser": 103, "winner": 101},
            {"do": "merge_customers", "loser": 101, "winner": 100},
            {"do": "merge_customers", "loser": 103, "winner": 100},
            {"do": "update_ticket", "ticket": 3, "set": {"customer": 103}},
            {"do": "update_customer", "customer": 103, "set": {"name": "All of them"}},
            {"do": "add_ticket", "ticket": new},
            {"do": "add_message", "ticket": 1, "message": words},
        )
        assert api.get("/tickets/3").json()["requester_id"] == 100
        assert api.get("/tickets/50").json()["requester_id"] == 100
        assert api.get("/contacts/100").json()["name"] == "All of them"
        assert talk(api, 1)[-1]["user_id"] == 100

    def test_a_deleted_contact_keeps_their_tickets_and_can_come_back(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """The list of deleted ones takes a changed-since time."""
        api = happen({"do": "delete_customer", "customer": 100})
        assert changed_contacts(api, state="deleted") == [100]
        assert (changed_contacts(api), moved(api)) == ([], [])
        assert api.get("/tickets/1").json()["requester_id"] == 100

    def test_a_restored_contact_is_as_before(self, happen: Callable[..., httpx.Client]) -> None:
        """In the plain list, as changed."""
        api = happen(
            {"do": "delete_customer", "customer": 100},
            {"do": "restore_customer", "customer": 100},
        )
        assert changed_contacts(api) == [100]
        assert "deleted" not in api.get("/contacts/100").json()

    def test_a_contact_deleted_for_good_takes_all_tickets_along(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """In no list, and 404; what they wrote elsewhere stays. Later changes to them are void."""
        api = happen(
            {"do": "delete_customer", "customer": 101},
            {"do": "delete_customer_permanently", "customer": 101},
            {"do": "restore_customer", "customer": 101},
            {"do": "delete_ticket", "ticket": 5},
            {"do": "merge_customers", "loser": 101, "winner": 100},
        )
        assert api.get("/contacts/101").status_code == 404
        for state in ("deleted", "blocked", "verified"):
            assert 101 not in changed_contacts(api, state=state)
        assert moved(api) == []
        for view in ({}, {"filter": "deleted"}):
            rows = api.get("/tickets", params={**EVER, **view}).json()
            assert not {5, 6, 7} & {row["id"] for row in rows}
        assert api.get("/tickets/6").status_code == 404
        assert "I pay for it" in [row["body_text"] for row in talk(api, 2)]

    @pytest.mark.parametrize(
        ("changes", "wanted"),
        [
            ([("remove_identity", "email", "ana@mail.example")],
             ("ana@work.example", [], "+12125550101", "+12125550111")),
            ([("remove_identity", "email", "ana@work.example")],
             ("ana@mail.example", [], "+12125550101", "+12125550111")),
            ([("remove_identity", "phone_number", "+12125550101")],
             ("ana@mail.example", ["ana@work.example"], None, "+12125550111")),
            ([("remove_identity", "phone_number", "+12125550111"),
              ("add_identity", "phone_number", "+12125550177"),
              ("add_identity", "phone_number", "+12125550177")],
             ("ana@mail.example", ["ana@work.example"], "+12125550101", "+12125550177")),
            ([("add_identity", "email", "a@b.example"), ("add_identity", "email", "a@b.example")],
             ("ana@mail.example", ["ana@work.example", "a@b.example"],
              "+12125550101", "+12125550111")),
        ],
    )  # fmt: skip
    def test_addresses_and_numbers_come_and_go(
        self,
        happen: Callable[..., httpx.Client],
        changes: list[tuple[str, str, str]],
        wanted: tuple[object, ...],
    ) -> None:
        """Another address takes the place of the primary one; a number has one of two places."""
        api = happen(
            *(
                {"do": do, "customer": 100, "identity": {"type": kind, "value": value}}
                for do, kind, value in changes
            )
        )
        assert changed_contacts(api) == [100]
        row = api.get("/contacts/100").json()
        assert (row["email"], row["other_emails"], row["phone"], row["mobile"]) == wanted

    def test_a_contact_has_ten_addresses_at_most(self, happen: Callable[..., httpx.Client]) -> None:
        """An eleventh has no place."""
        mails = [{"type": "email", "value": f"{n}@mail.example"} for n in range(12)]
        api = happen(*({"do": "add_identity", "customer": 102, "identity": mail} for mail in mails))
        row = api.get("/contacts/102").json()
        assert (row["email"], len(row["other_emails"])) == ("0@mail.example", 9)


def test_an_agent_can_be_renamed_and_leave(happen: Callable[..., httpx.Client]) -> None:
    """Their id stays in what they did."""
    api = happen({"do": "update_agent", "agent": 11, "set": {"name": "Eli R", "active": False}})
    row = api.get("/agents/11").json()
    assert (row["contact"]["name"], row["deactivated"], row["available"]) == ("Eli R", True, False)
    assert row["updated_at"] == row["contact"]["updated_at"] == THEN
    assert api.get("/tickets/1").json()["responder_id"] == 11


def test_nobody_who_is_gone_for_good_asks_again(document: dict[str, Any]) -> None:
    """A story that says so contradicts itself, and is told which ticket."""
    at = AS_OF + 3600
    told = {"by": "customer", "at": at, "text": "Hi"}
    new = {"id": 50, "customer": 100, "subject": "New", "at": at, "messages": [told]}
    document["changes"] = [{"at": at, "do": "delete_customer_permanently", "customer": 100}]
    account = Account(read_story(document))
    del account.contacts[100]
    document["tickets"].append(new)
    with pytest.raises(ValueError, match="ticket 50: customer 100 is gone for good"):
        account.add_ticket(read_story(document).tickets[-1])
