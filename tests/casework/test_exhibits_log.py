"""The public log: what an outside auditor fetches is enough to check the checkpoint, and tells nothing else."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from evidence.custody import checkpoints, rotation, signer
from evidence.custody.models import Leaf
from evidence.tlog import checkpoint, merkle, note, ring, tiles
from evidence.tlog.offline import assemble
from tests.evidence import custody_log as given

pytestmark = pytest.mark.django_db


def get(path: str) -> Any:
    return Client().get(f"/log/{path}")


def test_a_stranger_rebuilds_the_root_from_what_is_served() -> None:
    key = given.key()
    given.fill(600)
    checkpoints.sign_checkpoint()
    answer = get("checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    head = checkpoint.parse(note.verify(answer.content, [key], signer.verifies).text)
    frontier = merkle.Frontier()
    for full, width in [(number, 256) for number in range(head.size // 256)] + [(head.size // 256, head.size % 256)]:
        hashes = get("tile/" + tiles.path(tiles.Address(0, full, width))).content
        entries = get("tile/" + tiles.path(tiles.Address(None, full, width))).content
        assert len(entries) == 35 * width
        for at, leaf in enumerate(tiles.split(hashes)):
            length, data = entries[35 * at:35 * at + 2], entries[35 * at + 2:35 * at + 35]
            assert (length, data[:1], merkle.leaf_hash(data)) == (b"\x00\x21", b"\x01", leaf)
            frontier.append(leaf)
    assert frontier.root() == head.root
    assert len(get("tile/1/000.p/2").content) == 64


def test_a_tile_may_be_kept_for_ever_and_a_checkpoint_may_not() -> None:
    given.key()
    given.fill(256)
    checkpoints.sign_checkpoint()
    tile = get("tile/0/000")
    assert tile.headers["Content-Type"] == "application/octet-stream"
    assert "immutable" in tile.headers["Cache-Control"]
    assert len(tile.content) == 8192
    assert get("tile/0/000.p/7").content == tile.content[:7 * 32], "a partial tile stays when the full one is there"
    assert "immutable" not in get("checkpoint").headers["Cache-Control"]


@pytest.mark.parametrize("path", [
    "checkpoint", "tile/0/000", "tile/0/001.p/1", "tile/0/000.p/4", "tile/entries/000", "tile/entries/000.p/4",
    "tile/8/000", "tile/63/x036/x028/x797/x018/x963/967", "tile/0/000.p/256", "tile/0/0", "tile/nonsense",
    "tile/../checkpoint", "tile/entries/x" + "9" * 5000])
def test_what_is_not_there_is_404(path: str) -> None:
    given.fill(3)
    assert get(path).status_code == 404


def test_the_page_says_where_the_log_stands_and_that_nobody_outside_holds_it() -> None:
    key = given.key()
    given.fill(3)
    head = checkpoints.sign_checkpoint()
    assert head
    given.tell()
    page = get("").content.decode()
    assert "outside holder: never" in page
    assert str(key).replace("+", "&#x2B;") in page or str(key) in page
    assert head.note.splitlines()[2] in page
    assert bytes(head.root).hex() in page
    for secret in ("exhibit/", "CW-2026-0001", str(given.event_at(0))):
        assert secret not in page


def test_the_page_does_without_key_and_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SIGNING_KEY", "/nowhere/log.key")
    answer = get("")
    assert answer.status_code == 200
    assert "no checkpoint can be checked" in answer.content.decode()


def test_the_keys_are_served_with_the_sizes_that_they_count_for(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SIGNING_KEY", str(tmp_path / "log.key"))
    assert get("keys").status_code == 404
    first = signer.make_key(tmp_path / "log.key", "casework-keys.local/log")
    answer = get("keys")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert ring.parse(answer.content.decode()) == (ring.Term(first),)
    given.fill(3)
    checkpoints.sign_checkpoint()
    second = rotation.rotate()[0].key
    assert "still signs beside the newer one" in get("").content.decode()
    given.fill(1)
    checkpoints.sign_checkpoint()
    rotation.retire()
    served = ring.parse(get("keys").content.decode())
    assert [str(term) for term in served] == [f"{second} from 4", f"{first} until 5"]
    assert ring.read(get("checkpoint").content, served, signer.verifies).doubt == ""
    assert "counts up to" in get("").content.decode()
    rotation.revoke(first.id.hex(), 2)
    assert "counts for nothing from" in get("").content.decode()


def test_only_reading_is_possible() -> None:
    assert Client().post("/log/checkpoint").status_code == 405
    assert not Leaf.objects.exists()


def test_anybody_can_keep_the_offline_verifiers_and_compare_what_they_are() -> None:
    """As attachments of no type that a browser would show: a page shown here would be trusted like this server."""
    page = get("").content.decode()
    for name, content in (("verify.py", assemble.verify_py()), ("verify.html", assemble.verify_html())):
        answer = get(name)
        assert answer.content == content
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert f'href="/log/{name}"' in page
        assert hashlib.sha256(content).hexdigest() in page


def test_a_terminal_writes_them_too(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("verifier", out=tmp_path, stdout=out)
    for line in out.getvalue().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    assert (tmp_path / "verify.py").read_bytes() == assemble.verify_py()
    with pytest.raises(CommandError):
        call_command("verifier", out=tmp_path / "nowhere", stdout=out)
