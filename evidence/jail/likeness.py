"""Whether the small picture that a camera or an editor put into a file shows what the file shows. In the jail only.

Compares 16 × 16 grey values after light and contrast are taken out of both. A true one may be turned, cut to its own
shape, framed in black, lighter or darker: the best of all these counts, so what is called another picture is one."""

import io
import math
from itertools import product

from PIL import ExifTags, Image

SIDE = 16
# Pearson's r of the best fit. Of true ones it is about 1, and above this even of those that were made so much lighter
# that their lights ran together; of other pictures it is mostly below. In doubt nothing is said.
ALIKE = 0.5
# Grey levels (standard deviation) below which a picture shows nothing, and above which it does.
BLANK, PLAIN = 4.0, 16.0
BLACK = 28
SMALLEST, LARGEST = 24, 1024 * 1024
_TURNS = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)

Grey = list[float]


def embedded(image: Image.Image) -> Image.Image | None:
    """The small picture in the EXIF block of `image`, None where there is none that can be read. For once it is JPEG,
    as cameras write it."""
    block = image.info.get("exif")
    if not isinstance(block, bytes):
        return None
    block = block.removeprefix(b"Exif\x00\x00")
    # Whatever is wrong with it: then there is nothing to compare.
    try:
        tags = image.getexif().get_ifd(ExifTags.IFD.IFD1)
        start, length = int(tags[ExifTags.Base.JpegIFOffset]), int(tags[ExifTags.Base.JpegIFByteCount])
        if not 0 < length <= LARGEST or start < 8:
            return None
        small = Image.open(io.BytesIO(block[start:start + length]), formats=("JPEG",))
        if not SMALLEST <= min(small.size) <= max(small.size) <= 2000:
            return None
        return small.convert("L")
    except Exception:  # noqa: BLE001
        return None


def differs(image: Image.Image, small: Image.Image) -> bool:
    """Whether `small` shows another picture than `image`. Neither is turned by its EXIF orientation."""
    grey = image.convert("L")
    best = -1.0
    for inner, turn in product(_inner(small), _TURNS):
        turned = inner if turn is None else inner.transpose(turn)
        one = _levels(turned)
        for other in (_levels(grey), _levels(_cut(grey, turned.width / turned.height))):
            best = max(best, _alike(one, other))
    return best < ALIKE


def _inner(small: Image.Image) -> list[Image.Image]:
    """As it is, and without black bars at its edges, if it has any."""
    lit = small.point([0] * BLACK + [255] * (256 - BLACK)).getbbox()
    if lit is None or lit == (0, 0, *small.size) or min(lit[2] - lit[0], lit[3] - lit[1]) < SIDE:
        return [small]
    return [small, small.crop(lit)]


def _cut(grey: Image.Image, shape: float) -> Image.Image:
    """The middle of it in another shape (width by height)."""
    width, height = min(grey.width, max(1, round(grey.height * shape))), min(grey.height,
                                                                            max(1, round(grey.width / shape)))
    left, top = (grey.width - width) // 2, (grey.height - height) // 2
    return grey.crop((left, top, left + width, top + height))


def _levels(grey: Image.Image) -> Grey:
    return [float(level) for level in grey.resize((SIDE, SIDE), Image.Resampling.BOX).tobytes()]


def _alike(one: Grey, other: Grey) -> float:
    """Pearson's r; 1 where both show nothing, and where one shows too little to tell."""
    first, second = ([level - sum(levels) / len(levels) for level in levels] for levels in (one, other))
    spread, wide = (math.sqrt(sum(level * level for level in levels) / len(levels)) for levels in (first, second))
    if min(spread, wide) < BLANK:
        return 1.0 if max(spread, wide) < PLAIN else 0.0
    together: float = sum(a * b for a, b in zip(first, second, strict=True)) / len(one)
    return together / (spread * wide)
