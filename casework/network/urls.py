"""Pages of this room."""

from django.urls import path

from casework.network import views

app_name = "network"
urlpatterns = [
    path("", views.network, name="network"),
    path("network.svg", views.taken, {"kind": "svg"}, name="svg"),
    path("network.graphml", views.taken, {"kind": "graphml"}, name="graphml"),
    path("nodes.csv", views.taken, {"kind": "nodes"}, name="nodes"),
    path("edges.csv", views.taken, {"kind": "edges"}, name="edges"),
]
