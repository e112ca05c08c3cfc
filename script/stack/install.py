"""What script/setup does: system packages, .venv, the pinned and hashed requirements, compiled messages.

Standard library only: it runs on a machine that has python3 and nothing else."""

import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "casework-installed"
LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
TEST_PROGRAMS = {"chromium": "chromium", "qpdf": "qpdf", "poppler-utils": "pdfinfo", "openssl": "openssl",
                 "strace": "strace", "curl": "curl"}
# What drives the browser is linked against it.
TEST_LIBRARIES = {"libatomic1": "libatomic.so.1"}


def main(arguments: list[str]) -> int:
    """0 when the environment is ready, 2 when something must be done by hand first (it has been named)."""
    if set(arguments) - {"--dev"}:
        say("usage: script/setup [--dev]")
        return 2
    dev = "--dev" in arguments
    with _alone():
        _system_packages(dev)
        if not _venv_works() and importlib.util.find_spec("ensurepip") is None:
            say("Without python3-venv no environment can be made. Nothing was installed.")
            return 2
        _environment(dev)
        return _messages()


def inside() -> bool:
    """Whether this interpreter is the project's own."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Two setups at once would write into the same environment: the second waits."""
    with open(ROOT / "requirements.txt") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _system_packages(dev: bool) -> None:
    missing = [package for package, library in LIBRARIES.items() if not _loads(library)]
    if dev:
        missing += [package for package, program in TEST_PROGRAMS.items() if shutil.which(program) is None]
        missing += [package for package, library in TEST_LIBRARIES.items() if not _loads(library)]
    if not _venv_works() and importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {' '.join(missing)} with apt-get …")
        if not _apt(command):
            say(f"apt-get could not install them. By hand: {' '.join(command)}")
    else:
        say(f"Missing on this system: {' '.join(missing)}. An administrator installs them with:")
        say(f"    sudo {' '.join(command)}")
    importlib.invalidate_caches()
    if not all(_loads(library) for library in LIBRARIES.values()):
        say("Without Pango everything works but PDFs.")


def _apt(command: list[str]) -> bool:
    """Install; only when that fails are the lists of packages fetched (a fresh system has none) and it is retried."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(command, env=quiet, capture_output=True).returncode == 0:
        return True
    say("Fetching the lists of packages …")
    subprocess.run(["apt-get", "update"], env=quiet, stdout=subprocess.DEVNULL)
    return subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL).returncode == 0


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _venv_works() -> bool:
    """Whether .venv has an interpreter that runs and a pip, and was made for this folder."""
    if not PYTHON.exists():
        return False
    ask = "import pip, sys; print(sys.prefix)"
    done = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True)
    return done.returncode == 0 and Path(done.stdout.strip()).resolve() == VENV.resolve()


def _environment(dev: bool) -> None:
    wanted = {"requirements.txt": _digest("requirements.txt")}
    if dev:
        wanted["requirements-dev.txt"] = _digest("requirements-dev.txt")
    if not _venv_works():
        say("Making .venv …")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    elif wanted.items() <= _installed().items():
        return
    chosen = "requirements-dev.txt" if dev else "requirements.txt"
    count = (ROOT / chosen).read_text().count("==")
    say(f"Installing {count} pinned packages from {chosen}; the first time this takes a minute or two …")
    # One line of the other lock must not linger as "installed" when this one fails half way.
    STAMP.unlink(missing_ok=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
                    "--no-warn-script-location", "--require-hashes", "-r", str(ROOT / chosen)], check=True)
    STAMP.write_text(json.dumps(wanted))


def _installed() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def _messages() -> int:
    """Compile the translations whose source is newer than what was compiled."""
    sources = sorted((ROOT / "locale").rglob("*.po"))
    compiled = [path.with_suffix(".mo") for path in sources]
    if all(mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime for po, mo in zip(sources, compiled, strict=True)):
        return 0
    say("Compiling messages …")
    return subprocess.run([PYTHON, str(ROOT / "script" / "messages"), "compile"]).returncode
