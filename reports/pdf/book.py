"""Make one PDF/A of many parts: chapters side by side, then the front matter that knows their pages, then assembly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reports.pdf.assemble import Mark, assemble
from reports.pdf.attached import Attached
from reports.pdf.errors import RenderFailed
from reports.pdf.press import Job, Press, Printed

WORKERS = 2
# The contents may move the pages that they list; a document whose pages do not settle is broken.
ATTEMPTS = 4


@dataclass(frozen=True)
class Chapter:
    """HTML that starts on a new page, and the names of the manifest that it shows."""

    html: str
    shows: tuple[str, ...] = ()
    exhibits: int = 0


@dataclass(frozen=True)
class Book:
    """A document in parts. `front` gets the page number (from 1) of every anchor, at first only zeros.

    `fonts` and `pictures` are name → file; `numbers` gives the HTML that prints page numbers on that many pages.
    Links between parts are written `goto:ANCHOR`. Progress is told in exhibits through `step(exhibits drawn)`."""

    front: Callable[[Mapping[str, int]], str]
    chapters: list[Chapter]
    numbers: Callable[[int], str]
    marks: list[Mark]
    fonts: dict[str, Path]
    pictures: dict[str, Path] = field(default_factory=dict)
    attachments: tuple[Attached, ...] = ()


class _Zeros(dict[str, int]):
    def __missing__(self, name: str) -> int:
        return 0


def make(book: Book, *, folder: Path, step: Callable[[int], None] = lambda exhibits: None) -> bytes:
    """The assembled PDF/A-3u, not signed. `folder` is an empty one that this fills and the caller deletes."""
    with Press(WORKERS, folder) as press:
        front, chapters = _first_pass(book, folder, press, step)
        for _attempt in range(ATTEMPTS):
            numbers = _page_numbers(front, chapters)
            jobs = [_front(book, folder, numbers), _numbers(book, folder, sum(one.pages for one in [front, *chapters]))]
            again = dict(press.print(jobs))
            settled = again[0].pages == front.pages and again[0].anchors == front.anchors
            front, stamps = again[0], again[1]
            if settled:
                break
        else:
            raise RenderFailed("the contents did not settle on page numbers")
    return assemble([front, *chapters], stamps=Path(stamps.out), marks=book.marks)


def _first_pass(book: Book, folder: Path, press: Press, step: Callable[[int], None]) -> tuple[Printed, list[Printed]]:
    jobs = [_front(book, folder, _Zeros())]
    for number, chapter in enumerate(book.chapters):
        html = folder / f"chapter-{number}.html"
        html.write_text(chapter.html, "utf-8")
        shown = {name: str(book.pictures[name]) for name in chapter.shows} | _paths(book.fonts)
        jobs.append(Job(str(html), str(folder / f"chapter-{number}.pdf"), shown))
    printed: dict[int, Printed] = {}
    for number, part in press.print(jobs):
        printed[number] = part
        if number:
            step(book.chapters[number - 1].exhibits)
    return printed[0], [printed[number] for number in range(1, len(jobs))]


def _front(book: Book, folder: Path, numbers: Mapping[str, int]) -> Job:
    html = folder / "front.html"
    html.write_text(book.front(numbers), "utf-8")
    attachments = []
    for number, one in enumerate(book.attachments):
        path = folder / f"attached-{number}"
        path.write_bytes(one.data)
        attachments.append({"name": one.name, "path": str(path), "description": one.description,
                            "relationship": one.relationship})
    return Job(str(html), str(folder / "front.pdf"), _paths(book.fonts), attachments)


def _numbers(book: Book, folder: Path, pages: int) -> Job:
    html = folder / "numbers.html"
    html.write_text(book.numbers(pages), "utf-8")
    return Job(str(html), str(folder / "numbers.pdf"), _paths(book.fonts))


def _page_numbers(front: Printed, chapters: list[Printed]) -> dict[str, int]:
    found: dict[str, int] = {}
    before = 0
    for part in [front, *chapters]:
        for name, page in part.anchors.items():
            found.setdefault(name, before + page + 1)
        before += part.pages
    return found


def _paths(files: dict[str, Path]) -> dict[str, str]:
    return {name: str(path) for name, path in files.items()}
