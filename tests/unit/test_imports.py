"""Importing is cheap: torch, the model and the index are loaded when they are needed."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

HEAVY = {"torch", "sentence_transformers", "transformers", "chromadb", "sklearn"}
_TRAINING = "memory.remembering.training"

_IMPORT_AND_TELL = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(" ".join({name.partition(".")[0] for name in sys.modules}))
"""


def _modules(package: str) -> list[str]:
    path = importlib.import_module(package).__path__
    found = pkgutil.walk_packages(path, prefix=f"{package}.")
    return [one.name for one in found if not one.name.endswith("__main__")]


@pytest.mark.parametrize("package", ["memory", "connector"])
def test_no_module_imports_what_takes_seconds(package: str) -> None:
    """Every module of the package, imported into one fresh interpreter, brings none of it in."""
    modules = [name for name in _modules(package) if not name.startswith(_TRAINING)]
    assert len(modules) > 20
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_AND_TELL, package, *modules],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stdout.split())
    assert package in imported
    assert not HEAVY & imported
