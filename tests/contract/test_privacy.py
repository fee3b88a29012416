"""What a connector must never tell: no customer's words, phone or name in URL, log or error."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from memory.errors import RememberError
from tests.contract.stories import CHANGES, HOUR, few
from tests.support.tale import customer, message

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.desk import Desk

MARK = "Quincewort"
PHONE = "+12125550199"
MAIL = "quincewort@mail.example"


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A desk one of whose customers has telling names and says telling words."""
    story = few()
    story["customers"][0] = customer(101, name=f"{MARK} Ann", phone=PHONE, email=MAIL)
    for one in story["tickets"]:
        one["subject"] = f"About {MARK}"
        one["messages"][0]["text"] = f"My {MARK} hurts"
    story["changes"] = [
        {"at": CHANGES["message"][0]["at"], "do": "add_message", "ticket": 1}
        | {"message": message("customer", CHANGES["message"][0]["at"], f"{MARK} again")}
    ]
    return open_desk(story)


def _tells(text: str) -> bool:
    digits = PHONE.removeprefix("+1")
    return any(word in text.casefold() for word in (MARK.casefold(), digits, "demo-client-secret"))


def test_urls_and_logs_tell_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Not at DEBUG, not of a backfill, a sync or a recheck."""
    caplog.set_level(logging.DEBUG)
    desk.backfill()
    desk.clock.advance(HOUR)
    desk.sync(recheck_days=0)
    assert desk.differences == []
    assert len(desk.helpdesk.seen) > 10
    assert [one for one in desk.helpdesk.seen if _tells(f"{one.path}?{one.query}")] == []
    assert [one for one in caplog.records if _tells(one.getMessage())] == []
    assert not _tells(" ".join(desk.heard.warnings))


@pytest.mark.parametrize("code", [200, 400, 401, 403, 404, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("shape", ["text", "envelope"])
def test_errors_repeat_nothing_of_an_answer(
    desk: Desk, caplog: pytest.LogCaptureFixture, code: int, shape: str
) -> None:
    """Whatever a refusal says, its words stay there."""
    caplog.set_level(logging.DEBUG)
    said = f"{MARK} {PHONE}"
    bodies: dict[str, Any] = {
        "text": said,
        "envelope": {
            "error": said,
            "description": said,
            "message": said,
            "errors": [{"field": said, "message": said, "code": said}],
        },
    }
    fault = faults.status(code, bodies[shape], times=faults.ALWAYS, path="(tickets|contacts|users)")
    desk.helpdesk.faults.append(faults.after(1, fault))
    with pytest.raises(RememberError) as caught:
        desk.backfill()
    assert not _tells(str(caught.value.problem()))
    assert [one for one in caplog.records if _tells(one.getMessage())] == []
