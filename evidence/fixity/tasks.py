"""Wake-ups for fixity, and the sweep over all that waits."""

from celery import shared_task

from evidence.fixity import services


@shared_task(name="evidence.fixity")
def fixity() -> None:
    services.rehash_waiting()


@shared_task(name="evidence.sweep")
def sweep() -> None:
    services.sweep()
