"""A dossier of 50 exhibits beside one plain WeasyPrint call over the same HTML, pictures and fonts, in turns.

Ours draws, assembles, checks and signs; plain is `HTML(...).write_pdf(pdf_variant="pdf/a-3u")` in a process of its own,
imports included in both. Pictures are phone screenshots as they are (1080x2340, half PNG, half JPEG)."""

import hashlib
import io
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from reports.dossiers.making import STYLE
from reports.dossiers.pages import Pages, Picture
from reports.pdf import check, sign
from reports.pdf.book import WORKERS, Book, make
from reports.pdf.fonts import FONTS

EXHIBITS = 50
ROUNDS = 3
ROOT = Path(__file__).resolve().parents[1]
PLAIN = """
import sys
from pathlib import Path
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse
class Folder(URLFetcher):
    def fetch(self, url, headers=None):
        name = url.removeprefix("casework:")
        kind = {"css": "text/css", "png": "image/png", "jpg": "image/jpeg"}.get(name.rpartition(".")[2], "font/woff2")
        return URLFetcherResponse(url, (Path(sys.argv[1]) / name).read_bytes(), {"Content-Type": kind})
HTML(string=Path(sys.argv[1], "plain.html").read_text(), url_fetcher=Folder(), base_url="casework:").write_pdf(
    str(Path(sys.argv[1], "plain.pdf")), pdf_variant="pdf/a-3u")
"""


def run() -> Iterator[dict[str, Any]]:
    """Needs no database. Medians of three rounds, ours and plain in turns, in seconds."""
    with tempfile.TemporaryDirectory(prefix="casework-bench-") as name:
        folder = Path(name)
        key = folder / "pdf.p12"
        sign.make_key(key, "")
        pictures = {f"E-{number:03d}": _screenshot(number, folder) for number in range(1, EXHIBITS + 1)}
        pages = Pages(_facts(pictures), label="D-001", certificate=sign.certificate(key, ""), openings={}, review={},
                      pictures={label: Picture(path.name, tall=True) for label, path in pictures.items()})
        _write_plain(pages, folder)
        ours, plain = [], []
        for number in range(ROUNDS):
            ours.append(_timed(partial(_ours, pages, pictures, key, folder / f"round-{number}")))
            plain.append(_timed(partial(subprocess.run, [sys.executable, "-c", PLAIN, name], cwd=ROOT, check=True,
                                        stderr=subprocess.DEVNULL)))
        value, baseline = statistics.median(ours), statistics.median(plain)
        yield {"name": f"dossier_{EXHIBITS}_exhibits", "value": round(value, 2), "unit": "s",
               "baseline": round(baseline, 2), "ratio": round(value / baseline, 3)}


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _ours(pages: Pages, pictures: dict[str, Path], key: Path, folder: Path) -> None:
    folder.mkdir()
    pdf = make(Book(front=pages.front, chapters=pages.chapters(WORKERS), numbers=pages.numbers, marks=pages.marks(),
                    fonts=FONTS | {STYLE.name: STYLE}, pictures={path.name: path for path in pictures.values()}),
               folder=folder)
    if found := check.problems(pdf, attachments=(), pages_at_least=EXHIBITS):
        raise RuntimeError("; ".join(found))
    sign.sign(pdf, key=key, passphrase="", reason="bench")


def _write_plain(pages: Pages, folder: Path) -> None:
    """The same parts as one page of HTML; links between parts point inside it."""
    parts = [pages.front(dict.fromkeys([f"E-{number:03d}" for number in range(EXHIBITS + 1)] + [
        "about", "findings", "F-001", "accounts", "takedowns", "limits", "exhibits", "check"], 1)),
        *(chapter.html for chapter in pages.chapters(1))]
    start = re.match(r"(?s).*?<body[^>]*>", parts[0])
    assert start
    bodies = [re.sub(r"(?s).*<body[^>]*>(.*)</body>.*", r"\1", part).replace('href="goto:', 'href="#')
              for part in parts]
    (folder / "plain.html").write_text(start[0] + "".join(bodies) + "</body></html>")
    for name, path in (FONTS | {STYLE.name: STYLE}).items():
        (folder / name).write_bytes(path.read_bytes())


