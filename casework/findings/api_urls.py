"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import FINDING
from casework.findings import api, revision_api, technique_api

_ONE = f"cases/<str:ref>/findings/{FINDING}"
urlpatterns = [
    path("cases/<str:ref>/findings/", api.Findings.as_view(), name="findings"),
    path("techniques/", technique_api.Techniques.as_view(), name="techniques"),
    path(_ONE, api.OneFinding.as_view(), name="finding"),
    path(f"{_ONE}sources/", api.Sources.as_view(), name="finding-sources"),
    path(f"{_ONE}techniques/", api.Techniques.as_view(), name="finding-techniques"),
    path(f"{_ONE}revisions/", revision_api.Revisions.as_view(), name="finding-revisions"),
    path(f"{_ONE}revisions/<int:revision>/", revision_api.OneRevision.as_view(), name="finding-revision"),
    path(f"{_ONE}submit/", api.Submit.as_view(), name="finding-submit"),
    path(f"{_ONE}review/", api.Review.as_view(), name="finding-review"),
    path(f"{_ONE}send-back/", api.SendBack.as_view(), name="finding-send-back"),
]
