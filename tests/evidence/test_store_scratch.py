"""Folders for work in progress: private, and gone with their block or with the sweep."""

import os
import time

from evidence.store import services as store


def test_a_folder_for_work_goes_with_its_block_or_with_the_sweep() -> None:
    with store.scratch() as folder:
        (folder / "page.html").write_text("unredacted")
        assert folder.stat().st_mode & 0o077 == 0
        assert store.purge_stale() == 0
    assert not folder.exists()
    with store.scratch() as left:
        (left / "page.html").write_text("unredacted")
        os.utime(left, (time.time() - 90_000,) * 2)
        assert store.purge_stale() == 1
        assert not left.exists()
        left.mkdir()
