"""Pages of messages and posts: the list with its filters, and one with the bytes that it is."""

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
                rows=[words.row(post) for post in shown.rows], imports=standing, kinds=Post.Kind.choices,
                chosen=next((one for one in standing if one.number == query.number), None),
                marks=[(code, badge) for code, (badge, _meaning) in words.MARKS.items()])


@login_required
@require_safe
def post(request: HttpRequest, ref: str, number: int, position: int) -> HttpResponse:
    found = citing.post_of(request.user, ref, number, position)
    citing.view(found, by=request.user)
    near = Post.objects.filter(source=found.source)
    return page(
        request, "casework/posts/post.html", found.case, TAB, part="posts", row=words.row(found), post=found,
        cited=citing.cited(found), more=list(found.raw.items()), source=found.source, exhibit=found.source.exhibit,
        marks=[words.MARKS[code] for code in found.marks],
        earlier=near.filter(position__lt=position).order_by("-position").values_list("position", flat=True).first(),
        later=near.filter(position__gt=position).order_by("position").values_list("position", flat=True).first())
