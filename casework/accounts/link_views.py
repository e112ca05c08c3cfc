"""Pages on which one links accounts of a case, withdraws a link, and chooses tags."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access import Action
from casework.accounts import fields, linking, tagging
from casework.accounts.link_forms import LinkForm, TagsForm
from casework.accounts.link_models import AccountLink
from casework.accounts.views import form_page, subject_of
from casework.doors import attempt, fetch, login_required, posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = LinkForm(posted(request), case=subject.case)
    if form.is_valid() and attempt(form, lambda: linking.link(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("Link the account"),
                     button=_("Link the accounts"),
                     lead=_("What two accounts of this case have to do with each other, how likely that is and why. It "
                            "changes nobody's role."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    row: AccountLink = fetch(AccountLink.objects.of(subject).select_related("case", "subject__case", "other"),
                             request.user, pk=pk)
    form = fields.ReasonForm(posted(request), case=subject.case)
    if form.is_valid() and attempt(form, lambda: linking.withdraw(row, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, link=row, title=_("Withdraw the link"), danger=True,
                     button=_("Withdraw"),
                     lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tags(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = TagsForm(posted(request), case=subject.case, edition=tagging.edition(subject))
    if form.is_valid() and attempt(form, lambda: tagging.tag(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("Choose tags"), button=_("Save"),
                     lead=_("What the account does, for those who look through many. Tags belong to this case and say "
                            "nothing of a role."))
