#!/usr/bin/env python3
"""Django's command line, run with the project's own environment wherever it was called from."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OWN_PYTHON = HERE / ".venv" / "bin" / "python"


def main() -> None:
    if OWN_PYTHON.exists() and Path(sys.prefix).resolve() != (HERE / ".venv").resolve():
        # A person types `python3 manage.py …`; the pinned packages live in .venv.
        os.execv(OWN_PYTHON, [str(OWN_PYTHON), *sys.argv])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
