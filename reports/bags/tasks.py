"""Wake-ups: pack one bag; look for those that wait for a checkpoint or that a worker left behind."""

from celery import shared_task

from evidence import wake
from reports.bags import services


@shared_task(name="reports.bags.pack")
def pack(bag_id: str) -> None:
    services.make(bag_id)


@shared_task(name="reports.bags.sweep")
def sweep() -> None:
    for bag_id in services.waiting():
        wake.after_commit("reports.bags.pack", bag_id)