def _screenshot(number: int, folder: Path) -> Path:
    """A post as a phone shows it: flat areas, text lines, and a photograph's noise, so that it compresses like one."""
    chance = random.Random(number)
    picture = Image.new("RGB", (1080, 2340), (245, 246, 248))
    pen = ImageDraw.Draw(picture)
    for line in range(34):
        pen.rectangle((60, 180 + line * 40, 60 + chance.randrange(300, 940), 200 + line * 40),
                      fill=(chance.randrange(90), chance.randrange(90), chance.randrange(90)))
    noise = Image.frombytes("RGB", (540, 360), chance.randbytes(540 * 360 * 3)).resize((960, 640))
    picture.paste(noise, (60, 1600))
    kind, ending = ("PNG", "png") if number % 2 else ("JPEG", "jpg")
    data = io.BytesIO()
    picture.save(data, kind, quality=88)
    path = folder / f"E-{number:03d}.{ending}"
    path.write_bytes(data.getvalue())
    return path


def _facts(pictures: dict[str, Path]) -> dict[str, Any]:
    return {
        "v": 2, "kind": "referral", "language": "en", "composed": {"at": "2026-03-20 10:00:00 UTC", "by": "A lawyer"},
        "case": {"ref": "CW-2026-0001", "title": "Bench", "mandate_basis": "None", "mandate_purpose": "To measure",
                 "mandate_scope": "Nothing", "opened_at": "2026-03-01 08:00:00 UTC"},
        "weighed": {"necessity": "To know", "against": "It takes time", "less_intrusive": "To guess"},
        "log": {"size": 1234, "root": "ab" * 32, "note": "bench\n1234\n", "signed_at": "2026-03-20 09:58:00 UTC"},
        "findings": [{"label": "F-001", "kind": "coordination", "title": "They act together", "claim": "They do. " * 20,
                      "method": "Times compared.", "likelihood": "likely", "confidence": "low",
                      "techniques": [], "against": "Chance.",
                      "alternatives": [{"hypothesis": "A call", "why": "None was found."}],
                      "citations": [{"exhibit": label, "bearing": "for", "note": "", "reliability": "B",
                                     "credibility": "2"} for label in pictures],
                      "author": "A", "written_at": "", "reviewer": "B", "reviewed_at": "", "subjects": [],
                      "exhibits_for": list(pictures), "exhibits_against": []}],
        "subjects": [], "notices": [], "exhibits": [_exhibit(label) for label in pictures]}


def _exhibit(label: str) -> dict[str, Any]:
    digest = hashlib.sha256(label.encode()).hexdigest()
    agent = {"type": "software", "name": "casework"}
    acts = [("accession", ""), ("decision", "exhibit_lodged"), ("fixity", ""), ("derivation", ""), ("replication", ""),
            ("decision", "exhibit_edited")]
    return {
        "label": label, "title": "A post that repeats the trend", "sha256": digest, "size": 1_110_000,
        "media_type": "image/png", "name": "Screenshot_20260314-180509.png", "acquisition": "file", "declared": True,
        "labels": [], "received_at": "2026-03-15 09:00:00 UTC", "lodged_by": "A", "picture": {"sha256": digest},
        "provenance": {"source_url": "https://x.com/lahore_times_24/status/1768223344556677889", "platform": "x",
                       "handle": "lahore_times_24", "posted_at": "2026-03-14T06:12:09.123Z",
                       "note": "یہ ایک منظم مہم ہے جس میں ایک ہی پیغام چند سیکنڈ میں دہرایا گیا۔ " * 3},
        "event_id": label, "leaf_hash": digest, "leaf_index": 7, "proof": [], "views": 3, "downloads": 1, "unlisted": 0,
        "custody": [{"index": 7 + at, "at": "2026-03-15 09:00:00 UTC", "kind": kind, "agent": agent,
                     "subject": f"exhibit/CW-2026-0001/{label}", "leaf_hash": digest,
                     "detail": {"act": act, "sha256": digest, "name": "Screenshot.png", "size": 1_110_000,
                                "outcome": "ok"}} for at, (kind, act) in enumerate(acts)]}
