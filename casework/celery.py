"""The Celery application: it wakes work that is waiting in rows. Losing every message loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")

app = Celery("casework")
# Also for threads other than the one that imports this: evidence.wake asks Celery for "the current app".
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 5, "visibility_timeout": 3600},
    # One second to hand over a wake-up; a stopped broker must never hold up a person's request.
    task_publish_retry=False,
    timezone="UTC",
    beat_schedule={
        "sequence": {"task": "evidence.custody.sequence", "schedule": 2.0},
        "checkpoint": {"task": "evidence.custody.checkpoint", "schedule": 30.0},
        "sweep items": {"task": "evidence.sweep", "schedule": 15.0},
        "sweep dossiers": {"task": "reports.dossiers.sweep", "schedule": 15.0},
        "sweep bags": {"task": "reports.bags.sweep", "schedule": 15.0},
    },
)
app.autodiscover_tasks(
    ["evidence.custody", "evidence.fixity", "evidence.derivatives", "evidence.archive", "reports.dossiers",
     "reports.bags"])
