"""Keep second copies on a real RADOS gateway, attack them, and let the storage lie.

    script/drill rgw [--rounds N] [--writers N]

Starts a Ceph cluster of its own (Debian's ceph-mon, ceph-osd, radosgw) with one user who owns the buckets and one as
whom Casework signs in. Then: is the lock enforced, and said to be when and only when it is; can a locked version be
deleted or its time shortened; who wins when somebody overwrites; do many writers end with one version; and behind a
proxy that answers 500, drops, cuts, flips bits or loses what it acknowledged, is anything acknowledged that is not
there. Prints counts; exit 1 on a violation."""

import argparse
import sys

from drills.kit import bare, inside, rgw


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill rgw")
    parser.add_argument("--rounds", type=int, default=5, help="how often each fault of the proxy is tried (5)")
    parser.add_argument("--writers", type=int, default=8, help="how many put the same bytes at once (8)")
    wanted = parser.parse_args(arguments)
    if absent := rgw.missing():
        print(f"rgw needs {absent}", file=sys.stderr)
        return 2
    inside.enter()
    with rgw.serving() as gateway:
        return bare.run("drills.kit.copying", gateway, wanted.rounds, wanted.writers)
