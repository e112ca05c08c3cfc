"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.accounts import api, claim_api
from casework.addresses import SUBJECT

_ONE = f"cases/<str:ref>/accounts/{SUBJECT}"
urlpatterns = [
    path("cases/<str:ref>/accounts/", api.Subjects.as_view(), name="subjects"),
    path(_ONE, api.OneSubject.as_view(), name="subject"),
    path(f"{_ONE}observations/", api.Observations.as_view(), name="observations"),
    path(f"{_ONE}claims/", claim_api.Claims.as_view(), name="account-claims"),
    path(f"{_ONE}claims/<int:pk>/withdraw/", claim_api.Withdraw.as_view(), name="account-claim-withdraw"),
    path(f"{_ONE}exculpatory/", api.Exculpatory.as_view(), name="exculpatory"),
    path(f"{_ONE}assessments/", api.Assessments.as_view(), name="assessments"),
    path(f"{_ONE}assessments/<int:pk>/confirm/", api.Confirm.as_view(), name="assessment-confirm"),
    path(f"{_ONE}assessments/<int:pk>/send-back/", api.SendBack.as_view(), name="assessment-send-back"),
]
