"""Fail every system call that changes something, one after the other, and see that nothing acknowledged is lost.

    script/drill syscalls [--points N] [upload] [sequence] [seal]

Three scenarios: an upload taken in, the log sequenced and its checkpoints signed, a dossier sealed. Each is run once to
list its calls (files, folders, and the database's socket), then once for each call and fault: the process is killed
there, or the call answers with an error (EIO and ENOSPC; ECONNRESET on a socket). After each fault: what was
acknowledged is there, whole and once; what was not is not to be seen; the same work done again succeeds and has one
effect; `manage.py verify --all` is clean. Needs strace. Prints counts; exit 1 on a violation."""

import argparse
import shutil
import sys

from drills.kit import bare, inside

SCENARIOS = ("upload", "sequence", "seal")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill syscalls")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"of {', '.join(SCENARIOS)}; all")
    parser.add_argument("--points", type=int, default=0,
                        help="at most so many faults in each scenario; 0: all of them, but 72 of the slow sealing (0)")
    wanted = parser.parse_args(arguments)
    if unknown := set(wanted.scenarios) - set(SCENARIOS):
        parser.error(f"no scenario {', '.join(sorted(unknown))}")
    if shutil.which("strace") is None:
        print("syscalls needs strace: apt-get install strace", file=sys.stderr)
        return 2
    inside.enter()
    return bare.run("drills.kit.injecting", wanted.scenarios or list(SCENARIOS), wanted.points)
