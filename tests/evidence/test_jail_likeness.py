"""The small picture inside a file: a true one is never called another, whatever was done to it, and another is told."""

import io
import random
import struct
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from evidence.jail import services as jail

SMALL = (160, 107)


def scene(seed: int, size: tuple[int, int] = (600, 400)) -> Image.Image:
    """A picture of shapes, another one for each seed."""
    dice = random.Random(seed)
    image = Image.new("RGB", size, tuple(dice.randrange(256) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(dice.randrange(6, 25)):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        wide, high = dice.randrange(30, size[0] // 2), dice.randrange(30, size[1] // 2)
        shape = draw.ellipse if dice.random() < 0.5 else draw.rectangle
        shape((x - wide // 2, y - high // 2, x + wide // 2, y + high // 2),
              fill=tuple(dice.randrange(256) for _ in range(3)))
    return image.filter(ImageFilter.GaussianBlur(2))


def with_preview(image: Image.Image, small: Image.Image | bytes, kind: str = "JPEG") -> bytes:
    """`image` as a file whose EXIF holds `small`, as a camera writes it: a second directory that names a JPEG."""
    if isinstance(small, Image.Image):
        data = io.BytesIO()
        small.save(data, "JPEG", quality=70)
        small = data.getvalue()
    first = struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, 1, 0, 26)
    second = struct.pack("<HHHIIHHIII", 2, 0x0201, 4, 1, 56, 0x0202, 4, 1, len(small), 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + first + second + small
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def boxed(image: Image.Image) -> Image.Image:
    frame, small = Image.new("RGB", (160, 120)), image.copy()
    small.thumbnail((160, 120))
    frame.paste(small, ((160 - small.width) // 2, (120 - small.height) // 2))
    return frame


DONE: dict[str, Callable[[Image.Image], Image.Image]] = {
    "small": lambda image: image.resize(SMALL),
    "cut to four by three": lambda image: ImageOps.fit(image, (160, 120)),
    "cut to a square": lambda image: ImageOps.fit(image, (160, 160)),
    "framed in black": boxed,
    "framed and turned": lambda image: boxed(image).rotate(90, expand=True),
    "turned": lambda image: image.resize(SMALL).rotate(270, expand=True),
    "upside down": lambda image: image.resize(SMALL).rotate(180),
    "lighter": lambda image: ImageEnhance.Brightness(image.resize(SMALL)).enhance(1.3),
    "darker": lambda image: ImageEnhance.Brightness(image.resize(SMALL)).enhance(0.4),
    "of more contrast": lambda image: ImageEnhance.Contrast(image.resize(SMALL)).enhance(1.8),
    "grey": lambda image: image.resize(SMALL).convert("L"),
}


def told(data: bytes) -> bool:
    result = jail.run("image", data)
    assert result.ok, result.reason
    return "preview" in result.facts["found"]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("done", DONE.values(), ids=DONE)
def test_a_true_preview_is_not_called_another(done: Callable[[Image.Image], Image.Image], seed: int) -> None:
    assert not told(with_preview(scene(seed), done(scene(seed))))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_preview_of_another_picture_is_told(seed: int, kind: str) -> None:
    assert told(with_preview(scene(seed), boxed(scene(seed + 10)), kind))
    assert not told(with_preview(scene(seed), boxed(scene(seed)), kind))


def test_a_preview_that_shows_nothing_of_a_picture_that_shows_something_is_told() -> None:
    assert told(with_preview(scene(1), Image.new("RGB", SMALL, "grey")))
    assert not told(with_preview(Image.new("RGB", (600, 400), "white"), Image.new("RGB", SMALL, "grey")))


@pytest.mark.parametrize("small", [b"", b"x", b"\xff\xd8\xff\xe0" + bytes(200), b"<html>", Image.new("RGB", (8, 8))])
def test_what_is_no_preview_says_nothing(small: Image.Image | bytes) -> None:
    assert not told(with_preview(scene(1), small))


def test_half_a_picture_is_like_nothing_and_nothing_is_said() -> None:
    data = with_preview(scene(1, (2000, 1500)), scene(1).resize(SMALL))
    assert not told(data[:len(data) // 3])
