"""The self-test in the background: at a worker's start, and once a day."""

from celery import shared_task

from evidence.machine import services


@shared_task(name="evidence.machine.selftest")
def selftest() -> None:
    services.run()


@shared_task(name="evidence.machine.selftest_due")
def selftest_due() -> None:
    services.run_if_due()
