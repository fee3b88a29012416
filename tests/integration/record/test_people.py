"""Who people are, what points to them, and how they go: hidden, restored, erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.entities import Identity, Organization, Page, Role, Status
from memory.record import due, of_customer, queries
from memory.record import tables as t
from memory.record.identities import normal_value
from tests.support.book import agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from tests.support.book import Book


def _identities(book: Book, person_id: str = "100") -> dict[str, tuple[bool, str]]:
    """Value to (shared, source)."""
    return {
        row["value"]: (row["shared"], row["source"])
        for row in book.rows(t.identity)
        if row["person_id"] == person_id
    }


def _by_phone(book: Book, value: str) -> list[str]:
    with book.record.reading() as connection:
        return [
            row.id for row in queries.people_by_identity(connection, book.number, "phone", value)
        ]


def _person(book: Book, person_id: str = "100") -> dict[str, object]:
    return next(row for row in book.rows(t.person) if row["id"] == person_id)


def test_the_newest_copy_of_a_person_wins(book: Book) -> None:
    """An older copy changes neither the person nor what points to them."""
    book.people(customer(name="Mara L.", phone="2125550101", updated_at=ago(1)))
    book.people(customer(name="M.", phone="2125550199", updated_at=ago(5)))
    assert _person(book)["name"] == "Mara L."
    assert set(_identities(book)) == {"+12125550101"}
    book.people(customer(name="New", updated_at=ago(0)), customer(name="Old", updated_at=ago(2)))
    assert _person(book)["name"] == "New"


def test_an_organization_has_the_name_it_had_last(book: Book) -> None:
    """People are shown with the name of the organization they belong to."""
    book.store(
        people=(customer(organization_id="5"),), organizations=(Organization("5", "Harbour"),)
    )
    book.store(organizations=(Organization("5", "Harbour Co-op"),))
    with book.record.reading() as connection:
        row = queries.person(connection, book.number, "100")
    assert row is not None
    assert row.organization == "Harbour Co-op"


@pytest.mark.parametrize(
    ("kind", "value", "region", "normal"),
    [
        ("phone", "(212) 555-0101", "US", "+12125550101"),
        ("phone", "212 555 0101", None, None),
        ("phone", "020 7946 0958", "GB", "+442079460958"),
        ("phone", "+44 20 7946 0958", "US", "+442079460958"),
        ("phone", "anonymous", "US", None),
        ("phone", "ask for Mara", "US", None),
        ("email", "  Mara@Example.COM ", None, "mara@example.com"),
        ("email", "STRASSE@example.com", None, "strasse@example.com"),
        ("email", "  ", None, None),
        ("external", " A-17 ", None, "A-17"),
    ],
)
def test_an_identity_is_stored_as_it_is_looked_up(
    kind: str, value: str, region: str | None, normal: str | None
) -> None:
    """Phones as E.164 by the account's region, e-mails casefolded, the rest as it is."""
    assert normal_value(kind, value, region) == normal


def test_a_profile_points_by_phone_email_and_external_id(book: Book) -> None:
    """All three, normalised; the person's row shows the phone as E.164."""
    book.people(customer(phone="(212) 555-0101", email="Mara@Example.com", external_id="A-17"))
    assert set(_identities(book)) == {"+12125550101", "mara@example.com", "A-17"}
    assert _person(book)["phone"] == "+12125550101"


def test_a_phone_that_is_no_number_points_nowhere_and_is_not_shown(book: Book) -> None:
    """Nobody is guessed, and free text may say anything; the helpdesk still has it."""
    book.people(customer(phone="ask reception"))
    assert _person(book)["phone"] is None
    assert _identities(book) == {}


def test_agents_are_not_looked_up_by_phone(book: Book) -> None:
    """Only customers have identities."""
    book.people(agent(phone="2125550101", email="daniel@acme.example"))
    assert book.rows(t.identity) == []


