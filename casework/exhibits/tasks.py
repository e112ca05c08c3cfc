"""Wake-ups: lodge the files of one package; look for those that were missed."""

from celery import shared_task

from casework.exhibits import packages
from evidence import wake


@shared_task(name="casework.exhibits.unpack")
def unpack(exhibit: int) -> None:
    packages.unpack(exhibit)


@shared_task(name="casework.exhibits.sweep")
def sweep() -> None:
    for exhibit in packages.waiting():
        wake.after_commit(packages.TASK, exhibit)
