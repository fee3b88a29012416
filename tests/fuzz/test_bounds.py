"""Whatever is sent to us is read in time and memory in proportion to its length."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

import pytest
from starlette.exceptions import HTTPException

from connector.cli.asking import _moment
from connector.clock import ManualClock
from connector.demo.zendesk import signed_urls as demo
from connector.freshdesk import client as freshdesk_client
from connector.freshdesk.webhooks import read_event as read_freshdesk
from connector.rings.agents import AgentMap
from connector.rings.providers import PROVIDERS
from connector.service import bearers, signed
from connector.service.webhooks import _document
from connector.zendesk import client as zendesk_client
from connector.zendesk.signed_urls import SignedUrls
from connector.zendesk.webhooks import read_event as read_zendesk
from memory.errors import RememberError
from tests.fuzz.measuring import MOST, TIMES, peak, ratio
from tests.fuzz.mutating import as_bytes, lengthened
from tests.fuzz.profile import LONG, drawn
from tests.fuzz.samples import SAMPLES
from tests.fuzz.test_proofs import SITE, OneKey
from tests.fuzz.test_webhooks import FRESHDESK, ZENDESK
from tests.support import ring_webhooks as phones
from tests.support.book import AS_OF
from tests.support.service import memory_of, session_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fastapi import Request

    from tests.fuzz.service import Fuzzed

LENGTH: Final = 200_000 if LONG else 24_000
"""Characters of the longer of two bodies."""

DEAREST: Final = 240.0
"""Bytes for each character: a word of one letter takes sixty where it stands in a list."""

ASKED: Final = 12 if LONG else 4
"""Texts for each field, of those below."""

FILLINGS: Final = (
    "x", "1", "9 ", " ", "\n", "+", "\u00e9", "\u0661", "\U0001f600", "\0", '"', "\\", "=", "&a=",
    ".", "a.", ";", "%", "%41", "<b>", "sip:", "tel:+1", "@", "a@", "-", "(", "2026-07-07T", "{",
)  # fmt: skip
"""What a long text may consist of."""

SHAPES: Final = (
    ("", "[", ""),
    ("", '{"a":', ""),
    ("[", "[],", "[]]"),
    ("[", "{},", "{}]"),
    ("[", "1,", "1]"),
    ("[", "1.5e3,", "1]"),
    ("[", '"",', '""]'),
    ("{", '"a":1,', '"a":1}'),
    ("", " ", "{}"),
    ("", "9", ""),
    ('"', "\\u0661", '"'),
    ('"', "\\ud800", '"'),
    ('{"a":"', "\\n", '"}'),
    ("", "a=b&", ""),
    ("", "token=%41&", ""),
    ("", ".", ""),
    ("", "\0", ""),
)
"""What stands first in a body, what is repeated, and what stands last."""


def _ring(name: str) -> Callable[[bytes], object]:
    """Reads a body as the service does, with a proof that is good for it."""
    signed_as = lru_cache(2)(phones.SENDERS[name])  # the sender's work is not ours

    def read(body: bytes) -> None:
        request = signed_as(body)
        provider = PROVIDERS[name]()
        provider.answer(request)
        with suppress(RememberError):
            provider.verify(request, phones.SETTINGS, phones.NOW)
        event = provider.read(request, phones.NOW)
        if event is not None:
            AgentMap().resolve(event.provider, (*event.agents, *event.left), [])
            AgentMap().members(event.provider, (event.group, event.called), [])

    return read


def _webhook(understand: Callable[[object], object]) -> Callable[[bytes], object]:
    request = cast("Request", SimpleNamespace(headers={"content-type": "application/json"}))
    return lambda body: understand(_document(request, body))


BODIES: Final[dict[str, tuple[Mapping[str, Any], Callable[[bytes], object]]]] = {
    **{f"{name} rings": (phones.RINGING[name], _ring(name)) for name in sorted(PROVIDERS)},
    "freshdesk tells": (FRESHDESK[-1], _webhook(read_freshdesk)),
    "zendesk tells": (ZENDESK[0], _webhook(read_zendesk)),
    "freshdesk answers": (
        SAMPLES["freshdesk tickets"].row,
        lambda body: freshdesk_client.read(200, {}, body, "tickets"),
    ),
    "zendesk answers": (
        SAMPLES["zendesk tickets"].row,
        lambda body: zendesk_client.read(200, {}, body, "tickets"),
    ),
    "zendesk refuses": (
        {"error": "invalid_scope", "errors": [{"code": "x", "title": "y"}]},
        lambda body: zendesk_client.read(403, {}, body, "tickets"),
    ),
    "a page is opened": ({"token": "x"}, signed._proof),
}
"""What reads bodies, with a true one of each."""


def _quiet(read: Callable[[Any], object]) -> Callable[[Any], None]:
    """A refusal is an answer, too."""

    def quiet(what: Any) -> None:
        with suppress(RememberError, HTTPException):
            read(what)

    return quiet


def _filled(name: str, document: Mapping[str, Any]) -> Iterator[tuple[str, bytes, bytes]]:
    """A document with each of its texts made long, of some letter or other."""
    for filling in drawn(name).sample(FILLINGS, ASKED):
        short, long = (filling * (length // len(filling)) for length in (LENGTH // TIMES, LENGTH))
        shorter = dict(lengthened(document, short))
        for place, longer in lengthened(document, long):
            yield f"{place}:{filling!r}", as_bytes(shorter[place]), as_bytes(longer)


def _shaped() -> Iterator[tuple[str, bytes, bytes]]:
    for head, body, tail in SHAPES:
        short, long = (
            (head + body * (length // len(body)) + tail).encode()
            for length in (LENGTH // TIMES, LENGTH)
        )
        yield f"{head}{body}{tail}", short, long


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_body_is_read_in_proportion_to_its_length(name: str) -> None:
    """Long words in any field, long lists, deep lists, long numbers, and what is no JSON at all."""
    document, read = BODIES[name]
    task, bad = _quiet(read), {}
    for place, short, long in (*_shaped(), *_filled(name, document)):
        task(short)
        grown, dear = ratio(task, short, long), peak(task, long)
        if grown > MOST or dear > DEAREST:
            bad[place] = (round(grown, 1), round(dear))
    assert not bad


@pytest.fixture(scope="module")
def asking(
    service: Fuzzed, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Callable[[str], object]]:
    """What is asked with words of any length, on the command line, from Python, as a proof."""
    memory = memory_of(service.book, service.clock, tmp_path_factory.getbasetemp())
    urls = SignedUrls(
        OneKey(demo.SignedUrls(SITE, lambda: AS_OF).public_key()),
        SITE,
        demo.APP_ID,
        ManualClock(AS_OF),
    )
    bearer = session_of(service.book, service.clock)
    return {
        **{
            f"brief by {key}": lambda text, key=key: memory.brief(**{key: text})  # type: ignore[misc]
            for key in ("phone", "email", "customer", "ticket")
        },
        "agent": lambda text: memory.brief(customer="zendesk:100", agent=text),
        "customers": memory.customers,
        "note": lambda text: memory.note(text, customer="zendesk:100"),
        "moment": lambda text: _moment(text, ZoneInfo("UTC")),
        "bearer": lambda text: bearers.read(service.book.account, text, AS_OF),
        "bearer's head": lambda text: bearers.account_named(f"{text}.{bearer}"),
        "pass": lambda text: signed.read_pass(service.context, text),
        "signed token": lambda text: asyncio.run(urls.agent(text)),
    }


SELECTORS: Final = (
    *(f"brief by {key}" for key in ("phone", "email", "customer", "ticket")),
    *("agent", "customers", "note", "moment", "bearer", "bearer's head", "pass", "signed token"),
)


@pytest.mark.parametrize("name", SELECTORS)
def test_a_question_is_read_in_proportion_to_its_length(
    name: str, asking: dict[str, Callable[[str], object]]
) -> None:
    """Whom it is about, in which words, and who asks."""
    task, bad = _quiet(asking[name]), {}
    for filling in FILLINGS if LONG else drawn(name).sample(FILLINGS, 12):
        short, long = (filling * (length // len(filling)) for length in (LENGTH // TIMES, LENGTH))
        task(short)
        grown, dear = ratio(task, short, long), peak(task, long)
        if grown > MOST or dear > DEAREST:
            bad[filling] = (round(grown, 1), round(dear))
    assert not bad


def test_every_way_of_asking_is_measured(asking: dict[str, Callable[[str], object]]) -> None:
    """The names stand apart, since tests are named before anything is opened."""
    assert set(asking) == set(SELECTORS)
