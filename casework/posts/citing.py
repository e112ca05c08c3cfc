"""One message or post with the bytes that it is, read out of the exhibit again at this moment."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from casework.access import Action
from casework.doors import fetch
from casework.exhibits import originals
from casework.exhibits.reading import Disposed
from casework.posts.models import Import, Post, Row
from casework.record import Act, record
from evidence.jail import services as jail
from evidence.jail.exports.sources import decoded

# A member of an archive is unpacked up to where the row lies, while somebody waits.
LIMITS = jail.Limits(memory=512 * 1024**2, cpu=60, wall=20.0)


@dataclass(frozen=True)
class Cited:
    """The bytes, as text too; `cut` where they are more than are shown. `problem` says why there are none."""

    data: bytes = b""
    text: str = ""
    encoding: str = ""
    cut: bool = False
    problem: str = ""


def import_of(user: Any, ref: str, number: int, action: Action) -> Import:
    """The import as `user` sees it, or 404; PermissionDenied without `action`."""
    found: Import = fetch(Import.objects.select_related("case", "exhibit__item__blob", "exhibit__item__tombstone",
                                                        "exhibit__case", "begun_by", "withdrawn_by"),
                          user, action, case__ref=ref, number=number)
    return found


def post_of(user: Any, ref: str, number: int, position: int) -> Post:
    """The row as `user` sees it, or 404; that of a withdrawn import too, which its page says."""
    found: Post = fetch(Post.objects.select_related("case", "source__exhibit__item__tombstone", "source__exhibit__case",
                                                    "source__case"),
                        user, Action.POST_READ, case__ref=ref, source__number=number, position=position)
    return found


@transaction.atomic
def view(post: Post, *, by: Any) -> None:
    """Record that somebody looks at a row and its bytes."""
    record(Act.POST_VIEWED, by=by, subject=f"exhibit/{post.source.exhibit}", context=f"case/{post.case.ref}",
           number=post.label, member=post.member, start=post.start, end=post.end)


def cited(row: Row) -> Cited:
    """The bytes that a row cites. Whether all of the exhibit is as it was is what its fixity tells."""
    source = row.source
    try:
        with originals.opened(source.exhibit) as file:
            data, encoding = jail.cite_export(file, row.member, row.start, row.end,
                                              encoding=source.options.get("encoding", ""), limits=LIMITS)
    except (jail.Stopped, originals.Damaged, Disposed, *originals.UNANSWERED) as error:
        return Cited(problem=str(error) or "its bytes were disposed of")
    return Cited(data, decoded(data, encoding)[0].replace("\x00", "\ufffd"), encoding, row.end - row.start > len(data))
