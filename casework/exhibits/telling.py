"""Recorded events as rows of a page: the sentence, what it is about, and what covers it."""

from dataclasses import dataclass
from typing import Any

from casework.exhibits import log_words
from casework.sentences import sentence, who
from evidence.custody import covering
from evidence.custody.history import Entry
from evidence.fixity.models import Verification


@dataclass(frozen=True)
class Outcome:
    """What came of a verification, for a page."""

    row: Verification

    @property
    def code(self) -> str:
        """pending, holds, fails, or failed where it could not be done."""
        if self.row.state != Verification.State.DONE:
            return str(self.row.state)
        return "fails" if self.row.problem_count else "holds"

    @property
    def words(self) -> Any:
        return log_words.VERIFIED[self.code][0]

    @property
    def shape(self) -> str:
        return log_words.VERIFIED[self.code][1]

    @property
    def who(self) -> Any:
        return who(self.row.agent)

    @property
    def counted(self) -> list[tuple[Any, int]]:
        return [(words, self.row.checked[name]) for name, words in log_words.COUNTED.items()
                if name in self.row.checked]

    @property
    def more(self) -> int:
        """Problems that are counted and not kept."""
        return int(self.row.problem_count - len(self.row.problems))


def outcome(rows: list[Verification]) -> Outcome | None:
    """That of the newest."""
    return Outcome(rows[0]) if rows else None


def told(entries: list[Entry], about: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """For pages that show what happened. `about` is subject → label of the exhibit."""
    return [{"entry": entry, "sentence": sentence(entry), "exhibit": (about or {}).get(entry.subject, "")}
            for entry in entries]


def proven(entries: list[Entry], about: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The same with what covers each: for pages of custody."""
    covers = covering.cover([entry.index for entry in entries if entry.index is not None])
    return [row | {"cover": covers.get(row["entry"].index)} for row in told(entries, about)]
