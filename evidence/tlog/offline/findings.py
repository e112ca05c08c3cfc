"""What a check finds: faults with their place, what was checked, and what was not, and why."""

from __future__ import annotations

from typing import Any

VERIFIED, CONSISTENT = "VERIFIED", "CONSISTENT"
NOT_ESTABLISHED, FAILED = "KEY NOT ESTABLISHED", "FAILED"
EXITS = {VERIFIED: 0, FAILED: 1, CONSISTENT: 3, NOT_ESTABLISHED: 4}


class Findings:
    """Three lists that only grow. `code` is one of those in docs/bag.md, `place` says where, `detail` how exactly."""

    def __init__(self) -> None:
        self.faults: list[dict[str, str]] = []
        self.checked: list[dict[str, Any]] = []
        self.unchecked: list[dict[str, Any]] = []
        self._said: set[tuple[str, str]] = set()

    def fault(self, code: str, place: str = "", detail: object = "") -> None:
        """A fault is named once for each place, however many of the checks run into it."""
        place = shown(place)
        if (code, place) not in self._said:
            self._said.add((code, place))
            self.faults.append({"code": code, "place": place, "detail": shown(str(detail))})

    def well(self, code: str, **facts: Any) -> None:
        self.checked.append({"code": code, **facts})

    def left_out(self, code: str, place: str = "", **facts: Any) -> None:
        self.unchecked.append({"code": code, "place": shown(place), **facts})

    def verdict(self, by_given_key: bool, same_log: bool) -> str:
        """What was not checked never turns a verdict into a better one: it does not appear here at all."""
        if self.faults:
            return FAILED
        if by_given_key:
            return VERIFIED
        return CONSISTENT if same_log else NOT_ESTABLISHED


def shown(text: str) -> str:
    """Text as it may be printed: what steers a terminal or turns the direction of writing is spelled out."""
    return "".join(f"\\u{ord(char):04x}" if _steers(ord(char)) else char for char in text)


def _steers(code: int) -> bool:
    return (code < 0x20 or 0x7F <= code <= 0x9F or 0x200E <= code <= 0x200F or 0x2028 <= code <= 0x202E
            or 0x2066 <= code <= 0x2069 or code == 0x061C or 0xD800 <= code <= 0xDFFF)
