"""Cleaning, redacting, splitting and comparing, for any text that a helpdesk may hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from memory.text import vectors
from memory.text.clean import clean
from memory.text.redact import redact
from memory.text.sentences import MAX_LENGTH, MAX_SENTENCES, split, spoken

LINES = st.sampled_from(
    [
        "Hello",
        "",
        "  ",
        "> quoted",
        "--",
        "-- ",
        "On 3 May 2026, Bob wrote:",
        "On 3 May 2026, Bob",
        "wrote:",
        "-----Original Message-----",
        "Sent from my iPhone",
        "Kind regards,",
        "Thanks,",
        "Mara Lindqvist",
        "Tel: 212-555-0143",
        "PS: ring me",
        "From: Bob <bob@example.com>",
        "To: Mara",
        "Subject: kettle",
        "________",
        "Begin forwarded message:",
        "This e-mail is confidential and intended for the recipient.",
        "e\u0301\u200b",
    ]
)
WILD = st.one_of(st.text(), st.lists(LINES).map("\n".join))
SECRETS = st.lists(
    st.sampled_from(
        ["4111 1111 1111 1111", "4", "password", " is ", ": ", "x", ".", "DE89370400440532013000"]
    )
).map("".join)
HUGE = [
    "word " * (10**6 // 5),
    "." * 10**6 + "x",
    " " * 10**6,
    "1 " * (10**6 // 2),
    "AA00" * 10**5,
    "> x\n" * 10**5,
]


def test_replies_signatures_and_invisible_characters_go() -> None:
    """What the writer did not write for us is not kept; what they did is."""
    mail = (
        "My\u200b mother\u00a0is ill.\r\n\r\nCall <b>her</b>\r\n\r\nOn Mon, 4 May 2026, Bob\r\n"
        "<bob@example.com> wrote:\r\n> Hi\r\n\r\nThat is all.\r\n-- \r\nMara\r\nSent from my iPhone"
    )
    assert clean(mail) == "My mother is ill.\n\nCall <b>her</b>\n\nThat is all."


def test_an_unmarked_quote_is_cut_and_other_peoples_mail_is_nobodys_words() -> None:
    """Below a mail's head all is quoted, also where nothing stands above it."""
    quote = "-----Original Message-----\nold words"
    assert clean(f"new words\n{quote}") == "new words"
    assert not clean(quote)


def test_words_that_look_like_a_quote_stay() -> None:
    """Prose and rules drawn by hand are no quotes and no signatures."""
    said = "On Monday my sister wrote:\nplease help\n--\n" + "\n".join("ab" for _ in range(30))
    assert clean(said) == said


