"""C2SP tlog-tiles: the tree cut into tiles of 256 hashes, their addresses, and which tile holds which node.

Tile (L, N) holds the nodes of tree level 8·L from index 256·N on; the last tile of a level may be partial."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evidence.tlog import merkle

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = "entries"
_PATH = re.compile(r"(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})"
                   r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")
_LARGEST_LEVEL = 63
# A log of 2^63 entries has no tile beyond this number.
_LARGEST_NUMBER = 2**55 - 1


@dataclass(frozen=True)
class Address:
    """Where a tile lies: `level` is None for the tile of entries; `width` is 256 for a full tile."""

    level: int | None
    number: int
    width: int = WIDTH


def path(address: Address) -> str:
    """`0/x001/x234/067` or `0/x001/x234/067.p/8`, below `/tile/`."""
    groups = [f"{address.number % 1000:03d}"]
    rest = address.number // 1000
    while rest:
        groups.insert(0, f"x{rest % 1000:03d}")
        rest //= 1000
    level = ENTRIES if address.level is None else str(address.level)
    partial = "" if address.width == WIDTH else f".p/{address.width}"
    return f"{level}/{'/'.join(groups)}{partial}"


def parse(text: str) -> Address:
    """The address that `path` prints as `text`; ValueError for any other spelling."""
    found = _PATH.fullmatch(text)
    if found is None:
        raise ValueError("not a tile path")
    level = None if found["level"] == ENTRIES else int(found["level"])
    address = Address(level, int(re.sub(r"[x/]", "", found["number"])), int(found["width"] or WIDTH))
    too_large = (level or 0) > _LARGEST_LEVEL or address.number > _LARGEST_NUMBER or address.width > WIDTH
    if too_large or path(address) != text:
        raise ValueError("not a tile path")
    return address


def widths(size: int) -> list[tuple[int, int]]:
    """For each tile level of a tree of `size` leaves: (number of full tiles, width of the partial one or 0)."""
    levels = []
    while size:
        levels.append((size // WIDTH, size % WIDTH))
        size //= WIDTH
    return levels


def split(hashes: bytes) -> list[bytes]:
    """A tile's bytes as its hashes."""
    return [hashes[at:at + merkle.HASH_BYTES] for at in range(0, len(hashes), merkle.HASH_BYTES)]


def reader(tile: Callable[[int, int], bytes]) -> merkle.Node:
    """Nodes from tiles: `tile(level, number)` answers a tile's bytes. A missing node raises LookupError."""
    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        number, offset = divmod(index << height, WIDTH)
        start, count = offset * merkle.HASH_BYTES, merkle.HASH_BYTES << height
        part = tile(tile_level, number)[start:start + count]
        if len(part) != count:
            raise LookupError(f"tile {tile_level}/{number} does not hold node {level}/{index}")
        return merkle.fold(split(part))
    return node


class Builder:
    """Appends leaf hashes to the open tile of each level. `changed` collects (level, number) → bytes.

    `edge` are the partial tiles of a tree of `size` leaves, lowest level first (empty bytes where there is none)."""

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()):
        self.size = size
        self._open = [split(part) for part in edge]
        self._numbers = [full for full, _ in widths(size)]
        if [len(part) for part in edge] != [width * merkle.HASH_BYTES for _, width in widths(size)]:
            raise ValueError(f"these are not the last tiles of a tree of {size} leaves")
        self.changed: dict[tuple[int, int], bytes] = {}

    def extend(self, leaves: Sequence[bytes]) -> None:
        self._extend(0, leaves)
        self.size += len(leaves)

    def root(self) -> bytes:
        """The root of the tree as it stands: what is open on a level, with the smaller subtree right of it."""
        right: list[bytes] = []
        for part in self._open:
            if nodes := [*part, *right]:
                right = [merkle.fold(nodes)]
        return right[0] if right else merkle.EMPTY_ROOT

    def close(self) -> None:
        """Put the partial tiles among the changed ones."""
        for level, part in enumerate(self._open):
            if part:
                self.changed[level, self._numbers[level]] = b"".join(part)

    def _extend(self, level: int, hashes: Sequence[bytes]) -> None:
        if level == len(self._open):
            self._open.append([])
            self._numbers.append(0)
        at, roots = 0, []
        while at < len(hashes):
            part = self._open[level]
            room = WIDTH - len(part)
            part += hashes[at:at + room]
            at += room
            if len(part) == WIDTH:
                self.changed[level, self._numbers[level]] = b"".join(part)
                self._numbers[level] += 1
                self._open[level] = []
                roots.append(merkle.fold(part))
        if roots:
            self._extend(level + 1, roots)
