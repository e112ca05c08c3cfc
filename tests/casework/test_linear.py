"""Foreign text may be made to cost: what is done with each letter of it may not grow with the length of the text."""

import gc
from collections.abc import Callable
from time import process_time

import pytest

from casework.accounts.pseudonyms import Words, label_only, pseudonymise
from casework.posts.normal import normalised

Work = Callable[[str], object]
FLOOR = 0.02
KNOWN = label_only({"A": ["Lahore Times", "@lahore_times24"], "B": ["Ayesha Khan"], "C": ["عائشہ خان"]},
                   spared=["Truthwatcher99"], words=Words())
SHAPES = ["@", "#aB", "aB", "a.", "a@", "http://", "+92 3", "1", "\u200b", "[", '"', "\u202e\u200fا", "lahore_times_",
          "Ayesha.", "a.com.", "(at)a", "\u0316\u0301", "a.bc:12x.", f"{'f' * 32} 0300 1234567 "]


def _seconds(work: Work, shape: str, length: int) -> float:
    text = (shape * (length // len(shape.encode()) + 1))[:length]
    # What the collector does with the objects of all other tests is not measured.
    gc.collect()
    gc.disable()
    try:
        started = process_time()
        work(text)
        return process_time() - started
    finally:
        gc.enable()


def _best(work: Work, shape: str, length: int) -> float:
    return min(_seconds(work, shape, length) for _ in range(3))


@pytest.mark.parametrize("work", [lambda text: pseudonymise(text, KNOWN), normalised], ids=["named", "normal"])
@pytest.mark.parametrize("shape", SHAPES, ids=ascii)
def test_four_times_the_text_takes_no_sixteen_times_as_long(work: Work, shape: str) -> None:
    assert _best(work, shape, 32_000) <= 9 * max(_best(work, shape, 8_000), FLOOR)
