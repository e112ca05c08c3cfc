"""HALL: what no log may say. Whoever reads a link that opens an account can use it before its person does."""

import logging
import logging.config
import re
from typing import Any

# Also as it stands inside another address, with its slashes written as %2F.
_LINK = re.compile(r"((?:/|%2F)join(?:/|%2F))[\w-]+", re.IGNORECASE)


class Record(logging.LogRecord):
    """A line of a log without the token of an invitation or a reset. For every logger of the process: the web server
    has handlers of its own, which no filter of ours would see."""

    def getMessage(self) -> str:
        return _LINK.sub(r"\1…", super().getMessage())


def configure(wanted: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG."""
    logging.setLogRecordFactory(Record)
    logging.config.dictConfig(wanted)
