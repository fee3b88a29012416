"""What commands print: one JSON document, or lines and tables that a terminal colours."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from memory.asking.first_view import first_view_length
from memory.asking.lines import ANY_LENGTH, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from memory.asking.document import Brief, Hit, LikeIssue
    from memory.asking.lines import Line

_STYLES = {"adjustments": "bold yellow", "care": "bold magenta", "open": "bold cyan"}


def console() -> Console:
    """Standard output; plain and unwrapped unless a terminal reads it."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def print_json(document: object) -> None:
    """One JSON document on standard output, and nothing else."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_brief(brief: Brief, zone: tzinfo, *, full: bool = False) -> None:
    """A brief, its first view or all of it, with what was found for `--about`."""
    out = console()
    longest = ANY_LENGTH if full else first_view_length(brief, zone)
    for line in lines_of(brief, full=full, longest=longest, zone=zone):
        out.print(_styled(line))
    if brief["about"] is not None:
        out.print(Text(f"About “{brief['about']['query']}”", style="bold"))
        print_hits(brief["about"]["hits"])
        print_like(brief["about"]["like_issues"])


def _styled(line: Line) -> Text:
    if line.section == "name":
        return Text(line.text, style="bold")
    style = _STYLES.get(line.section, "bold")
    return Text.assemble((f"{line.label}: ", style), line.text)


def print_hits(hits: Sequence[Hit]) -> None:
    """What recall found in a customer's history, best first."""
    out = console()
    for hit in hits:
        if hit["quote"] is None:
            out.print(Text(f"  {hit['score']:.2f}  (private)", style="dim"))
            continue
        where = hit["evidence"][0]
        who = where["author"]["name"] or where["author"]["role"]
        out.print(
            Text.assemble(
                (f"  {hit['score']:.2f}  ", "dim"),
                f"“{hit['quote']}”",
                (f"  {who}, {where['said_on']}, {where['ticket']}", "dim"),
            )
        )


def print_like(issues: Sequence[LikeIssue]) -> None:
    """Like issues of other customers, best first."""
    out = console()
    for one in issues:
        resolution = f" → “{one['resolution']}”" if one["resolution"] else ""
        out.print(
            Text.assemble(
                (f"  {one['score']:.2f}  ", "dim"),
                one["title"],
                resolution,
                (f"  {one['ticket']}, {one['outcome']}", "dim"),
            )
        )


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table in a terminal; tab-separated lines when piped."""
    if not sys.stdout.isatty():
        for row in rows:
            sys.stdout.write("\t".join(str(cell) for cell in row) + "\n")
        return
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for place, heading in enumerate(headings):
        drawn.add_column(heading, justify="left" if place == 0 else "right", overflow="fold")
    for row in rows:
        drawn.add_row(*[Text(str(cell)) for cell in row])
    console().print(drawn)
