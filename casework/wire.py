"""HALL: how every call of the API reads a body and gives out a list. Named in the settings, so it imports no view."""

import json
from io import BytesIO
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser


class Json(JSONParser):
    """JSON that is text through and through. Half of a surrogate pair (\\ud800) is none: it can be neither stored nor
    written into the answer that refuses it. Nor is what is nested deeper than anybody reads, what is no number that can
    be counted with (1e400), or what says one thing twice."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read()
        try:
            sent = super().parse(BytesIO(body), media_type, parser_context)
            json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()
            said = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
            json.loads(body.decode(said), object_pairs_hook=_once)
        except UnicodeEncodeError:
            raise ParseError("JSON parse error - half of a surrogate pair is no text.") from None
        except ValueError:
            # 1e400 is read as infinity, which no column and no whole number can be.
            raise ParseError("JSON parse error - a number is beyond all bounds.") from None
        except RecursionError:
            raise ParseError("JSON parse error - nested too deep.") from None
        return sent


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Of two values under one key another reader of the same bytes would take the other one."""
    if len(dict(pairs)) < len(pairs):
        raise ParseError("JSON parse error - a key stands twice in one object.")


class Paging(LimitOffsetPagination):
    """`limit` and `offset`: 50 rows unless asked for more, at most 500 at once."""

    max_limit = 500
