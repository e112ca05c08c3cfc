"""Wake-ups for fixity, and the sweep over all that waits."""

from celery import shared_task

from evidence.fixity import healing, routine, services, verifications


@shared_task(name="evidence.fixity")
def fixity() -> None:
    services.rehash_waiting()


@shared_task(name="evidence.sweep")
def sweep() -> None:
    services.sweep()


@shared_task(name="evidence.verify")
def verify() -> None:
    verifications.run_waiting()


@shared_task(name="evidence.fixity.round")
def routine_round() -> None:
    routine.run_round()


@shared_task(name="evidence.fixity.suspect")
def suspect(sha256: str) -> None:
    routine.suspect(sha256)


@shared_task(name="evidence.fixity.heal")
def heal() -> None:
    healing.run_waiting()
