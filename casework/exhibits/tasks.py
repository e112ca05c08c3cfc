"""Wake-ups: lodge the files of one package; look for those that were missed, and for uploads that are over."""

from celery import shared_task

from casework.exhibits import packages, pieces
from evidence import wake


@shared_task(name="casework.exhibits.unpack")
def unpack(exhibit: int) -> None:
    packages.unpack(exhibit)


@shared_task(name="casework.exhibits.sweep")
def sweep() -> None:
    for exhibit in packages.waiting():
        wake.after_commit(packages.TASK, exhibit)
    pieces.sweep()
