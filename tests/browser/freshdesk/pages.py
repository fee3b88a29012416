"""What the tests of the Freshdesk apps say of pages, and how they look at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FrameLocator, Request, Response

    from tests.integration.rings.desk import Desk

Install = Callable[[str], None]
Opening = Callable[..., Page]


MARA = "+12125550101"
LOSS = "My best friend died in May"
AGENT = {"id": 11, "contact": {"email": "Daniel@acme.example", "language": "en"}}
CALLER_AGENT = {"id": "c-11", "email": "daniel@acme.example", "language": "en"}
SIDEBARS = ("ticket_sidebar", "contact_sidebar")
CARDS = ("notification_card", "conversation_card")


def shown(page: Page, place: str) -> FrameLocator:
    """The app in one place."""
    return page.frame_locator(f"iframe[title={place}]")


def journal(page: Page, method: str) -> list[Any]:
    """What the app asked of the product by one method."""
    entries = page.evaluate("journal")
    return [entry["args"] for entry in entries if entry["method"] == method]


def refused(page: Page) -> list[Any]:
    """What the product had to refuse, apart from data that a place does not have."""
    entries = page.evaluate("journal")
    return [one for one in entries if one.get("refused") and one["method"] != "data.get"]


def noticed(page: Page) -> dict[str, str]:
    """The one notice that the product has shown, once it has."""
    page.wait_for_function("journal.some(({ method }) => method === 'interface.trigger')")
    [[name, notice]] = journal(page, "interface.trigger")
    assert (name, notice["type"]) == ("showNotify", "danger")
    told: dict[str, str] = notice
    return told


def heading(page: Page, place: str, name: str = "Mara Lindqvist") -> Any:
    """The name line of the brief in one place."""
    return shown(page, place).get_by_role("heading", name=name)


class Wire:
    """What went between a browser and the service."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.asked: list[Request] = []
        self.answers: list[Response] = []
        self._url = url
        context.on("request", self._request)
        context.on("response", self._response)

    def _request(self, request: Request) -> None:
        if request.url.startswith(self._url):
            self.asked.append(request)

    def _response(self, response: Response) -> None:
        if response.url.startswith(self._url):
            self.answers.append(response)

    def words(self) -> str:
        """Every body that has come, but the stream's, which never ends."""
        return "\n".join(one.text() for one in self.answers if not one.url.endswith("/stream"))


def dial(page: Page, number: str = "(212) 555-0101") -> None:
    """The agent clicks a number in Freshdesk, once the panel hears of that."""
    page.wait_for_function("journal.some(({ args }) => args[0] === 'cti.triggerDialer')")
    script = "(number) => product.happen('cti_global_sidebar', 'cti.triggerDialer', { number })"
    page.evaluate(script, number)


def happen(page: Page, name: str, detail: dict[str, Any]) -> None:
    """The brief asks its host for something."""
    script = """([name, detail]) => document.querySelector("remember-brief")
        .dispatchEvent(new CustomEvent(name, { detail, cancelable: true }))"""
    page.frames[1].evaluate(script, [name, detail])


def wait_for_stream(page: Page, desk: Desk) -> None:
    """Until the panel listens, so that the next ring is its first news."""
    deadline = 100
    while not desk.counted("remember_streams_open") and deadline:
        page.wait_for_timeout(50)
        deadline -= 1
    assert deadline, "The panel never listened."
