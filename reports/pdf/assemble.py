"""Parts become one PDF/A: the front matter's catalog (metadata, output intent, attachments) with everybody's pages."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from reports.pdf.errors import RenderFailed
from reports.pdf.press import Printed

LINK = "goto:"


@dataclass(frozen=True)
class Mark:
    """A bookmark on the page of `anchor`."""

    title: str
    anchor: str
    inner: tuple["Mark", ...] = field(default=())


def assemble(parts: list[Printed], *, stamps: Path, marks: list[Mark]) -> bytes:
    """One PDF of `parts`, the first of which lends the catalog; `stamps` holds one page of page number for each."""
    with ExitStack() as stack:
        base = stack.enter_context(pikepdf.open(parts[0].out))
        places = dict(_places(base, base, 0))
        for part in parts[1:]:
            chapter = stack.enter_context(pikepdf.open(part.out))
            before = len(base.pages)
            base.pages.extend(chapter.pages)
            places |= dict(_places(chapter, base, before))
        _connect(base, places)
        _bookmark(base, marks, places)
        _stamp(base, stack.enter_context(pikepdf.open(stamps)))
        if base.Root.get("/Names") is not None and "/Dests" in base.Root.Names:
            del base.Root.Names["/Dests"]
        whole = BytesIO()
        base.save(whole, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return whole.getvalue()


def _places(part: pikepdf.Pdf, base: pikepdf.Pdf, before: int) -> Iterator[tuple[str, pikepdf.Array]]:
    """(anchor, destination in `base`) for every anchor of `part`, whose pages start at `before` there."""
    tree: Any = part.Root.get("/Names", pikepdf.Dictionary())
    names: Any = tree.Dests.Names if "/Dests" in tree else []
    index = {page.obj.objgen: number for number, page in enumerate(part.pages)}
    for name, place in zip(names[::2], names[1::2], strict=True):
        page = base.pages[before + index[place[0].objgen]]
        yield str(name), pikepdf.Array([page.obj, *place[1:]])


def _connect(base: pikepdf.Pdf, places: dict[str, pikepdf.Array]) -> None:
    """`goto:ANCHOR` was an outside link to WeasyPrint; now that everything is one document, it becomes a place."""
    for page in base.pages:
        links: Any = page.get("/Annots", [])
        for link in links:
            address = str(link.A.get("/URI", "")) if "/A" in link else ""
            if address.startswith(LINK):
                name = address.removeprefix(LINK)
                if name not in places:
                    raise RenderFailed(f"a link leads nowhere: {name}")
                del link["/A"]
                link.Dest = places[name]


def _bookmark(base: pikepdf.Pdf, marks: list[Mark], places: dict[str, pikepdf.Array]) -> None:
    def items(some: Any) -> Iterator[pikepdf.OutlineItem]:
        for mark in some:
            item = pikepdf.OutlineItem(mark.title, destination=places[mark.anchor])
            item.children.extend(items(mark.inner))
            item.is_closed = True
            yield item

    with base.open_outline() as outline:
        outline.root.clear()
        outline.root.extend(items(marks))


def _stamp(base: pikepdf.Pdf, stamps: pikepdf.Pdf) -> None:
    if len(stamps.pages) != len(base.pages):
        raise RenderFailed("page numbers and pages differ in number")
    for page, stamp in zip(base.pages, stamps.pages, strict=True):
        page.add_overlay(stamp, None)
