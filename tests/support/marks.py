"""Looks for marks of a person, and for their vectors, in every file of a folder."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from memory.record import Record
from memory.record import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_PIECE = 48
"""Bytes of a vector that are looked for at a time: 24 or 12 of its numbers, which no other has."""


@dataclass(frozen=True, slots=True)
class Needle:
    """Bytes that say of whom they are.

    Attributes:
        name: What it is, for whoever reads the failure of a test.
        folded: Whether the case of letters does not matter.
    """

    name: str
    bytes: bytes
    folded: bool = False


def of_words(marks: Mapping[str, str]) -> list[Needle]:
    """The forms in which words may stand in a file: UTF-8, UTF-16 of both kinds, and as in JSON."""
    found = []
    for name, mark in marks.items():
        low = mark.lower()
        forms = {
            "UTF-8": low.encode(),
            "UTF-16LE": low.encode("utf-16-le"),
            "UTF-16BE": low.encode("utf-16-be"),
            "JSON": json.dumps(low)[1:-1].encode(),
        }
        found += [
            Needle(f"{name} as {form}", each.lower(), folded=True) for form, each in forms.items()
        ]
    return found


def of_vectors(vectors: Iterable[bytes]) -> list[Needle]:
    """Three pieces of each vector, in the forms in which it may stand: two widths, two lengths."""
    found = []
    for number, data in enumerate(vectors):
        raw = np.frombuffer(data, dtype="<f2").astype(np.float64)
        one = raw / (np.linalg.norm(raw) or 1.0)
        forms = {
            "float16": data,
            "float32": raw.astype("<f4").tobytes(),
            "float16 of length 1": one.astype("<f2").tobytes(),
            "float32 of length 1": one.astype("<f4").tobytes(),
        }
        for form, body in forms.items():
            for start in (0, len(body) // 2, len(body) - _PIECE):
                piece = body[start : start + _PIECE]
                found.append(Needle(f"vector {number} as {form}", piece))
    return found


def found_in(folder: Path, needles: Sequence[Needle]) -> dict[str, set[str]]:
    """Which needles stand in which files of a folder, their names included; none are left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {str(file.relative_to(folder)): file for file in files}
    return found_among(
        {name: file.read_bytes() + b"\0" + name.encode() for name, file in names.items()}, needles
    )


def found_among(bodies: Mapping[str, bytes], needles: Sequence[Needle]) -> dict[str, set[str]]:
    """Which needles stand in which bodies, by their names."""
    found: dict[str, set[str]] = {}
    for name, body in bodies.items():
        low = body.lower()  # of letters of ASCII alone, which is what needles have
        for one in needles:
            if one.bytes in (low if one.folded else body):
                found.setdefault(one.name, set()).add(name)
    return found


def vectors_in(url: str) -> dict[bytes, bytes]:
    """Digest to float16 bytes, of every vector in the record at an address."""
    with closing(Record.open(url)) as record, record.reading() as connection:
        rows = connection.execute(t.vector.select()).all()
        return {row.digest: row.data for row in rows}
