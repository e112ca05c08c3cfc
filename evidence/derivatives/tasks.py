"""Wake-ups for derivatives."""

from celery import shared_task

from evidence.derivatives import services


@shared_task(name="evidence.derive")
def derive() -> None:
    services.derive_waiting()
