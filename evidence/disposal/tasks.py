"""Wake-ups for what has to go."""

from celery import shared_task

from evidence.disposal import services


@shared_task(name="evidence.disposal")
def disposal() -> None:
    services.remove_waiting()
