"""What script/bench does: a server of its own with durability on, then bench/<name>.py one after the other.

The home lies in the project's folder, on the disk that a real one would use, and goes when the figures are out.
Each bench/<name>.py has `run()`, which yields figures: name, value, unit, baseline, ratio (value to baseline)."""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from stack import postgres
from stack.install import ROOT, say


def main(arguments: list[str]) -> int:
    known = sorted(path.stem for path in (ROOT / "bench").glob("*.py"))
    if unknown := set(arguments) - set(known):
        say(f"No bench named {' '.join(sorted(unknown))}; there are: {' '.join(known)}")
        return 2
    failed = [name for name in arguments or known if not _measure(name)]
    if failed:
        say(f"Failed: {' '.join(failed)}")
    return 1 if failed else 0


def _measure(name: str) -> bool:
    """In a process of its own, on an empty database: no figure depends on what another left behind."""
    home = Path(tempfile.mkdtemp(prefix=".casework-bench-", dir=ROOT))
    (home / "incoming").mkdir()
    server = postgres.start(home)
    try:
        settings = {
            **os.environ, "CASEWORK_HOME": str(home), "SECRET_KEY": "bench only", "BROKER_URL": "memory://localhost/",
            "STORAGE_URL": f"file://{home}/store", "ARCHIVE_URL": f"file://{home}/archive",
            "PDF_SIGNING_PASSPHRASE": "bench only", "DJANGO_SETTINGS_MODULE": "casework.settings",
            "PYTHONPATH": str(ROOT)}
        owner = settings | {"DATABASE_URL": server.url(postgres.OWNER_ROLE)}
        subprocess.run([sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"], env=owner, check=True)
        application = settings | {"DATABASE_URL": server.url(postgres.APP_ROLE)}
        command = [sys.executable, "-m", "stack.bench", name]
        return subprocess.run(command, env=application, cwd=ROOT / "script").returncode == 0
    finally:
        postgres.stop(server)
        shutil.rmtree(home)


def figures(name: str) -> None:
    """Print the figures of bench/`name`.py. The settings are in the environment by now."""
    import django

    django.setup()
    for figure in importlib.import_module(f"bench.{name}").run():
        print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    figures(sys.argv[1])
