"""The people of the packaged story get the brief that the story expects for them.

The first block of every case is asked through the installed script, the others through the same
command line in this process, which spares the start of a program. A path with `*` collects what
stands there in every entry of a list; the values expected must be among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.demo.story import load_story, packaged_story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.demo.story import Expectation, Story
    from tests.support.house import House, Told

pytestmark = [
    pytest.mark.xdist_group("lumenline"),
    pytest.mark.timeout(900),
    pytest.mark.slow,
]

DUE = 1
"""The piece of work this repository has reached; later ones are expected to fail."""


def _blocks() -> Iterator[Any]:
    seen: set[int] = set()
    for number, block in enumerate(load_story(packaged_story()).expect):
        later = pytest.mark.xfail(reason=f"comes with piece {block.due}", strict=True)
        yield pytest.param(
            block,
            block.case not in seen,
            id=f"{block.case}-{number}",
            marks=[later] if block.due > DUE else [],
        )
        seen.add(block.case)


def _at(node: Any, path: str) -> Any:
    """What stands at a path; a list of what stands in every entry where it holds a `*`."""
    step, _, rest = path.partition(".")
    if step == "*":
        return [_at(one, rest) if rest else one for one in node]
    return _at(node[step], rest) if rest else node[step]


def _differences(block: Expectation, document: Any, printed: str, told: str) -> Iterator[str]:
    for path, wanted in block.has.items():
        found = _at(document, path)
        among = all(one in found for one in wanted) if "*" in path else found == wanted
        if not among:
            yield f"{path} is {found}, not {wanted}"
    for path, count in block.counts.items():
        found = len(_at(document, path))
        enough = found >= count["min"] if isinstance(count, dict) else found == count
        if not enough:
            yield f"{path} has {found} entries, not {count}"
    for words in block.prints:
        if words.lower() not in printed.lower():
            yield f"does not print {words!r}"
    for words in block.lacks:
        if words.lower() in (told + printed).lower():
            yield f"shows {words!r}"


@pytest.mark.parametrize(("block", "by_script"), list(_blocks()))
def test_the_brief_is_what_the_story_expects(
    block: Expectation,
    by_script: bool,  # noqa: FBT001 - pytest passes parameters by name
    lumenline: House,
    story: Story,
    in_process: Callable[..., Told],
) -> None:
    """Exit code, values, lengths and printed words; nothing that must not be shown, in any form."""
    ask = ["brief", *block.ask, "--as-of", story.as_of.isoformat()]
    run = lumenline.run if by_script else lambda *words: in_process(lumenline, *words)
    told = run(*ask, "--json")
    printed = in_process(lumenline, *ask)
    assert told.code == printed.code == block.exit, told.err
    assert list(_differences(block, told.document, printed.out, told.out)) == []
