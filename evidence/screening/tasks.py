"""Wake-ups for screening."""

from celery import shared_task

from evidence.screening import services


@shared_task(name="evidence.screen")
def screen() -> None:
    services.screen_waiting()


@shared_task(name="evidence.screen.again")
def screen_again() -> None:
    services.again()
