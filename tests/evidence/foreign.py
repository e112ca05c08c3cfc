"""Packages as partners send them: made with the `bagit` library, zipped, and spoilt in one way each."""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit

FILES = {"chat.txt": b"[14/03/2026, 21:04] post this now\n", "shots/one.txt": b"one", "shots/چاند.txt": "چاند".encode(),
         "empty.txt": b""}
ALGORITHMS = ("md5", "sha1", "sha256", "sha512")


def make_bag(folder: Path, files: dict[str, bytes] = FILES, algorithms: tuple[str, ...] = ALGORITHMS,
             claims: dict[str, str] | None = None) -> dict[str, bytes]:
    """Path → bytes of a bag as `bagit` makes it."""
    root = folder / "bag"
    shutil.rmtree(root, ignore_errors=True)
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    bagit.make_bag(str(root), claims or {}, checksums=list(algorithms))
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def zipped(files: dict[str, bytes], root: str = "bag/", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as packed:
        for path, content in files.items():
            packed.writestr(root + path, content)
    return data.getvalue()


def by_hand(files: dict[str, bytes], version: str = "1.0", end: str = "\n",
            algorithm: str = "sha256") -> dict[str, bytes]:
    """A bag of version 1.0, which `bagit` does not write: its paths are percent-encoded."""
    def encoded(path: str) -> str:
        return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    lines = [f"{hashlib.new(algorithm, data).hexdigest()}  data/{encoded(path)}{end}" for path, data in files.items()]
    return {"bagit.txt": f"BagIt-Version: {version}{end}Tag-File-Character-Encoding: UTF-8{end}".encode(),
            f"manifest-{algorithm}.txt": "".join(lines).encode(), **{f"data/{name}": data for name, data in
                                                                     files.items()}}


Change = Callable[[dict[str, bytes]], None]


def _set(path: str, data: bytes) -> Change:
    return lambda files: files.update({path: data})


def _drop(*paths: str) -> Change:
    def change(files: dict[str, bytes]) -> None:
        for path in paths:
            del files[path]
    return change


def _without_manifests(files: dict[str, bytes]) -> None:
    for path in [path for path in files if "manifest-" in path]:
        del files[path]


def _only_unknown(files: dict[str, bytes]) -> None:
    _without_manifests(files)
    files["manifest-whirlpool.txt"] = b"00  data/chat.txt\n"


def _line(text: bytes) -> Change:
    def change(files: dict[str, bytes]) -> None:
        files["manifest-md5.txt"] += text
    return change


def _repeated(files: dict[str, bytes]) -> None:
    files["manifest-md5.txt"] += files["manifest-md5.txt"].splitlines(keepends=True)[0]


# Of each refusal that lies in the bag's own files: its code, and what makes a bag so. Tag manifests are left out, or
# each change would break them too.
SPOILT: dict[str, tuple[str, Change]] = {
    "no bagit.txt": ("no_bagit", _drop("bagit.txt")),
    "another version": ("version", _set("bagit.txt", b"BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n")),
    "no version": ("version", _set("bagit.txt", b"hello\n")),
    "another encoding": ("encoding", _set("bagit.txt", b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n")),
    "something to fetch": ("fetch", _set("fetch.txt", b"http://192.0.2.1/x 5 data/chat.txt\n")),
    "in no manifest": ("unlisted", _set("data/more.txt", b"more")),
    "without its file": ("missing", _drop("data/chat.txt")),
    "another content": ("mismatch", _set("data/chat.txt", b"[14/03/2026, 21:04] post that now\n")),
    "no manifest": ("no_manifest", _without_manifests),
    "only unknown algorithms": ("algorithms", _only_unknown),
    "a line that is none": ("line", _line(b"what is this\n")),
    "a digest of another length": ("line", _line(b"abcd  data/chat.txt\n")),
    "a line without an end": ("line", _line(b"a" * 100_000)),
    "not UTF-8": ("line", _line(b"0" * 32 + b"  data/\xff\n")),
    "a path outside": ("line", _line(b"0" * 32 + b"  bag-info.txt\n")),
    "a path twice": ("twice", _repeated),
    "another Payload-Oxum": ("oxum", _set("bag-info.txt", b"Payload-Oxum: 7.7\n")),
}


def spoilt(files: dict[str, bytes], change: Change) -> bytes:
    kept = {path: data for path, data in files.items() if not path.startswith("tagmanifest")}
    change(kept)
    return zipped(kept)
