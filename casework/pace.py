"""HALL: an act that may be done, but not so soon again, or not until somebody says so."""


class TooSoon(Exception):
    """429 with Retry-After: the message says why, for people; `wait` is in whole seconds."""

    def __init__(self, message: str, wait: int):
        super().__init__(message)
        self.wait = wait


class Locked(Exception):
    """423: these bytes are not given out as they are; the message says why, for people, and `code` for programs."""

    def __init__(self, message: str, code: str):
        super().__init__(message)
        self.code = code


class Stopped(Exception):
    """403 `stopped`: the message says why, for people."""
