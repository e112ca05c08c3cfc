"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.accounts import api, bulk_api, claim_api, draft_api, link_api, statement_api
from casework.addresses import SUBJECT

_ONE = f"cases/<str:ref>/accounts/{SUBJECT}"
urlpatterns = [
    path("cases/<str:ref>/accounts/", api.Subjects.as_view(), name="subjects"),
    path("cases/<str:ref>/accounts/drafts/", draft_api.Drafts.as_view(), name="account-drafts"),
    path("cases/<str:ref>/accounts/batch/", draft_api.Batch.as_view(), name="accounts-batch"),
    path("cases/<str:ref>/accounts/bulk/tags/", bulk_api.TagMany.as_view(), name="accounts-tag"),
    path("cases/<str:ref>/accounts/bulk/links/", bulk_api.LinkMany.as_view(), name="accounts-link"),
    path("cases/<str:ref>/accounts/bulk/assessments/", bulk_api.AssessMany.as_view(), name="accounts-assess"),
    path(_ONE, api.OneSubject.as_view(), name="subject"),
    path(f"{_ONE}observations/", api.Observations.as_view(), name="observations"),
    path(f"{_ONE}observations/<int:pk>/withdraw/", api.WithdrawSeen.as_view(), name="account-seen-withdraw"),
    path(f"{_ONE}identify/", api.Identify.as_view(), name="account-identify"),
    path(f"{_ONE}claims/", claim_api.Claims.as_view(), name="account-claims"),
    path(f"{_ONE}claims/<int:pk>/withdraw/", claim_api.Withdraw.as_view(), name="account-claim-withdraw"),
    path(f"{_ONE}persona/", statement_api.Persona.as_view(), name="account-persona"),
    path(f"{_ONE}location/", statement_api.Location.as_view(), name="account-location"),
    path(f"{_ONE}links/", link_api.Links.as_view(), name="account-links"),
    path(f"{_ONE}links/<int:pk>/withdraw/", link_api.WithdrawLink.as_view(), name="account-link-withdraw"),
    path(f"{_ONE}tags/", link_api.Tags.as_view(), name="account-tags"),
    path(f"{_ONE}notes/", statement_api.Notes.as_view(), name="account-notes"),
    path(f"{_ONE}notes/<int:pk>/withdraw/", statement_api.WithdrawNote.as_view(), name="account-note-withdraw"),
    path(f"{_ONE}assessments/", api.Assessments.as_view(), name="assessments"),
    path(f"{_ONE}assessments/<int:pk>/confirm/", api.Confirm.as_view(), name="assessment-confirm"),
    path(f"{_ONE}assessments/<int:pk>/send-back/", api.SendBack.as_view(), name="assessment-send-back"),
]