@given(WILD)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Cleaning is idempotent and survives anything; what it leaves can be stored as UTF-8."""
    once = clean(text)
    assert clean(once) == once
    once.encode()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("card 4111 1111 1111 1111, thanks", "card [card], thanks"),
        ("order 12345 5500-0000-0000-0004.", "order 12345 [card]."),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [iban] please"),
        ("gb82WEST12345698765432", "[iban]"),
        ("My password is Tr0ub4dor&3.", "My password is [password]."),
        ("PASSWORD: banana split", "PASSWORD: [password] split"),
        ("das Passwort ist geheim7", "das Passwort ist [password]"),
    ],
)
def test_secrets_are_replaced(said: str, kept: str) -> None:
    """Cards, IBANs and told passwords are named, not kept."""
    assert redact(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "order 4111111111111112",
        "call +12125550101 or (212) 555-0101",
        "my password is not working",
        "parcel 00340434161094042557",
        "GB82 WEST 1234 5698 7654 33",
    ],
)
def test_orders_phones_and_complaints_stay(said: str) -> None:
    """A wrong checksum, a phone or a complaint about a password is no secret."""
    assert redact(said) == said


@given(
    st.from_regex(r"(?:4[0-9]|5[1-5])[0-9]{13}", fullmatch=True),
    st.sampled_from(["", " ", "-", "\u2009", "/", "  ", ", ", "\n"]),
)
def test_every_card_number_goes(digits: str, between: str) -> None:
    """Whatever its grouping, a number with a right sum and length is never kept."""
    number = digits + luhn.calc_check_digit(digits)
    written = between.join(number[at : at + 4] for at in range(0, len(number), 4))
    assert redact(f"it is {written}") == "it is [card]"


@given(st.one_of(st.text(), SECRETS))
def test_redacting_twice_changes_nothing(text: str) -> None:
    """Redaction is idempotent and survives anything."""
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ("Mr. Lee has 2.5 GB, e.g. here. OK?", ["Mr. Lee has 2.5 GB, e.g. here.", "OK?"]),
        ("cust tired. husb in hosp. will cb fri", ["cust tired.", "husb in hosp.", "will cb fri"]),
        ("I said no. See No. 5!", ["I said no.", "See No. 5!"]),
        ("Todo:\n- one\n- two\n2. three", ["Todo:", "- one", "- two", "2. three"]),
        ("Thanks 😊 My dog died…  He was 9", ["Thanks 😊", "My dog died…", "He was 9"]),
        ('She said "Go." Then left.', ['She said "Go."', "Then left."]),
        ("今日は。元気？はい", ["今日は。", "元気？", "はい"]),  # noqa: RUF001 as it is written
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(said: str, sentences: list[str]) -> None:
    """Sentences end where a reader ends them, in prose, shorthand, lists and other scripts."""
    assert [span.text for span in split(said)] == sentences


def test_a_line_broken_by_a_mail_program_is_one_sentence() -> None:
    """A long line that goes on in lower case was not ended by its writer."""
    said = "I have been a customer since the beginning of the year and\nnever complained."
    assert [span.text for span in split(said)] == [said]


@given(WILD)
def test_spans_are_exact_and_lose_nothing(text: str) -> None:
    """Each span is where it says; between spans there is only space."""
    spans = split(text)
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(0 < len(span.text) <= MAX_LENGTH for span in spans)
    if len(spans) < MAX_SENTENCES:
        assert "".join("".join(span.text for span in spans).split()) == "".join(text.split())


@pytest.mark.parametrize("text", HUGE, ids=lambda text: repr(text[:4]))
def test_a_megabyte_is_survived(text: str) -> None:
    """A huge message ends: few sentences, none long. Quadratic work would time out here."""
    cleaned = redact(clean(text))
    spans = split(cleaned)
    assert len(spans) <= MAX_SENTENCES
    assert all(len(span.text) <= MAX_LENGTH for span in spans)


def test_the_role_stands_in_front() -> None:
    """What is embedded begins with who spoke."""
    assert spoken("customer", "Hello.") == "customer: Hello."


def test_a_stored_vector_comes_back_as_it_was() -> None:
    """Two bytes a value; a value that float16 holds is not changed."""
    matrix = np.random.default_rng(7).normal(size=(5, 384)).astype(np.float16)
    blobs = [vectors.to_bytes(row) for row in matrix]
    assert {len(blob) for blob in blobs} == {768}
    np.testing.assert_array_equal(vectors.from_bytes(blobs), matrix.astype(np.float32))
    assert len(vectors.from_bytes([])) == 0
    with pytest.raises(ValueError, match="different lengths"):
        vectors.from_bytes([b"1234", b"12"])


def test_best_is_exact_and_keeps_the_order_of_equals() -> None:
    """Cosine, best first; length does not matter, and zeros score zero."""
    matrix = np.array([[0, 0], [0, 2], [1, 0], [3, 0], [-1, 0]], dtype=np.float32)
    query = np.array([2, 0], dtype=np.float32)
    found = vectors.best(query, matrix, 3)
    assert found == [(2, 1.0), (3, 1.0), (0, 0.0)]
    assert vectors.best(query, matrix[:0], 3) == []


def test_a_digest_needs_its_key() -> None:
    """Equal texts share a digest under one key and none under two."""
    assert vectors.digest(b"a", "x") == vectors.digest(b"a", "x")
    assert len({vectors.digest(k, t) for k in (b"a", b"b") for t in ("x", "\ud800")}) == 4
    assert len(vectors.digest(b"a", "x")) == 16


def test_codes_without_end_are_found_at_once() -> None:
    """One directly behind another is no reason to read the whole text again."""
    assert redact("cvv111cvv222 cvv 333" * 40) == "cvv[cvv]cvv[cvv] cvv [cvv]" * 40
