"""script/drill large: both verifiers check a bag with one file of 3 GiB, folder and Zip64 file: time and memory."""

import json
import random
import resource
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZE = 3 << 30
MOST_PYTHON, MOST_BROWSER = 100 << 20, 400 << 20
_LOCAL, _CENTRAL = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L")
_FULL = 0xFFFFFFFF


def run() -> int:
    """0 when both say VERIFIED of both forms and their memory stays flat."""
    from evidence.tlog.offline import assemble
    from tests.evidence import both, shapes
    from tests.evidence.bags import Zeros

    print(f"making a bag with a file of {SIZE >> 30} GiB …")
    bag = shapes.make_bag(random.Random(7), Zeros(SIZE))
    key, well = str(bag.signers[0].key), True
    with tempfile.TemporaryDirectory(prefix="casework-large-") as name, both.chromium() as browser:
        folder = Path(name)
        forms = {"folder": write_folder(bag.files, folder / "bag"), "zip64": write_zip(bag.files, folder / "bag.zip")}
        (folder / "verify.py").write_bytes(assemble.verify_py())
        (folder / "verify.html").write_bytes(assemble.verify_html())
        for form, path in forms.items():
            well &= say("verify.py", form, in_python(folder, path, key), MOST_PYTHON)
        for form, path in forms.items():
            well &= say("verify.html", form, in_browser(browser, folder, path, key), MOST_BROWSER)
    return 0 if well else 1


def say(verifier: str, form: str, came: tuple[str, float, int], most: int) -> bool:
    verdict, seconds, memory = came
    print(f"{verifier:>11} {form:>6}: {verdict} in {seconds:.1f} s ({SIZE / seconds / 1e6:.0f} MB/s), "
          f"{memory / (1 << 20):.0f} MiB of memory (at most {most >> 20} allowed)", flush=True)
    return verdict == "VERIFIED" and memory <= most


def in_python(folder: Path, bag: Path, key: str) -> tuple[str, float, int]:
    """Verdict, seconds, and the largest resident set of the process."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-I", "-S", "verify.py", str(bag), "--key", key, "--json"], cwd=folder,
                          capture_output=True, text=True)
    seconds = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return json.loads(done.stdout)["verdict"] if done.stdout else done.stderr, seconds, memory


def in_browser(browser: Any, folder: Path, bag: Path, key: str) -> tuple[str, float, int]:
    """As somebody does it: choose the bag, type the key, press the button. Memory is what all of Chromium grew by."""
    page = browser.new_page()
    page.goto((folder / "verify.html").as_uri())
    page.fill("#keys", key)
    page.set_input_files("#folder" if bag.is_dir() else "#zip", str(bag))
    page.wait_for_selector("#bag-list li")
    with grown() as memory:
        began = time.monotonic()
        page.click("#check")
        page.wait_for_selector("#sheet:not([hidden])", timeout=3_600_000)
        seconds = time.monotonic() - began
    verdict = page.get_attribute("#sheet", "data-verdict")
    page.close()
    return verdict, seconds, memory()


@contextmanager
def grown() -> Iterator[Callable[[], int]]:
    """How much more memory the processes below this one held at most than at the beginning."""
    start, most, over = resident(), [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            most[0] = max(most[0], resident() - start)

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield lambda: most[0]
    over.set()
    watcher.join()


def resident() -> int:
    """The proportional set size of all processes below this one: pages that several share count once."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    mine, total = {resource_owner()}, 0
    for _ in range(8):
        mine |= {one for one, parent in parents.items() if parent in mine}
    for one in mine - {resource_owner()}:
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += int(rollup.partition("Pss:")[2].split()[0]) * 1024
        except (OSError, IndexError):
            continue
    return total


def resource_owner() -> int:
    return int(Path("/proc/self").resolve().name)


def write_folder(files: dict[str, Any], root: Path) -> Path:
    """The large file is sparse: it takes no room on the disk."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, bytes):
            path.write_bytes(data)
        else:
            with path.open("wb") as out:
                out.truncate(len(data))
    return root


def write_zip(files: dict[str, Any], path: Path) -> Path:
    """A Zip file whose large member has Zip64 fields in both headers, and is sparse too."""
    import zlib

    directory = bytearray()
    with path.open("wb") as out:
        for name, data in sorted(files.items()):
            small = isinstance(data, bytes)
            crc, size, at = zlib.crc32(data) if small else data.crc(), len(data), out.tell()
            member, flags = f"bag/{name}".encode(), 0 if name.isascii() else 0x0800
            shown, needed = (size, 20) if small else (_FULL, 45)
            extra = b"" if small else struct.pack("<2H2Q", 1, 16, size, size)
            out.write(_LOCAL.pack(b"PK\3\4", needed, flags, 0, 0, 0x21, crc, shown, shown, len(member), len(extra)))
            out.write(member + extra)
            if small:
                out.write(data)
            else:
                out.truncate(out.seek(size, 1))
            wide = at >= _FULL
            extra += struct.pack("<Q", at) if wide and extra else b""
            if wide and small:
                extra, needed = struct.pack("<2HQ", 1, 8, at), 45
            elif wide:
                extra = struct.pack("<2H", 1, len(extra) - 4) + extra[4:]
            directory += _CENTRAL.pack(b"PK\1\2", 0x0300 | needed, needed, flags, 0, 0, 0x21, crc, shown, shown,
                                       len(member),
                                       len(extra), 0, 0, 0, 0o100644 << 16, _FULL if wide else at) + member + extra
        start, count = out.tell(), len(files)
        out.write(directory)
        out.write(struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), start))
        out.write(struct.pack("<4sLQL", b"PK\6\7", 0, start + len(directory), 1))
        out.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, _FULL, _FULL, 0))
    return path


def main(arguments: list[str]) -> int:
    from drills import agree
    return agree.main(["--large", *arguments])
