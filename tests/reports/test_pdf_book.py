"""Parts side by side become one document with true page numbers; a part that fails fails all of it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reports.pdf import children
from reports.pdf.assemble import Mark
from reports.pdf.book import Book, Chapter, make
from reports.pdf.errors import RenderFailed, ResourceDenied, ResourceUnused
from reports.pdf.press import Job, Press
from tests.reports.story import screenshot

ROOT = Path(__file__).resolve().parents[2]
HEAD = '<!doctype html><html lang="en"><head><title>t</title></head>'


def part(body: str) -> str:
    return f"{HEAD}<body>{body}</body></html>"


def long(anchor: str, pages: int) -> str:
    return f'<h1 id="{anchor}">{anchor}</h1>' + '<p style="break-after: page">x</p>' * (pages - 1) + "<p>end</p>"


def numbers(pages: int) -> str:
    return part("".join(f'<p style="break-before: page">n{number}</p>' for number in range(1, pages + 1)))


def book(*chapters: Chapter, anchors: tuple[str, ...] = (), pictures: dict[str, Path] | None = None) -> Book:
    def front(known: Mapping[str, int]) -> str:
        # The contents grow by a page once the numbers are known.
        rows = "".join(f'<p><a href="goto:{name}">{name} {known[name]}</a></p>' for name in anchors)
        lines = "<p>line</p>" * (40 if any(known[name] for name in anchors) else 0)
        return part('<h1 id="front">Front</h1>' + rows + lines)

    return Book(front=front, chapters=list(chapters), numbers=numbers, marks=[Mark(name, name) for name in anchors],
                fonts={}, pictures=pictures or {})


def test_the_contents_give_true_pages_even_when_they_grow(tmp_path: Path) -> None:
    drawn: list[int] = []
    made = make(book(Chapter(part(long("one", 3)), exhibits=2), Chapter(part(long("two", 2)), exhibits=5),
                     anchors=("one", "two")), folder=tmp_path, step=drawn.append)
    with pikepdf.open(BytesIO(made)) as whole:
        pages: dict[Any, int] = {tuple(page.objgen): number for number, page in enumerate(whole.pages, 1)}
        links = [tuple(note.Dest[0].objgen) for page in whole.pages for note in page.get("/Annots", [])]
        assert len(whole.pages) == 7 and [pages[place] for place in links] == [3, 6]
    if text := _text(made, tmp_path):
        assert re.search(r"one 3\s+two 6", text)
        assert all(f"n{number}" in page.split() for number, page in enumerate(text.split("\f")[:-1], 1))
    assert sorted(drawn) == [2, 5]


def test_a_link_that_leads_nowhere_fails(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match="nowhere"):
        make(book(Chapter(part('<a href="goto:absent">x</a>'))), folder=tmp_path)


def test_one_failing_part_fails_the_whole(tmp_path: Path) -> None:
    with pytest.raises(ResourceDenied):
        make(book(Chapter(part(long("one", 1))), Chapter(part('<img src="http://127.0.0.1:9/x">'))), folder=tmp_path)


def test_a_picture_is_served_only_to_the_part_that_shows_it(tmp_path: Path) -> None:
    picture = tmp_path / "E-001.png"
    picture.write_bytes(screenshot(1))
    shows = Chapter(part('<img src="casework:E-001.png">'), shows=("E-001.png",))
    assert make(book(shows, pictures={picture.name: picture}), folder=tmp_path).startswith(b"%PDF-1.7")
    with pytest.raises(ResourceDenied):
        make(book(Chapter(shows.html), pictures={picture.name: picture}), folder=tmp_path)
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ResourceUnused):
        make(book(shows, pictures={picture.name: picture}), folder=tmp_path)


def test_a_child_that_dies_fails_its_part_in_words(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(part("x"))
    with Press(1, tmp_path) as press:
        press._children[0]._process.kill()
        with pytest.raises(RenderFailed, match="a part was not made"):
            list(press.print([Job(str(tmp_path / "page.html"), str(tmp_path / "out.pdf"), {})]))


def test_children_end_with_the_worker_that_was_killed() -> None:
    program = ("import time; from pathlib import Path; from reports.pdf.press import Press; press = Press(2, Path());"
               "print(*[child._process.pid for child in press._children], flush=True); time.sleep(60)")
    worker = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert worker.stdout
    children = [int(word) for word in worker.stdout.readline().split()]
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    until = time.monotonic() + 30
    while any(_alive(pid) for pid in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(children) == 2 and not any(_alive(pid) for pid in children)


def test_what_a_killed_child_leaves_lies_in_the_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere, scratch = tmp_path / "elsewhere", tmp_path / "scratch"
    elsewhere.mkdir()
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    with open(tmp_path / "errors", "w+b") as errors:
        program = "import tempfile; print(tempfile.mkdtemp(), flush=True); input()"
        child = children.start([sys.executable, "-c", program], scratch=scratch, errors=errors)
        assert child.stdout and child.stdin
        made = Path(child.stdout.readline().strip())
        child.kill()
        child.communicate()
    assert made.parent == scratch and made.is_dir()
    assert not list(elsewhere.iterdir())


def test_children_get_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    with Press(1, tmp_path) as press:
        found = Path(f"/proc/{press._children[0]._process.pid}/environ").read_bytes()
    assert b"secret" not in found and b"SECRET_KEY" not in found
    assert b"PATH" in children.ask(["env"]) and b"SECRET_KEY" not in children.ask(["env"])


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False


def _text(pdf: bytes, folder: Path) -> str:
    path = folder / "made.pdf"
    path.write_bytes(pdf)
    try:
        return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True).stdout
    except FileNotFoundError:
        return ""
