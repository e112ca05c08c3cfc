"""A message or post as a table tells it that leaves the house."""

from typing import Any

from casework.accounts.withheld import WITHHELD, Names
from casework.posts.models import Post


def told(post: Post, names: Names) -> dict[str, Any]:
    """With where its bytes are, and in clear who wrote it where that is an account that takes part; of all others the
    number of the post, its address and the member of the archive would say who they are, so these are withheld too."""
    named = names.takes_part(post.sender, post.sender_id)
    sender, sender_id = names.sender(post.sender, post.sender_id)
    return {"label": post.label, "kind": post.kind, "exhibit": post.source.exhibit.label, "sha256": post.source.sha256,
            "start": post.start, "end": post.end, "line": post.line, "at_text": post.at_text,
            "at": f"{post.at:%Y-%m-%dT%H:%M:%SZ}" if post.at else "", "resolution": post.resolution,
            "text": names.text(post.text), "sender": sender, "sender_id": sender_id,
            **{name: value if named else WITHHELD if value else ""
               for name, value in (("member", post.member), ("post_id", post.post_id), ("url", post.url))}}
