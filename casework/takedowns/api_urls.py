"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import NOTICE
from casework.takedowns import api, reference_api

_ONE = f"cases/<str:ref>/takedowns/{NOTICE}"
urlpatterns = [
    path("platforms/", reference_api.Platforms.as_view(), name="platforms"),
    path("platforms/routes/", reference_api.Routes.as_view(), name="platform-routes"),
    path("platforms/routes/<slug:slug>/", reference_api.OneRoute.as_view(), name="platform-route"),
    path("platforms/routes/<slug:slug>/end/", reference_api.EndRoute.as_view(), name="platform-route-end"),
    path("platforms/policies/", reference_api.Policies.as_view(), name="platform-policies"),
    path("platforms/policies/<slug:slug>/", reference_api.OnePolicy.as_view(), name="platform-policy"),
    path("platforms/policies/<slug:slug>/end/", reference_api.EndPolicy.as_view(), name="platform-policy-end"),
    path("cases/<str:ref>/takedowns/", api.Notices.as_view(), name="notices"),
    path(_ONE, api.OneNotice.as_view(), name="notice"),
    path(f"{_ONE}targets/", api.Targets.as_view(), name="targets"),
    path(f"{_ONE}targets/<int:pk>/", api.OneTarget.as_view(), name="target"),
    path(f"{_ONE}targets/<int:pk>/decide/", api.Decide.as_view(), name="target-decide"),
    path(f"{_ONE}submit/", api.Submit.as_view(), name="notice-submit"),
    path(f"{_ONE}approve/", api.Approve.as_view(), name="notice-approve"),
    path(f"{_ONE}send-back/", api.SendBack.as_view(), name="notice-send-back"),
    path(f"{_ONE}send/", api.Send.as_view(), name="notice-send"),
    path(f"{_ONE}acknowledge/", api.Acknowledge.as_view(), name="notice-acknowledge"),
    path(f"{_ONE}close/", api.Close.as_view(), name="notice-close"),
    path(f"{_ONE}withdraw/", api.Withdraw.as_view(), name="notice-withdraw"),
]
