"""Calls of this room, under /api/v1/."""

from django.urls import path

from casework.addresses import CAMPAIGN, CAUSE
from casework.campaigns import api, cause_api

_ONE = f"cases/<str:ref>/campaigns/{CAMPAIGN}"
urlpatterns = [
    path("cases/<str:ref>/campaigns/", api.Campaigns.as_view(), name="campaigns"),
    path("cases/<str:ref>/campaigns/picture/", api.Picture.as_view(), name="campaigns-picture"),
    path(_ONE, api.OneCampaign.as_view(), name="campaign"),
    path(f"{_ONE}withdraw/", api.Withdraw.as_view(), name="campaign-withdraw"),
    path(f"{_ONE}marks/", api.Marks.as_view(), name="campaign-marks"),
    path(f"{_ONE}marks/<int:pk>/withdraw/", api.WithdrawMark.as_view(), name="campaign-mark-withdraw"),
    path(f"{_ONE}causes/", api.Pushes.as_view(), name="campaign-causes"),
    path(f"{_ONE}causes/<int:pk>/withdraw/", api.WithdrawPush.as_view(), name="campaign-cause-withdraw"),
    path("cases/<str:ref>/causes/", cause_api.Causes.as_view(), name="causes"),
    path(f"cases/<str:ref>/causes/{CAUSE}", cause_api.OneCause.as_view(), name="cause"),
    path(f"cases/<str:ref>/causes/{CAUSE}withdraw/", cause_api.WithdrawCause.as_view(), name="cause-withdraw"),
    path("listings/", cause_api.Listings.as_view(), name="listings"),
    path("listings/<int:pk>/withdraw/", cause_api.WithdrawListing.as_view(), name="listing-withdraw"),
]
