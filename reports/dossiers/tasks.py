"""Wake-ups: make one dossier; look for those that a worker left behind."""

from celery import shared_task

from evidence import wake
from reports.dossiers import services


@shared_task(name="reports.dossiers.render")
def render(dossier_id: int) -> None:
    services.render_and_seal(dossier_id)


@shared_task(name="reports.dossiers.sweep")
def sweep() -> None:
    """Whatever waits is woken again: a message lost or a worker killed costs only time."""
    for dossier_id in services.waiting():
        wake.after_commit("reports.dossiers.render", dossier_id)
