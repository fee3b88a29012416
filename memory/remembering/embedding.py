"""Texts to vectors, and to what the head reads of their tokens, each text once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memory.text.vectors import to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from memory.remembering.personal import Head
    from memory.text.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Embedded:
    """What the encoder made of texts, as the record keeps it.

    Attributes:
        vectors: Digest of a text to its vector.
        readings: Digest to what the head made of the text's tokens; of some texts only.
    """

    vectors: dict[bytes, bytes] = field(default_factory=dict)
    readings: dict[bytes, bytes] = field(default_factory=dict)


def missing(wanted: Mapping[bytes, str], known: Embedded, head: Head) -> dict[bytes, str]:
    """Digest to text, of those that must be encoded: new ones, and what another head has read."""
    reader = head.reader
    return {
        key: text
        for key, text in wanted.items()
        if key not in known.vectors
        or (reader is not None and not reader.made(known.readings.get(key)))
    }


def embed(new: Mapping[bytes, str], known: Embedded, encoder: Encoder, head: Head) -> Embedded:
    """What is known and what is new, together."""
    if not new:
        return known
    reader = head.reader
    matrix, logits = encoder.encode_and_read(list(new.values()), reader)
    vectors = {key: to_bytes(row) for key, row in zip(new, matrix, strict=True)}
    readings = known.readings
    if reader is not None:
        readings = readings | {
            key: reader.to_bytes(row) for key, row in zip(new, logits, strict=True)
        }
    return Embedded(vectors | known.vectors, readings)
