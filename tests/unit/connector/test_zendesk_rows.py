"""Zendesk's rows as entities: users, organizations, identities, tickets, comments, ratings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.fields import Row, outline, read_all
from connector.zendesk import rows
from memory.entities import (
    Identity,
    Message,
    Organization,
    Origin,
    Person,
    Rating,
    Role,
    Status,
    Ticket,
)
from tests.support.zendesk_rows import AT, COMMENT, RATING, TICKET, USER

if TYPE_CHECKING:
    from collections.abc import Callable

MOMENT = datetime(2026, 7, 1, 10, tzinfo=UTC)
SAMPLES: dict[str, tuple[dict[str, Any], Callable[[Row], object]]] = {
    "users": (USER, rows.person),
    "tickets": (TICKET, partial(rows.ticket, solved={})),
    "comments": (COMMENT, partial(rows.comment, ticket_id="8831")),
    "voice": (
        {**COMMENT, "type": "VoiceComment", "data": {"from": "+1", "call_duration": 5}},
        partial(rows.comment, ticket_id="8831"),
    ),
    "partner": (
        {**COMMENT, "type": "TpeVoiceComment", "data": {"call_started_at": AT, "from_line": "+1"}},
        partial(rows.comment, ticket_id="8831"),
    ),
    "events": (COMMENT, partial(rows.event_comment, ticket_id="8831", at=MOMENT)),
    "ratings": (RATING, rows.rating),
    "organizations": ({"id": 5, "name": "Harbour"}, rows.organization),
    "identities": ({"user_id": 7, "type": "email", "value": "a@b.example"}, rows.identity),
}


def person(**changed: Any) -> Person:
    """The person that a changed user row is read as."""
    return rows.person(Row({**USER, **changed}))


def ticket(**changed: Any) -> Ticket:
    """The ticket that a changed row is read as."""
    return rows.ticket(Row({**TICKET, **changed}), {})


def comment(**changed: Any) -> Message:
    """The message that a changed comment is read as."""
    return rows.comment(Row({**COMMENT, **changed}), "8831")


def test_a_user_is_a_person() -> None:
    """Every field of use lands, the zone under its IANA name."""
    assert person() == Person(
        id="7",
        role=Role.CUSTOMER,
        name="Mara Lindqvist",
        created_at=MOMENT,
        updated_at=MOMENT,
        email="mara@example.com",
        phone="+12125550101",
        organization_id="5",
        language="en-US",
        time_zone="America/New_York",
        external_id="crm-1",
    )


@pytest.mark.parametrize(
    ("role", "read"),
    [
        ("end-user", Role.CUSTOMER),
        ("agent", Role.AGENT),
        ("admin", Role.AGENT),
        ("robot", Role.OTHER),
        (None, Role.OTHER),
    ],
)
def test_roles(role: str | None, read: Role) -> None:
    """Whoever is neither customer nor agent is somebody else."""
    assert person(role=role).role is read


@pytest.mark.parametrize(
    "name",
    [
        "+12125550101",
        "12125550101",
        "+1 (212) 555-0101",
        "Caller +1 (212) 555-0101",
        "212.555.0101 x12",
        "",
        "  ",
        None,
    ],
)
def test_a_caller_named_after_their_number_has_no_name(name: str | None) -> None:
    """Zendesk names unknown callers so; a brief must not greet them by it."""
    assert person(name=name).name is None


@pytest.mark.parametrize(
    "name", ["Ana 2", "007", "李小龙", "Caller Smith", "K9 Rescue 12125550101"]
)
def test_other_names_stay(name: str) -> None:
    """Digits alone do not make a name a number."""
    assert person(name=name).name == name


def test_a_person_may_have_nothing_but_an_id() -> None:
    """No name, phone or e-mail is a customer all the same."""
    bare = person(name=None, phone=None, email=None, shared_phone_number=None, organization_id=None)
    assert (bare.id, bare.name, bare.phone, bare.email, bare.shared_phone) == (
        "7",
        None,
        None,
        None,
        False,
    )


def test_a_phone_as_free_text_or_number_is_kept_as_written() -> None:
    """What it means is for others to find out."""
    assert person(phone="ask for Bo, ext. 4").phone == "ask for Bo, ext. 4"
    assert person(phone=12125550101).phone == "12125550101"


def test_an_id_may_be_text() -> None:
    """Some of Zendesk's services write ids so."""
    assert person(id="7", organization_id="").id == "7"
    assert person(organization_id="").organization_id is None


