"""Wake-ups for the archive."""

from celery import shared_task

from evidence.archive import locktest, services


@shared_task(name="evidence.archive")
def archive() -> None:
    services.archive_waiting()


@shared_task(name="evidence.archive.locktest")
def test_lock() -> None:
    locktest.run()


@shared_task(name="evidence.archive.locktest_due")
def test_lock_if_due() -> None:
    locktest.run_if_due()
