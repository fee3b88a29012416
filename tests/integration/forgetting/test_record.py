"""What the record holds of somebody who was forgotten: nothing, in no table, and of others all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from memory.entities import Merge, Page, Status
from memory.record import access, certificates, due, forgotten
from memory.record import tables as t
from memory.record.erasing import erase_person
from memory.record.rings import store_rings
from tests.integration.forgetting import life
from tests.support.book import AS_OF, ago, customer, message, ticket

if TYPE_CHECKING:
    from collections import Counter

    from tests.support.book import Book

OF_PEOPLE = ("customer_id", "person_id", "requester_id", "former_requester_id", "other_id")
"""Columns that hold a customer's id, whatever table they are in."""

CHANGES = {"outbox", "forgotten"}
"""Tables that a forgetting writes to beside taking somebody out."""


def _forget(book: Book, who: str = life.WHO, reason: forgotten.Reason = "asked") -> Counter[str]:
    with book.record.writing(book.account) as writer:
        return erase_person(writer.connection, book.number, who, reason=reason, at=AS_OF)


def _complete(book: Book) -> None:
    """What follows when the bytes in files are gone."""
    with book.record.writing(book.account) as writer:
        due_now = forgotten.pending(writer.connection, book.number)
        digests = [one.digest for one in due_now]
        forgotten.complete(writer.connection, book.number, digests, AS_OF)


def _columns_of_people() -> set[tuple[str, str]]:
    return {
        (table.name, column.name)
        for table in t.metadata.sorted_tables
        for column in table.columns
        if column.name in OF_PEOPLE
    }


def test_the_life_fills_every_table_that_knows_customers(book: Book) -> None:
    """A table that is new has to be filled there, and so is looked at by what follows."""
    life.live(book)
    ids = {life.WHO, life.MERGED}
    filled = {
        (name, column)
        for name, rows in life.held(book).items()
        for row in rows
        for column in OF_PEOPLE
        if row.get(column) in ids
    }
    of_winners = {("same_person", "other_id")}  # the lesser id comes first: one column is enough
    assert _columns_of_people() - filled == of_winners


def test_nothing_is_left_in_any_table(book: Book) -> None:
    """Neither ids nor name, phones, e-mail, file or words: in every column of every table."""
    life.live(book)
    assert {mark for _, _, mark in life.found(book)} == {*life.MARKS}
    _forget(book)
    _complete(book)
    assert life.found(book) == []


def test_everybody_else_is_as_before(book: Book) -> None:
    """Row by row, in every table; the tickets where they wrote are remembered again."""
    life.live(book)
    before = life.held(book)
    _forget(book)
    _complete(book)
    after = life.held(book)
    gone = {life.OWN, life.OWN_LATER, life.OF_MERGED, life.FILE, "k2", "l1", "issue-771002"}
    resting = {row["memory_id"] for row in before["evidence"] if life.says(list(row.values()))}
    gone |= resting | {row["alias"] for row in before["alias"] if row["customer_id"] == life.WHO}
    used = {row["digest"] for row in after["vector"]}
    for name, rows in before.items():
        if name in CHANGES:
            continue
        others = [
            row
            for row in rows
            if not any(life.says(value) for value in row.values())
            and (name == "access" or gone.isdisjoint(_texts(row)))
            and (name != "vector" or row["digest"] in used)
        ]
        left = [row for row in after[name] if gone.isdisjoint(_texts(row)) or name == "access"]
        if name == "ticket":
            others = [{**row, "former_requester_id": None} for row in others]
            left = [row for row in left if row["id"] != life.GIVEN]
        assert left == others, name
    [given] = [row for row in after["ticket"] if row["id"] == life.GIVEN]
    assert (given["requester_id"], given["former_requester_id"]) == (life.OTHER, None)
    assert {life.OF_OTHER} <= set(book.waiting())
    assert len(after["vector"]) == 2


def _texts(row: dict[str, Any]) -> set[Any]:
    return {value for value in row.values() if isinstance(value, str | bytes)}


def test_of_a_ticket_number_and_version_stay(book: Book) -> None:
    """So that an older copy brings nothing back; whose it was nobody can tell."""
    life.live(book)
    _forget(book)
    [bare] = [row for row in book.rows(t.ticket) if row["id"] == life.OWN]
    told = ("subject", "requester_id", "former_requester_id", "assignee_id", "channel", "rating")
    assert [bare[name] for name in told] == ["", None, None, None, "", None]
    assert (bare["status"], bare["version"], bare["messages_due"]) == ("deleted", 1, False)


def test_rings_go_by_the_number_in_their_own_row(book: Book) -> None:
    """Who was deleted before the record heard of them is reached by nothing else."""
    them = customer("4242005", phone="+12125550144", active=False, updated_at=ago(1))
    book.people(them)
    ring = {**life.rings()[1], "caller": "+12125550144"}
    with book.record.writing(book.account) as writer:
        store_rings(writer.connection, book.number, [ring], [])
    assert _forget(book, them.id) == {"people": 1, "rings": 1}
    assert book.rows(t.ring) == []


