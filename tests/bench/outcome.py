"""What a benchmark hands back: a table, and the bounds it must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Bound:
    """A promise in figures: `measured` stays at or below `most`, or reaches `least`."""

    name: str
    measured: float
    most: float | None = None
    least: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        above = self.least is None or self.measured >= self.least
        return above and (self.most is None or self.measured <= self.most)

    @property
    def wanted(self) -> str:
        """The bound as a person writes it."""
        return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"


@dataclass(slots=True)
class Outcome:
    """One benchmark's table, with what must be said beside it.

    Attributes:
        rows: Cells in the order of `headings`; numbers are printed to three figures.
        notes: How it was measured, one sentence each.
    """

    name: str
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def show(self, console: Console) -> None:
        """Print the table and the notes."""
        drawn = Table(title=self.name, title_justify="left", header_style="bold")
        for place, heading in enumerate(self.headings):
            drawn.add_column(heading, justify="right" if place else "left")
        for row in self.rows:
            drawn.add_row(*[cell_text(cell) for cell in row])
        console.print(drawn)
        for note in self.notes:
            console.print(f"  {note}", style="dim")
        console.print()

    def document(self) -> dict[str, Any]:
        """The outcome as JSON has it."""
        return {
            "name": self.name,
            "rows": [dict(zip(self.headings, row, strict=True)) for row in self.rows],
            "bounds": [
                {
                    "name": one.name,
                    "bound": one.wanted,
                    "measured": round(one.measured, 3),
                    "holds": one.holds,
                }
                for one in self.bounds
            ],
            "notes": self.notes,
        }


def show_bounds(console: Console, bounds: Sequence[Bound]) -> None:
    """Print every bound: what it is, what was measured, whether it holds."""
    drawn = Table(title="Bounds", title_justify="left", header_style="bold")
    for heading in ("bound", "wanted", "measured", "holds"):
        drawn.add_column(heading, justify="left" if heading == "bound" else "right")
    for one in bounds:
        verdict = "[green]yes[/green]" if one.holds else "[bold red]no[/bold red]"
        drawn.add_row(one.name, one.wanted, f"{one.measured:.2f}", verdict)
    console.print(drawn)


def cell_text(cell: object) -> str:
    """A cell as it is printed."""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
