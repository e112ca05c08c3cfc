"""Change what is kept in every way a master of the machine can, and see who notices.

    script/drill tamper [--flips N] [--edits N] [--rewrites N] [--rewinds N] [--forks N] [--clean N] [--seed N]

Flipped bits, edited rows, the history rewritten and signed with the stolen key, yesterday's database put back, two
histories for two people. The judge is `manage.py verify --all`, first alone, then with one checkpoint kept outside. It
must also say nothing in clean runs, some of them beside people at work. Prints counts; exit 1 when one tampering is
missed or one alarm is false."""

import argparse

from drills.kit import bare, inside

WANTED = {"flips": 1000, "edits": 200, "rewrites": 50, "rewinds": 20, "forks": 20, "clean": 1000}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill tamper")
    for name, count in WANTED.items():
        parser.add_argument(f"--{name}", type=int, default=count, help=f"how many ({count})")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices (1)")
    wanted = parser.parse_args(arguments)
    inside.enter()
    return bare.run("drills.kit.tampering", wanted)