def test_deleted_and_erased_people() -> None:
    """A soft deletion only makes inactive; the permanent one is known by its name."""
    deleted = person(active=False)
    erased = person(name="Permanently Deleted User", email=None, phone=None, active=False)
    assert (deleted.active, deleted.erased) == (False, False)
    assert (erased.active, erased.erased) == (False, True)
    assert person(permanently_deleted=True).erased


def test_a_ticket() -> None:
    """Every field of use lands; its version is the export's own."""
    assert ticket() == Ticket(
        id="8831",
        requester_id="7",
        subject="Roaming refund",
        status=Status.SOLVED,
        channel="email",
        created_at=MOMENT,
        updated_at=MOMENT,
        version=1782900100,
        assignee_id="11",
        submitter_id="11",
        description="It costs too much",
        solved_at=MOMENT,
        rating="good",
        messages=4,
    )


def test_the_solving_time_may_come_beside_the_tickets() -> None:
    """As a sideload; without either it is unknown."""
    bare = {**TICKET, "metric_set": None}
    assert rows.ticket(Row(bare), {"8831": MOMENT}).solved_at == MOMENT
    assert rows.ticket(Row(bare), {}).solved_at is None


@pytest.mark.parametrize(
    ("status", "read"),
    [
        ("new", Status.NEW),
        ("hold", Status.HOLD),
        ("closed", Status.CLOSED),
        ("deleted", Status.DELETED),
        ("scrubbed", Status.DELETED),
        ("archived", Status.OPEN),
        ("", Status.OPEN),
        (None, Status.OPEN),
    ],
)
def test_a_status_nobody_knows_is_open(status: str | None, read: Status) -> None:
    """Better an open ticket too many than one lost."""
    assert ticket(status=status).status is read


def test_a_deleted_ticket_brings_no_words() -> None:
    """What was deleted in the helpdesk is not taken in again."""
    gone = ticket(status="deleted")
    assert (gone.subject, gone.description) == ("", None)


def test_a_ticket_with_little_in_it() -> None:
    """No requester, subject, rating or version is no fault."""
    bare = ticket(
        requester_id=None,
        subject=None,
        satisfaction_rating=None,
        generated_timestamp=None,
        via=None,
        comment_count=None,
    )
    assert (bare.requester_id, bare.subject, bare.rating, bare.messages) == (None, "", None, None)
    assert bare.version == int(MOMENT.timestamp())
    assert bare.channel == "other"


def test_a_count_that_no_database_holds_is_none() -> None:
    """PostgreSQL's integer ends there; one such row must not stop a sync."""
    assert ticket(comment_count=2**31 - 1).messages == 2**31 - 1
    assert ticket(comment_count=2**31).messages is None


@pytest.mark.parametrize("score", [{"score": "offered"}, {"score": "unoffered"}, {}, "good", None])
def test_only_a_given_rating_counts(score: object) -> None:
    """An offer is no opinion."""
    assert ticket(satisfaction_rating=score).rating is None


@pytest.mark.parametrize(
    ("via", "channel"),
    [
        ({"channel": "chat"}, "chat"),
        ({"channel": "messaging"}, "chat"),
        ({"channel": "native_messaging"}, "chat"),
        ({"channel": "Email"}, "email"),
        ({"channel": "whatsapp"}, "whatsapp"),
        ({}, "other"),
        (None, "other"),
        ("Web", "web"),
    ],
)
def test_channels(via: object, channel: str) -> None:
    """Chats of every kind are one channel; new channels keep their name."""
    assert comment(via=via).channel == channel


def test_a_comment() -> None:
    """What the ticket tells, without where its author sat."""
    read = comment()
    assert read == Message(
        id="51",
        ticket_id="8831",
        author_id="7",
        at=MOMENT,
        channel="web",
        public=True,
        text="Hello",
        origin=Origin.TICKET,
    )
    assert "203.0.113.9" not in repr(read)


def test_a_comment_by_a_bot_keeps_its_author() -> None:
    """The author -1 is the system."""
    assert comment(author_id=-1).author_id == "-1"
    assert comment(author_id=None).author_id is None