def test_what_went_is_counted_and_certified(book: Book) -> None:
    """How much, by what it was; never what or whose."""
    life.live(book)
    went = _forget(book)
    assert went == {
        "calls": 2,
        "contacts": 1,
        "corrections": 1,
        "files": 1,
        "identities": 4,
        "memories": 3,
        "messages": 7,
        "names_in_the_access_log": 1,
        "notes": 1,
        "people": 2,
        "quarantined": 3,
        "ratings": 1,
        "rings": 2,
        "sentences": 1,
        "tickets": 3,
        "vectors": 2,
        "wishes_and_marks": 6,
    }
    with book.record.reading() as connection:
        [one, other] = sorted(
            forgotten.pending(connection, book.number), key=lambda one: -len(one.counts)
        )
    assert (one.counts, one.files, one.reason) == (dict(went), (life.FILE,), "asked")
    assert one.digest == forgotten.digest_of(book.account, life.WHO)
    assert (other.digest, other.counts) == (forgotten.digest_of(book.account, life.MERGED), {})
    certificate = certificates.certificate_of(book.account, one, dialect="sqlite")
    assert certificate["certificate"] == one.digest[:16].hex()
    assert (certificate["complete_at"], certificate["outside"]) == (None, ["backups", "helpdesk"])
    assert not any(mark in str(certificate) for mark in life.MARKS)


def test_the_access_log_still_verifies_and_leads_to_nobody(book: Book) -> None:
    """The entries stay as they are; the alias that led from the customer to them is gone."""
    life.live(book)
    entries = book.rows(t.access)
    _forget(book)
    assert book.rows(t.access) == entries
    assert {row["customer_id"] for row in book.rows(t.alias)} == {life.OTHER}
    with book.record.reading() as connection:
        assert access.verify(connection, book.number).reason is None


@pytest.mark.parametrize("order", [1, -1], ids=["as first", "backwards"])
def test_no_page_of_the_helpdesk_brings_anything_back(book: Book, order: int) -> None:
    """All that was ever told of them is told again, in both orders, twice; and newer, too."""
    life.live(book)
    _forget(book)
    _complete(book)
    told = [*life.pages().values(), *_newer()][::order]
    for page in (*told, *told):
        book.store(page)
    with book.record.writing(book.account) as writer:
        gone = store_rings(writer.connection, book.number, life.rings()[:1], [])
        writer.quarantine(life.unreadable()[:2], AS_OF)
        writer.settle(AS_OF)
    assert gone == {"k1"}
    assert life.found(book) == []
    with book.record.reading() as connection:
        assert due.authors_unknown(connection, book.number) == []
        assert set(due.people_unseen(connection, book.number, ago(-9999))) == {
            life.OTHER,
            life.TWIN,
        }


def _newer() -> list[Page]:
    """What a helpdesk may still tell of them after a while."""
    them = customer(life.WHO, life.NAME, email=life.EMAIL, updated_at=ago(-3))
    return [
        Page(people=(them,)),
        Page(people=(customer(life.WHO, None, active=False, erased=True, updated_at=ago(-4)),)),
        Page(tickets=(ticket(life.OWN, life.WHO, subject=f"{life.WORD} back", version=9),)),
        Page(tickets=(ticket("771009", life.WHO, subject=f"New {life.WORD}"),)),
        Page(messages=(message("m9", life.WORD, ticket_id=life.OF_OTHER, author_id=life.WHO),)),
        Page(gone_people=(life.WHO,), gone_tickets=(life.OWN,)),
        Page(merges=(Merge("4242003", life.WHO), Merge(life.WHO, life.OTHER))),
        Page(stale_tickets=(life.OWN,), whole_tickets=(life.OWN,)),
    ]


def test_what_becomes_somebody_forgotten_is_forgotten(book: Book) -> None:
    """A helpdesk tells of a merge late: the loser's words were the forgotten person's."""
    life.live(book)
    _forget(book)
    book.people(customer("4242009", "Quillon"))
    book.store(tickets=(ticket("771008", "4242009", subject=life.WORD),))
    book.store(merges=(Merge("4242009", life.WHO),))
    _complete(book)
    assert life.found(book) == []
    with book.record.reading() as connection:
        late = forgotten.forgotten(connection, book.number, "4242009")
    assert late is not None
    assert late.reason == "asked"


