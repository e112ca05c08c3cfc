"""Pages on which one writes down what a platform says of an account, and withdraws it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access import Action
from casework.accounts import claims, fields
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.forms import ClaimForm
from casework.accounts.views import form_page, subject_of
from casework.doors import attempt, fetch, login_required, posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = ClaimForm(posted(request), case=subject.case, initial={"exhibit": request.GET.get("exhibit", "")})
    if form.is_valid() and attempt(form, lambda: claims.note(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("What the platform says"),
                     button=_("Write it down"), lead=_("A label or a mark that the platform itself shows. It is kept "
                                                       "as a claim with its time, and proves nothing."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    claim: PlatformClaim = fetch(PlatformClaim.objects.select_related("exhibit"), request.user,
                                 account=subject.account_id, exhibit__case=subject.case_id, pk=pk)
    form = fields.ReasonForm(posted(request), case=subject.case)
    if form.is_valid() and attempt(
            form, lambda: claims.withdraw(claim, subject=subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, row=claim, title=_("Withdraw the claim"),
                     danger=True, button=_("Withdraw"),
                     lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))
