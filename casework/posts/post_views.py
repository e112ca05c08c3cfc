"""Pages of messages and posts: the list with its filters, and one with the bytes that it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch, login_required, page
from casework.posts import citing, listing, words
from casework.posts.models import Post

TAB = "posts"


@login_required
@require_safe
def posts(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.POST_READ, ref=ref)
    query = listing.Query.read(request.GET)
    shown = listing.listed(case, query, by=request.user)
    standing = list(case.imports.standing().select_related("exhibit").order_by("number"))
    return page(request, "casework/posts/list.html", case, TAB, part="posts", query=query, shown=shown,
                rows=[_row(post) for post in shown.rows], imports=standing, kinds=Post.Kind.choices,
                chosen=next((one for one in standing if one.number == query.number), None),
                marks=[(code, badge) for code, (badge, _meaning) in words.MARKS.items()])


@login_required
@require_safe
def post(request: HttpRequest, ref: str, number: int, position: int) -> HttpResponse:
    found = citing.post_of(request.user, ref, number, position)
    citing.view(found, by=request.user)
    near = Post.objects.filter(source=found.source)
    return page(
        request, "casework/posts/post.html", found.case, TAB, part="posts", row=_row(found), post=found,
        cited=citing.cited(found), source=found.source, exhibit=found.source.exhibit,
        marks=[words.MARKS[code] for code in found.marks],
        earlier=near.filter(position__lt=position).order_by("-position").values_list("position", flat=True).first(),
        later=near.filter(position__gt=position).order_by("position").values_list("position", flat=True).first())


def _row(post: Post) -> dict[str, Any]:
    """A row with its codes in words."""
    return {"post": post, "resolution": words.RESOLUTIONS.get(post.resolution, ""),
            "act": words.ACTS.get(post.system_act, ""), "badges": [words.MARKS[code][0] for code in post.marks],
            "counts": [(words.COUNTS.get(code, code), count) for code, count in post.counts.items()],
            "shown": _shown(post)}


def _shown(post: Post) -> str:
    """Its time as exactly as it is known; empty where none is. A day is that of the clock that said it: in UTC it is
    the second half of one day and the first of the next."""
    if post.at is None:
        return ""
    if post.resolution == "day" and post.local:
        return post.local[:10]
    return f"{post.at:{_SHAPES.get(post.resolution, _SHAPES['second'])}} UTC"


_SHAPES = {"second": "%Y-%m-%d %H:%M:%S", "minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d"}