def test_a_new_phone_in_the_profile_replaces_the_old_one(book: Book) -> None:
    """The number someone gave back no longer points to them."""
    book.people(customer(phone="2125550101", updated_at=ago(2)))
    book.people(customer(phone="2125550102", updated_at=ago(1)))
    assert set(_identities(book)) == {"+12125550102"}


def test_the_list_of_identities_adds_to_the_profile_and_replaces_itself(book: Book) -> None:
    """A second number counts until the list no longer has it; the profile's own stays."""
    book.people(customer(email="mara@example.com"))
    first = Identity("100", "phone", "2125550101")
    book.store(identities=(first,), identified=("100",))
    assert set(_identities(book)) == {"mara@example.com", "+12125550101"}
    book.store(identities=(Identity("100", "phone", "2125550102"),), identified=("100",))
    assert set(_identities(book)) == {"mara@example.com", "+12125550102"}


def test_a_person_is_identified_once_per_change(book: Book) -> None:
    """Identities are due for a new or changed customer, and no longer once their list was read."""
    one = customer(updated_at=ago(3))
    book.people(one, agent(), customer("101", identities_known=True))

    def identifiable() -> list[str]:
        with book.record.reading() as connection:
            return list(due.people_to_identify(connection, book.number, 10))

    assert identifiable() == ["100"]
    book.people(one)
    assert identifiable() == ["100"]
    book.store(identified=("100",))
    assert identifiable() == []
    book.people(one)
    assert identifiable() == []
    book.people(customer(updated_at=ago(2)))
    assert identifiable() == ["100"]


def test_the_shared_flag_of_a_phone_outlives_the_list_of_identities(book: Book) -> None:
    """Only the profile says that a phone is shared; lists, read as often as need be, do not."""
    shared = customer(phone="2125550101", shared_phone=True, email="mara@example.com")
    book.people(shared)
    assert _identities(book)["+12125550101"] == (True, "profile")
    for _ in range(3):
        book.store(identities=(Identity("100", "phone", "2125550101"),), identified=("100",))
        assert _identities(book)["+12125550101"] == (True, "identities")
        assert _identities(book)["mara@example.com"][0] is False
    book.people(customer(phone="2125550101", updated_at=ago(1)))
    assert _identities(book)["+12125550101"][0] is False


def test_a_phone_that_is_no_longer_the_shared_one_is_no_longer_shared(book: Book) -> None:
    """The flag belongs to the profile's phone, not to a number the profile once had."""
    book.people(customer(phone="2125550101", shared_phone=True, updated_at=ago(2)))
    both = (Identity("100", "phone", "2125550101"), Identity("100", "phone", "2125550102"))
    book.store(identities=both, identified=("100",))
    book.people(customer(phone="2125550102", updated_at=ago(1)))
    book.store(identities=both, identified=("100",))
    assert {shared for shared, _ in _identities(book).values()} == {False}


def test_a_deleted_person_is_invisible_and_returns_when_restored(book: Book) -> None:
    """Soft-deleted: found by nothing, counted nowhere, and all there when restored."""
    book.people(customer(phone="2125550101", updated_at=ago(3)))
    book.store(identities=(Identity("100", "phone", "2125550102"),), identified=("100",))
    book.people(customer(phone="2125550101", active=False, updated_at=ago(2)))
    assert _by_phone(book, "+12125550101") == []
    assert _by_phone(book, "+12125550102") == []
    with book.record.reading() as connection:
        assert list(queries.customer_ids(connection, book.number)) == []
        assert queries.counts(connection, book.number)["customers"] == 0
        assert list(due.people_to_identify(connection, book.number, 10)) == []
    book.people(customer(phone="2125550101", updated_at=ago(1)))
    assert _by_phone(book, "+12125550101") == ["100"]
    assert _by_phone(book, "+12125550102") == ["100"]


