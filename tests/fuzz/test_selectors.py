"""Whom a question is about, and when, and in which words: answered or refused, never a failure."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.cli.access import _since
from connector.cli.asking import _moment
from connector.cli.policy import _moment as _beginning
from memory.errors import RememberError, UsageError
from tests.fuzz.mutating import WILD_TEXTS, mutated
from tests.fuzz.profile import fuzzing
from tests.support.service import bearing, memory_of, session_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fuzz.service import Fuzzed

QUESTIONS: Final[dict[str, list[dict[str, Any]]]] = {
    "/v1/briefs": [
        {"phone": "+12125550101", "as_of": "2026-07-07T09:00:00Z", "language": "en"},
        {"email": "mara@example.com"},
        {"customer": "zendesk:100", "agent": "daniel@acme.example"},
        {"ticket": "zendesk:8831", "customer": "zendesk:100"},
        {"ring": "k1", "claim": True},
    ],
    "/v1/customers": [{"words": "mara li"}, {"words": "+1 212"}, {"words": "mara@"}],
    "/v1/notes": [{"words": "street is ?Ashgrove", "customer": "zendesk:100"}],
    "/v1/feedback": [
        {"verdict": "outdated", "memory": "9f2c"},
        {"verdict": "same_person", "customer": "zendesk:100", "other": "zendesk:101"},
        {"verdict": "do_not_offer", "customer": "zendesk:100"},
    ],
    "/v1/verifications": [{"customer": "zendesk:100", "ticket": "zendesk:8831"}],
    "/v1/memories/9f2c/reveal": [{"customer": "zendesk:100", "ticket": "zendesk:8831"}],
}
TEXTS = st.sampled_from(WILD_TEXTS) | st.text(alphabet=st.characters(codec=None), max_size=40)
MOMENTS = (
    st.sampled_from(WILD_TEXTS)
    | st.datetimes().map(str)
    | st.datetimes(timezones=st.timezones()).map(str)
    | st.dates().map(str)
    | st.text(max_size=20)
)
ZONES = st.sampled_from(["UTC", "Pacific/Kiritimati", "America/New_York"]).map(ZoneInfo)
KEYS: Final = ("phone", "email", "customer", "ticket")


@pytest.mark.parametrize("path", sorted(QUESTIONS))
@fuzzing(50)
@given(data=st.data())
def test_any_question_is_answered_or_refused(
    path: str, data: st.DataObject, service: Fuzzed
) -> None:
    """Over HTTP, by an agent."""
    document = data.draw(mutated(data.draw(st.sampled_from(QUESTIONS[path]))))
    headers = bearing(session_of(service.book, service.clock))
    service.post(path, json.dumps(document).encode(), headers)


@pytest.mark.parametrize("key", KEYS)
@fuzzing(60)
@given(data=st.data())
def test_anybody_may_be_asked_about(
    key: str, data: st.DataObject, service: Fuzzed, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On the command line and from Python, where a word may be no text at all."""
    memory = memory_of(service.book, service.clock, _folder(tmp_path_factory))
    asked: Any = {key: data.draw(TEXTS)}
    with suppress(RememberError):
        memory.brief(**asked)
    with suppress(RememberError):
        memory.export(**asked)


@fuzzing(60)
@given(words=TEXTS, customer=st.just("zendesk:100") | TEXTS, agent=st.none() | TEXTS)
def test_anything_may_be_noted(
    words: str,
    customer: str,
    agent: str | None,
    service: Fuzzed,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """It is kept or refused; what is kept is shown again."""
    memory = memory_of(service.book, service.clock, _folder(tmp_path_factory))
    with suppress(RememberError):
        memory.note(words, customer=customer, agent=agent)
    with suppress(RememberError):
        memory.customers(words)
    memory.brief(customer="zendesk:100", verified=True)


@fuzzing(150)
@given(text=MOMENTS, zone=ZONES)
def test_any_moment_is_one_of_this_age_or_refused(
    text: str, zone: ZoneInfo, service: Fuzzed, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A brief of that moment can be made."""
    with suppress(RememberError):
        moment = _moment(text, zone)
        assert moment.tzinfo is UTC
        memory = memory_of(service.book, service.clock, _folder(tmp_path_factory))
        memory.brief(customer="zendesk:100", as_of=moment, verified=True)


@fuzzing(60)
@given(text=MOMENTS, zone=ZONES)
def test_any_day_is_one_or_is_refused(
    text: str, zone: ZoneInfo, service: Fuzzed, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """From which on it is told who looked, and before which nothing is to be kept."""
    memory = memory_of(service.book, service.clock, _folder(tmp_path_factory))
    with suppress(RememberError):
        memory.who_saw(since=_since(text, zone))
    with suppress(RememberError):
        memory.cut_off("zendesk:101", _beginning(text, zone))


@pytest.mark.parametrize("text", WILD_TEXTS[24:30])
def test_what_is_no_date_is_not_repeated(text: str) -> None:
    """Whoever took one field for another has typed a number or a name."""
    for read in (_moment, _since, _beginning):
        with pytest.raises(UsageError) as refused:
            read(text, UTC)
        assert text not in refused.value.detail + refused.value.hint


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.getbasetemp()
