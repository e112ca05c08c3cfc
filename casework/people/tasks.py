"""What the scheduler wakes for this room."""

from celery import shared_task

from casework.people import sessions, telling


@shared_task(name="casework.people.clear")
def clear() -> None:
    sessions.clear()


@shared_task(name=telling.TASK)
def tell() -> None:
    telling.tell()
