"""What reads every line of the tests finds what none may tell, and repeats none of it."""

from __future__ import annotations

import pytest

from connector.demo.story import load_story, packaged_story
from memory.errors import UsageError
from tests.support.log_scan import Words

pytest_plugins = ("pytester",)

FILE = """
    import logging
    import pytest
    from memory.errors import UsageError

    pytest_plugins = ("tests.support.log_scan",)
    log = logging.getLogger("connector.x")
    TOLD = "brief of %s", "Mara Lindqvist"

    @pytest.fixture
    def late():
        yield
        log.debug(*TOLD)

    def test_message():
        log.debug(*TOLD)

    def test_later(late):
        pass

    def test_beside():
        log.info("brief", extra={"who": TOLD[1]})

    def test_exception():
        log.error("x", exc_info=ValueError(TOLD[1]))

    def test_another_library():
        logging.getLogger("urllib3").warning(*TOLD)

    def test_error():
        UsageError(TOLD[1])

    @pytest.mark.tells
    def test_passes_where_it_says_so():
        log.debug(*TOLD)

    def test_passes_where_it_is_not_let_through():
        logging.getLogger("httpcore").debug(*TOLD)

    def test_passes_what_follows():
        log.debug("brief of zendesk:70101")
"""


@pytest.fixture(scope="module")
def words() -> Words:
    """What no line may tell."""
    return Words()


def _kinds(words: Words, text: str) -> set[str]:
    return {kind for kind, _ in words.told_in(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("brief of Mara Lindqvist", "name"),
        ("brief of mara lindqvist asked", "name"),
        ("Mrs. Marchetti rang", "name"),
        ("rang from +1 (212) 555-0101 at 9", "phone"),
        ("caller=2125550101", "phone"),
        ("mail to Mara.Lindqvist@mail.example", "e-mail"),
        ("client_secret=demo-client-secret&x", "secret"),
        ("token rmbr_0123456789ab_abcdefghijklmnopqrstuvwxyz", "secret"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl", "secret"),
        ("cannot clean: My husband usually does this. Did this.", "text"),
    ],
)
def test_what_none_may_tell_is_found(words: Words, text: str, kind: str) -> None:
    """However it is written."""
    assert kind in _kinds(words, text)


@pytest.mark.parametrize(
    "text",
    [
        "request method=POST route=/v1/briefs status=200 ms=3.4",
        "2026-07-07 09:00:00 zendesk:70101 took 12 s",
        "The data folder is in use by `remember sync`, process 2125, since 2026-07-07 09:00:00Z.",
    ],
)
def test_what_may_be_told_is_not(words: Words, text: str) -> None:
    """Refs, routes, times and counts."""
    assert not _kinds(words, text)


def test_each_of_the_story_is_known(words: Words) -> None:
    """Every customer by name, and by phone and e-mail where they have one."""
    story = load_story(packaged_story())
    for one in story.customers:
        if one.name and " " in one.name and one.name != "Anonymous caller":
            assert "name" in _kinds(words, f"asked for {one.name}!")
        if one.email:
            assert "e-mail" in _kinds(words, f"<{one.email}>")


def test_a_test_that_tells_fails(pytester: pytest.Pytester) -> None:
    """In each way there is; the report names where, and repeats nothing."""
    pytester.makepyfile(FILE)
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:schemathesis", "-q")
    result.assert_outcomes(failed=5, passed=4, errors=1)
    told = [line for line in result.outlines if " tells a name: " in line]
    assert {
        line.split(" tells ")[0].removeprefix("E").split("Failed: ")[-1].strip() for line in told
    } == {
        "The logger connector.x",
        "The logger urllib3",
        "The error UsageError",
    }
    assert not any("Lindqvist" in line for line in told)


def test_errors_are_made_as_ever() -> None:
    """That they are read changes nothing."""
    error = UsageError("One thing.", "Do another.")
    assert (error.detail, error.hint, str(error)) == ("One thing.", "Do another.", "One thing.")
