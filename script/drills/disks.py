"""Take away what the server stands on, piece by piece, and see what it answers and that it comes back by itself.

    script/drill disks [--seconds N] [--within N] [ROW …]

Rows: F04 a failing fsync, F05 short writes, F07 store full, F08 incoming full, F09 the database's disk full, F10 no
inodes, RO read-only store, F11 no descriptors, F16 database silent, F17 no connections, F18 deadlock, F19 unsafe
database, F20 broker killed and emptied, F21 broker full, F22 messages delivered ten times. Each prints what was
expected and what was seen. At the end every acknowledged upload must be there, whole and once, and `manage.py verify
--all` be clean. Rows that mount something need root, F04 needs strace; without, they are named and left out. Exit 1 on
a violation."""

import argparse
import importlib
import time

from stack.install import say

from drills.kit import bench, inside


def main(arguments: list[str]) -> int:
    inside.enter()
    # It needs packages, which only the project's own interpreter has.
    broken = importlib.import_module("drills.kit.broken")
    parser = argparse.ArgumentParser(prog="script/drill disks")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(broken.ROWS)}; all of them")
    parser.add_argument("--seconds", type=float, default=60, help="how long the database stays silent (60)")
    parser.add_argument("--within", type=float, default=5, help="seconds in which 503 must be said then (5)")
    wanted = parser.parse_args(arguments)
    if unknown := set(wanted.rows) - set(broken.ROWS):
        parser.error(f"no row {', '.join(sorted(unknown))}")
    started = time.monotonic()
    rows = wanted.rows or list(broken.ROWS)
    with bench.bench(wanted.seconds, wanted.within) as found:
        for name in rows:
            found.go(name, *broken.ROWS[name])
        found.look_at_the_end()
    say(f"disks: {found.done} rows, {found.left_out} left out, {len(found.entries)} uploads acknowledged, "
        f"{len(found.wrong)} violations; {time.monotonic() - started:.0f} s")
    for problem in found.wrong[:30]:
        say(f"    VIOLATION {problem}")
    return 1 if found.wrong else 0
