"""The folders that the packages are made of: manifest, translations and the glue to each host.

In the installed wheel they lie beside this module, in a checkout under `deploy/`. What every host
shows alike, the component and its words, is not in them: it comes from `connector/web`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memory.errors import NotFoundError

WEB = Path(__file__).parents[1] / "web"
"""The files that every host shows."""

_INSTALLED = Path(__file__).with_name("packages")
_CHECKOUT = Path(__file__).parents[2] / "deploy"

_PAGE_OF_ITS_OWN = {"icon.svg", "index.html", "page.css", "page.js"}
"""What only the stand-alone page is made of."""


@dataclass(frozen=True, slots=True)
class App:
    """One installable app.

    Attributes:
        name: As the command line calls it.
        assets: Where in its package the files that every host shows are put.
        borrows: Files of another app that it is made of as well, such as
            `freshdesk/app/scripts/freshdesk.js`; in its package they lie where they lie there.
    """

    name: str
    assets: str
    borrows: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where its own files lie.

        Raises:
            NotFoundError: They are not there; the installation is not whole.
        """
        return _folder(self.name)

    def files(self) -> dict[str, bytes]:
        """Everything that its package is made of, by path, in the order of the paths."""
        found = {
            file.relative_to(self.folder).as_posix(): file.read_bytes()
            for file in self.folder.rglob("*")
            if file.is_file() and not _hidden(file.relative_to(self.folder))
        }
        for borrowed in self.borrows:
            app, _, path = borrowed.partition("/")
            found[path] = (_folder(app) / path).read_bytes()
        found |= {f"{self.assets}/{name}": content for name, content in shared().items()}
        return dict(sorted(found.items()))


def _folder(name: str) -> Path:
    for place in (_INSTALLED, _CHECKOUT):
        if (place / name).is_dir():
            return place / name
    raise NotFoundError(
        f"The files of the app {name} are not installed.", "Install remember-them again."
    )


def shared() -> dict[str, bytes]:
    """The files that every host shows, by name."""
    return {
        file.name: file.read_bytes()
        for file in sorted(WEB.iterdir())
        if file.is_file() and file.name not in _PAGE_OF_ITS_OWN and file.suffix != ".py"
    }


def _hidden(path: Path) -> bool:
    """What editors and tools leave behind."""
    return any(part.startswith((".", "__")) or part == "node_modules" for part in path.parts)


APPS = {
    one.name: one
    for one in (
        App("zendesk", assets="assets"),
        App("freshdesk", assets="app/assets"),
        App(
            "freshdesk-cti",
            assets="app/assets",
            borrows=(
                "freshdesk/app/scripts/freshdesk.js",
                "freshdesk/app/scripts/sessions.js",
                "freshdesk/app/styles/freshdesk.css",
                "freshdesk/app/styles/images/icon.svg",
            ),
        ),
    )
}
"""By name."""
