"""Look at the network of a case, and take it out as a file. What is taken out is recorded."""

import hashlib
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from casework.access import Action, may, require
from casework.cases.models import Case
from casework.exports import services as exports
from casework.network import compose, files
from casework.network.asking import Query
from casework.network.compose import Network
from casework.record import Act, record


def show(case: Case, query: Query, *, by: Any) -> Network:
    """Of what `by` may see in the case. It shows numbers of entries, and neither a post nor an exhibit."""
    return compose.network(case, query, partial(_may, by, case))


@transaction.atomic
def take_out(case: Case, query: Query, *, kind: str, by: Any) -> bytes:
    """As a file, of one of files.FORMATS. It counts as taken out, and is recorded with its hash.

    Raises PermissionDenied; Stopped, TooSoon (casework.exports)."""
    require(by, Action.EXHIBIT_DOWNLOAD, case)
    found = show(case, query, by=by)
    make, _end, _type = files.FORMATS[kind]
    data = make(case, found, query.given, timezone.now())
    exports.take_out(case, size=len(data), subject=f"case/{case.ref}", by=by)
    record(Act.NETWORK_EXPORTED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", format=kind,
           nodes=len(found.nodes), edges=len(found.edges), sha256=hashlib.sha256(data).hexdigest(),
           query=dict(query.given))
    return data


def _may(by: Any, case: Case, action: Action) -> bool:
    return may(by, action, case)
