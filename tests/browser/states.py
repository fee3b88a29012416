"""How the component gets into each of its states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser import telling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Page

    from tests.browser.answering import Answering

State = tuple[str, "Callable[[Page, Answering], None]"]


def ring(page: Page, state: str = "ringing", key: str = "r1", **more: Any) -> None:
    """Let the component hear an event of the stream."""
    told = {"hidden": False, "unclaimed": False, "yours": True, "direction": "inbound"} | more
    event = {"version": 1, "ring": key, "state": state, "at": telling.AS_OF, **told}
    page.evaluate("(event) => brief.ring(event)", event)


def reached(page: Page, state: str) -> None:
    """Wait until the component is in a state."""
    page.locator(f"remember-brief[state={state}]").wait_for()


def rung(document: Any, call: str = "ringing", **more: Any) -> Callable[[Page, Answering], None]:
    """A call whose brief is this document."""

    def act(page: Page, answering: Answering) -> None:
        answering.answers["briefs"] = document
        ring(page, **more)
        page.locator("remember-brief:not([state=loading])").wait_for()
        if call != "ringing":
            ring(page, call, **more)

    return act


def _loading(page: Page, _answering: Answering) -> None:
    page.route("**/v1/briefs", lambda _route: None)
    ring(page)


def _offline(page: Page, answering: Answering) -> None:
    rung(telling.verified())(page, answering)
    answering.answers["briefs"] = 503
    page.evaluate("brief.show({ ring: 'r1' })")


def _waiting(page: Page, answering: Answering) -> None:
    rung(telling.verified())(page, answering)
    ring(page, "answered")
    ring(page, key="r2")


LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff".ljust(200, "x")

STATES: Mapping[str, State] = {
    "idle": ("idle", lambda _page, _answering: None),
    "loading": ("loading", _loading),
    "ringing": ("one", rung(telling.unverified())),
    "answered": ("verified", rung(telling.verified(), "answered")),
    "ended": ("verified", rung(telling.verified(), "ended")),
    "dialled": ("one", rung(telling.unverified(), direction="outbound")),
    "waiting": ("verified", _waiting),
    "unclaimed": ("unclaimed", lambda page, _answering: ring(page, unclaimed=True)),
    "several": ("several", rung(telling.SEVERAL)),
    "none": ("none", rung(telling.nobody("none"))),
    "hidden": ("hidden", rung(telling.nobody("hidden", situation="hidden_number"))),
    "nothing to say": ("one", rung(telling.brief(customer=telling.customer(rhythm=None)))),
    "everything": ("verified", rung(telling.everything())),
    "long name": ("one", rung(telling.unverified(customer=telling.customer(name=LONG_NAME)))),
    "offline": ("offline", _offline),
    "error": ("error", rung(500)),
    "not allowed": ("error", rung(403)),
}
"""By name: the value of the attribute `state`, and what leads there."""


def enter(name: str, page: Page, answering: Answering) -> None:
    """Bring the component into a state by its name, and wait until it is there."""
    attribute, act = STATES[name]
    act(page, answering)
    reached(page, attribute)