@pytest.mark.parametrize(
    ("bodies", "text"),
    [
        ({"plain_body": "plain", "html_body": "<p>html</p>", "body": "raw"}, "plain"),
        ({"plain_body": None, "html_body": "<p>a<br>b</p>", "body": "raw"}, "a\nb"),
        ({"plain_body": "", "html_body": "<!-- -->", "body": "raw"}, "raw"),
        ({"plain_body": None, "html_body": None, "body": None}, ""),
        ({"plain_body": "a\x00b\ud83d!"}, "ab\ufffd!"),
        ({"plain_body": "שלום 👋🏽 \u202e"}, "שלום 👋🏽 \u202e"),
    ],
)
def test_the_text_of_a_comment(bodies: dict[str, Any], text: str) -> None:
    """Plain text first, then the HTML's, then the raw body; nothing no database could hold."""
    assert comment(**bodies).text == text


@given(st.text())
def test_no_markup_breaks_the_reading(html: str) -> None:
    """An HTML body may hold anything; without its text the raw body stands in."""
    assert isinstance(comment(plain_body=None, html_body=html, body="raw").text, str)


def test_deep_markup_is_read() -> None:
    """A mail that was forwarded a thousand times."""
    html = "<div>" * 20_000 + "x" + "</div>" * 20_000
    assert isinstance(comment(plain_body=None, html_body=html, body="raw").text, str)


def test_a_message_of_five_megabytes_is_read_whole() -> None:
    """Length is no fault."""
    text = "a long story " * 400_000
    assert comment(plain_body=text).text == text


def test_an_event_replays_a_comment() -> None:
    """Its origin says so; without a time of its own it has the event's."""
    read = rows.event_comment(Row({**COMMENT, "created_at": None}), "8831", MOMENT)
    assert (read.origin, read.at, read.text) == (Origin.EVENT, MOMENT, "Hello")


@pytest.mark.parametrize("score", ["offered", "unoffered", None, "good_with_comment"])
def test_an_offered_rating_is_none(score: str | None) -> None:
    """Only good and bad are ratings."""
    assert rows.rating(Row({**RATING, "score": score})) is None


def test_a_rating_belongs_to_the_agent_of_its_time() -> None:
    """The assignee in the row is the one at rating time."""
    assert rows.rating(Row(RATING)) == Rating("3", "8831", "7", "11", "bad", MOMENT)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("email", "email"),
        ("phone_number", "phone"),
        ("foreign", "external"),
        ("twitter", None),
        ("new_thing", None),
    ],
)
def test_identities_that_point_to_a_caller(kind: str, expected: str | None) -> None:
    """Social accounts are not identities of ours."""
    read = rows.identity(Row({"id": 1, "user_id": 7, "type": kind, "value": "v"}))
    assert read == (None if expected is None else Identity("7", expected, "v"))


def test_organizations() -> None:
    """A deleted one is not taken in."""
    assert rows.organization(Row({"id": 5, "name": "Harbour"})) == Organization("5", "Harbour")
    assert rows.organization(Row({"id": 5, "name": "x", "deleted_at": AT})) is None


