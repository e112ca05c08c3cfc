"""The log's work in the background. Both tasks may run at any time, any number of times, side by side."""

from celery import shared_task

from evidence.custody import checkpoints, sequencer


@shared_task(name="evidence.custody.sequence")
def sequence() -> None:
    while sequencer.sequence():
        pass


@shared_task(name="evidence.custody.checkpoint")
def checkpoint() -> None:
    checkpoints.sign_checkpoint()
