"""What each file of a captured page is, and what such a capture still lacks. Pure.

The minimum for a page in court is its address, its HTML source and a full-page picture; who collected it, from which
machine, when, and how its clock was kept right are wanted besides (Berkeley Protocol, paragraph 155)."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Role(StrEnum):
    """Closed. In the order in which the parts of a set stand: the first of them is what the exhibit points at."""

    PICTURE = "picture"
    SOURCE = "source"
    ARCHIVE = "archive"
    OTHER = "other"


ADDRESS = "address"
WANTED = ("collector", "machine_address", "captured_at", "clock")

_SOURCES = {"text/html", "multipart/related"}
_ARCHIVE_ENDINGS = (".warc", ".warc.gz", ".wacz")


def suggested(media_type: str, name: str) -> Role:
    """What a file is by its content. A container says nothing of itself, so for it the ending of the name counts."""
    if media_type == "application/pdf" or (media_type.startswith("image/") and media_type != "image/svg+xml"):
        return Role.PICTURE
    if media_type in _SOURCES:
        return Role.SOURCE
    packed = media_type in {"application/zip", "application/gzip"} and name.lower().endswith(_ARCHIVE_ENDINGS)
    return Role.ARCHIVE if packed or media_type == "application/warc" else Role.OTHER


def missing(roles: Collection[str], provenance: Mapping[str, str]) -> list[str]:
    """What lacks of the minimum: some of `address`, `picture`, `source`."""
    there = {ADDRESS: bool(provenance.get("source_url")), Role.PICTURE: Role.PICTURE in roles,
             Role.SOURCE: Role.SOURCE in roles}
    return [str(name) for name, found in there.items() if not found]


def unstated(provenance: Mapping[str, str]) -> list[str]:
    """What was not said of who and what collected it: some of WANTED."""
    return [key for key in WANTED if not provenance.get(key)]
