"""Wake-ups for derivatives. They have a queue of their own: a file may keep a child of the jail for minutes."""

from celery import shared_task

from evidence.derivatives import services


@shared_task(name="evidence.derive")
def derive() -> None:
    services.derive_waiting()
