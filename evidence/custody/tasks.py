"""The log's work in the background. Each task may run at any time, any number of times, side by side."""

from celery import shared_task

from evidence import wake
from evidence.custody import recovery, rounds, sequencer


@shared_task(name="evidence.custody.sequence")
def sequence() -> None:
    # A batch that was not full took all that had waited. What came meanwhile has sent a message of its own, and is
    # gathered until then: to go on here would make a batch, and a commit, of every few events.
    while sequencer.sequence(sequencer.BATCH) == sequencer.BATCH:
        pass


@shared_task(name="evidence.custody.checkpoint")
def checkpoint() -> None:
    if recovery.sign() is not None:
        wake.soon("evidence.custody.outside")


# A party that sends its answer byte by byte is cut off by these.
@shared_task(name="evidence.custody.outside", soft_time_limit=120, time_limit=150)
def outside() -> None:
    rounds.go()