def _life(book: Book) -> None:
    """Customer 100 with everything, and customer 101 beside them."""
    book.people(
        customer(phone="2125550101", updated_at=ago(5)),
        customer("101", "Ellen", phone="2125550102"),
        agent(),
    )
    book.store(identities=(Identity("100", "email", "m@example.com"),), identified=("100",))
    for ticket_id, who in (("1", "100"), ("2", "101")):
        book.ticket(ticket_id, who)
        book.told("interest", f"{who} loves sailing", ticket_id, by=who, customer_id=who)
        book.issue(ticket_id, "Bill", customer_id=who, vector=[1, float(who)])
        book.sentence(ticket_id, f"{who} sails at dawn", [float(who), 1], author_id=who)
        book.contact(ticket_id, "11", customer_id=who)
        book.never_kept(ticket_id, 1, who)
    book.told("work", "I fly planes", "2", by="100")
    book.note("Likes the sea")
    with book.record.writing(book.account) as writer:
        writer.log_access(
            at=ago(0), agent="lee", proof="os-user", source="command", what="x", customer_id="100"
        )


def _of_the_other(book: Book) -> list[dict[str, object]]:
    """Every row that is customer 101's."""
    tables = (t.person, t.memory, t.contact, t.never_kept, t.identity, t.ticket, t.message)
    owner = ("customer_id", "person_id", "requester_id")
    return [
        row
        for table in tables
        for row in book.rows(table)
        if "101" in [row.get(key) for key in owner] or row.get("ticket_id") == "2"
        if "100" not in (row.get("customer_id"), row.get("author_id"))
    ]


def _erased() -> Page:
    gone = customer(name=None, active=False, erased=True, updated_at=ago(1))
    return Page(people=(gone,))


def test_an_erased_person_leaves_nothing(book: Book) -> None:
    """Tickets, memories wherever they were said, notes, identities and accesses go; others stay."""
    _life(book)
    others = _of_the_other(book)
    book.store(_erased())
    for table in (t.memory, t.note, t.never_kept, t.contact, t.alias):
        assert not [row for row in book.rows(table) if row["customer_id"] == "100"], table.name
    for table in (t.message, t.sentence):
        assert not [row for row in book.rows(table) if row["ticket_id"] == "1"], table.name
    assert _identities(book) == {}
    assert "100 loves sailing" not in str(book.rows(t.evidence))
    assert "I fly planes" not in str(book.rows(t.evidence))
    assert next(row for row in book.rows(t.ticket) if row["id"] == "1")["status"] == "deleted"
    assert all(row["users"] > 0 for row in book.rows(t.vector))
    assert len(book.rows(t.vector)) == 2
    assert _of_the_other(book) == others


def test_an_erased_persons_words_and_tickets_do_not_come_back(book: Book) -> None:
    """What they wrote for others goes too, and what arrives late of theirs is not stored."""
    _life(book)
    book.store(_erased())
    book.store(tickets=(ticket("7", "100"),), messages=(message("m9", "late", ticket_id="2"),))
    assert not [row for row in book.rows(t.message) if row["author_id"] == "100"]
    assert next(row for row in book.rows(t.ticket) if row["id"] == "7")["status"] == "deleted"
    assert "2" in book.waiting()


def test_an_older_copy_cannot_bring_an_erased_person_back(book: Book) -> None:
    """Nor can a list of identities that was under way."""
    _life(book)
    book.store(_erased())
    book.people(customer(phone="2125550101", updated_at=ago(2)))
    book.store(identities=(Identity("100", "phone", "2125550101"),), identified=("100",))
    assert "100" not in {row["id"] for row in book.rows(t.person)}
    assert _identities(book) == {}
    assert _by_phone(book, "+12125550101") == []


