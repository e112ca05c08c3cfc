"""Pull the plug while people lodge, again and again, and start from what the disk then holds.

    script/drill power [--images N] [--clients N] [--lie]

The whole home (database, store, archive, keys) lies on a disk that is a file, which lies on a second such disk. At
random moments the second one is frozen and the file copied: exactly what the first had written by then, and nothing
that was still in memory. Each copy is mounted, PostgreSQL recovers on it, and what had been acknowledged before the
freeze began must be there, whole; `manage.py verify --all` must be clean, for who holds the last checkpoint from before
the freeze too. With --lie the web server's fsync does nothing and says that it did: then the drill must find losses
(and exit 1). Needs root, losetup, mkfs.ext4 and fsfreeze. Prints counts; exit 1 on a violation."""

import argparse
import random
import sys
import time

from stack.install import say

from drills.kit import clients, inside, plug, whole


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill power")
    parser.add_argument("--images", type=int, default=30, help="how many times (30)")
    parser.add_argument("--clients", type=int, default=4, help="how many lodge at once (4)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (1)")
    parser.add_argument("--lie", action="store_true", help="see the drill find what a lying disk loses")
    wanted = parser.parse_args(arguments)
    if missing := plug.missing():
        print(f"power needs {missing}", file=sys.stderr)
        return 2
    inside.enter()
    started, chosen = time.monotonic(), random.Random(wanted.seed)
    images: list[plug.Image] = []
    with (plug.disk() as disk, whole.server(disk.home) as server, plug.lying(server, wanted.lie),
          clients.Load(server.stack.url, server.ref, server.token, wanted.clients, pause=0.15) as load):
        for number in range(wanted.images):
            time.sleep(chosen.uniform(0.5, 4.0))
            images.append(disk.image(load))
            say(f"power image {number + 1}: {images[-1]}")
    wrong = load.wrong + [problem for image in images for problem in image.problems]
    for problem in wrong[:30]:
        say(f"    VIOLATION {problem}")
    looked, missed = sum(image.acknowledged for image in images), sum(image.missing for image in images)
    say(f"power: {len(images)} images, {looked} acknowledged uploads looked for in them, {missed} missing or altered; "
        f"{len(load.entries)} uploads in all, {len(wrong)} violations; {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0
