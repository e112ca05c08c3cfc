"""An exhibit's bytes, opened for a child in the jail: other rooms look into originals through this door alone.

It gives nothing out and records nothing: who shows somebody what was found says so to the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from casework.exhibits import reading
from casework.exhibits.models import Exhibit
from evidence import wake
from evidence.store import services as store
from evidence.store.errors import Damaged, StoreFull, StoreUnavailable

# What a storage may answer in the place of bytes, for those who try again.
UNANSWERED = (StoreFull, StoreUnavailable)

__all__ = ["UNANSWERED", "Damaged", "opened"]


@contextmanager
def opened(exhibit: Exhibit, *, proven: bool = False) -> Iterator[BinaryIO]:
    """A seekable file with a descriptor. With `proven` all of it was hashed a moment ago, and was right.

    Raises reading.Disposed, Damaged, and what is UNANSWERED."""
    if exhibit.is_disposed:
        raise reading.Disposed
    sha256 = exhibit.item.blob_id
    if proven and not store.verify(sha256):
        wake.after_commit("evidence.fixity.suspect", sha256)
        raise Damaged(sha256)
    with store.open_blob(sha256) as file:
        yield file
