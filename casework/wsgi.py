"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")
application = get_wsgi_application()
# Every room is loaded now: gunicorn loads this once and forks, so no worker's first caller waits for it.
get_resolver().url_patterns  # noqa: B018