def test_an_erased_persons_vectors_go_even_where_the_ticket_has_moved_on(book: Book) -> None:
    """An issue that was theirs in a ticket another has taken over is counted down as well."""
    book.people(customer(updated_at=ago(5)), customer("101"))
    book.ticket("1")
    book.issue("1", "Bill", vector=[1, 0])
    book.store(tickets=(ticket("1", "101", version=2),))
    book.store(_erased())
    assert book.rows(t.memory) == []
    assert book.rows(t.vector) == []


def test_a_newly_known_author_has_their_tickets_remembered_again(book: Book) -> None:
    """Messages may come before the people who wrote them; who spoke then changes all."""
    book.ticket("1")
    book.ticket("2", "101")
    book.say("1", "Hello", author_id="100")
    book.drain()
    book.people(customer())
    assert book.waiting() == ["1"]
    book.drain()
    book.people(customer(name="Another name", updated_at=ago(2)))
    assert book.waiting() == []
    book.people(agent("100", updated_at=ago(1)))
    assert "1" in book.waiting()


def test_a_newly_known_agents_name_has_tickets_that_say_it_remembered_again(book: Book) -> None:
    """Whether "Daniel" is a request for an agent depends on who works there."""
    book.people(customer())
    book.ticket("1")
    book.ticket("2")
    book.ticket("3")
    book.say("1", "I would rather speak to daniel again")
    book.say("2", "100% sure_ it was nobody")
    book.say("3", "Mr. Osei was kind")
    book.drain()
    book.people(agent())
    assert sorted(book.waiting()) == ["1", "3"]
    book.drain()
    book.people(agent())
    assert book.waiting() == []
    book.people(agent(name="sure_ 100%", updated_at=ago(1)))
    assert "2" in book.waiting()


def test_a_name_no_agent_has_any_more_has_its_tickets_remembered_again(book: Book) -> None:
    """What is remembered never depends on what an agent was called once."""
    book.people(customer(), agent(updated_at=ago(5)))
    book.ticket("1")
    book.say("1", "Daniel please")
    book.drain()
    book.people(agent(name="Zoe Adler", updated_at=ago(4)))
    assert book.waiting() == ["1"]


def test_the_customers_with_most_tickets_are_customers(book: Book) -> None:
    """Agents open tickets too, and are nobody's regular callers."""
    book.people(customer(), customer("101"), customer("102", active=False), agent())
    for number, who in enumerate(["11"] * 4 + ["102"] * 3 + ["101"] * 2 + ["100"]):
        book.ticket(str(number), who)
    book.store(tickets=(ticket("0", "11", version=2, status=Status.DELETED),))
    with book.record.reading() as connection:
        found = queries.busiest_customers(connection, book.number, 5)
    assert [(row.id, row.tickets) for row in found] == [("101", 2), ("100", 1)]


def test_roles_are_kept_as_the_helpdesk_has_them(book: Book) -> None:
    """Agents are listed with their e-mail and whether they still work there."""
    book.people(agent(email="d@acme.example"), agent("12", "Eli", active=False), customer())
    with book.record.reading() as connection:
        found = queries.agents(connection, book.number)
    assert [(row.id, row.email, row.active) for row in found] == [
        ("11", "d@acme.example", True),
        ("12", None, False),
    ]
    assert {row["role"] for row in book.rows(t.person)} == {Role.AGENT.value, Role.CUSTOMER.value}


def test_a_ticket_goes_with_its_present_requester(book: Book) -> None:
    """When a ticket changes hands it is the new requester's, words staying their author's."""
    book.people(customer(), customer("101"))
    book.ticket("1")
    book.store(messages=(message("7", "Hello", author_id="100"),))
    book.store(tickets=(ticket("1", "101", version=2),))
    with book.record.reading() as connection:
        assert of_customer.tickets_of(connection, book.number, "100") == []
        assert [r.id for r in of_customer.tickets_of(connection, book.number, "101")] == ["1"]
        assert list(of_customer.tickets_written_in(connection, book.number, "100")) == ["1"]
        assert list(of_customer.tickets_written_in(connection, book.number, "101")) == []