@pytest.mark.parametrize(
    ("stream", "key", "value", "reason"),
    [
        ("users", "id", None, "is missing"),
        ("users", "id", True, "is not an id"),
        ("users", "id", "7'; --", "is not an id"),
        ("users", "id", 10**40, "is not an id"),
        ("users", "created_at", "last week", "is not a time"),
        ("users", "created_at", None, "is missing"),
        ("users", "updated_at", "0001-01-01T00:00:00+23:00", "is not a time"),
        ("users", "email", {"a": 1}, "is not text"),
        ("users", "active", "yes", "is neither true nor false"),
        ("tickets", "requester_id", [7], "is not an id"),
        ("tickets", "via", "x" * 3, None),
        ("tickets", "via", [1], "is not an object"),
        ("tickets", "generated_timestamp", "now", "is not a number"),
        ("tickets", "metric_set", 7, "is not an object"),
        ("comments", "public", 1, "is neither true nor false"),
        ("comments", "plain_body", 7, "is not text"),
        ("comments", "created_at", float("nan"), "is not a time"),
        ("voice", "data", "x", "is not an object"),
        ("ratings", "ticket_id", None, "is missing"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_why(
    stream: str, key: str, value: object, reason: str | None
) -> None:
    """The field's path and what is wrong; its value is not told."""
    sample, read = SAMPLES[stream]
    found, bad = read_all(stream, [{**sample, key: value}], read)
    if reason is None:
        assert found
        return
    assert (bad[0].stream, bad[0].field, bad[0].reason) == (stream, key, reason)


def test_one_bad_row_does_not_cost_the_others() -> None:
    """The rest of the page lands."""
    found, bad = read_all("users", [USER, {**USER, "id": None}, 5, {**USER, "id": 8}], rows.person)
    assert [one.id for one in found] == ["7", "8"]
    assert [(one.id, one.field) for one in bad] == [("#1", "id"), ("#2", "")]


def test_a_quarantined_row_keeps_its_shape_and_none_of_its_words() -> None:
    """Keys, ids and kinds: enough to mend the reader, too little to know the customer."""
    row = {
        **COMMENT,
        "author_id": 7,
        "created_at": "soon",
        "to": [{"id": 5, "name": "Bo"}],
        "my late husband's line": 1,
    }
    _, bad = read_all("comments", [row], partial(rows.comment, ticket_id="8831"))
    body = bad[0].body
    assert body["id"] == 51
    assert body["author_id"] == 7
    assert body["created_at"] == "text"
    assert body["to"] == [{"id": 5, "name": "text"}]
    told = json.dumps(body)
    assert all(word not in told for word in ("Hello", "Bo", "203.0.113.9", "Oslo", "husband"))


wild = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(codec=None))
    | st.sampled_from(
        [
            AT,
            "2026-07-01 10:00:00 UTC",
            "0001-01-01",
            "9999-12-31T23:59:59-20:00",
            1e300,
            -1,
            10**400,
            "\ud800",
            "\0",
            "٣",
            "1" * 30,
        ]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("stream", SAMPLES)
@given(data=st.data())
def test_any_json_in_any_field_is_an_entity_or_a_quarantined_row(
    stream: str, data: st.DataObject
) -> None:
    """No value in any field, however deep, raises; what is read can be stored."""
    sample, read = SAMPLES[stream]
    row = dict(sample)
    for key in data.draw(st.lists(st.sampled_from(sorted(sample)), max_size=3)):
        nested = row[key]
        if isinstance(nested, dict) and nested and data.draw(st.booleans()):
            row[key] = {**nested, data.draw(st.sampled_from(sorted(nested))): data.draw(wild)}
        else:
            row[key] = data.draw(wild)
    found, bad = read_all(stream, [row], read)
    assert len(found) + len(bad) <= 1
    for entity in found:
        repr(entity).encode()
    for one in bad:
        json.dumps(one.body, allow_nan=False).encode()


@given(wild)
def test_any_row_at_all_has_an_outline(value: object) -> None:
    """Also one that is no object."""
    json.dumps(outline(value), allow_nan=False).encode()
    assert read_all("users", [value], rows.person)[1]


MERGED = {"channel": "web", "source": {"from": {}, "to": {}, "rel": "merge"}}
REPEATED = "Request #3 was closed and merged into this request. Last comment in request #3:"


@pytest.mark.parametrize(
    ("body", "via", "text"),
    [
        (f"{REPEATED}\n\nMy husband died", MERGED, REPEATED),
        ("Merged these two.\nShe is expecting a call.", MERGED, None),
        ("This request was closed and merged into request #5.", MERGED, None),
        ("He told me:\n\nMy husband died", {"channel": "web"}, None),
        ("He told me:\n\nMy husband died", {"channel": "web", "source": None}, None),
    ],
    ids=["repeated", "own", "closed", "web", "source"],
)
def test_the_words_that_a_merge_repeats_are_not_its_authors(
    body: str, via: dict[str, Any], text: str | None
) -> None:
    """They stay with whoever wrote them, in the ticket that was closed."""
    row = {**COMMENT, "body": body, "plain_body": body, "html_body": None, "via": via}
    assert rows.comment(Row(row), "5").text == (text or body)
    assert rows.event_comment(Row(row), "5", MOMENT).text == (text or body)
