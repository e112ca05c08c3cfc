"""Pages on which one merges two accounts that are one, side by side, and undoes that."""

from django.contrib import messages
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access import Action
from casework.accounts import fields, merging
from casework.accounts.merge_forms import MergeForm, OtherForm
from casework.accounts.models import Subject
from casework.accounts.views import form_page, subject_of
from casework.doors import attempt, login_required, page, posted, status_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Choose the other by its label, look at both side by side (`?other=S-003`), merge."""
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = MergeForm(posted(request), case=subject.case, initial={"other": request.GET.get("other", "")})
    choice: OtherForm = form if form.is_bound else OtherForm(request.GET if "other" in request.GET else None,
                                                             case=subject.case)
    choice.is_valid()
    other = choice.cleaned_data.get("other") if choice.is_bound else None
    if other is None:
        return page(request, "casework/accounts/merge_choose.html", subject.case, "accounts", status_of(choice),
                    subject=subject, form=choice)
    form.fields["other"].widget = HiddenInput()
    if form.is_valid() and attempt(form, lambda: merging.merge(subject, **form.cleaned_data, by=request.user)):
        messages.success(request, _("%(merged)s is merged into %(kept)s. Both histories are on this page.")
                         % {"merged": other.label, "kept": subject.label})
        return redirect("accounts:subject", ref=ref, number=number)
    both = Subject.objects.filter(pk__in=[subject.pk, other.pk]).select_related("account").with_names().with_counts()
    return page(request, "casework/accounts/merge.html", subject.case, "accounts", status_of(form), form=form,
                subject=subject, other=other, obstacles=merging.obstacles(subject, other),
                both=sorted(both, key=lambda one: one.pk != subject.pk))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unmerge(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = fields.ReasonForm(posted(request), case=subject.case)
    if form.is_valid() and attempt(form, lambda: merging.unmerge(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("Undo the merge"),
                     button=_("Undo the merge"), undoes=True,
                     lead=_("For two that are not one account after all. It is open again as it was; what was written "
                            "down on the other one since then stays there."))
