"""The custody log for outside auditors: commitments only, no personal data."""

from django.urls import path

from casework.exhibits import log_views

app_name = "log"
urlpatterns = [
    path("", log_views.log, name="log"),
    path("checkpoint", log_views.checkpoint, name="checkpoint"),
    path("policy", log_views.policy, name="policy"),
    path("keep", log_views.keep, name="keep"),
    path("keys", log_views.keys, name="keys"),
    path("tile/<path:where>", log_views.tile, name="tile"),
    path("verify.py", log_views.verify_py, name="verify_py"),
    path("verify.html", log_views.verify_html, name="verify_html"),
]
