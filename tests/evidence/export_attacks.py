"""What a reader of exports might do once somebody else writes it: a stand-in for the task `exports`."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from typing import BinaryIO

GOOD = ["post", 0, 1, 1, *[""] * 8, [], "", "", "", {}, {}, [], ""]


def _line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


def prepare(wanted: str) -> Callable[[BinaryIO], Iterator[bytes]]:
    attack = json.loads(wanted)["format"]

    def act(_file: BinaryIO) -> Iterator[bytes]:
        yield _line([GOOD])
        if attack == "nothing more":
            return
        if attack == "half a line":
            yield b'[["post"'
            return
        if attack == "no record":
            yield _line([["post"]])
        elif attack == "no list":
            yield _line([7])
        elif attack == "kind":
            yield _line([["admin", *GOOD[1:]]])
        elif attack == "range":
            yield _line([["post", 9, 1, *GOOD[3:]]])
        elif attack == "text":
            yield _line([[*GOOD[:-1], 5]])
        elif attack == "nested":
            yield b"[" * 100_000 + b"\n"
        elif attack == "after the whole":
            yield _line({"whole": {}}) + _line([GOOD])
        elif attack == "endless line":
            while True:
                yield b"x" * 1024 * 1024
        elif attack == "memory":
            bytearray(1 << 34)
        elif attack == "files":
            os.open("/etc/passwd", os.O_RDONLY)
        elif attack == "network":
            socket.socket()
        elif attack == "end":
            os._exit(3)
        elif attack == "compute":
            while True:
                pass
        yield _line({"whole": {"records": 1}})
    return act
