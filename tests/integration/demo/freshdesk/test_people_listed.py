"""Contacts, agents, companies and what codes are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from connector.demo.server import DemoHelpdesk


def ids(answer: httpx.Response) -> list[int]:
    """Who is in an answer, in its order."""
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


class TestContacts:
    """`GET /contacts`."""

    def test_they_come_by_name_without_further_addresses_and_tags(
        self, reader: httpx.Client
    ) -> None:
        """Only one that is asked for by id has those."""
        answer = reader.get("/contacts")
        assert ids(answer) == [102, 100, 101, 103]
        listed = answer.json()[1]
        whole = reader.get("/contacts/100").json()
        extra = {"other_emails", "tags", "other_companies", "view_all_tickets", "avatar"}
        assert set(whole) - set(listed) == extra
        assert listed == {name: whole[name] for name in listed}
        assert whole["other_emails"] == ["ana@work.example"]

    def test_a_contact_has_one_phone_and_one_mobile(self, reader: httpx.Client) -> None:
        """A third number of the story has no place; a visitor has neither."""
        ana = reader.get("/contacts/100").json()
        assert (ana["phone"], ana["mobile"]) == ("+12125550101", "+12125550111")
        assert "+12125550112" not in reader.get("/contacts/100").text
        visitor = reader.get("/contacts/102").json()
        assert (visitor["name"], visitor["phone"], visitor["email"]) == ("", None, None)

    def test_language_and_time_zone_have_freshdesks_names(self, reader: httpx.Client) -> None:
        """A language without its country, mostly, and a zone of Rails."""
        told = [reader.get(f"/contacts/{number}").json() for number in (100, 103)]
        assert [row["language"] for row in told] == ["en", "pt-BR"]
        assert told[0]["time_zone"] == "Eastern Time (US & Canada)"

    @pytest.mark.parametrize(
        ("params", "wanted"),
        [
            ({"phone": "+12125550102"}, [101, 103]),
            ({"phone": "12125550102"}, []),
            ({"mobile": "+12125550111"}, [100]),
            ({"email": "ANA@work.example"}, [100]),
            ({"company_id": 5}, [100]),
            ({"state": "verified"}, [100, 101]),
            ({"state": "unverified"}, [102, 103]),
            ({"state": "deleted"}, []),
            ({"unique_external_id": "x"}, []),
            ({"per_page": 2, "page": 2}, [101, 103]),
        ],
    )
    def test_they_can_be_narrowed_down(
        self, reader: httpx.Client, params: dict[str, Any], wanted: list[int]
    ) -> None:
        """A number only as exactly the string that is stored."""
        assert ids(reader.get("/contacts", params=params)) == wanted

    def test_blocked_and_deleted_ones_stand_only_in_their_own_lists(
        self, happen: Callable[..., httpx.Client]
    ) -> None:
        """`deleted` is a field only of those who are; both can be read by id."""
        api = happen(
            {"do": "update_customer", "customer": 101, "set": {"suspended": True}},
            {"do": "delete_customer", "customer": 100},
        )
        assert ids(api.get("/contacts")) == [102, 103]
        assert ids(api.get("/contacts", params={"state": "blocked"})) == [101]
        assert ids(api.get("/contacts", params={"state": "verified"})) == []
        (gone,) = api.get("/contacts", params={"state": "deleted"}).json()
        assert (gone["id"], gone["deleted"]) == (100, True)
        assert api.get("/contacts/100").json()["deleted"] is True
        assert "deleted" not in api.get("/contacts/101").json()

    @pytest.mark.parametrize("taken", ["_updated_since", "updated_since"])
    def test_only_one_name_of_the_changed_since_time_is_taken(
        self, happen: Callable[..., httpx.Client], taken: str
    ) -> None:
        """Which one is the account's habit; that second is included."""
        change = {"do": "update_customer", "customer": 101, "set": {"name": "Bo B"}}
        api = happen(change, contacts_since=taken)
        for since, wanted in (("2026-07-07T10:00:00Z", [101]), ("2026-07-07T10:00:01Z", [])):
            assert ids(api.get("/contacts", params={taken: since})) == wanted
        (other,) = {"_updated_since", "updated_since"} - {taken}
        refused = api.get("/contacts", params={other: "2026-07-07T10:00:00Z"})
        assert refused.status_code == 400
        told = refused.json()["errors"][0]
        assert (told["field"], told["code"]) == (other, "invalid_field")

    @pytest.mark.parametrize("path", ["/contacts/99", "/contacts/10", "/companies/6"])
    def test_whoever_is_not_there_is_404(self, reader: httpx.Client, path: str) -> None:
        """An agent is no contact."""
        assert reader.get(path).status_code == 404


class TestOthers:
    """Agents, companies, fields."""

    def test_an_agents_id_is_the_one_that_tickets_name(self, reader: httpx.Client) -> None:
        """One who has left is still listed."""
        rows = reader.get("/agents").json()
        assert [(row["id"], row["contact"]["name"], row["deactivated"]) for row in rows] == [
            (10, "Dana", False),
            (11, "Eli", False),
            (12, "Fay", True),
        ]
        assert reader.get("/agents/12").json() == rows[2]
        assert ids(reader.get("/agents", params={"email": "eli@acme.example"})) == [11]
        assert reader.get("/agents/100").status_code == 404

    @pytest.mark.parametrize("name", ["updated_since", "_updated_since"])
    def test_companies_take_either_name_of_the_time(self, reader: httpx.Client, name: str) -> None:
        """None of them has changed lately."""
        assert ids(reader.get("/companies", params={name: "2020-01-01T00:00:00Z"})) == [5]
        assert ids(reader.get("/companies", params={name: "2026-07-01T00:00:00Z"})) == []
        assert reader.get("/companies/5").json()["name"] == "Harbour Co-op"

    def test_the_fields_tell_what_the_codes_are_called(self, reader: httpx.Client) -> None:
        """Statuses above 5 are the account's own."""
        (row,) = reader.get("/ticket_fields", params={"type": "default_status"}).json()
        assert row["choices"]["7"][0] == "Waiting on Third Party"
        names = [row["name"] for row in reader.get("/ticket_fields").json()]
        assert names == ["status", "source", "priority"]


def test_without_an_admin_in_the_story_there_is_an_owner(
    document: dict[str, Any],
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., httpx.Client],
) -> None:
    """An account always has one, and the admin's key is theirs."""
    document["agents"][0]["role"] = "agent"
    assert connect(serve()).get("/agents/me").json()["contact"]["name"] == "Account owner"