def test_a_ticket_that_is_given_to_somebody_else_is_theirs(book: Book) -> None:
    """Later, or by a merge, which leaves the version as it is; an older copy changes nothing."""
    life.live(book)
    _forget(book)
    book.store(tickets=(ticket(life.OWN, life.OTHER, subject="Old", version=0),))
    book.store(tickets=(ticket(life.OWN_LATER, life.OTHER, subject="Lamp", version=1),))
    book.store(tickets=(ticket(life.OF_MERGED, life.OTHER, subject="Lamp", version=2),))
    told = {row["id"]: (row["status"], row["requester_id"]) for row in book.rows(t.ticket)}
    assert told[life.OWN] == (Status.DELETED.value, None)
    assert told[life.OWN_LATER] == told[life.OF_MERGED] == (Status.OPEN.value, life.OTHER)


def test_who_may_be_known_again_is_all_there_at_the_next_full_reading(book: Book) -> None:
    """The helpdesk's rows come back at the versions they had; what agents said here does not."""
    life.live(book)
    _forget(book)
    _complete(book)
    with book.record.writing(book.account) as writer:
        for who in (life.WHO, life.MERGED):
            assert forgotten.allow(writer.connection, book.number, who)
        assert not forgotten.allow(writer.connection, book.number, life.WHO)
    for page in life.pages().values():
        book.store(page)
    told = {row["id"]: (row["subject"], row["requester_id"]) for row in book.rows(t.ticket)}
    assert told[life.OWN] == (f"The {life.WORD} router", life.WHO)
    assert told[life.OF_MERGED] == (f"An old {life.WORD}", life.WHO)
    assert {"m1", "m2", "m3", "m4"} <= {row["id"] for row in book.rows(t.message)}
    assert life.WHO in {row["id"] for row in book.rows(t.person) if row["active"]}
    assert {row["customer_id"] for row in book.rows(t.note)} == {life.OTHER}
    assert book.rows(t.forgotten) == []


def test_what_others_remembered_by_their_words_goes_at_once(book: Book) -> None:
    """Not only when the ticket is remembered again: no brief quotes them meanwhile."""
    life.live(book)
    kept = {row["id"] for row in book.rows(t.memory) if row["customer_id"] == life.OTHER}
    assert len(kept) == 3
    _forget(book)
    left = {row["id"] for row in book.rows(t.memory) if row["customer_id"] == life.OTHER}
    assert len(left) == 2
    assert left < kept


def test_an_agent_who_is_deleted_leaves_their_answers_without_a_name(book: Book) -> None:
    """What they wrote is still an agent's; nothing says any more what they were called."""
    life.live(book)
    book.store(people=(life.EX_AGENT,), at=ago(31))
    with book.record.writing(book.account) as writer:
        writer.settle(AS_OF)
    assert "Mend the zephyrmark" in {row["text"] for row in book.rows(t.message)}
    assert "Daniel" not in str(book.rows(t.person))
    [row] = [row for row in book.rows(t.person) if row["id"] == "11"]
    assert (row["role"], row["active"], row["name"]) == ("agent", False, None)
    book.store(people=(life.EX_AGENT,), at=ago(0))
    assert "Daniel" not in str(book.rows(t.person))
    with book.record.writing(book.account) as writer:
        writer.settle(ago(-99))
    assert "Mend the zephyrmark" in {row["text"] for row in book.rows(t.message)}


def test_somebody_nobody_knew_is_forgotten_before_they_come(book: Book) -> None:
    """The helpdesk may say that somebody is gone for good before it says who they were."""
    _forget(book, reason="deleted")
    for page in life.pages().values():
        book.store(page)
    assert life.found(book) == []


def test_forgetting_twice_adds_to_the_same_certificate(book: Book) -> None:
    """The first time stands, and what went later is counted there; the bytes are due again."""
    life.live(book)
    first = _forget(book)
    _complete(book)
    again = _forget(book, reason="deleted")
    assert not again
    with book.record.reading() as connection:
        one = forgotten.forgotten(connection, book.number, life.WHO)
        assert one is not None
        assert (one.reason, one.counts, one.complete_at) == ("asked", dict(first), AS_OF)
        assert forgotten.pending(connection, book.number) == []


def test_nobody_is_forgotten_in_another_account(book: Book) -> None:
    """The digest is keyed: the same id is another's there."""
    other = book.record.add_account("zendesk:apex", "https://apex.zendesk.com")
    _forget(book)
    with book.record.reading() as connection:
        ids = [life.WHO, None, life.OTHER]
        assert forgotten.are_forgotten(connection, book.number, ids) == {life.WHO}
        assert forgotten.are_forgotten(connection, other.number, ids) == set()
    assert forgotten.digest_of(book.account, life.WHO) != forgotten.digest_of(other, life.WHO)


def test_no_table_is_left_out_of_the_walk(book: Book) -> None:
    """The database has no table that the walk does not see."""
    with book.record.reading() as connection:
        names = set(sa.inspect(connection).get_table_names())
    assert names - {"alembic_version"} == set(life.held(book))
