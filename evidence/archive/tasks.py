"""Wake-ups for the archive."""

from celery import shared_task

from evidence.archive import services


@shared_task(name="evidence.archive")
def archive() -> None:
    services.archive_waiting()
