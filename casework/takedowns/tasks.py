"""What the scheduler, and a worker that starts, wake for this room."""

from celery import shared_task

from casework.takedowns import shipped


@shared_task(name="casework.takedowns.load")
def load() -> None:
    shipped.load()
