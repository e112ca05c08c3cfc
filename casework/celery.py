"""The Celery application: it wakes work that is waiting in rows. Losing every message loses nothing."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, task_postrun, task_prerun, worker_ready
from kombu import Queue

from casework import quiet
from evidence.custody import behind

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")

# What goes on while the log is behind: to notice that, and to tell those outside. All other work waits in its rows.
WHILE_BEHIND = {"evidence.custody.sequence", "evidence.custody.checkpoint", "evidence.custody.outside",
                "evidence.machine.selftest", "evidence.machine.selftest_due"}

# The log waits for nothing else, and what may take minutes holds up nothing else. A worker that is told nothing of
# queues takes from all.
LOG, LONG = "log", "long"
QUEUES = (LOG, "celery", LONG)
ROUTES = {"evidence.custody.sequence": LOG, "evidence.custody.checkpoint": LOG, "evidence.derive": LONG,
          "evidence.verify": LONG, "casework.posts.read": LONG}


class Work(Task):
    """A task that rests while nothing may change; the scheduler comes by again."""

    abstract = True

    def __call__(self, *args: Any, **named: Any) -> Any:
        if self.name not in WHILE_BEHIND and behind.is_behind():
            return None
        return super().__call__(*args, **named)


app = Celery("casework", task_cls=Work)
# Also for threads other than the one that imports this: evidence.wake asks Celery for "the current app".
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_queues=[Queue(name, routing_key=name) for name in QUEUES],
    task_routes={name: {"queue": queue} for name, queue in ROUTES.items()},
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
        "outside": {"task": "evidence.custody.outside", "schedule": 30.0},
        "self-test": {"task": "evidence.machine.selftest_due", "schedule": 3600.0},
        "fixity": {"task": "evidence.fixity.round", "schedule": 60.0},
        "healings": {"task": "evidence.fixity.heal", "schedule": 60.0},
        "lock test": {"task": "evidence.archive.locktest_due", "schedule": 3600.0},
        "verifications": {"task": "evidence.verify", "schedule": 30.0},
        "disposal": {"task": "evidence.disposal", "schedule": 300.0},
        "screen again": {"task": "evidence.screen.again", "schedule": 60.0},
        "sessions": {"task": "casework.people.clear", "schedule": 3600.0},
        "new devices": {"task": "casework.people.tell", "schedule": 60.0},
        "platforms": {"task": "casework.takedowns.load", "schedule": 3600.0},
        "sweep items": {"task": "evidence.sweep", "schedule": 15.0},
        "sweep packages": {"task": "casework.exhibits.sweep", "schedule": 15.0},
        "sweep imports": {"task": "casework.posts.sweep", "schedule": 15.0},
        "sweep dossiers": {"task": "reports.dossiers.sweep", "schedule": 15.0},
        "sweep bags": {"task": "reports.bags.sweep", "schedule": 15.0},
    },
)
app.autodiscover_tasks(
    ["evidence.custody", "evidence.machine", "evidence.fixity", "evidence.disposal", "evidence.derivatives",
     "evidence.screening", "evidence.packages", "evidence.archive", "casework.people", "casework.exhibits",
     "casework.posts", "casework.takedowns", "reports.dossiers", "reports.bags"])


@before_task_publish.connect
def name_the_request(headers: dict[str, Any], **_more: Any) -> None:
    """What a request wakes says in its lines which request it was."""
    headers["request_id"] = quiet.request_id.get()


@task_prerun.connect
def begin(task: Task, **_more: Any) -> None:
    """A task that the scheduler woke has an id of its own."""
    quiet.begin(str(task.request.get("request_id") or ""))


task_postrun.connect(quiet.forget)


@worker_ready.connect
def self_test(**_more: Any) -> None:
    """A worker that starts tries what evidence rests on before it is asked for much. One of several does: that of the
    queue in which these wait."""
    if "celery" not in app.amqp.queues.consume_from:
        return
    app.send_task("evidence.machine.selftest", retry=False)
    app.send_task("evidence.archive.locktest", retry=False)
    # What this release knows of platforms; the first worker that starts after an upgrade takes it in.
    app.send_task("casework.takedowns.load", retry=False)
