"""The two verifiers as they leave the house, each made to judge an Artefact.

`PythonVerifier` loads the assembled verify.py, `BrowserVerifier` opens the assembled verify.html from disk in Chromium.
Both answer the object that `--json` prints, or {"exit": 2} for a wrong call."""

import base64
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Page, sync_playwright

from evidence.tlog.offline import assemble
from tests.evidence.bags import Artefact

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
# Where there is a file system in memory, thousands of small folders cost nothing.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
_JUDGE = """async (list) => {
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const answers = [];
  for (const { files, archive, keys, checkpoints, receipts } of list) {
    const bag = files ? new Map(Object.entries(files).map(([path, data]) => [path, bytes(data)]))
      : archive === null ? null : new Blob([bytes(archive)]);
    try {
      answers.push(await verifyFiles(bag, { keys, checkpoints: checkpoints.map(bytes),
                                           receipts: receipts.map(bytes) }));
    } catch (error) {
      answers.push(error instanceof Wrong ? { exit: 2 } : { exit: 99, error: error.stack });
    }
  }
  return answers;
}"""


class PythonVerifier:
    """The assembled verify.py as a module, which is all that it needs."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "verify.py"
            path.write_bytes(assemble.verify_py())
            spec = importlib.util.spec_from_file_location("verify_of_the_house", path)
            assert spec and spec.loader
            self.module: ModuleType = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = self.module
            spec.loader.exec_module(self.module)

    def judge(self, artefact: Artefact) -> dict[str, Any]:
        verify = self.module
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            try:
                keys = {key.text: key for key in map(verify._key, artefact.keys)}
                given = verify.Given(written(artefact, Path(folder)), list(keys.values()), list(artefact.checkpoints),
                                     list(artefact.receipts))
            except ValueError:
                return {"exit": 2}
            answer: dict[str, Any] = verify.judge(given)
            return answer


class BrowserVerifier:
    """The assembled verify.html in a page; `judge` takes many artefacts at once."""

    def __init__(self, page: Page, path: Path):
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.goto(path.as_uri())

    def judge(self, artefacts: Sequence[Artefact]) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = self.page.evaluate(_JUDGE, [wire(one) for one in artefacts])
        assert not self.complaints, self.complaints
        return answers


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium; LookupError where there is none."""
    if not Path(CHROMIUM).exists():
        raise LookupError("no Chromium here (apt-get install chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@contextmanager
def browser_verifier() -> Iterator[BrowserVerifier]:
    """A BrowserVerifier in a Chromium of its own."""
    with chromium() as running, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "verify.html"
        path.write_bytes(assemble.verify_html())
        yield BrowserVerifier(running.new_page(), path)


def written(artefact: Artefact, folder: Path) -> Path | None:
    """The bag on disk, in its form."""
    if artefact.archive is not None:
        path = folder / "bag.zip"
        path.write_bytes(artefact.archive)
        return path
    if artefact.files is None:
        return None
    for name, data in artefact.files.items():
        path = folder / "bag" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "bag"


def wire(artefact: Artefact) -> dict[str, Any]:
    """The artefact as JSON can carry it."""
    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    return {"files": artefact.files and {path: text(data) for path, data in artefact.files.items()},
            "archive": None if artefact.archive is None else text(artefact.archive), "keys": list(artefact.keys),
            "checkpoints": list(map(text, artefact.checkpoints)), "receipts": list(map(text, artefact.receipts))}


def verdict(answer: dict[str, Any]) -> str:
    return "wrong call" if answer["exit"] == 2 else str(answer.get("verdict", f"crashed: {answer}"))


def whole(answer: dict[str, Any]) -> dict[str, Any]:
    """What two verifiers must say alike: everything but the words in which a fault's detail is put."""
    faults = [(fault["code"], fault["place"]) for fault in answer.get("faults", [])]
    return {**answer, "faults": faults}


def needs_browser() -> bool:
    """Whether it is a failure, and no reason to skip, that there is no Chromium."""
    return os.environ.get("REQUIRE_BROWSER") == "1"
