"""Pages of this room that lie outside of every case."""

from django.urls import path

from casework.campaigns import listing_views

app_name = "listings"
urlpatterns = [
    path("", listing_views.listings, name="list"),
    path("new/", listing_views.add, name="add"),
    path("<int:pk>/withdraw/", listing_views.withdraw, name="withdraw"),
]
