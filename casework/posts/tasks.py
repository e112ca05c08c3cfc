"""Wake-ups: read one import; look for those that were missed, and for rows whose bytes were disposed of."""

from celery import shared_task

from casework.posts import clearing, reading
from casework.posts.services import TASK
from evidence import wake


@shared_task(name=TASK)
def read(pk: int) -> None:
    reading.read(pk)


@shared_task(name="casework.posts.sweep")
def sweep() -> None:
    for pk in reading.waiting():
        wake.after_commit(TASK, pk)
    clearing.clear()
