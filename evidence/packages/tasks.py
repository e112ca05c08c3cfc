"""Wake-ups for packages that wait to be checked."""

from celery import shared_task

from evidence.packages import services


@shared_task(name="evidence.packages.check")
def check(package_id: str) -> None:
    services.check(package_id)
