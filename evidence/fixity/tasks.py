"""Wake-ups for fixity, and the sweep over all that waits."""

from celery import shared_task

from evidence.fixity import services, verifications


@shared_task(name="evidence.fixity")
def fixity() -> None:
    services.rehash_waiting()


@shared_task(name="evidence.sweep")
def sweep() -> None:
    services.sweep()


@shared_task(name="evidence.verify")
def verify() -> None:
    verifications.run_waiting()
