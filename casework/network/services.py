"""Look at the network of a case, and take it out as a file. What is taken out is recorded."""

import hashlib
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from casework.access import Action, may, require
from casework.accounts.withheld import Names
from casework.cases.models import Case
from casework.exports import services as exports
from casework.network import compose, files
from casework.network.asking import Query
from casework.network.compose import Network
from casework.network.kinds import Sort
from casework.record import Act, record


def show(case: Case, query: Query, *, by: Any) -> Network:
    """Of what `by` may see in the case. It shows numbers of entries, and neither a post nor an exhibit."""
    return compose.network(case, query, partial(_may, by, case))


@transaction.atomic
def take_out(case: Case, query: Query, *, kind: str, purpose: str, by: Any) -> bytes:
    """As a file, of one of files.FORMATS, in which the names of channels and campaigns name no bystander. It counts as
    taken out, and is recorded with its hash and the purpose before it leaves.

    Raises PermissionDenied, ValidationError; Stopped, TooSoon (casework.exports)."""
    require(by, Action.EXHIBIT_DOWNLOAD, case)
    said = exports.purposeful(purpose)
    exports.require_unstopped(case, by)
    exports.require_budget(by)
    found, names = show(case, query, by=by), Names(case)
    found = replace(found, nodes=[one if one.sort == Sort.ACCOUNT else replace(one, name=names.text(one.name))
                                  for one in found.nodes])
    make, _end, _type = files.FORMATS[kind]
    data = make(case, found, query.given, timezone.now())
    exports.take_out(case, size=len(data), subject=f"case/{case.ref}", by=by)
    record(Act.NETWORK_EXPORTED, by=by, subject=f"case/{case.ref}", context=f"case/{case.ref}", format=kind,
           nodes=len(found.nodes), edges=len(found.edges), sha256=hashlib.sha256(data).hexdigest(),
           query=dict(query.given), **said)
    return data


def _may(by: Any, case: Case, action: Action) -> bool:
    return may(by, action, case)
