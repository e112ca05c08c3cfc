"""What script/server can be told."""

import argparse
from pathlib import Path


def parse(arguments: list[str]) -> argparse.Namespace:
    """`port`, `empty`, and of a restore the folder and the files that were kept outside, as absolute paths."""
    parser = argparse.ArgumentParser(prog="script/server", description="Start Casework on this machine.")
    parser.add_argument("--port", type=int, help="this port or none; without it the first free one from 8000")
    parser.add_argument("--empty", action="store_true", help="on the first start, make no demo case")
    parser.add_argument("--restore", metavar="DIRECTORY", type=_absolute,
                        help="put the newest backup of DIRECTORY (or this one) back before anything else starts")
    parser.add_argument("--held", metavar="FILE", type=_absolute, action="append", default=[],
                        help="with --restore: a checkpoint or a receipt that was kept outside")
    return parser.parse_args(arguments)


def restoring(options: argparse.Namespace) -> list[str]:
    """The words of `manage.py restore`; none where nothing is restored."""
    if options.restore is None:
        return []
    return ["restore", str(options.restore), *(word for file in options.held for word in ("--held", str(file)))]


def _absolute(given: str) -> Path:
    return Path(given).absolute()
