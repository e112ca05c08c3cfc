"""The jail: pictures come out of it, and nothing that an exploited decoder would try does."""

import io
import os
import socket
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from evidence.jail import services as jail


@pytest.fixture
def attacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jail.TASKS, "attack", "tests.evidence.jail_attacks")


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (2000, 1000), **options: object) -> bytes:
    data = io.BytesIO()
    Image.new(mode, size, 128).save(data, kind, **options)
    return data.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b""))


def test_every_way_out_is_shut_on_this_machine() -> None:
    assert jail.describe() == dict.fromkeys(
        ["network", "files", "processes", "signals", "privileges", "environment", "memory"], True)


@pytest.mark.parametrize(("kind", "mode"), [
    ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA"), ("JPEG", "RGB"),
    ("JPEG", "L"), ("JPEG", "CMYK"), ("GIF", "P"), ("WEBP", "RGB"), ("WEBP", "RGBA"), ("TIFF", "RGB"), ("TIFF", "F")])
def test_a_picture_gives_facts_a_preview_and_a_thumbnail(kind: str, mode: str) -> None:
    result = jail.run("image", picture(kind, mode))
    assert result.ok, result.reason
    assert (result.facts["format"], result.facts["width"], result.facts["height"]) == (kind, 2000, 1000)
    assert size_of(result.parts["preview"]) == (1600, 800)
    assert size_of(result.parts["thumbnail"]) == (400, 200)


def test_a_small_picture_is_not_blown_up() -> None:
    result = jail.run("image", picture(size=(10, 20)))
    assert size_of(result.parts["preview"]) == size_of(result.parts["thumbnail"]) == (10, 20)


def test_a_file_on_disk_is_read_through_its_descriptor(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    with open(tmp_path / "a.png", "rb") as file:
        assert jail.run("image", file).ok


def test_exif_turns_the_picture_and_private_tags_stay_behind() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker\x00<script>"
    exif[0x013B] = "A. Person"
    exif.get_ifd(0x8825)[1] = "N"
    result = jail.run("image", picture("JPEG", exif=exif))
    assert size_of(result.parts["preview"]) == (800, 1600)
    assert result.facts["exif"]["Make"].startswith("Maker")
    assert {"Artist", "GPSInfo"} <= set(result.facts["exif_withheld"])
    assert "A. Person" not in str(result.facts)
    for part in result.parts.values():
        with Image.open(io.BytesIO(part)) as image:
            assert not image.getexif()


@pytest.mark.parametrize("tenths", range(1, 10))
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_truncated_picture_is_shown_as_far_as_it_goes(kind: str, tenths: int) -> None:
    data = io.BytesIO()
    Image.effect_noise((600, 600), 40).save(data, kind)
    result = jail.run("image", data.getvalue()[:len(data.getvalue()) * tenths // 10])
    assert result.ok, result.reason
    assert result.facts["damaged"] is True


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "cannot identify"), (b"x", "cannot identify"), (b"<html><script>", "cannot identify"),
    (b"\x89PNG\r\n\x1a\n", ""), (png_header(65_535, 65_535), "megapixels"), (png_header(10**9, 1), "megapixels"),
    (b"\xff\xd8\xff\xe0" + b"\0" * 100, ""), (b"%!PS-Adobe-3.0 EPSF-3.0\n", "cannot identify"),
    (b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 100, ""), (b"II*\x00\x08\0\0\0\xff\xff" + b"\xff" * 900, ""),
])
def test_bytes_that_are_no_picture_are_unparsed_with_a_reason(data: bytes, reason: str) -> None:
    result = jail.run("image", data)
    assert not result.ok
    assert reason in result.reason
    assert result.reason


def test_a_picture_that_needs_too_much_memory_is_unparsed() -> None:
    result = jail.run("image", picture("PNG", "RGB", (9000, 9000)), limits=jail.Limits(memory=200 * 1024**2))
    assert not result.ok
    assert "memory" in result.reason


@pytest.mark.parametrize("attack", [
    "socket", "unix", "pair", "read /proc/1/environ", "read /proc/self/environ", "read /etc/passwd", "list /",
    "write /tmp/jail-was-here", "execute", "exec", "fork", "threads", "kill", "limit", "ptrace", "root", "sleep"])
def test_the_kernel_refuses(attacks: None, attack: str) -> None:
    result = jail.run("attack", attack.encode(), limits=jail.Limits(wall=20, cpu=5))
    assert not result.ok
    assert "PermissionError" in result.reason or "can't start new thread" in result.reason \
        or "not allowed" in result.reason, result.reason
    assert not os.path.exists("/tmp/jail-was-here")


def test_a_listening_server_hears_nothing(attacks: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        assert not jail.run("attack", f"connect {server.getsockname()[1]}".encode()).ok
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_child_holds_no_secret_no_framework_and_no_descriptor(
        attacks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert jail.run("attack", b"environment").facts["got"] in {"[]", "['LC_CTYPE']"}
    assert jail.run("attack", b"modules").facts["got"] == "[]"
    with open("/etc/hostname", "rb") as file:
        os.set_inheritable(file.fileno(), True)
        assert jail.run("attack", b"descriptors").facts["got"] == "[]"


@pytest.mark.parametrize(("attack", "reason"), [
    ("memory", "memory"), ("mmap", "Cannot allocate memory"), ("crash", "SIG"), ("flood", "answered more than"),
    ("lie", "no answer"), ("nonsense", "no answer")])
def test_what_a_child_breaks_stays_its_own(attacks: None, attack: str, reason: str) -> None:
    result = jail.run("attack", attack.encode(), limits=jail.Limits(wall=30))
    assert not result.ok
    assert reason in result.reason


def test_endless_work_is_stopped_by_the_clock_and_by_the_processor_limit(attacks: None) -> None:
    began = time.monotonic()
    assert "took longer" in jail.run("attack", b"compute", limits=jail.Limits(wall=1)).reason
    assert "SIG" in jail.run("attack", b"compute", limits=jail.Limits(cpu=1, wall=30)).reason
    assert time.monotonic() - began < 20


def test_a_machine_without_confinement_parses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "_BOOT", jail._BOOT.replace(
        "getattr(child", "child.confine.platform.machine = lambda: 'pdp11'; getattr(child"))
    result = jail.run("image", picture())
    assert not result.ok
    assert "no confinement here" in result.reason
