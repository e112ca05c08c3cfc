"""HALL: how logs are written, and what no log may say.

A line of a log can hold nothing that somebody sent as if it were a line of its own, and neither secrets nor evidence:
not the token of a link or of the API, not what is asked after a `?`, not the message of an error, which may quote what
was being read. For every logger of the process: the web server and Celery have handlers of their own, which no filter
of ours would see; so the record itself is made so."""

import json
import logging
import logging.config
import re
import secrets
import traceback
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

# The request, or the task, that this thread works for; empty between them.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# Shorter ones would be found in ordinary words.
SHORTEST_HIDDEN = 8
_LONGEST = 300
_MASKS = [
    # Also as it stands inside another address, with its slashes written as %2F.
    (re.compile(r"((?:/|%2F)join(?:/|%2F))[\w-]+", re.IGNORECASE), r"\1…"),
    (re.compile(r"\b(cw_[0-9a-f]{8}_)[\w-]+"), r"\1…"),
    (re.compile(r"\b([a-z][a-z+]*://)[^\s/@\"']*@", re.IGNORECASE), r"\1…@"),
    (re.compile(r"(?<=[^\s?])\?[^\s\"'<>]+"), "?…"),
]
# Controls, line ends of all kinds, marks that turn the direction of reading or cannot be seen, halves of characters.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
                     "\ufff9-\ufffb\U000e0000-\U000e007f]")
_QUOTED = re.compile(r"[\"'“«].*[\"'”»]", re.DOTALL)
# Their messages name code, and never a value.
_OF_CODE = (AttributeError, ImportError, NameError, ImproperlyConfigured, MemoryError, NotImplementedError,
            RecursionError)
_ID = re.compile("[0-9a-f]{16}")
_hidden: re.Pattern[str] | None = None


class Record(logging.LogRecord):
    """A line that says no more than it may, with the id of its request."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.request_id = request_id.get() or "-"
        if self.exc_info and isinstance(self.exc_info[1], BaseException):
            # Formatters take this where it is there, and make their own where it is not.
            self.exc_text = "\n".join(f"  | {clean(line)}" for line in _told(self.exc_info[1]))
        if self.stack_info:
            self.stack_info = "\n".join(f"  | {clean(line)}" for line in self.stack_info.split("\n"))

    def getMessage(self) -> str:
        if isinstance(self.args, tuple):
            self.args = tuple(brief(arg) if isinstance(arg, BaseException) else arg for arg in self.args)
        said = super().getMessage()
        error = self.exc_info[1] if self.exc_info else None
        for quoted in (repr(error), str(error)) if error else ():
            if len(quoted) >= SHORTEST_HIDDEN:
                said = said.replace(quoted, brief(error))
        return clean(said)


class Json(logging.Formatter):
    """One object a line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
                "level": record.levelname, "logger": record.name, "process": record.process,
                "request_id": getattr(record, "request_id", "-"), "message": record.getMessage()}
        if record.exc_text:
            told["exception"] = record.exc_text
        return json.dumps(told)


def begin(given: str = "") -> str:
    """From here on this thread works for one request or task, known by `given` where that is an id, else by a new
    random one."""
    request_id.set(given if _ID.fullmatch(given) else secrets.token_hex(8))
    return request_id.get()


def forget(**_more: Any) -> None:
    request_id.set("")


def clean(text: str) -> str:
    """Without secrets, and with everything that does not stand for itself written as an escape."""
    if _hidden is not None:
        text = _hidden.sub("…", text)
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return _UNSEEN.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


def brief(error: BaseException | None) -> str:
    """The kind of an error, and of its message what cannot hold evidence, a file's name or a secret."""
    kind = type(error).__name__
    diagnosis = getattr(error, "diag", None)
    if isinstance(error, OSError):
        said = error.strerror or ""
    elif diagnosis is not None:
        names = [getattr(diagnosis, name, None) for name in ("sqlstate", "table_name", "constraint_name")]
        said = " ".join(["", *(name for name in names if name), _first_line(error)]).strip()
    elif isinstance(error, DatabaseError):
        said = _first_line(error)
    else:
        said = str(error) if isinstance(error, _OF_CODE) else "…" if str(error) else ""
    return f"{kind}: {said[:_LONGEST]}" if said else kind


def _first_line(error: BaseException | None) -> str:
    """What PostgreSQL adds on further lines quotes rows and statements."""
    return _QUOTED.sub("…", str(error).partition("\n")[0])


def _told(error: BaseException) -> Iterator[str]:
    """The traceback with what came before it, oldest first."""
    chain, seen = [error], {id(error)}
    while (before := chain[-1].__cause__ or (None if chain[-1].__suppress_context__ else chain[-1].__context__)) \
            is not None and id(before) not in seen:
        chain.append(before)
        seen.add(id(before))
    for one in reversed(chain):
        yield "Traceback (most recent call last):"
        for frame in traceback.format_tb(one.__traceback__):
            yield from frame.rstrip("\n").split("\n")
        yield brief(one)


def hide(values: Iterable[str]) -> None:
    """Never write any of `values`."""
    global _hidden
    long = sorted({value for value in values if len(value) >= SHORTEST_HIDDEN}, key=len, reverse=True)
    _hidden = re.compile("|".join(map(re.escape, long))) if long else None


def configure(wanted: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG. `hidden` in it are the values of secret settings."""
    hide(wanted["hidden"])
    logging.setLogRecordFactory(Record)
    logging.config.dictConfig(wanted)
    # They would be written past all of this otherwise.
    logging.captureWarnings(True)
