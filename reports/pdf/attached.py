"""A file inside a PDF, as a value: apart from the renderer, so that only the press's children load that."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attached:
    """`relationship` is a word of ISO 32000-2: Source, Data, Alternative, Supplement."""

    name: str
    data: bytes
    description: str
    relationship: str = "Data"
