"""The page on which techniques are searched and chosen as tags of a finding. It needs no script: what is chosen stands
in the address until it is saved."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from casework.access import Action
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.findings import tags, techniques
from casework.findings.content import tags_edition
from casework.findings.forms import TagsForm
from casework.findings.models import Finding

SHOWN = 60


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """`?q=` searches; `made_from` and each `technique` say what was chosen so far, and from which version on."""
    finding: Finding = fetch(Finding.objects.select_related("case"), request.user, Action.FINDING_WRITE,
                             case__ref=ref, number=number)
    edition = tags_edition(finding)
    form = TagsForm(posted(request), case=finding.case, edition=edition)
    if form.is_valid() and attempt(form, lambda: tags.tag(finding, **form.cleaned_data, by=request.user)):
        return redirect("findings:finding", ref=ref, number=number)
    made_from = request.GET.get("made_from") or edition.version
    if form.is_bound:
        chosen, made_from = form["techniques"].value() or [], form["made_from"].value() or edition.version
    else:
        chosen = request.GET.getlist("technique") if "made_from" in request.GET else edition.words["techniques"]
    offered = _offered(request.GET.get("q", ""), list(dict.fromkeys(chosen)), made_from)
    return page(request, "casework/findings/techniques.html", finding.case, "findings", status_of(form), form=form,
                finding=finding, **offered)


def _offered(asked: str, chosen: list[str], made_from: str) -> dict[str, Any]:
    """What is chosen, each with the address without it, and what the search found, each with the address with it."""
    def address(numbers: list[str]) -> str:
        return urlencode({"q": asked, "made_from": made_from, "technique": numbers}, doseq=True)

    found = techniques.search(asked)
    kept = [number for number in chosen if number in techniques.ALL]
    return {"asked": asked, "made_from": made_from, "more": len(found) - SHOWN,
            "chosen": [(techniques.named(one), address([other for other in kept if other != one])) for one in kept],
            "found": [(one, "" if one.number in kept else address([*kept, one.number])) for one in found[:SHOWN]]}
